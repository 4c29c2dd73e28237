"""Clocks stand still and go on; the steps ahead are held and dated anew (R-029)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import move
from core.tenancy import verb
from sla.missed import mark_missed
from sla.models import Clock, Pause, Step
from sla.rules import is_breached
from sla.services.dating import (
    DATES,
    Rows,
    aware,
    date_all_anew,
    locked_clocks,
    moment,
    rows_of,
)
from sla.states import CLOCK_MOVES, ClockState, PauseReason, StepAction, StepState


@verb
def pause_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    reason: str,
    note: str = "",
    promises: Iterable[str] | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
) -> int:
    """Let clocks of a subject stand still; returns how many do so now, or for another reason.

    Steps that lie ahead are held, so nothing can fire in a pause. A step already due stays
    planned: what was late before the pause is told, however slow the sweep. A clock that stands
    still for another reason already keeps that interval up to now. `until` is when the wait
    should be over: the holder is reminded then if it is not.
    """
    stopped_at = moment(at)
    clocks = locked_clocks(subject, subject_id, promises)
    _check(clocks, reason, stopped_at, until and aware(until, "until"))
    rows = rows_of(clocks)
    begins = {
        clock.pk: _begin(clock, rows[clock.pk], stopped_at)
        for clock in clocks
        if not _waits_for(rows[clock.pk], reason)
    }
    stopped = [clock for clock in clocks if clock.pk in begins]
    if stopped:
        running = [clock for clock in stopped if clock.state == ClockState.RUNNING]
        mark_missed(clock for clock in running if is_breached(clock.due_at, begins[clock.pk]))
        for clock in running:
            move(clock, CLOCK_MOVES, ClockState.PAUSED)
        _end_pauses([clock for clock in stopped if clock not in running], stopped_at)
        Clock.objects.filter(pk__in=[clock.pk for clock in running]).update(state=ClockState.PAUSED)
        Pause.objects.bulk_create(
            Pause(
                clock=clock,
                reason=reason,
                note=note[:200],
                started_at=begins[clock.pk],
                until=until,
            )
            for clock in stopped
        )
        _hold_steps(running)
        # A wait that follows another moves what the first one has taken out.
        following = [clock for clock in stopped if _follows(rows[clock.pk], begins[clock.pk])]
        date_all_anew(following)
        Clock.objects.bulk_update(following, DATES)
        events = [
            audit.event(
                actor,
                "clock.paused",
                clock,
                promise=clock.promise,
                reason=reason,
                note=note,
                until=until,
            )
            for clock in stopped
        ]
        audit.record_all(events)
    _plan_waits([clock for clock in clocks if clock.pk not in begins], stopped, until)
    return len(stopped)


@verb
def resume_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    promises: Iterable[str] | None = None,
    at: datetime | None = None,
) -> int:
    """Let paused clocks go on: only the working time inside the pause is given back."""
    goes_on_at = moment(at)
    clocks = [
        clock
        for clock in locked_clocks(subject, subject_id, promises)
        if clock.state == ClockState.PAUSED
    ]
    if not clocks:
        return 0
    _end_pauses(clocks, goes_on_at)
    for clock in clocks:
        move(clock, CLOCK_MOVES, ClockState.RUNNING)
    date_all_anew(clocks)
    Clock.objects.bulk_update(clocks, ["state", *DATES])
    audit.record_all(
        [
            audit.event(actor, "clock.resumed", clock, promise=clock.promise, due_at=clock.due_at)
            for clock in clocks
        ]
    )
    return len(clocks)


def overdue_waits(at: datetime | None = None) -> QuerySet[Pause]:
    """Waits of clocks that still stand still though they should be over, the longest first."""
    waits = Pause.objects.filter(
        ended_at=None, until__lte=at or timezone.now(), clock__state=ClockState.PAUSED
    )
    return waits.select_related("clock").order_by("until", "id")


def _check(
    clocks: Sequence[Clock], reason: str, stopped_at: datetime, until: datetime | None
) -> None:
    if reason not in PauseReason.values:
        raise DomainError(field="reason")
    if any(stopped_at < clock.started_at for clock in clocks):
        raise DomainError(_("A pause cannot begin before the clock has started."), field="at")
    if until is not None and until <= stopped_at:
        raise DomainError(_("The wait must end after it has begun."), field="until")


def _waits_for(rows: Rows, reason: str) -> bool:
    pause = rows.open_pause
    return pause is not None and pause.reason == reason


def _begin(clock: Clock, rows: Rows, stopped_at: datetime) -> datetime:
    """No clock stands still twice at once, and no pause entered late takes a breach back."""
    earlier = [pause.ended_at or pause.started_at for pause in rows.pauses]
    return max([stopped_at, *earlier, *([clock.missed_at] if clock.missed_at else [])])


def _follows(rows: Rows, begins: datetime) -> bool:
    return any(pause.ended_at is None or pause.ended_at == begins for pause in rows.pauses)


def _end_pauses(clocks: Sequence[Clock], at: datetime) -> None:
    ids = [clock.pk for clock in clocks]
    if not ids:
        return
    Pause.objects.filter(clock__in=ids, ended_at=None).update(
        ended_at=Greatest(F("started_at"), Value(at))
    )
    Step.objects.filter(clock__in=ids, is_wait=True, state=StepState.PLANNED).update(
        state=StepState.CANCELLED
    )


def _hold_steps(clocks: Sequence[Clock]) -> None:
    begin = Pause.objects.filter(clock=OuterRef("clock"), ended_at=None).values("started_at")
    Step.objects.filter(
        clock__in=[clock.pk for clock in clocks],
        state=StepState.PLANNED,
        is_wait=False,
        at__gt=Subquery(begin),
    ).update(state=StepState.HELD)


def _plan_waits(again: Sequence[Clock], stopped: Sequence[Clock], until: datetime | None) -> None:
    """Plan a reminder at the end of a wait; paused again for the same reason, it is moved."""
    if until is None:
        return
    ids = [clock.pk for clock in again]
    if ids:
        Pause.objects.filter(clock__in=ids, ended_at=None).update(until=until)
        Step.objects.filter(clock__in=ids, is_wait=True, state=StepState.PLANNED).update(
            state=StepState.CANCELLED
        )
    clocks = [*again, *stopped]
    last = dict(
        Step.objects.filter(clock__in=[clock.pk for clock in clocks])
        .values_list("clock_id")
        .annotate(last=Max("position"))
        .order_by()
    )
    Step.objects.bulk_create(
        Step(
            clock=clock,
            position=last.get(clock.pk, 1) + 1,
            action=StepAction.REMIND,
            is_wait=True,
            at=until,
        )
        for clock in clocks
    )
