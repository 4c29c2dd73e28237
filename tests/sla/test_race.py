"""Sweepers beside each other, killed ones, and people who act in the same second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.models import AuditEvent, Tenant
from core.tenancy import tenant_scope
from sla import services
from sla.defaults import install_defaults
from sla.firing import Firing
from sla.models import Clock, Step
from sla.sweep import sweep_all
from tests.cast import World, a_ticket
from tests.sla.conftest import make_tenant, minutes, start
from tickets.models import Ticket

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def company(committed_db: str) -> Tenant:
    return make_tenant("acme")


def in_thread(work: Callable[[], Any]) -> Any:
    """Run in a thread, whose own connection is closed when it is done."""
    try:
        return work()
    finally:
        connection.close()


def test_two_workers_escalate_once(company: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    with tenant_scope(company.pk):
        for number in range(60):
            start(subject_id=number, at=now - timedelta(days=10))
    told: Counter[int] = Counter()
    lock = threading.Lock()

    def publish(event: str, *, firings: list[Firing], at: datetime) -> None:
        time.sleep(0.05)
        with lock:
            told.update(firing.step.pk for firing in firings)

    monkeypatch.setattr("sla.sweep.publish", publish)
    with ThreadPoolExecutor(4) as pool:
        sweeps = [pool.submit(in_thread, lambda: sweep_all(now)) for _ in range(4)]
        handled = [sweep.result(timeout=60).handled for sweep in sweeps]
    handled.append(sweep_all(now).handled)  # what two of them left to each other
    assert set(told.values()) == {1}
    with tenant_scope(company.pk):
        states = Counter(Step.objects.values_list("state", flat=True))
        audited = AuditEvent.objects.filter(verb__in=["clock.breached", "clock.escalated"]).count()
    # 60 clocks: the reminders are overtaken, breach and two rungs fire.
    assert states == {"fired": 180, "suppressed": 60}
    assert (len(told), audited, sum(handled)) == (180, 180, 240)


KILLED = """
import time, django
django.setup()
from sla import sweep
def publish(event, *, firings, at):
    print(firings[0].step.action, flush=True)
    time.sleep(60)
sweep.publish = publish
sweep.sweep_all()
"""


def test_steps_of_a_killed_worker_fire_later_and_once(
    company: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(company.pk):
        start(at=timezone.now() - timedelta(days=10))
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", KILLED],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "breach\n"  # all is written, nothing committed
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    events: list[str] = []

    def publish(event: str, *, firings: list[Firing], at: datetime) -> None:
        events.extend(firing.step.action for firing in firings)

    monkeypatch.setattr("sla.sweep.publish", publish)
    until = time.monotonic() + 20
    while len(events) < 3 and time.monotonic() < until:
        sweep_all()  # the server may need a moment to notice the death and free the rows
        time.sleep(0.1)
    sweep_all()
    assert events == ["breach", "escalate", "escalate"]
    with tenant_scope(company.pk):
        assert AuditEvent.objects.filter(verb="clock.breached").count() == 1


def test_who_keeps_a_promise_while_it_is_swept_waits_and_nothing_is_lost(
    company: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    with tenant_scope(company.pk):
        start(at=now - timedelta(days=10))
    is_in, may_go = threading.Event(), threading.Event()

    def publish(event: str, *, firings: list[Firing], at: datetime) -> None:
        is_in.set()
        assert may_go.wait(30)

    monkeypatch.setattr("sla.sweep.publish", publish)

    def meet() -> Clock | None:
        with tenant_scope(company.pk):
            return services.meet_clock(
                actor=Actor.system(company.pk),
                subject="thing",
                subject_id=1,
                promise="dispatch",
                at=now,
            )

    with ThreadPoolExecutor(2) as pool:
        sweep = pool.submit(in_thread, lambda: sweep_all(now))
        assert is_in.wait(30)
        met = pool.submit(in_thread, meet)
        time.sleep(0.3)
        assert not met.done()
        may_go.set()
        sweep.result(timeout=30)
        clock = met.result(timeout=30)
    assert clock is not None and clock.state == "met" and clock.was_late
    with tenant_scope(company.pk):
        # The sweep had the breach and the rungs in hand before the promise was kept.
        assert set(Step.objects.values_list("state", flat=True)) <= {
            "fired",
            "suppressed",
            "cancelled",
        }
        assert Step.objects.get(action="breach").state == "fired"


def test_a_ticket_in_somebodys_hands_is_left_to_the_next_sweep(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = committed_world.owner
    now = timezone.now()
    with cast.scope():
        install_defaults(cast.tenant)
        busy, free = a_ticket(cast), a_ticket(cast)
        for ticket in (busy, free):
            start(
                subject="ticket",
                subject_id=ticket.pk,
                subject_number=ticket.number,
                at=now - timedelta(days=10),
            )
    fired: list[str] = []

    def publish(event: str, *, firings: list[Firing], at: datetime) -> None:
        # As every subscriber does: the subject's own row, which must not be waited for.
        for firing in firings:
            Ticket.objects.select_for_update(of=("self",)).get(pk=firing.clock.subject_id)
            fired.append(firing.clock.subject_number)

    monkeypatch.setattr("sla.sweep.publish", publish)
    with transaction.atomic(), cast.scope():
        Ticket.objects.select_for_update(of=("self",)).get(pk=busy.pk)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(in_thread, lambda: sweep_all(now + minutes(1))).result(timeout=30)
        assert set(fired) == {free.number}
    sweep_all(now + minutes(1))
    assert Counter(fired) == {free.number: 3, busy.number: 3}
