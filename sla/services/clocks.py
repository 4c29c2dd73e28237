"""Clocks start, are kept, are cancelled, move to another subject (R-019 to R-029).

Each verb takes all clocks it concerns together: the number of its statements does not grow
with theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_noop

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.states import move
from core.tenancy import verb
from sla.calendars import calendar_for, default_calendar, in_words, work_calendar
from sla.ladder import Rung, rungs_of
from sla.missed import late_at, mark_missed
from sla.models import Calendar, Clock, Hand, Pause, Step, Target
from sla.policies import fits
from sla.rules import Facts, Layout, instants
from sla.services.dating import (
    AHEAD,
    DATES,
    aware,
    date_all_anew,
    live_clocks,
    locked_clocks,
    steps_of,
)
from sla.services.hands import first_hand, let_go
from sla.states import CLOCK_MOVES, ClockState, StepState

WARN_PERCENT = 75
# Why no rung fires any more; as all reasons, kept in the words of the source.
KEPT = gettext_noop("The promise was kept")


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise to start, and who keeps it first."""

    promise: str
    holder_kind: str
    holder_label: str
    holder_dealer_id: int | None = None
    # Working minutes in place of the policy's.
    minutes: int | None = None
    # The customer's own clock: it runs on when the work passes to the next.
    is_through: bool = False


@verb
def start_clock(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    subject_number: str,
    promise: str,
    holder_kind: str,
    holder_label: str,
    holder_dealer_id: int | None = None,
    facts: Mapping[str, str],
    at: datetime | None = None,
    minutes: int | None = None,
    is_through: bool = False,
) -> Clock | None:
    """The single form of `start_clocks`; None when nothing promises it."""
    promised = Promised(promise, holder_kind, holder_label, holder_dealer_id, minutes, is_through)
    started = start_clocks(
        actor=actor,
        subject=subject,
        subject_id=subject_id,
        subject_number=subject_number,
        facts=facts,
        promises=[promised],
        at=at,
    )
    return started[0] if started else None


@verb
def start_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    subject_number: str,
    facts: Mapping[str, str],
    promises: Sequence[Promised],
    at: datetime | None = None,
) -> list[Clock]:
    """Start promises, each by the first policy that fits the facts and names it.

    Gives their clocks in the same order, without those that nothing promises. Minutes given
    overrule a policy; without one such a clock runs on the default calendar. All steps are laid
    out now. A second start for the same holder changes nothing and gives the running clock; a
    clock that runs through all hands is given whoever holds it.
    """
    clocks = {
        clock.promise: clock
        for clock in live_clocks(subject, subject_id, [one.promise for one in promises])
    }
    for one in promises:
        clock = clocks.get(one.promise)
        if clock and not clock.is_through and _is_of_another(clock, one):
            raise WrongState
    new = {one.promise: one for one in promises if one.promise not in clocks}
    if new:
        started = aware(at)
        targets = targets_for(new, facts, at=started)
        starts = _starts(new.values(), targets, started, facts.get("region", ""))
        for start in starts:
            start.clock.subject, start.clock.subject_id = subject, subject_id
            start.clock.subject_number = subject_number
        _insert(actor, starts)
        clocks |= {start.clock.promise: start.clock for start in starts}
    return [clocks[one.promise] for one in promises if one.promise in clocks]


@dataclass(frozen=True, slots=True)
class _Start:
    clock: Clock
    layout: Layout
    rungs: tuple[Rung, ...]
    policy: str


def _starts(
    promises: Iterable[Promised], targets: Mapping[str, Target], started: datetime, region: str
) -> list[_Start]:
    starts = []
    default: Calendar | None = None
    # Most promises of a subject count the same hours: those of a place are looked up once.
    local: dict[tuple[int, int | None], Calendar] = {}
    for one in promises:
        target = targets.get(one.promise)
        if target is None and one.minutes is None:
            continue
        if target is None:
            default = calendar = default or default_calendar()
        else:
            calendar = target.hours
        key = (calendar.pk, one.holder_dealer_id)
        if key not in local:
            local[key] = calendar_for(calendar, region, one.holder_dealer_id)
        calendar = local[key]
        clock = Clock(
            promise=one.promise,
            holder_kind=one.holder_kind,
            holder_dealer_id=one.holder_dealer_id,
            holder_label=one.holder_label,
            is_through=one.is_through,
            version=target.version if target else None,
            calendar=calendar,
            minutes=one.minutes or (target.minutes if target else 0),
            warn_percent=target.warn_percent if target else WARN_PERCENT,
            started_at=started,
        )
        rungs = tuple(rungs_of(target.ladder)) if target else ()
        with in_words():
            hours = work_calendar(calendar, started)
            layout = instants(Facts(started, clock.minutes, hours, clock.warn_percent, rungs))
        clock.warn_at, clock.due_at = layout.warn_at, layout.due_at
        clock.is_provisional = layout.is_provisional
        starts.append(_Start(clock, layout, rungs, target.version.policy.code if target else ""))
    return starts


def _insert(actor: Actor, starts: Sequence[_Start]) -> None:
    Clock.objects.bulk_create(start.clock for start in starts)
    Hand.objects.bulk_create(
        first_hand(start.clock, start.clock.started_at)
        for start in starts
        if start.clock.is_through
    )
    Step.objects.bulk_create(
        step for start in starts for step in steps_of(start.clock, start.layout, start.rungs)
    )
    audit.record_all(
        [
            audit.event(
                actor,
                "clock.started",
                start.clock,
                promise=start.clock.promise,
                holder=start.clock.holder_label,
                due_at=start.clock.due_at,
                policy=start.policy,
                version=start.clock.policy_version,
            )
            for start in starts
        ]
    )


