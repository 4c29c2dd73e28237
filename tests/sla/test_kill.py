"""Whatever dies, every due step fires once; the long form of it is `bin/prove sweep`."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
import redis
from django.db import connection
from django.utils import timezone

from config import crowd, tally
from core.models import Tenant
from core.tenancy import tenant_scope
from sla.models import Step
from sla.sweep import sweep_all

ROOT = Path(__file__).resolve().parents[2]
DUE = 600
KILLS = 8
# The story's lines take their time: a batch is at work for a tenth of a second and more.
SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.004); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON tickets_timelineentry FOR EACH ROW EXECUTE FUNCTION slow();
"""

BUNDLES = "SELECT DISTINCT bundle FROM notifications_outboxmessage WHERE event = 'sla.breached'"


class Nursery:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.sla.nursery"],
            cwd=ROOT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pids: list[int] = []

    def fork(self, what: str) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"fork {what}\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        self.pids.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        self.pids.remove(pid)
        os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        for pid in list(self.pids):
            self.kill(pid)
        self.process.communicate(timeout=20)


@pytest.fixture
def nursery(committed_db: str) -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def company(committed_db: str) -> Tenant:
    """600 clocks of 300 tickets, all due, on a slow database."""
    tenant = crowd.company("acme")
    with tenant_scope(tenant.pk):
        crowd.tickets(DUE // 2, mark="K")
        crowd.due_clocks(
            timezone.now(),
            mark="K",
            spread=timedelta(minutes=4),
            promises=["dispatch", "first_answer"],
        )
    owner = psycopg2.connect(os.environ["OWNER_DATABASE_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute(SLOW)
    owner.close()
    return tenant


def still_open(tenant: Tenant) -> int:
    with tenant_scope(tenant.pk), connection.cursor() as cursor:
        return tally.still_open(cursor, "K")


def test_killed_sweepers_two_beats_and_an_empty_redis_lose_and_double_nothing(
    company: Tenant, nursery: Nursery
) -> None:
    for _ in range(2):
        nursery.fork("beat")
    sweepers = [nursery.fork("sweeper") for _ in range(4)]
    hit = 0
    for blow in range(KILLS):
        time.sleep(random.uniform(0.05, 0.25))
        hit += bool(still_open(company))
        nursery.kill(sweepers.pop(random.randrange(len(sweepers))))
        sweepers.append(nursery.fork("sweeper"))
        if blow in (2, 5):
            # Only this worker's part of Redis; the others are testing too.
            with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
                broker.flushdb()
    until = time.monotonic() + 60
    while still_open(company) and time.monotonic() < until:
        time.sleep(0.1)
    with tenant_scope(company.pk), connection.cursor() as cursor:
        found = tally.take(cursor, "K", DUE)
    assert hit, "every step had fired before the first blow"
    assert (found.lost, found.double) == (0, 0), found.counts
    assert found.is_right, found.counts


def test_what_fell_due_while_all_was_down_fires_once_and_is_marked_late(
    company: Tenant,
) -> None:
    with tenant_scope(company.pk):
        due = dict(Step.objects.filter(action="breach").values_list("id", "at"))
    now = timezone.now() + timedelta(minutes=10)
    for _ in range(2):
        sweep_all(now)
    with tenant_scope(company.pk), connection.cursor() as cursor:
        found = tally.take(cursor, "K", DUE)
        fired = Step.objects.filter(action="breach", state="fired")
        # Each keeps when it was due and when it was told.
        assert all(due[step.pk] == step.at and step.fired_at == now for step in fired)
        cursor.execute(BUNDLES)
        bundles = cursor.fetchall()
    assert found.is_right, found.counts
    assert bundles == [("sla",)]  # their mails leave as one letter for each person
