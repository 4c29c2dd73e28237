"""A sweep that stands still is told by somebody who does not stand still with it (R-009)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core import health
from core.models import Heartbeat
from sla import watch
from tests.cast import World

pytestmark = pytest.mark.django_db

As = Callable[..., Client]

OPERATOR = "operator@example.com"


@pytest.fixture(autouse=True)
def _operator(settings: Any) -> None:
    settings.ALARM_EMAILS = [OPERATOR]


def beat(silent: timedelta) -> datetime:
    now = timezone.now()
    Heartbeat.objects.update_or_create(name="sla.sweep", defaults={"at": now - silent})
    return now


def test_dead_queue_worker_raises_an_alarm(world: World) -> None:
    now = beat(timedelta(minutes=2))
    assert [trouble.is_over for trouble in watch.look(now)] == [False]
    addresses = {address for letter in mail.outbox for address in letter.to}
    assert OPERATOR in addresses
    assert world.owner.people["administrator"].email in addresses
    assert world.owner.people["clerk"].email not in addresses
    assert all("{" not in f"{letter.subject}{letter.body}" for letter in mail.outbox)


def test_a_sweep_that_ticks_alarms_nobody(world: World) -> None:
    assert watch.look(beat(timedelta(seconds=30))) == []
    assert mail.outbox == []


def test_an_alarm_is_not_repeated_within_the_hour(world: World) -> None:
    now = beat(timedelta(minutes=2))
    watch.look(now)
    sent = len(mail.outbox)
    assert watch.look(now + timedelta(minutes=30)) == []
    assert len(mail.outbox) == sent
    assert watch.look(now + timedelta(minutes=61))
    assert len(mail.outbox) == 2 * sent


def test_the_end_of_the_silence_is_told_once(world: World) -> None:
    watch.look(beat(timedelta(minutes=2)))
    now = beat(timedelta(seconds=1))
    assert [trouble.is_over for trouble in watch.look(now)] == [True]
    assert watch.look(now) == []


def test_an_alarm_that_nobody_got_is_told_again(world: World, monkeypatch: Any) -> None:
    def broken(*args: Any) -> int:
        raise SMTPServerDisconnected("gone")

    now = beat(timedelta(minutes=2))
    with monkeypatch.context() as patched:
        patched.setattr(watch, "send_mail", broken)
        watch.look(now)
    assert mail.outbox == []
    assert watch.look(now + timedelta(seconds=15))
    assert mail.outbox


def test_the_command_looks_and_leaves_its_pulse(world: World, tmp_path: Any) -> None:
    beat(timedelta(minutes=2))
    call_command("watch", "--once", f"--pulse={tmp_path / 'pulse'}")
    assert (tmp_path / "pulse").exists()
    assert mail.outbox


def test_pages_say_that_nobody_is_reminded(world: World, as_: As) -> None:
    health.cache.set(health.LAST_SWEEP, timezone.now() - timedelta(minutes=9), 60)
    assert "alert-danger" in as_("clerk").get("/tickets/").content.decode()
    assert "alert-danger" not in as_("dealer_principal").get("/tickets/").content.decode()
    health.note_sweep()
    assert "alert-danger" not in as_("clerk").get("/tickets/").content.decode()


def test_metrics_want_their_token(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "let-me-in"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 404


def test_metrics_tell_age_lag_and_backlog(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "let-me-in"
    beat(timedelta(seconds=90))
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-in"})
    told = answer.content.decode()
    assert answer.status_code == 200
    line = next(line for line in told.splitlines() if line.startswith("sanbao_heartbeat_age"))
    assert 'name="sla.sweep"' in line and float(line.split()[-1]) >= 90
    for name in ("sanbao_steps_due", "sanbao_steps_oldest_due_seconds", "sanbao_steps_failing"):
        assert f"\n{name} " in told
