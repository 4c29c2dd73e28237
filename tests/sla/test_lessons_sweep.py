"""What other helpdesks got wrong when promises were broken, as tests of ours."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from config import crowd
from core.actor import Actor
from core.models import AuditEvent, Tenant
from core.tenancy import tenant_scope
from notifications import delivery
from notifications.models import Notification, OutboxMessage
from notifications.services import BUNDLE_WAIT
from sla import services, sweep
from sla.defaults import OFFICE
from sla.firing import Firing
from sla.models import Calendar, Step, Target
from sla.sweep import due_steps, sweep_all
from tests.sla.conftest import TEN, Heard, make_tenant, minutes, start
from tickets.models import TimelineEntry

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}
ROUNDS = 2  # of a batch in which no clock comes after its breach more than once
FOUR_MINUTES = timedelta(minutes=4)


def names(heard: Heard) -> list[str]:
    return [str(firing.step.action) for firing in heard]


def test_parallel_sweeps_write_one_event(committed_db: str) -> None:
    tenant = crowd.company("acme")
    now = timezone.now()
    with tenant_scope(tenant.pk):
        crowd.tickets(1, mark="P")
        crowd.due_clocks(now, mark="P", spread=FOUR_MINUTES, promises=["dispatch"])
    together = threading.Barrier(4)

    def run() -> None:
        together.wait(30)
        try:
            sweep_all(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run) for _ in range(4)]:
            done.result(timeout=60)
    with tenant_scope(tenant.pk):
        assert AuditEvent.objects.filter(verb="clock.breached").count() == 1
        assert TimelineEntry.objects.filter(event="breached").count() == 1
        assert Notification.objects.filter(event="sla.breached").count() == 1


def test_ticket_1001_escalates_too(db: None) -> None:
    tenant = crowd.company("acme")
    now = timezone.now()
    with tenant_scope(tenant.pk):
        crowd.tickets(1001, mark="L")
        crowd.due_clocks(now, mark="L", spread=FOUR_MINUTES, promises=["dispatch"])
    assert sweep_all(now).handled == 1001
    with tenant_scope(tenant.pk):
        assert TimelineEntry.objects.filter(event="breached").count() == 1001
        assert Notification.objects.filter(event="sla.breached").count() == 1001


def test_a_flood_after_an_outage_is_one_letter_for_each_person(db: None) -> None:
    tenant = crowd.company("acme")
    now = timezone.now()
    with tenant_scope(tenant.pk):
        for name in ("second", "third"):
            user = User.objects.create(email=f"{name}@acme.example", name=name)
            Membership.objects.create(user=user, role="clerk")
        crowd.tickets(500, mark="F")
        crowd.due_clocks(
            now - minutes(10),
            mark="F",
            spread=FOUR_MINUTES,
            promises=["dispatch", "first_answer"],
        )
    assert sweep_all(now).handled == 1000
    with tenant_scope(tenant.pk):
        assert OutboxMessage.objects.filter(event="sla.breached").count() == 3000
    delivery.deliver_due(now=timezone.now() + BUNDLE_WAIT + timedelta(days=1))
    letters = [letter for letter in mail.outbox if "@acme.example" in letter.to[0]]
    assert len(letters) <= 3


def test_slow_mailbox_does_not_delay_the_sweep(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = crowd.company("acme")
    now = timezone.now()
    with tenant_scope(tenant.pk):
        crowd.tickets(3, mark="S")
        crowd.due_clocks(now, mark="S", spread=FOUR_MINUTES, promises=["dispatch"])

    def send(*_args: Any, **_kwargs: Any) -> int:
        raise AssertionError("the sweep waited for a mailbox")

    monkeypatch.setattr(EmailMessage, "send", send)
    assert (sweep_all(now).handled, sweep_all(now).failed) == (3, 0)
    with tenant_scope(tenant.pk):
        waiting = OutboxMessage.objects.filter(event="sla.breached")
        assert set(waiting.values_list("state", flat=True)) == {"queued"}
        assert waiting.count() == 3


def test_warning_before_midnight_is_not_repeated_after_it(tenant: Tenant, heard: Heard) -> None:
    start(
        minutes=940
    )  # three quarters are used at 21:45, fifteen minutes before the hotline closes
    services.sweep(TEN + minutes(706))
    services.sweep(TEN + timedelta(hours=14, minutes=10))
    services.sweep(TEN + timedelta(hours=22))
    assert names(heard) == ["warn"]


def test_second_real_warning_on_the_same_day_is_sent(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    start()
    services.sweep(TEN + minutes(91))
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(100))
    start(at=TEN + minutes(110))
    services.sweep(TEN + minutes(110 + 91))
    assert names(heard) == ["warn", "warn"]


def test_job_runs_on_make_up_saturday(tenant: Tenant, heard: Heard) -> None:
    saturday = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)  # 10:00; worked for the Spring Festival
    office = Calendar.objects.get(code=OFFICE)
    assert office.days.filter(on=date(2026, 2, 14), kind="makeup").exists()
    Target.objects.all().delete()
    Calendar.objects.filter(is_default=True).update(is_default=False)
    Calendar.objects.filter(pk=office.pk).update(is_default=True)
    clock = start(minutes=60, at=saturday)
    assert clock.due_at == saturday + minutes(60)
    services.sweep(clock.due_at)
    assert "breach" in names(heard)


def test_a_company_with_much_to_tell_delays_another_by_one_batch(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH", 20)
    now = timezone.now()
    busy, small = make_tenant("busy"), make_tenant("small")
    with tenant_scope(busy.pk):
        for number in range(35):
            start(subject_id=number, at=now - timedelta(days=10))
    with tenant_scope(small.pk):
        start(at=now - timedelta(days=2))
    turns: list[int | None] = []

    def publish(event: str, *, firings: list[Firing], at: datetime) -> None:
        turns.append(firings[0].clock.tenant_id)

    monkeypatch.setattr(sweep, "publish", publish)
    assert sweep_all(now).handled == 4 * 36
    # Whoever comes first: one batch of the busy one, then the small one, then the many others.
    assert turns[: turns.index(small.pk)].count(busy.pk) <= ROUNDS
    assert turns[turns.index(small.pk) :].count(busy.pk) > ROUNDS


def test_a_company_with_nothing_due_costs_nothing(db: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            sweep_all(TEN)
        return len(asked)

    make_tenant("one")
    sweep_all(TEN)
    before = queries()
    for slug in ("two", "three"):
        with tenant_scope(make_tenant(slug).pk):
            start()
    assert queries() == before


def test_what_is_due_is_found_by_the_index_of_planned_steps(db: None) -> None:
    tenant = crowd.company("acme")
    with tenant_scope(tenant.pk):
        start(at=timezone.now())
        crowd.idle_clocks(3000)
        due = due_steps(timezone.now()).values_list("id", "at")[:1000]
        (plan,) = json.loads(due.explain(format="json"))
    assert {node.get("Index Name") for node in nodes(plan["Plan"])} & {
        "step_planned_by_time",
        "step_planned_in_tenant",
    }
    assert "Seq Scan" not in {node["Node Type"] for node in nodes(plan["Plan"])}


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", []) for node in nodes(below))]


def test_every_step_of_a_batch_is_told_in_the_same_few_statements(db: None) -> None:
    tenant = crowd.company("acme")
    now = timezone.now()
    sweep_all(now)  # makes its heartbeat
    counts = []
    for mark, count in (("A", 10), ("B", 200)):
        with tenant_scope(tenant.pk):
            crowd.tickets(count, mark=mark)
            crowd.due_clocks(now, mark=mark, spread=FOUR_MINUTES, promises=["dispatch"])
        with CaptureQueriesContext(connection) as asked:
            assert sweep_all(now).handled == count
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with tenant_scope(tenant.pk):
        assert Step.objects.filter(state="fired", action="breach").count() == 210
