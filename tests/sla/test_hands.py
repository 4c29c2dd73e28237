"""The customer's own clock runs through all hands, and a breach names whose time it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actor import Actor
from core.errors import WrongState
from core.models import Tenant
from core.tenancy import dealer_wall
from sla import services
from sla.explain import explanation
from sla.models import Clock, Hand, PolicyVersion, Step, Target
from sla.queries import clocks_of
from sla.services import Promised
from sla.sweep import sweep
from tests.sla.conftest import TEN, Heard, make_dealer, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}
ALL = ("dispatch", "check", "first_answer", "callback", "arrange")


def promise_all(actor: Actor, promises: tuple[str, ...], subject_id: int) -> list[Clock]:
    return services.start_clocks(
        actor=actor,
        subject="thing",
        subject_id=subject_id,
        subject_number=f"N-{subject_id}",
        facts={"kind": "repair", "urgency": "urgent"},
        promises=[Promised(promise, "desk", "Desk", is_through=True) for promise in promises],
        at=TEN,
    )


def through(**changes: Any) -> Clock:
    return start(is_through=True, **changes)


def give(actor: Actor, label: str, at: float, dealer_id: int | None = None) -> int:
    return services.pass_clocks(
        actor=actor,
        **THING,
        holder_kind="dealer" if dealer_id else "technical",
        holder_label=label,
        holder_dealer_id=dealer_id,
        at=TEN + minutes(at),
    )


def test_several_promises_start_at_once_each_by_its_policy(tenant: Tenant, actor: Actor) -> None:
    PolicyVersion.objects.filter(policy__code="urgent").get().targets.filter(
        promise="callback"
    ).delete()
    clocks = promise_all(actor, ("arrange", "opinion", "callback"), 1)
    assert [(clock.promise, clock.policy.code) for clock in clocks] == [
        ("arrange", "urgent"),
        ("callback", "core"),
    ]
    assert promise_all(actor, ("callback", "arrange"), 1) == [clocks[1], clocks[0]]
    assert Clock.objects.count() == 2 and Hand.objects.count() == 2


def statements(work: Callable[..., Any], **given: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        work(**given)
    return len(queries)


def test_statements_do_not_grow_with_the_number_of_promises(tenant: Tenant, actor: Actor) -> None:
    promise_all(actor, ("dispatch",), 9)  # the calendar's edition is kept from now on
    one = statements(promise_all, actor=actor, promises=ALL[:1], subject_id=1)
    five = statements(promise_all, actor=actor, promises=ALL, subject_id=2)
    # Who runs already, targets, clocks, hands, steps, audit; the transaction around them.
    assert (one, five) == (8, 8)
    lab = {"holder_kind": "technical", "holder_label": "Lab"}
    for verb, given in (
        (services.pass_clocks, lab | {"at": TEN + minutes(5)}),
        (services.pause_clocks, {"reason": "parts", "at": TEN + minutes(6)}),
        (services.resume_clocks, {"at": TEN + minutes(7)}),
        (services.meet_clocks, {"promises": ALL, "at": TEN + timedelta(days=9)}),
    ):
        few, many = (
            statements(verb, actor=actor, subject="thing", subject_id=number, **given)
            for number in (1, 2)
        )
        assert few == many, verb


def test_passing_on_leaves_no_gap_and_doubles_nothing(tenant: Tenant, actor: Actor) -> None:
    clock = through()
    dealer = make_dealer("D-1")
    assert give(actor, "D-1", 30, dealer.pk) == 1
    assert give(actor, "D-1", 40, dealer.pk) == 0
    assert give(actor, "Lab", 50) == 1
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(80))
    hands = list(Hand.objects.order_by("id").values_list("holder_label", "started_at", "ended_at"))
    assert hands == [
        ("Desk", TEN, TEN + minutes(30)),
        ("D-1", TEN + minutes(30), TEN + minutes(50)),
        ("Lab", TEN + minutes(50), TEN + minutes(80)),
    ]
    clock.refresh_from_db()
    assert clock.due_at == TEN + minutes(120) and not clock.was_late


def test_a_clock_of_one_holder_stays_with_its_holder(tenant: Tenant, actor: Actor) -> None:
    start()
    assert give(actor, "Lab", 30) == 0
    assert Clock.objects.get().holder_label == "Desk" and not Hand.objects.exists()
    with pytest.raises(WrongState):
        start(holder_kind="technical", holder_label="Lab")


def test_a_dealer_sees_the_customers_clock_while_it_holds_it(tenant: Tenant, actor: Actor) -> None:
    through()
    dealer = make_dealer("D-1")

    def seen() -> int:
        with dealer_wall((dealer.pk,)):
            return Clock.objects.count()

    before = seen()
    give(actor, "D-1", 30, dealer.pk)
    during = seen()
    give(actor, "Lab", 50)
    assert (before, during, seen()) == (0, 1, 0)


def test_a_dealer_learns_nothing_of_the_others_who_held_it(tenant: Tenant, actor: Actor) -> None:
    through()
    first, second = make_dealer("D-1"), make_dealer("D-2")
    give(actor, "D-1", 30, first.pk)
    give(actor, "D-2", 125, second.pk)
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(130))
    theirs = replace(actor, dealer_id=second.pk, dealer_ids=(second.pk,))
    with dealer_wall((second.pk,)):
        (shown,) = clocks_of(theirs, "thing", 1)
        told = explanation(shown)
    assert (shown.holder_label, shown.missed_label) == ("D-2", "Another dealer")
    assert [who for who, _ in told.hands] == ["D-2"]
    assert clocks_of(actor, "thing", 1)[0].missed_label == "D-1"


def test_a_breach_names_who_held_it_at_the_due_time(
    tenant: Tenant, actor: Actor, heard: Heard
) -> None:
    through()
    dealer = make_dealer("D-1")
    give(actor, "D-1", 30, dealer.pk)
    give(actor, "Lab", 125)  # five minutes late, and no sweep came yet
    sweep(TEN + minutes(130))
    clock = Clock.objects.get()
    assert (clock.missed_at, clock.holder_label) == (TEN + minutes(120), "Lab")
    assert (clock.missed_kind, clock.missed_label, clock.missed_dealer_id) == (
        "dealer",
        "D-1",
        dealer.pk,
    )


def test_the_instant_of_a_pass_is_still_the_time_of_who_gives(tenant: Tenant, actor: Actor) -> None:
    through()
    give(actor, "Lab", 120)
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(121))
    assert Clock.objects.get().missed_label == "Desk"


@pytest.mark.parametrize("end", ["meet", "cancel", "pause"])
def test_whoever_sees_the_breach_names_the_same_one(tenant: Tenant, actor: Actor, end: str) -> None:
    through()
    through(promise="check")  # due at 240: in the hands that have it now
    give(actor, "Lab", 125)
    at = TEN + minutes(250)
    if end == "meet":
        services.meet_clocks(actor=actor, **THING, promises=["dispatch", "check"], at=at)
    elif end == "cancel":
        services.cancel_clocks(actor=actor, **THING, reason="Merged", at=at)
    else:
        services.pause_clocks(actor=actor, **THING, reason="parts", at=at)
    found = dict(Clock.objects.values_list("promise", "missed_label"))
    assert found == {"dispatch": "Desk", "check": "Lab"}


def test_a_mark_stays_with_whom_it_was_put_on(tenant: Tenant, actor: Actor, heard: Heard) -> None:
    through()
    sweep(TEN + minutes(121))
    give(actor, "Lab", 125)
    sweep(TEN + minutes(500))
    assert Clock.objects.get().missed_label == "Desk"


def test_each_hand_has_its_working_minutes_without_the_pauses(tenant: Tenant, actor: Actor) -> None:
    clock = through()
    give(actor, "Lab", 30)
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(35))
    services.pass_clocks(
        actor=actor, **THING, holder_kind="desk", holder_label="Desk", at=TEN + minutes(40)
    )
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(60))
    clock.refresh_from_db()
    assert services.used_by_hand(clock, TEN + minutes(70)) == [("Desk", 40), ("Lab", 5)]
    assert clock.due_at == TEN + minutes(145)


def test_what_one_holder_promised_was_his_time_alone(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    assert services.used_by_hand(clock, TEN + minutes(15)) == [("Desk", 15)]


def test_a_merge_takes_hands_and_pauses_along(tenant: Tenant, actor: Actor) -> None:
    clock = through()
    give(actor, "Lab", 30)
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(35))
    services.move_clocks(actor=actor, subject="thing", from_id=1, to_id=2, to_number="N-2")
    clock.refresh_from_db()
    assert (clock.subject_id, clock.hands.count(), clock.pauses.count()) == (2, 2, 1)
    services.resume_clocks(actor=actor, subject="thing", subject_id=2, at=TEN + minutes(65))
    clock.refresh_from_db()
    assert clock.due_at == TEN + minutes(150)


def test_a_rung_that_a_shorter_time_leaves_no_room_for_is_suppressed(tenant: Tenant) -> None:
    Target.objects.update(ladder=[{"after": -60, "action": "remind"}])
    clock = start(minutes=30)
    step = Step.objects.get(clock=clock, position=2)
    assert (step.state, step.reason, step.action) == (
        "suppressed",
        "Before the start of the promise",
        "remind",
    )
