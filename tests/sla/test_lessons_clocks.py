"""What other helpdesks got wrong about clocks and pauses, each as a promise that we keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from sla import services
from sla.explain import explanation
from sla.models import Calendar, Clock, Pause, PolicyVersion, Step, Target
from sla.queries import clocks_of
from sla.services.dating import DATES, date_anew
from sla.sweep import sweep
from tests.cast import at
from tests.sla.conftest import TEN, Heard, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def hours_of(code: str) -> None:
    """Every policy counts the hours of that calendar."""
    PolicyVersion.objects.update(calendar=Calendar.objects.get(code=code))


def stand_still(actor: Actor, begin: datetime, end: datetime, **given: Any) -> Clock:
    """Pause and resume the clocks of the thing; its first clock as it then is."""
    reason = given.pop("reason", "parts")
    services.pause_clocks(actor=actor, **THING, reason=reason, at=begin, **given)
    services.resume_clocks(actor=actor, **THING, at=end)
    return Clock.objects.order_by("id")[0]


def test_renaming_a_paused_status_keeps_past_pauses(tenant: Tenant, actor: Actor) -> None:
    """A pause is an interval: what its reason is called, or whether it still exists, is nothing."""
    start()
    clock = stand_still(actor, TEN + minutes(10), TEN + minutes(40))
    Pause.objects.update(reason="retired")
    assert services.recompute(clock).due_at == clock.due_at == TEN + minutes(150)
    assert stand_still(actor, TEN + minutes(50), TEN + minutes(60)).due_at == TEN + minutes(160)
    assert len(explanation(clock).pauses) == 2


def test_pause_keeps_seconds(tenant: Tenant, actor: Actor) -> None:
    start()
    hold = timedelta(minutes=3, seconds=7, microseconds=11)
    clock = stand_still(actor, TEN + timedelta(seconds=13), TEN + timedelta(seconds=13) + hold)
    assert clock.due_at == TEN + minutes(120) + hold


def test_time_on_hold_is_added_once(tenant: Tenant, actor: Actor) -> None:
    start()
    clock = stand_still(actor, TEN + minutes(10), TEN + minutes(40))
    for _ in range(3):
        services.resume_clocks(actor=actor, **THING, at=TEN + minutes(50))
        date_anew(clock)
        clock.save(update_fields=list(DATES))
    assert Clock.objects.get().due_at == TEN + minutes(150)


def test_paused_over_a_weekend_counts_working_time_only(tenant: Tenant, actor: Actor) -> None:
    hours_of("office")
    start(at=at("2026-11-06 16:00"))  # Friday
    clock = stand_still(actor, at("2026-11-06 17:00"), at("2026-11-09 10:00"))
    assert clock.due_at == at("2026-11-09 11:00")


def test_priority_change_keeps_pauses(tenant: Tenant, actor: Actor) -> None:
    start(promise="arrange")
    clock = stand_still(actor, TEN + minutes(10), TEN + minutes(40))
    urgent = Target.objects.get(version__policy__code="urgent", promise="arrange")
    clock.version, clock.minutes = urgent.version, urgent.minutes
    date_anew(clock)
    clock.save(update_fields=["version", "minutes", *DATES])
    assert (clock.pauses.count(), clock.due_at) == (1, TEN + minutes(90))


def test_custom_calendar_does_not_escalate_at_creation(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    hours_of("office")
    sunday = at("2026-11-08 03:00")
    start(at=sunday)
    sweep(sunday + minutes(1))
    assert not heard and not Clock.objects.get().was_late
    assert Step.objects.filter(state="planned").count() == 4


def test_waiting_for_parts_stops_the_clock(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(30))
    sweep(TEN + timedelta(days=5))
    assert not heard
    services.resume_clocks(actor=actor, **THING, at=TEN + timedelta(days=5))
    assert Clock.objects.get().due_at == TEN + timedelta(days=5) + minutes(90)


def test_update_clock_never_overrules_first_response(tenant: Tenant, actor: Actor) -> None:
    """One promise kept, put off or ended leaves the others where they are."""
    facts = {"kind": "complaint"}
    first = start(promise="first_answer", facts=facts)
    check = start(promise="check", facts=facts)
    services.announce_delay(
        actor=actor,
        clock=check,
        agreed_due_at=TEN + minutes(900),
        cause="Rain",
        consent="Mr. Li",
        at=TEN + minutes(5),
    )
    services.meet_clock(actor=actor, **THING, promise="check", at=TEN + minutes(10))
    start(promise="check", facts=facts, at=TEN + minutes(20))
    first.refresh_from_db()
    assert (first.state, first.due_at) == ("running", TEN + minutes(120))


@pytest.mark.parametrize(
    "verb", ["start", "pause", "until", "resume", "pass", "meet", "cancel", "delay"]
)
def test_times_are_aware(tenant: Tenant, actor: Actor, verb: str) -> None:
    clock = start(is_through=True)
    naive = datetime(2026, 11, 10, 11, 0)  # noqa: DTZ001
    given: dict[str, Any] = {"actor": actor, **THING}
    calls: dict[str, Any] = {
        "start": lambda: start(promise="check", at=naive),
        "pause": lambda: services.pause_clocks(**given, reason="parts", at=naive),
        "until": lambda: services.pause_clocks(**given, reason="parts", at=TEN, until=naive),
        "resume": lambda: services.resume_clocks(**given, at=naive),
        "pass": lambda: services.pass_clocks(
            **given, holder_kind="technical", holder_label="Lab", at=naive
        ),
        "meet": lambda: services.meet_clock(**given, promise="dispatch", at=naive),
        "cancel": lambda: services.cancel_clocks(**given, reason="x", at=naive),
        "delay": lambda: services.announce_delay(
            actor=actor, clock=clock, agreed_due_at=naive, cause="x", consent="y"
        ),
    }
    with pytest.raises(DomainError):
        calls[verb]()
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == ("running", TEN + minutes(120))


def test_half_hour_windows(tenant: Tenant) -> None:
    hours_of("office")  # from half past eight, closed from twelve to half past one
    assert start(at=at("2026-11-10 08:00")).due_at == at("2026-11-10 10:30")


def test_split_windows_are_kept(tenant: Tenant) -> None:
    hours_of("office")
    assert start(at=at("2026-11-10 11:00")).due_at == at("2026-11-10 14:30")


def test_business_hours_box_is_obeyed(tenant: Tenant) -> None:
    """A promise with hours of its own counts those, the others those of the policy."""
    Target.objects.filter(promise="check").update(calendar=Calendar.objects.get(code="always"))
    night = at("2026-11-10 23:00")
    assert start(promise="check", at=night).due_at == at("2026-11-11 03:00")
    assert start(promise="arrange", at=night).due_at == at("2026-11-11 11:00")


def test_every_running_clock_is_shown(tenant: Tenant, actor: Actor) -> None:
    """Not only the one that is due first."""
    for promise in ("dispatch", "check", "arrange", "callback"):
        start(promise=promise)
    shown = clocks_of(actor, "thing", 1)
    assert {clock.promise for clock in shown} == {"dispatch", "check", "arrange", "callback"}
