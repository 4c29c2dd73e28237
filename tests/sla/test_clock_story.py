"""Any order of verbs against a plain model: due times, steps, hands and breaches agree.

A short form always; SANBAO_PROVE=1 plays many longer stories.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from core.tenancy import current_tenant_id
from sla import services
from sla.calendars import work_calendar
from sla.firing import Firing
from sla.ladder import rungs_of
from sla.models import Calendar, Clock, PolicyVersion, Target
from sla.services import Promised
from sla.services.dating import DATES, date_anew
from sla.sweep import sweep
from tests.sla.clock_model import ModelClock
from tests.sla.conftest import TEN, minutes

PROVE = os.environ.get("SANBAO_PROVE") == "1"
# Promise to (calendar, minutes, ladder, whether it runs through all hands).
PROMISES: dict[str, tuple[str, int, list[dict[str, Any]], bool]] = {
    "dispatch": ("hotline", 120, [{"after": 0, "role": "supervisor"}], False),
    "arrange": (
        "office",
        90,
        [{"after": -30, "action": "remind"}, {"percent": 150, "role": "manager"}],
        False,
    ),
    "solution": (
        "office",
        600,
        [
            {"percent": 50, "action": "remind"},
            {"after": 0, "role": "supervisor"},
            {"after": 240, "role": "manager"},
        ],
        True,
    ),
    "opinion": ("always", 1000, [{"after": -60, "action": "raise"}], True),
}
HANDS = {"Desk": "desk", "Lab": "technical", "Parts supply": "parts"}
REASONS = ("customer", "parts", "weather")
named = st.sampled_from(sorted(PROMISES))
some = st.sets(named, min_size=1)
THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}
LATEST = TEN + timedelta(days=400)


class Story(RuleBasedStateMachine):
    """Verbs in any order at growing instants; after each one tables and model are the same."""

    fired: list[Firing] = []

    def __init__(self) -> None:
        super().__init__()
        self.now = TEN
        self.actor = Actor.system(current_tenant_id())
        self.clocks: dict[str, ModelClock] = {}
        self.around = ExitStack()
        self.around.enter_context(time_machine.travel(LATEST, tick=False))
        self.around.enter_context(_undone())
        type(self).fired.clear()

    def teardown(self) -> None:
        self.around.close()

    @rule(time=st.integers(1, 700), seconds=st.integers(0, 59))
    def wait(self, time: int, seconds: int) -> None:
        self.now += timedelta(minutes=time, seconds=seconds)

    @rule(promises=some)
    def start(self, promises: set[str]) -> None:
        held = {p: self.clocks[p].holder if p in self.clocks else "Desk" for p in promises}
        wanted = [
            Promised(p, HANDS[held[p]], held[p], is_through=PROMISES[p][3])
            for p in sorted(promises)
        ]
        given = services.start_clocks(
            actor=self.actor,
            **THING,
            subject_number="N-1",
            facts={"kind": "repair"},
            promises=wanted,
            at=self.now,
        )
        assert [clock.promise for clock in given] == sorted(promises)
        for promise in promises:
            if promise not in self.clocks:
                code, length, ladder, is_through = PROMISES[promise]
                calendar = work_calendar(Calendar.objects.get(code=code))
                self.clocks[promise] = ModelClock(
                    self.now, length, calendar, rungs_of(ladder), "Desk", is_through
                )

    @precondition(lambda self: self.clocks)
    @rule(promises=some, reason=st.sampled_from(REASONS), until=st.none() | st.integers(1, 900))
    def pause(self, promises: set[str], reason: str, until: int | None) -> None:
        end = self.now + minutes(until) if until else None
        count = services.pause_clocks(
            actor=self.actor, **THING, reason=reason, promises=promises, until=end, at=self.now
        )
        chosen = [clock for promise, clock in self.clocks.items() if promise in promises]
        assert count == sum(clock.pause(reason, self.now, end) for clock in chosen)

    @precondition(lambda self: self.clocks)
    @rule(promises=st.none() | some)
    def resume(self, promises: set[str] | None) -> None:
        services.resume_clocks(actor=self.actor, **THING, promises=promises, at=self.now)
        for promise, clock in self.clocks.items():
            if clock.state == "paused" and (promises is None or promise in promises):
                clock.resume(self.now)

    @precondition(lambda self: self.clocks)
    @rule(holder=st.sampled_from(sorted(HANDS)))
    def give(self, holder: str) -> None:
        services.pass_clocks(
            actor=self.actor,
            **THING,
            holder_kind=HANDS[holder],
            holder_label=holder,
            at=self.now,
        )
        for clock in self.clocks.values():
            clock.give(holder, self.now)

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), later=st.integers(-30, 3000))
    def delay(self, data: st.DataObject, later: int) -> None:
        promise = data.draw(st.sampled_from(sorted(self.clocks)))
        clock = self.clocks[promise]
        agreed = clock.due + minutes(later)
        may = clock.state == "running" and clock.missed is None
        may = may and self.now <= clock.due and later > 0
        row = Clock.objects.get(promise=promise, state__in=("running", "paused"))
        try:
            services.announce_delay(
                actor=self.actor,
                clock=row,
                agreed_due_at=agreed,
                cause="The part comes later.",
                consent="By telephone",
                at=self.now,
            )
        except DomainError:
            assert not may
        else:
            assert may
            clock.delay(agreed, self.now)

    @precondition(lambda self: self.clocks)
    @rule(data=st.data(), length=st.integers(31, 2000))
    def redate(self, data: st.DataObject, length: int) -> None:
        """As a policy that is applied anew: another length, the used time stays."""
        promise = data.draw(st.sampled_from(sorted(self.clocks)))
        row = Clock.objects.get(promise=promise, state__in=("running", "paused"))
        row.minutes = self.clocks[promise].minutes = length
        date_anew(row)
        row.save(update_fields=["minutes", *DATES])
        self.clocks[promise].redate()

    @precondition(lambda self: self.clocks)
    @rule(promises=some, kept=st.booleans())
    def end(self, promises: set[str], kept: bool) -> None:
        given: dict[str, Any] = {**THING, "promises": promises, "at": self.now}
        if kept:
            services.meet_clocks(actor=self.actor, **given)
        else:
            services.cancel_clocks(actor=self.actor, **given, reason="Over")
        for promise in promises & set(self.clocks):
            clock = self.clocks.pop(promise)
            clock.finish("met" if kept else "cancelled", self.now)
            self.same(promise, clock, Clock.objects.filter(promise=promise).latest("id"))

    @precondition(lambda self: self.clocks)
    @rule()
    def sweep(self) -> None:
        sweep(self.now)
        for clock in self.clocks.values():
            clock.sweep(self.now)
        for firing in self.fired:
            if firing.step.is_wait:
                assert firing.clock.state == "paused"
                continue
            for start, end in firing.clock.pauses.values_list("started_at", "ended_at"):
                assert not (start < firing.step.at and (end is None or firing.step.at < end))
        self.fired.clear()

    @invariant()
    def tables_and_model_agree(self) -> None:
        live = Clock.objects.filter(state__in=("running", "paused")).select_related("calendar")
        rows = {clock.promise: clock for clock in live}
        assert set(rows) == set(self.clocks)
        for promise, clock in self.clocks.items():
            self.same(promise, clock, rows[promise])

    def same(self, promise: str, model: ModelClock, row: Clock) -> None:
        assert (row.state, row.due_at) == (model.state, model.due), promise
        missed = (row.missed_at, row.missed_label) if row.missed_at else None
        assert missed == model.missed, promise
        steps = list(row.steps.order_by("position"))
        assert [(step.state, step.at) for step in steps if not step.is_wait] == [
            (step.state, step.at) for step in model.steps
        ], promise
        assert [(step.state, step.at) for step in steps if step.is_wait] == [
            (step.state, step.at) for step in model.waits
        ], promise
        pauses = row.pauses.order_by("id").values_list("reason", "started_at", "ended_at", "until")
        assert list(pauses) == [(p.reason, p.start, p.end, p.until) for p in model.pauses], promise
        layout = services.recompute(row)
        assert (layout.due_at, layout.warn_at) == (row.due_at, row.warn_at), promise
        if model.is_through:
            self.hands_are_whole(model, row)

    def hands_are_whole(self, model: ModelClock, row: Clock) -> None:
        hands = list(row.hands.order_by("started_at", "id"))
        assert [(hand.holder_label, hand.started_at) for hand in hands] == model.hands
        end = model.finished or self.now
        assert (hands[-1].ended_at is None) is (model.finished is None)
        lengths = [(hand.ended_at or end) - hand.started_at for hand in hands]
        assert sum(lengths, timedelta(0)) == end - model.started
        by_hand = services.used_by_hand(row, end)
        assert {label for label, _ in by_hand} == {holder for holder, _ in model.hands}


class _undone(ExitStack):
    """Whatever happens inside, the tables are as before."""

    def __enter__(self) -> _undone:
        self.enter_context(transaction.atomic())
        self.callback(transaction.set_rollback, True)
        return self


@pytest.fixture
def stage(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policy of the story, and its sweeps heard."""

    def hear(event: str, *, firings: list[Firing], at: datetime) -> None:
        Story.fired.extend(firings)

    monkeypatch.setattr("sla.sweep.publish", hear)
    core = PolicyVersion.objects.get(policy__code="core")
    PolicyVersion.objects.exclude(pk=core.pk).update(is_active=False)
    core.targets.all().delete()
    calendars = {calendar.code: calendar for calendar in Calendar.objects.all()}
    Target.objects.bulk_create(
        Target(
            version=core,
            promise=promise,
            minutes=length,
            calendar=calendars[code],
            ladder=ladder,
        )
        for promise, (code, length, ladder, _) in PROMISES.items()
    )
    yield


def test_whatever_happens_to_clocks_their_times_steps_and_hands_are_true(stage: None) -> None:
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=200 if PROVE else 12,
            stateful_step_count=50 if PROVE else 25,
            deadline=None,
            phases=tuple(Phase) if PROVE else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
