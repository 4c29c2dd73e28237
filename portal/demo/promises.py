"""The clocks of the demo's past: laid out as `sla` would, ended as the stories say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.demo.hours import Counted, hours_of, instant
from sla.models import Clock, Hand, Pause, PolicyVersion, Step, Target
from sla.policies import fits
from sla.queries import newest_versions
from sla.states import ClockState, StepAction, StepState

# Kind, name and, of a dealer, its key.
Holder = tuple[str, str, int | None]
# How long a sweep takes to see what is due, seconds.
SEEN_AFTER = 3
# Of clocks that ended before this, only the steps that were fired are kept.
WHOLE_LADDER = 14 * 86_400


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy's version with its targets and the hours of each."""

    version: PolicyVersion
    targets: dict[str, Target]
    hours: dict[str, Counted]


@dataclass(slots=True)
class Running:
    """A clock of a story, on seconds of China's wall clock."""

    clock: Clock
    started: int
    due: int
    # Action, role, minutes after the due time, working seconds after the start, instant.
    rungs: list[tuple[StepAction, str, int, int, int]]
    hours: Counted
    # The working seconds used before the stretch that runs since then.
    used: int = 0
    since: int = 0
    paused_at: int | None = None
    pauses: list[Pause] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)

    def pause(self, at: int, reason: str) -> None:
        """Stand still from that instant."""
        if self.paused_at is None:
            self.mark_missed(at)
            self.used += self.hours.between(self.since, at)
            self.paused_at = at
            self.pauses.append(Pause(clock=self.clock, reason=reason, started_at=instant(at)))

    def go_on(self, at: int) -> None:
        """Go on: what lay ahead lies as far ahead as before, in working time."""
        if self.paused_at is None:
            return
        self.pauses[-1].ended_at = instant(at)
        for number, (action, role, after, seconds, before) in enumerate(self.rungs):
            if before > self.paused_at:
                anew = self.hours.add(at, seconds - self.used)
                self.rungs[number] = (action, role, after, seconds, anew)
        self.paused_at, self.since = None, at
        clock = self.clock
        clock.warn_at, self.due = instant(self.rungs[0][-1]), self.rungs[1][-1]
        clock.due_at = instant(self.due)

    def hand(self, at: int, holder: Holder) -> None:
        """Into other hands; a breach before stays with who held it then."""
        clock = self.clock
        if (clock.holder_kind, clock.holder_label, clock.holder_dealer_id) == holder:
            return
        self.mark_missed(at)
        self.hands[-1].ended_at = instant(at)
        clock.holder_kind, clock.holder_label, clock.holder_dealer_id = holder
        self.hands.append(_hand(clock, at))

    def mark_missed(self, at: int) -> None:
        clock = self.clock
        if clock.missed_at is None and self.paused_at is None and self.due < at:
            clock.missed_at = clock.due_at
            clock.missed_kind, clock.missed_label = clock.holder_kind, clock.holder_label
            clock.missed_dealer_id = clock.holder_dealer_id


class Promises:
    """The company's policies, asked in the order in which the product asks them."""

    def __init__(self) -> None:
        self.rules = []
        for version in newest_versions().filter(is_active=True):
            targets = {target.promise: target for target in version.targets.all()}
            hours = {promise: hours_of(target.hours) for promise, target in targets.items()}
            self.rules.append(Rule(version, targets, hours))

    def target(self, promise: str, facts: Mapping[str, str]) -> tuple[Rule, Target] | None:
        for rule in self.rules:
            if promise in rule.targets and fits(rule.version.conditions, facts):
                return rule, rule.targets[promise]
        return None

    def start(
        self,
        promise: str,
        at: int,
        facts: Mapping[str, str],
        *,
        subject: str = "ticket",
        number: str,
        holder: Holder,
        is_through: bool = False,
    ) -> Running | None:
        """Lay out a clock with its reminder, its due time and its rungs."""
        found = self.target(promise, facts)
        if found is None:
            return None
        rule, target = found
        hours = rule.hours[promise]
        seconds = target.minutes * 60
        warn = hours.add(at, seconds * target.warn_percent // 100)
        due = hours.add(at, seconds)
        rungs = [
            (StepAction.WARN, "", 0, seconds * target.warn_percent // 100, warn),
            (StepAction.BREACH, "", 0, seconds, due),
        ]
        for rung in target.ladder:
            reached = seconds + rung["after"] * 60
            when = hours.add(at, reached)
            rungs.append((StepAction.ESCALATE, rung["role"], rung["after"], reached, when))
        kind, label, dealer_id = holder
        clock = Clock(
            subject=subject,
            subject_number=number,
            promise=promise,
            holder_kind=kind,
            holder_label=label,
            holder_dealer_id=dealer_id,
            is_through=is_through,
            version=rule.version,
            calendar=target.hours,
            minutes=target.minutes,
            warn_percent=target.warn_percent,
            started_at=instant(at),
            warn_at=instant(warn),
            due_at=instant(due),
        )
        running = Running(clock, at, due, rungs, hours, since=at)
        if is_through:
            running.hands.append(_hand(clock, at))
        return running


def _hand(clock: Clock, at: int) -> Hand:
    return Hand(
        clock=clock,
        holder_kind=clock.holder_kind,
        holder_label=clock.holder_label,
        holder_dealer_id=clock.holder_dealer_id,
        started_at=instant(at),
    )


def finish(running: Running, at: int, state: ClockState) -> bool:
    """End a clock; whether it was late by then."""
    clock = running.clock
    running.mark_missed(at)
    clock.state, clock.finished_at = state, instant(at)
    if running.paused_at is not None:
        running.pauses[-1].ended_at = clock.finished_at
    if running.hands:
        running.hands[-1].ended_at = clock.finished_at
    return clock.missed_at is not None


def steps(running: Running, now: int, told: Mapping[str, list[str]]) -> list[Step]:
    """The rungs of a clock as they stand at `now`: fired, cancelled or planned."""
    clock = running.clock
    ended = clock.finished_at
    rows = []
    for position, (action, role, after, _seconds, at) in enumerate(running.rungs):
        seen = at + SEEN_AFTER
        if ended is not None and instant(seen) > ended:
            if instant(now - WHOLE_LADDER) > ended:
                continue
            state = StepState.CANCELLED
        elif running.paused_at is not None and at > running.paused_at:
            state = StepState.HELD if ended is None else StepState.CANCELLED
        else:
            state = StepState.FIRED if seen <= now else StepState.PLANNED
        fired = state == StepState.FIRED
        rows.append(
            Step(
                clock=clock,
                position=position,
                action=action,
                role=role,
                after_minutes=after,
                at=instant(at),
                state=state,
                fired_at=instant(seen) if fired else None,
                told=told.get(role or clock.holder_kind, [clock.holder_label]) if fired else [],
            )
        )
    return rows
