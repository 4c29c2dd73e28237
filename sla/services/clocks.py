"""A clock starts, is kept, is cancelled, moves to another subject (R-019 to R-029)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.states import move
from core.tenancy import verb
from sla.calendars import default_calendar, in_words, work_calendar
from sla.models import Clock, Step, Target
from sla.policies import fits
from sla.rules import Layout, is_breached, lay_out
from sla.states import CLOCK_MOVES, LIVE, ClockState, StepAction, StepState

WARN_PERCENT = 75
# What a breach writes on its clock: since when, and whose time it was.
MISSED = ("missed_at", "missed_kind", "missed_label", "missed_dealer_id")


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
) -> Clock | None:
    """Start a promise by the first policy that fits the facts; None when none promises it.

    `minutes` (working minutes) overrules the policy's target; without a policy such a clock
    runs on the default calendar. All steps are laid out now. A second start for the same
    holder changes nothing and gives the running clock.
    """
    running = live_clocks(subject, subject_id, [promise]).first()
    if running:
        if (running.holder_kind, running.holder_dealer_id) != (holder_kind, holder_dealer_id):
            raise WrongState
        return running
    started = at or timezone.now()
    target = target_for(promise, facts, at=started)
    if target is None and minutes is None:
        return None
    calendar = target.hours if target else default_calendar()
    ladder = target.ladder if target else []
    wanted = minutes or (target.minutes if target else 0)
    percent = target.warn_percent if target else WARN_PERCENT
    with in_words():
        layout = lay_out(
            started, wanted, percent, [rung["after"] for rung in ladder], work_calendar(calendar)
        )
    clock = Clock.objects.create(
        subject=subject,
        subject_id=subject_id,
        subject_number=subject_number,
        promise=promise,
        holder_kind=holder_kind,
        holder_dealer_id=holder_dealer_id,
        holder_label=holder_label,
        version=target.version if target else None,
        calendar=calendar,
        minutes=wanted,
        warn_percent=percent,
        started_at=started,
        warn_at=layout.warn_at,
        due_at=layout.due_at,
        is_provisional=layout.is_provisional,
    )
    Step.objects.bulk_create(_steps(clock, layout, ladder))
    audit.record(
        actor,
        "clock.started",
        clock,
        promise=promise,
        holder=holder_label,
        due_at=clock.due_at,
        policy=target.version.policy.code if target else "",
        version=clock.policy_version,
    )
    return clock


def _steps(clock: Clock, layout: Layout, ladder: list[dict[str, Any]]) -> list[Step]:
    """The reminder, the breach, then the rungs: all rows from the start, none chained."""
    steps = [
        Step(clock=clock, position=0, action=StepAction.WARN, at=layout.warn_at),
        Step(clock=clock, position=1, action=StepAction.BREACH, at=layout.due_at),
    ]
    for position, (rung, at) in enumerate(zip(ladder, layout.rungs, strict=True), start=2):
        steps.append(
            Step(
                clock=clock,
                position=position,
                action=StepAction.ESCALATE,
                role=rung["role"],
                after_minutes=rung["after"],
                at=at,
            )
        )
    return steps


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
    clock = live_clocks(subject, subject_id, [promise]).select_for_update(of=("self",)).first()
    if clock is None:
        return None
    _finish(clock, ClockState.MET, at or timezone.now(), reason="")
    audit.record(
        actor,
        "clock.met",
        clock,
        promise=promise,
        holder=clock.holder_label,
        is_late=clock.was_late,
    )
    return clock


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
    clocks = list(live_clocks(subject, subject_id, promises).select_for_update(of=("self",)))
    for clock in clocks:
        _cancel(actor, clock, reason, at or timezone.now())
    return len(clocks)


@verb
def move_clocks(*, actor: Actor, subject: str, from_id: int, to_id: int, to_number: str) -> int:
    """Give the running promises of a merged subject to the one that stays.

    A promise that already runs there is cancelled here: nobody is told twice. Finished clocks
    stay where they were kept or broken.
    """
    taken = set(live_clocks(subject, to_id).values_list("promise", flat=True))
    clocks = list(live_clocks(subject, from_id).select_for_update(of=("self",)))
    for clock in clocks:
        if clock.promise in taken:
            _cancel(actor, clock, f"→ {to_number}", timezone.now())
            continue
        came_from = clock.subject_number
        clock.subject_id, clock.subject_number = to_id, to_number
        clock.save(update_fields=["subject_id", "subject_number"])
        audit.record(actor, "clock.moved", clock, promise=clock.promise, came_from=came_from)
    return len(clocks)


def live_clocks(
    subject: str, subject_id: int, promises: Iterable[str] | None = None
) -> QuerySet[Clock]:
    """The running and paused clocks of a subject, always in the same order for their locks."""
    clocks = Clock.objects.filter(subject=subject, subject_id=subject_id, state__in=LIVE)
    if promises is not None:
        clocks = clocks.filter(promise__in=list(promises))
    return clocks.order_by("id")


def target_for(promise: str, facts: Mapping[str, str], *, at: datetime) -> Target | None:
    """The target of the first version in force that fits the facts and names the promise."""
    targets = (
        Target.objects.filter(
            Q(version__valid_to=None) | Q(version__valid_to__gt=at),
            promise=promise,
            version__valid_from__lte=at,
            version__is_active=True,
        )
        .select_related("version__calendar", "version__policy", "calendar")
        .order_by("version__position", "version__policy_id")
    )
    return next((target for target in targets if fits(target.version.conditions, facts)), None)


def mark_if_missed(clock: Clock, at: datetime) -> None:
    """A promise whose due time passed while it ran is broken, though no sweep saw it yet."""
    if (
        clock.missed_at is None
        and clock.state == ClockState.RUNNING
        and is_breached(clock.due_at, at)
    ):
        clock.missed_at = clock.due_at
        clock.missed_kind, clock.missed_label = clock.holder_kind, clock.holder_label
        clock.missed_dealer_id = clock.holder_dealer_id


def _cancel(actor: Actor, clock: Clock, reason: str, at: datetime) -> None:
    _finish(clock, ClockState.CANCELLED, at, reason=reason)
    audit.record(
        actor,
        "clock.cancelled",
        clock,
        promise=clock.promise,
        holder=clock.holder_label,
        reason=reason,
        is_late=clock.was_late,
    )


def _finish(clock: Clock, state: str, at: datetime, *, reason: str) -> None:
    mark_if_missed(clock, at)
    clock.pauses.filter(ended_at=None).update(ended_at=Greatest(F("started_at"), Value(at)))
    move(clock, CLOCK_MOVES, state)
    clock.finished_at = at
    clock.save(update_fields=["state", *MISSED, "finished_at"])
    clock.steps.filter(state__in=(StepState.PLANNED, StepState.HELD)).update(
        state=StepState.CANCELLED, reason=reason[:120]
    )
