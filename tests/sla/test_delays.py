"""An announced delay moves the clock, silent lateness stays a breach (R-028)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actor import Actor
from core.errors import DomainError, WrongState
from core.models import AuditEvent, Tenant
from sla import rules, services
from sla.calendar import AROUND_THE_CLOCK
from sla.china import office_calendar
from sla.explain import explanation
from sla.models import Clock, Delay
from sla.rules import Agreed, Facts, Rung, instants
from sla.sweep import sweep
from tests.sla.conftest import TEN, Heard, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def agree(actor: Actor, until: float, *, at: float = 60, **changes: Any) -> Clock:
    """Agree on a new time so many minutes after TEN."""
    given: dict[str, Any] = {
        "clock": Clock.objects.get(),
        "agreed_due_at": TEN + minutes(until),
        "cause": "The part comes tomorrow.",
        "consent": "Mr. Li, by telephone",
        "at": TEN + minutes(at),
    }
    return services.announce_delay(actor=actor, **(given | changes))


def ahead(clock: Clock) -> list[float]:
    """The instants of its steps in minutes after TEN."""
    at = clock.steps.order_by("position").values_list("at", flat=True)
    return [(instant - TEN) / timedelta(minutes=1) for instant in at]


def test_only_the_agreed_time_moves_the_clock(tenant: Tenant, actor: Actor) -> None:
    start()
    clock = agree(actor, 240)
    assert (clock.due_at, clock.agreed_at) == (TEN + minutes(240), TEN + minutes(240))
    assert ahead(clock) == [180, 240, 240, 300]
    delay = Delay.objects.get()
    assert (delay.previous_due_at, delay.recorded_at) == (TEN + minutes(120), TEN + minutes(60))
    assert delay.recorded_label == actor.label
    assert AuditEvent.objects.filter(verb="clock.delayed").count() == 1


def test_it_stays_due_in_the_night_when_the_customer_agreed_to_that(
    tenant: Tenant, actor: Actor
) -> None:
    start()
    night = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)  # midnight; the hotline closes at ten
    clock = agree(actor, 0, agreed_due_at=night)
    assert clock.due_at == night
    # The rung an hour after it counts from the next opening.
    assert ahead(clock)[-1] == (datetime(2026, 11, 11, 2, 0, tzinfo=UTC) - TEN) / minutes(1)


def test_silent_lateness_stays_a_breach(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    start()
    with pytest.raises(DomainError):
        agree(actor, 500, at=121)
    sweep(TEN + minutes(130))
    with pytest.raises(DomainError):
        agree(actor, 500, at=60)
    assert Clock.objects.get().due_at == TEN + minutes(120) and not Delay.objects.exists()


def test_what_has_fired_stays_fired(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    start()
    sweep(TEN + minutes(95))
    clock = agree(actor, 240, at=100)
    assert list(clock.steps.order_by("position").values_list("state", flat=True)) == [
        "fired",
        "planned",
        "planned",
        "planned",
    ]
    assert ahead(clock) == [90, 240, 240, 300]


def test_several_delays_in_a_row_keep_their_rows(tenant: Tenant, actor: Actor) -> None:
    start()
    agree(actor, 240)
    clock = agree(actor, 300, at=200)
    assert clock.due_at == TEN + minutes(300)
    assert list(Delay.objects.order_by("id").values_list("previous_due_at", "agreed_due_at")) == [
        (TEN + minutes(120), TEN + minutes(240)),
        (TEN + minutes(240), TEN + minutes(300)),
    ]
    assert len(explanation(clock).delays) == 2


def test_a_pause_moves_the_agreed_time_by_its_working_time(tenant: Tenant, actor: Actor) -> None:
    start()
    agree(actor, 240)
    services.pause_clocks(actor=actor, **THING, reason="weather", at=TEN + minutes(100))
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(150))
    clock = Clock.objects.get()
    assert clock.due_at == TEN + minutes(290) == services.recompute(clock).due_at
    assert clock.agreed_at == TEN + minutes(240)


def test_a_pause_before_it_is_in_the_agreed_time_already(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="weather", at=TEN + minutes(10))
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(30))
    agree(actor, 240)
    assert Clock.objects.get().due_at == TEN + minutes(240)


def test_a_promise_kept_by_the_agreed_time_is_kept(tenant: Tenant, actor: Actor) -> None:
    start()
    agree(actor, 240)
    clock = services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(200))
    assert clock is not None and not clock.was_late


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cause": "  "}, "cause"),
        ({"consent": ""}, "consent"),
        ({"agreed_due_at": TEN + minutes(120)}, "agreed_due_at"),
        ({"agreed_due_at": TEN + timedelta(days=367)}, "agreed_due_at"),
        ({"agreed_due_at": datetime(2026, 11, 20, 8, 0)}, "agreed_due_at"),  # noqa: DTZ001
        ({"at": -1}, "at"),
        ({"at": 60 * 24 * 30}, "at"),
    ],
)
def test_a_delay_without_cause_consent_or_sense_is_refused(
    tenant: Tenant, actor: Actor, changes: dict[str, Any], field: str
) -> None:
    start()
    with pytest.raises(DomainError) as error:
        agree(actor, 240, **changes)
    assert error.value.field == field
    assert Clock.objects.get().agreed_at is None


def test_a_clock_that_stands_still_or_has_ended_is_not_delayed(
    tenant: Tenant, actor: Actor
) -> None:
    clock = start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(10))
    with pytest.raises(DomainError):
        agree(actor, 240)
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(20))
    with pytest.raises(WrongState):
        services.announce_delay(
            actor=actor, clock=clock, agreed_due_at=TEN + minutes(240), cause="x", consent="y"
        )


def test_an_agreed_time_never_falls_into_a_pause() -> None:
    """A pause without working time, over an agreed instant of the night: due when it ends."""
    facts = Facts(
        started_at=TEN,
        minutes=60,
        calendar=AROUND_THE_CLOCK,
        rungs=(Rung(after=-30), Rung(percent=150)),
        delays=(Agreed(TEN + minutes(10), TEN + minutes(100)),),
        pauses=((TEN + minutes(90), TEN + minutes(200)),),
    )
    layout = instants(facts)
    assert layout.due_at == TEN + minutes(210)
    # Of a hundred working minutes: thirty before the due time, fifty after it.
    assert layout.rungs == (TEN + minutes(70), TEN + minutes(260))
    night = datetime(2026, 3, 8, 14, 0, tzinfo=UTC)  # Sunday
    quiet = Facts(
        started_at=datetime(2026, 3, 6, 1, 0, tzinfo=UTC),
        minutes=60,
        calendar=office_calendar(),
        delays=(Agreed(datetime(2026, 3, 6, 2, 0, tzinfo=UTC), night),),
        pauses=((night - timedelta(hours=1), night + timedelta(hours=1)),),
    )
    assert rules.instants(quiet).due_at == night + timedelta(hours=1)