def _is_of_another(clock: Clock, promised: Promised) -> bool:
    return (clock.holder_kind, clock.holder_dealer_id) != (
        promised.holder_kind,
        promised.holder_dealer_id,
    )


@verb
def meet_clock(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    promise: str,
    at: datetime | None = None,
) -> Clock | None:
    """Keep a promise, late or in time; None when it does not run (a second call is harmless)."""
    met = meet_clocks(
        actor=actor, subject=subject, subject_id=subject_id, promises=[promise], at=at
    )
    return met[0] if met else None


@verb
def meet_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    promises: Iterable[str],
    at: datetime | None = None,
) -> list[Clock]:
    """Keep several promises at once; gives those that ran."""
    clocks = locked_clocks(subject, subject_id, promises)
    _finish(clocks, ClockState.MET, aware(at), reason=KEPT)
    audit.record_all([_ended(actor, "clock.met", clock) for clock in clocks])
    return clocks


@verb
def cancel_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    promises: Iterable[str] | None = None,
    reason: str,
    at: datetime | None = None,
) -> int:
    """End running promises without keeping them; what was late by then stays a breach."""
    clocks = locked_clocks(subject, subject_id, promises)
    _cancel(actor, clocks, reason, aware(at))
    return len(clocks)


@verb
def move_clocks(*, actor: Actor, subject: str, from_id: int, to_id: int, to_number: str) -> int:
    """Give the running promises of a merged subject to the one that stays, pauses and all.

    A promise that already runs there is cancelled here: nobody is told twice. Finished clocks
    stay where they were kept or broken.
    """
    taken = set(live_clocks(subject, to_id).values_list("promise", flat=True))
    clocks = locked_clocks(subject, from_id)
    _cancel(
        actor,
        [clock for clock in clocks if clock.promise in taken],
        f"→ {to_number}",
        timezone.now(),
    )
    moved = [clock for clock in clocks if clock.promise not in taken]
    if moved:
        events = []
        for clock in moved:
            came_from = clock.subject_number
            clock.subject_id, clock.subject_number = to_id, to_number
            events.append(
                audit.event(actor, "clock.moved", clock, promise=clock.promise, came_from=came_from)
            )
        Clock.objects.filter(pk__in=[clock.pk for clock in moved]).update(
            subject_id=to_id, subject_number=to_number
        )
        audit.record_all(events)
    return len(clocks)


def targets_for(
    promises: Iterable[str], facts: Mapping[str, str], *, at: datetime
) -> dict[str, Target]:
    """The target of each promise, in one query: the first version in force that fits the facts
    and names the promise.
    """
    return first_of(targets_in_force(promises, at=at), facts)


def targets_in_force(promises: Iterable[str], *, at: datetime) -> list[Target]:
    """Every target that clocks starting at that instant may get, in the order of the policies."""
    targets = Target.objects.filter(
        Q(version__valid_to=None) | Q(version__valid_to__gt=at),
        promise__in=list(promises),
        version__valid_from__lte=at,
        version__is_active=True,
    ).select_related("version__calendar", "version__policy", "calendar")
    return list(targets.order_by("version__position", "version__policy_id"))


def first_of(targets: Iterable[Target], facts: Mapping[str, str]) -> dict[str, Target]:
    """Of each promise the first target whose conditions fit; the targets come in their order."""
    found: dict[str, Target] = {}
    for target in targets:
        if target.promise not in found and fits(target.version.conditions, facts):
            found[target.promise] = target
    return found


def _cancel(actor: Actor, clocks: Sequence[Clock], reason: str, at: datetime) -> None:
    _finish(clocks, ClockState.CANCELLED, at, reason=reason)
    audit.record_all([_ended(actor, "clock.cancelled", clock, reason=reason) for clock in clocks])


def _ended(actor: Actor, verb: str, clock: Clock, **why: str) -> audit.AuditEvent:
    return audit.event(
        actor,
        verb,
        clock,
        promise=clock.promise,
        holder=clock.holder_label,
        is_late=clock.was_late,
        **why,
    )


def _finish(clocks: Sequence[Clock], state: ClockState, at: datetime, *, reason: str) -> None:
    """End clocks together: the breach, the pause and the hand they were in, the steps ahead."""
    if not clocks:
        return
    ids = [clock.pk for clock in clocks]
    mark_missed(late_at(clocks, at))
    _end_waiting([clock for clock in clocks if clock.state == ClockState.PAUSED], at)
    let_go(clocks, at)
    for clock in clocks:
        move(clock, CLOCK_MOVES, state)
        clock.finished_at = at
    Clock.objects.filter(pk__in=ids).update(state=state, finished_at=at)
    Step.objects.filter(clock__in=ids, state__in=AHEAD).update(
        state=StepState.CANCELLED, reason=reason[:120]
    )


def _end_waiting(clocks: Sequence[Clock], at: datetime) -> None:
    """What ends while it stands still keeps the due time that it would have gone on with."""
    if not clocks:
        return
    Pause.objects.filter(clock__in=[clock.pk for clock in clocks], ended_at=None).update(
        ended_at=Greatest(F("started_at"), Value(at))
    )
    date_all_anew(clocks)
    Clock.objects.bulk_update(clocks, DATES)
