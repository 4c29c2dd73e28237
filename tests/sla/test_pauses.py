"""Pauses are intervals with a reason, and nothing takes one away (R-029)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from sla import services
from sla.models import Clock, Pause, Step
from sla.services.dating import DATES, date_anew
from sla.sweep import sweep
from tests.sla.conftest import TEN, Heard, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def pause(actor: Actor, at: float, reason: str = "parts", **given: Any) -> int:
    return services.pause_clocks(actor=actor, **THING, reason=reason, at=TEN + minutes(at), **given)


def resume(actor: Actor, at: float) -> int:
    return services.resume_clocks(actor=actor, **THING, at=TEN + minutes(at))


def spans() -> list[tuple[str, float, float | None]]:
    """Reason, begin and end of every pause in minutes after TEN."""
    return [
        (
            pause.reason,
            (pause.started_at - TEN) / minutes(1),
            (pause.ended_at - TEN) / minutes(1) if pause.ended_at else None,
        )
        for pause in Pause.objects.order_by("id")
    ]


def test_another_reason_keeps_the_first_interval(tenant: Tenant, actor: Actor) -> None:
    start()
    pause(actor, 10, "customer")
    assert pause(actor, 30, "parts") == 1
    assert pause(actor, 40, "parts") == 0
    resume(actor, 70)
    assert spans() == [("customer", 10, 30), ("parts", 30, 70)]
    assert Clock.objects.get().due_at == TEN + minutes(180)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"at": -1}, "at"),
        ({"at": 60 * 24 * 15}, "at"),
        ({"at": 10, "until": TEN + minutes(10)}, "until"),
        ({"at": 10, "reason": "lunch"}, "reason"),
    ],
)
def test_a_pause_that_cannot_be_is_refused_with_a_sentence(
    tenant: Tenant, actor: Actor, given: dict[str, Any], field: str
) -> None:
    start()
    with pytest.raises(DomainError) as error:
        pause(actor, **given)
    assert error.value.field == field and str(error.value)
    assert not Pause.objects.exists() and Clock.objects.get().state == "running"


def test_a_clock_does_not_go_on_in_the_future(tenant: Tenant, actor: Actor) -> None:
    start()
    pause(actor, 10)
    with pytest.raises(DomainError):
        resume(actor, 60 * 24 * 15)


def test_a_pause_entered_late_takes_no_breach_back(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    start()
    sweep(TEN + minutes(121))
    pause(actor, 100)
    resume(actor, 200)
    clock = Clock.objects.get()
    assert (clock.missed_at, clock.due_at) == (TEN + minutes(120), TEN + minutes(120))
    assert spans() == [("parts", 120, 200)]


def test_a_wait_that_should_be_over_is_found_and_told(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    start()
    start(subject_id=2)
    pause(actor, 10, until=TEN + minutes(500))
    services.pause_clocks(
        actor=actor, subject="thing", subject_id=2, reason="parts", at=TEN + minutes(10)
    )
    assert not services.overdue_waits(TEN + minutes(499)).exists()
    (found,) = services.overdue_waits(TEN + minutes(500))
    assert found.clock.subject_id == 1
    assert sweep(TEN + minutes(499)) == 0
    assert sweep(TEN + minutes(501)) == 1
    (firing,) = heard
    assert (firing.step.action, firing.step.is_wait, firing.clock.subject_id) == ("remind", True, 1)
    clock = Clock.objects.get(subject_id=1)
    assert (clock.state, clock.was_late) == ("paused", False)


def test_going_on_cancels_the_reminder_of_the_wait(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    pause(actor, 10, until=TEN + minutes(500))
    resume(actor, 60)
    wait = clock.steps.get(is_wait=True)
    assert (wait.state, wait.at) == ("cancelled", TEN + minutes(500))
    assert clock.steps.filter(state="planned").count() == 4


def test_a_wait_can_be_made_longer_and_needs_no_second_pause(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    pause(actor, 10, until=TEN + minutes(500))
    assert pause(actor, 400, until=TEN + minutes(900)) == 0
    assert pause(actor, 450, "customer", until=TEN + minutes(950)) == 1
    waits = clock.steps.filter(is_wait=True).order_by("position").values_list("state", "at")
    assert list(waits) == [
        ("cancelled", TEN + minutes(500)),
        ("cancelled", TEN + minutes(900)),
        ("planned", TEN + minutes(950)),
    ]
    assert [pause.until for pause in Pause.objects.order_by("id")] == [
        TEN + minutes(900),
        TEN + minutes(950),
    ]


def test_a_kept_promise_is_waited_for_no_longer(tenant: Tenant, actor: Actor) -> None:
    start()
    pause(actor, 10, until=TEN + minutes(500))
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(20))
    assert not services.overdue_waits(TEN + minutes(600)).exists()
    assert not Step.objects.filter(state="planned").exists()


def test_a_reopened_promise_starts_anew_and_the_old_pauses_stay(
    tenant: Tenant, actor: Actor
) -> None:
    start()
    pause(actor, 10)
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(20))
    again = start(at=TEN + minutes(30))
    assert spans() == [("parts", 10, 20)]
    assert again.due_at == TEN + minutes(150) and not again.pauses.exists()


def test_only_the_named_promises_go_on(tenant: Tenant, actor: Actor) -> None:
    start()
    start(promise="check")
    pause(actor, 10)
    services.resume_clocks(actor=actor, **THING, promises=["check"], at=TEN + minutes(20))
    assert dict(Clock.objects.values_list("promise", "state")) == {
        "dispatch": "paused",
        "check": "running",
    }


@pytest.mark.parametrize("order", ["pause first", "change first", "change inside"])
def test_the_order_of_pause_and_change_does_not_matter(
    tenant: Tenant, actor: Actor, order: str
) -> None:
    start()

    def change() -> None:
        clock = Clock.objects.get()
        clock.minutes = 200
        date_anew(clock)
        clock.save(update_fields=["minutes", *DATES])

    if order == "change first":
        change()
    pause(actor, 30)
    if order == "change inside":
        change()
        assert not Step.objects.filter(state="planned").exists()
    resume(actor, 90)
    if order == "pause first":
        change()
    clock = Clock.objects.get()
    assert clock.due_at == TEN + minutes(260)
    steps = clock.steps.order_by("position").values_list("state", "at")
    assert list(steps) == [("planned", TEN + minutes(minute)) for minute in (210, 260, 260, 320)]


def test_a_shorter_promise_in_a_pause_is_late_from_before_it(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    """Used up before the pause began: that breach is told, and the pause hides nothing."""
    clock = start()
    pause(actor, 60)
    clock.refresh_from_db()
    clock.minutes = 40
    date_anew(clock)
    clock.save(update_fields=["minutes", *DATES])
    sweep(TEN + timedelta(days=1))
    clock.refresh_from_db()
    assert (clock.state, clock.missed_at) == ("paused", TEN + minutes(40))
    assert list(clock.steps.order_by("position").values_list("state", flat=True))[-1] == "held"
