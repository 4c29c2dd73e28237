"""The clocks of the demo's past: laid out as `sla` would, ended as the stories say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.demo.hours import Counted, hours_of, instant
from sla.models import Clock, PolicyVersion, Step, Target
from sla.policies import fits
from sla.queries import newest_versions
from sla.states import ClockState, StepAction, StepState

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
    rungs: list[tuple[StepAction, str, int, int]]


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
        holder: tuple[str, str, int | None],
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
        rungs = [(StepAction.WARN, "", 0, warn), (StepAction.BREACH, "", 0, due)]
        for rung in target.ladder:
            when = hours.add(at, seconds + rung["after"] * 60)
            rungs.append((StepAction.ESCALATE, rung["role"], rung["after"], when))
        kind, label, dealer_id = holder
        clock = Clock(
            subject=subject,
            subject_number=number,
            promise=promise,
            holder_kind=kind,
            holder_label=label,
            holder_dealer_id=dealer_id,
            version=rule.version,
            calendar=target.hours,
            minutes=target.minutes,
            warn_percent=target.warn_percent,
            started_at=instant(at),
            warn_at=instant(warn),
            due_at=instant(due),
        )
        return Running(clock, at, due, rungs)


def finish(running: Running, at: int, state: ClockState) -> bool:
    """End a clock; whether it was late by then."""
    clock = running.clock
    clock.state, clock.finished_at = state, instant(at)
    if running.due < at:
        clock.missed_at = clock.due_at
        clock.missed_kind, clock.missed_label = clock.holder_kind, clock.holder_label
        clock.missed_dealer_id = clock.holder_dealer_id
    return clock.missed_at is not None


def steps(running: Running, now: int, told: Mapping[str, list[str]]) -> list[Step]:
    """The rungs of a clock as they stand at `now`: fired, cancelled or planned."""
    clock = running.clock
    ended = clock.finished_at
    rows = []
    for position, (action, role, after, at) in enumerate(running.rungs):
        seen = at + SEEN_AFTER
        if ended is not None and instant(seen) > ended:
            if instant(now - WHOLE_LADDER) > ended:
                continue
            state = StepState.CANCELLED
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
