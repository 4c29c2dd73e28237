"""The sweep fires what is due: each step once, none lost, none in a pause (R-019, R-030)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from config.schedule import SCHEDULE
from core.actor import Actor
from core.models import AuditEvent, Heartbeat, Tenant
from core.tenancy import tenant_scope
from sla import services
from sla import sweep as sweeping
from sla.models import Clock, Step
from sla.sweep import BATCH, sweep_all, tenants_with_due_steps
from tests.sla.conftest import TEN, Heard, make_dealer, make_person, make_tenant, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def names(heard: Heard) -> list[str]:
    return [str(firing.step.action) for firing in heard]


def told(heard: Heard) -> list[list[str]]:
    return [[user.name for user in firing.recipients] for firing in heard]


def test_nothing_fires_before_its_time(tenant: Tenant, heard: Heard) -> None:
    start()
    assert services.sweep(TEN + minutes(89)) == 0
    assert heard == []


def test_the_ladder_fires_rung_by_rung(tenant: Tenant, heard: Heard) -> None:
    start()
    for at in (90, 120, 180):
        services.sweep(TEN + minutes(at))
    assert names(heard) == ["warn", "breach", "escalate", "escalate"]
    assert told(heard) == [["acme clerk"], ["acme clerk"], ["acme supervisor"], ["acme manager"]]
    assert set(Step.objects.values_list("state", flat=True)) == {"fired"}
    assert Clock.objects.get().missed_at == TEN + minutes(120)
    verbs = AuditEvent.objects.filter(verb__gt="clock.a").order_by("id")
    assert [event.verb for event in verbs] == [
        "clock.started",
        "clock.warned",
        "clock.breached",
        "clock.escalated",
        "clock.escalated",
    ]


def test_a_step_fires_once_however_often_the_sweep_comes(tenant: Tenant, heard: Heard) -> None:
    start()
    for _ in range(5):
        services.sweep(TEN + minutes(95))
    assert names(heard) == ["warn"]


def test_people_are_found_when_the_step_fires(tenant: Tenant, heard: Heard) -> None:
    start()
    make_person("new", "supervisor")
    services.sweep(TEN + minutes(121))
    assert told(heard)[1] == ["acme supervisor", "new supervisor"]
    step = Step.objects.get(role="supervisor")
    assert step.told == ["acme supervisor", "new supervisor"]


def test_the_breach_of_a_dealer_is_told_to_its_principal_and_clerks(
    tenant: Tenant, heard: Heard
) -> None:
    east, west = make_dealer("East"), make_dealer("West")
    for role in ("dealer_principal", "dealer_clerk", "dealer_technician"):
        make_person("east", role, dealer_id=east.pk)
    make_person("west", "dealer_principal", dealer_id=west.pk)
    start(promise="arrange", holder_kind="dealer", holder_label="East", holder_dealer_id=east.pk)
    services.sweep(TEN + minutes(121))
    assert told(heard) == [["east dealer_clerk", "east dealer_principal"], ["acme supervisor"]]


def test_a_rung_without_people_goes_to_the_next_one_up(tenant: Tenant, heard: Heard) -> None:
    Membership.objects.filter(role="supervisor").update(is_active=False)
    start()
    services.sweep(TEN + minutes(121))
    assert told(heard)[1] == ["acme manager"]


def test_closed_ticket_sends_no_more_mail(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    start()
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(5))
    assert services.sweep(TEN + timedelta(days=30)) == 0
    assert heard == []


def test_imported_closed_ticket_does_not_escalate(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    long_ago = TEN - timedelta(days=500)
    start(at=long_ago)
    services.cancel_clocks(actor=actor, **THING, reason="Imported", at=long_ago + timedelta(days=1))
    services.sweep(TEN)
    assert heard == []


def test_merged_ticket_does_not_escalate_but_the_other_does(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    start()
    start(subject_id=2)
    services.move_clocks(actor=actor, subject="thing", from_id=1, to_id=2, to_number="N-2")
    services.sweep(TEN + minutes(200))
    assert {firing.clock.subject_id for firing in heard} == {2}


def test_no_breach_while_paused(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(100))
    services.sweep(TEN + timedelta(days=3))
    assert names(heard) == []  # the reminder due before the pause came too late to help
    assert Clock.objects.get().missed_at is None
    back = TEN + timedelta(days=3)
    services.resume_clocks(actor=actor, **THING, at=back)
    services.sweep(back + minutes(19))
    assert "breach" not in names(heard)
    services.sweep(back + minutes(20))
    assert names(heard)[-2:] == ["breach", "escalate"]


def test_what_was_late_before_the_pause_is_told_in_it(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(125))
    services.sweep(TEN + minutes(126))
    assert names(heard) == ["breach", "escalate"]
    # The manager's rung lay ahead: it waits for the end of the pause.
    services.sweep(TEN + timedelta(days=1))
    assert len(heard) == 2
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(135))
    services.sweep(TEN + minutes(189))
    assert len(heard) == 2
    services.sweep(TEN + minutes(190))
    assert len(heard) == 3


def test_night_breach_is_reported_in_the_morning(tenant: Tenant, heard: Heard) -> None:
    start(minutes=12 * 60)  # due when the hotline closes
    services.sweep(TEN + minutes(12 * 60 + 1))
    assert "breach" in names(heard)


def test_losing_one_step_does_not_end_the_chain(tenant: Tenant, heard: Heard) -> None:
    clock = start()
    clock.steps.filter(action="breach").delete()
    clock.steps.filter(role="supervisor").delete()
    services.sweep(TEN + minutes(181))
    assert names(heard) == ["escalate"]
    assert Clock.objects.get().missed_at == TEN + minutes(120)


def test_missed_steps_are_caught_up_once_after_downtime(tenant: Tenant, heard: Heard) -> None:
    start()
    for _ in range(3):
        services.sweep(TEN + timedelta(days=2))
    # A reminder of what is late already helps nobody; every rung is told, once.
    assert names(heard) == ["breach", "escalate", "escalate"]
    assert Step.objects.get(action="warn").state == "suppressed"
    assert Clock.objects.get().missed_at == TEN + minutes(120)


def test_sweep_has_no_silent_limit(tenant: Tenant, heard: Heard) -> None:
    count = 2 * BATCH + 7
    for number in range(count):
        start(subject_id=number)
    assert services.sweep(TEN + minutes(90)) == count
    assert len(heard) == count


def test_a_step_that_raises_does_not_block_the_others(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(11):
        start(subject_id=number)
    fired: list[int] = []
    is_broken = True

    def publish(event: str, *, firings: Heard, at: datetime) -> None:
        ids = [firing.clock.subject_id for firing in firings]
        if 4 in ids and is_broken:
            raise ValueError("the subscriber is broken")
        fired.extend(ids)

    monkeypatch.setattr("sla.sweep.publish", publish)
    at = TEN + minutes(90)
    assert services.sweep(at) == 10
    kept = Step.objects.get(action="warn", clock__subject_id=4)
    assert (kept.state, kept.failures) == ("planned", 1)
    assert "the subscriber is broken" in kept.reason
    assert AuditEvent.objects.filter(verb="clock.warned").count() == 10
    # It rests before it is tried again, and is neither forgotten nor doubled.
    assert services.sweep(at + timedelta(seconds=5)) == 0
    is_broken = False
    assert services.sweep(at + timedelta(seconds=10)) == 1
    kept.refresh_from_db()
    assert (kept.state, kept.reason) == ("fired", "")


def test_the_breaches_beside_a_step_that_raises_are_marked(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        start(subject_id=number)

    def publish(event: str, *, firings: Heard, at: datetime) -> None:
        if 2 in [firing.clock.subject_id for firing in firings]:
            raise ValueError

    monkeypatch.setattr("sla.sweep.publish", publish)
    services.sweep(TEN + minutes(120))
    late = Clock.objects.filter(missed_at=TEN + minutes(120), missed_label="Desk")
    assert set(late.values_list("subject_id", flat=True)) == {0, 1, 2, 3, 4}
    waiting = Step.objects.filter(action="breach", state="planned")
    assert [step.clock.subject_id for step in waiting] == [2]


def test_a_failed_effect_leaves_no_trace(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    start()

    def publish(event: str, *, firings: Heard, at: datetime) -> None:
        make_person("half-done", "keeper")
        raise ValueError

    monkeypatch.setattr("sla.sweep.publish", publish)
    services.sweep(TEN + minutes(120))
    assert not AuditEvent.objects.filter(verb="clock.breached").exists()
    assert not User.objects.filter(name__startswith="half-done").exists()


def test_what_fires_first_may_cancel_what_would_fire_next(
    tenant: Tenant, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(promise="arrange")
    start(promise="check", minutes=120)
    events: list[tuple[str, str]] = []

    def publish(event: str, *, firings: Heard, at: datetime) -> None:
        for firing in firings:
            events.append((firing.step.action, firing.clock.promise))
            if firing.step.action == "breach":
                services.cancel_clocks(actor=actor, **THING, reason="Timed out", at=at)

    monkeypatch.setattr("sla.sweep.publish", publish)
    services.sweep(TEN + minutes(121))
    assert events == [("breach", "arrange")]
    assert Clock.objects.get(promise="arrange").was_late


def test_breach_is_seen_within_a_minute(tenant: Tenant, heard: Heard) -> None:
    every = SCHEDULE["sla.sweep"]["schedule"]
    assert isinstance(every, float) and every <= 10
    clock = start()
    services.sweep(clock.due_at + timedelta(seconds=every))
    assert "breach" in names(heard)


def test_the_sweep_goes_through_every_tenant_by_the_door(db: None, heard: Heard) -> None:
    now = timezone.now()
    tenants = [make_tenant("acme"), make_tenant("brown"), make_tenant("cold")]
    for tenant in tenants[:2]:
        with tenant_scope(tenant.pk):
            start(at=now - timedelta(days=10))
    assert tenants_with_due_steps(now) == [tenant.pk for tenant in tenants[:2]]
    swept = sweep_all(now)
    assert (swept.handled, swept.failed) == (8, 0)
    assert len(heard) == 6
    beat = Heartbeat.objects.get(name="sla.sweep")
    assert beat.handled == 8 and beat.lag_seconds > 3600


def test_one_sick_tenant_does_not_stop_the_others(
    db: None, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    sick, well = make_tenant("sick"), make_tenant("well")
    for tenant in (sick, well):
        with tenant_scope(tenant.pk):
            start(at=now - timedelta(days=10))
    real = sweeping._sweep_batch

    def batch(tenant_id: int, *rest: Any) -> Any:
        if tenant_id == sick.pk:
            raise RuntimeError("no")
        return real(tenant_id, *rest)

    monkeypatch.setattr(sweeping, "_sweep_batch", batch)
    swept = sweep_all(now)
    assert (swept.handled, swept.failed) == (4, 1)
    assert {firing.clock.tenant_id for firing in heard} == {well.pk}


def test_the_sweep_says_so_when_nothing_was_due(tenant: Tenant) -> None:
    sweep_all(TEN)
    before: datetime = Heartbeat.objects.get(name="sla.sweep").at
    sweep_all(TEN)
    beat = Heartbeat.objects.get(name="sla.sweep")
    assert beat.at > before and (beat.handled, beat.lag_seconds) == (0, 0)
