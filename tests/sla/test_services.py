"""Clocks start by policy, are kept, cancelled, paused, moved; their steps go with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actor import Actor
from core.errors import DomainError, WrongState
from core.models import AuditEvent, Tenant
from sla import services
from sla.models import Clock, Pause, PolicyVersion, Step, Target
from tests.sla.conftest import TEN, minutes, start

THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def states(clock: Clock) -> list[str]:
    return list(clock.steps.order_by("position").values_list("state", flat=True))


def instants(clock: Clock) -> list[datetime]:
    return list(clock.steps.order_by("position").values_list("at", flat=True))


def test_a_clock_lays_out_all_its_steps_at_once(tenant: Tenant) -> None:
    clock = start()
    assert (clock.warn_at, clock.due_at) == (TEN + minutes(90), TEN + minutes(120))
    steps = list(clock.steps.order_by("position").values_list("action", "role", "at"))
    assert steps == [
        ("warn", "", TEN + minutes(90)),
        ("breach", "", TEN + minutes(120)),
        ("escalate", "supervisor", TEN + minutes(120)),
        ("escalate", "manager", TEN + minutes(180)),
    ]


def test_the_night_does_not_count(tenant: Tenant) -> None:
    clock = start(at=datetime(2026, 11, 10, 13, 30, tzinfo=UTC))  # 21:30 in Shanghai
    assert clock.due_at == datetime(2026, 11, 11, 2, 30, tzinfo=UTC)
    assert instants(clock)[-1] == datetime(2026, 11, 11, 3, 30, tzinfo=UTC)


def test_policy_choice_is_ordered(tenant: Tenant) -> None:
    urgent = start(promise="arrange", facts={"kind": "repair", "urgency": "urgent"})
    assert (urgent.minutes, urgent.policy and urgent.policy.code) == (60, "urgent")
    both = start(
        subject_id=2, promise="first_answer", facts={"kind": "complaint", "urgency": "urgent"}
    )
    assert both.minutes == 30
    PolicyVersion.objects.filter(policy__code="urgent").update(position=99)
    later = start(
        subject_id=3, promise="first_answer", facts={"kind": "complaint", "urgency": "urgent"}
    )
    assert later.minutes == 120


def test_disabled_policy_sends_nothing(tenant: Tenant, actor: Actor) -> None:
    PolicyVersion.objects.update(is_active=False)
    assert (
        services.start_clock(
            actor=actor,
            **THING,
            subject_number="N-1",
            promise="dispatch",
            holder_kind="desk",
            holder_label="Desk",
            facts={"kind": "repair"},
        )
        is None
    )
    assert not Clock.objects.exists()


def test_a_policy_that_names_no_such_promise_passes_the_question_on(tenant: Tenant) -> None:
    Target.objects.filter(version__policy__code="urgent", promise="dispatch").delete()
    clock = start(facts={"urgency": "urgent", "kind": "complaint"})
    assert clock.policy and clock.policy.code == "complaint"


def test_given_minutes_overrule_the_policy(tenant: Tenant) -> None:
    clock = start(minutes=30)
    assert clock.due_at == TEN + minutes(30)
    assert instants(clock)[-1] == TEN + minutes(90)


def test_given_minutes_need_no_policy(tenant: Tenant) -> None:
    PolicyVersion.objects.update(is_active=False)
    clock = start(minutes=30)
    assert (clock.policy, clock.due_at) == (None, TEN + minutes(30))


def test_a_second_start_changes_nothing(tenant: Tenant) -> None:
    first = start()
    assert start(at=TEN + minutes(5)) == first
    assert Clock.objects.count() == 1


def test_a_running_clock_is_not_given_to_another_holder(tenant: Tenant) -> None:
    start()
    with pytest.raises(WrongState):
        start(holder_kind="technical", holder_label="Technical department")


def test_a_kept_promise_has_no_more_steps(tenant: Tenant, actor: Actor) -> None:
    start()
    clock = services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(60))
    assert clock is not None and clock.state == "met" and not clock.was_late
    assert set(states(clock)) == {"cancelled"}
    assert services.meet_clock(actor=actor, **THING, promise="dispatch") is None


def test_a_promise_kept_late_is_late_though_no_sweep_came(tenant: Tenant, actor: Actor) -> None:
    start()
    clock = services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(121))
    assert clock is not None
    assert (clock.state, clock.missed_at) == ("met", TEN + minutes(120))


def test_a_promise_kept_at_the_due_time_is_kept(tenant: Tenant, actor: Actor) -> None:
    start()
    clock = services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(120))
    assert clock is not None and not clock.was_late


def test_cancelling_says_why_and_keeps_the_breach(tenant: Tenant, actor: Actor) -> None:
    start()
    start(promise="check")
    at = TEN + minutes(130)
    assert services.cancel_clocks(actor=actor, **THING, reason="Merged", at=at) == 2
    dispatch, check = Clock.objects.order_by("id")
    assert (dispatch.state, dispatch.was_late, check.was_late) == ("cancelled", True, False)
    assert set(dispatch.steps.values_list("reason", flat=True)) == {"Merged"}


def test_only_the_named_promises_are_cancelled(tenant: Tenant, actor: Actor) -> None:
    start()
    start(promise="check")
    count = services.cancel_clocks(actor=actor, **THING, promises=["check"], reason="x", at=TEN)
    assert count == 1
    assert Clock.objects.get(promise="dispatch").state == "running"


def test_a_new_clock_may_follow_a_cancelled_one(tenant: Tenant, actor: Actor) -> None:
    start()
    services.cancel_clocks(actor=actor, **THING, reason="Refused", at=TEN)
    again = start(at=TEN + minutes(10), holder_kind="technical", holder_label="Lab")
    assert again.due_at == TEN + minutes(130)


def test_a_pause_gives_back_exactly_its_working_time(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="customer", at=TEN + minutes(30))
    clock = Clock.objects.get()
    assert clock.state == "paused" and set(states(clock)) == {"held"}
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(75))
    clock.refresh_from_db()
    assert clock.state == "running" and set(states(clock)) == {"planned"}
    assert (clock.warn_at, clock.due_at) == (TEN + minutes(135), TEN + minutes(165))
    expected = [135, 165, 165, 225]
    assert instants(clock) == [TEN + minutes(count) for count in expected]


def test_paused_over_the_night_counts_working_time_only(tenant: Tenant, actor: Actor) -> None:
    evening = datetime(2026, 11, 10, 13, 0, tzinfo=UTC)  # 21:00, one hour before closing
    start(at=evening)
    services.pause_clocks(actor=actor, **THING, reason="parts", at=evening + minutes(30))
    services.resume_clocks(actor=actor, **THING, at=datetime(2026, 11, 11, 2, 0, tzinfo=UTC))
    # 30 min used before the pause; 90 are left, from ten in the morning.
    assert Clock.objects.get().due_at == datetime(2026, 11, 11, 3, 30, tzinfo=UTC)


def test_two_pauses_add_up_and_time_on_hold_is_added_once(tenant: Tenant, actor: Actor) -> None:
    start()
    for begin, end in ((10, 20), (30, 45)):
        services.pause_clocks(actor=actor, **THING, reason="weather", at=TEN + minutes(begin))
        services.resume_clocks(actor=actor, **THING, at=TEN + minutes(end))
    assert Clock.objects.get().due_at == TEN + minutes(145)


def test_a_pause_may_end_where_it_began_and_begin_before_the_last_end(
    tenant: Tenant, actor: Actor
) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="customer", at=TEN + minutes(10))
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(5))
    services.pause_clocks(actor=actor, **THING, reason="customer", at=TEN + minutes(9))
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(20))
    assert list(Pause.objects.order_by("id").values_list("started_at", "ended_at")) == [
        (TEN + minutes(10), TEN + minutes(10)),
        (TEN + minutes(10), TEN + minutes(20)),
    ]


def test_pausing_twice_pauses_once_and_resuming_a_running_clock_does_nothing(
    tenant: Tenant, actor: Actor
) -> None:
    start()
    assert services.resume_clocks(actor=actor, **THING) == 0
    assert services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN) == 1
    assert services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN) == 0


def test_a_pause_needs_a_known_reason(tenant: Tenant, actor: Actor) -> None:
    start()
    with pytest.raises(DomainError):
        services.pause_clocks(actor=actor, **THING, reason="lunch")
    assert Clock.objects.get().state == "running"


def test_pause_stops_every_clock_named_by_the_rule(tenant: Tenant, actor: Actor) -> None:
    start()
    start(promise="check")
    start(promise="arrange")
    services.pause_clocks(
        actor=actor, **THING, reason="parts", promises=["arrange", "dispatch"], at=TEN
    )
    paused = Clock.objects.filter(state="paused").order_by("promise")
    assert [clock.promise for clock in paused] == ["arrange", "dispatch"]


def test_a_promise_kept_in_a_pause_ends_the_pause(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(10))
    late = TEN + timedelta(days=9)
    clock = services.meet_clock(actor=actor, **THING, promise="dispatch", at=late)
    assert clock is not None and not clock.was_late
    assert Pause.objects.get().ended_at == late


def test_due_times_can_be_rebuilt_from_a_clock_and_its_pauses(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + minutes(10))
    services.resume_clocks(actor=actor, **THING, at=TEN + timedelta(days=3))
    clock = Clock.objects.get()
    before = instants(clock)
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN + timedelta(days=3))
    services.resume_clocks(actor=actor, **THING, at=TEN + timedelta(days=3))
    assert instants(clock) == before


def test_a_merged_subject_gives_its_clocks_away_and_none_runs_twice(
    tenant: Tenant, actor: Actor
) -> None:
    start()
    start(promise="check")
    start(subject_id=2, promise="check")
    services.move_clocks(actor=actor, subject="thing", from_id=1, to_id=2, to_number="N-2")
    assert not Clock.objects.filter(subject_id=1, state="running").exists()
    moved = Clock.objects.get(promise="dispatch")
    assert (moved.subject_id, moved.subject_number, moved.state) == (2, "N-2", "running")
    assert Clock.objects.get(subject_id=1).state == "cancelled"
    assert Step.objects.filter(clock__subject_id=1, state="planned").count() == 0


def test_each_verb_writes_what_it_did(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(actor=actor, **THING, reason="parts", at=TEN)
    services.resume_clocks(actor=actor, **THING, at=TEN)
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN)
    verbs = AuditEvent.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["clock.started", "clock.paused", "clock.resumed", "clock.met"]
