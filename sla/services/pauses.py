"""A clock stands still and goes on; the steps ahead are held and dated anew (R-029)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import move
from core.tenancy import verb
from sla.calendar import Pauses
from sla.calendars import in_words, work_calendar
from sla.models import Clock, Pause, Step
from sla.rules import lay_out
from sla.services.clocks import MISSED, live_clocks, mark_if_missed
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
    at: datetime | None = None,
) -> int:
    """Let the running clocks of a subject stand still; returns how many now do.

    Steps that lie ahead are held, so nothing can fire in a pause. A step already due stays
    planned: what was late before the pause is told, however slow the sweep.
    """
    if reason not in PauseReason.values:
        raise DomainError(field="reason")
    stopped_at = at or timezone.now()
    clocks = live_clocks(subject, subject_id, promises).filter(state=ClockState.RUNNING)
    paused = list(clocks.select_for_update(of=("self",)))
    for clock in paused:
        # A clock cannot stand still before it ran, nor twice at once.
        begins = max(stopped_at, clock.started_at, *_ends(clock))
        mark_if_missed(clock, begins)
        move(clock, CLOCK_MOVES, ClockState.PAUSED)
        clock.save(update_fields=["state", *MISSED])
        Pause.objects.create(clock=clock, reason=reason, note=note[:200], started_at=begins)
        clock.steps.filter(state=StepState.PLANNED, at__gt=begins).update(state=StepState.HELD)
        audit.record(actor, "clock.paused", clock, promise=clock.promise, reason=reason, note=note)
    return len(paused)


@verb
def resume_clocks(
    *, actor: Actor, subject: str, subject_id: int, at: datetime | None = None
) -> int:
    """Let paused clocks go on: only the working time inside the pause is given back."""
    goes_on_at = at or timezone.now()
    clocks = live_clocks(subject, subject_id).filter(state=ClockState.PAUSED)
    resumed = list(clocks.select_for_update(of=("self",)))
    for clock in resumed:
        pause = clock.pauses.get(ended_at=None)
        pause.ended_at = max(goes_on_at, pause.started_at)
        pause.save(update_fields=["ended_at"])
        move(clock, CLOCK_MOVES, ClockState.RUNNING)
        date_anew(clock)
        clock.save(update_fields=["state", "warn_at", "due_at", "is_provisional"])
        audit.record(actor, "clock.resumed", clock, promise=clock.promise, due_at=clock.due_at)
    return len(resumed)


def date_anew(clock: Clock) -> None:
    """Rebuild a running clock's instants from its start and pauses, and plan its steps there.

    Sets the instants on the clock (not saved); fired, cancelled and overdue steps stay.
    """
    ahead = list(clock.steps.filter(state__in=(StepState.HELD, StepState.PLANNED)))
    rungs = [step for step in ahead if step.action == StepAction.ESCALATE]
    with in_words():
        layout = lay_out(
            clock.started_at,
            clock.minutes,
            clock.warn_percent,
            [rung.after_minutes for rung in rungs],
            work_calendar(clock.calendar),
            pauses_of(clock),
        )
    clock.warn_at, clock.due_at = layout.warn_at, layout.due_at
    clock.is_provisional = layout.is_provisional
    instants = {StepAction.WARN: layout.warn_at, StepAction.BREACH: layout.due_at}
    by_rung = dict(zip((rung.pk for rung in rungs), layout.rungs, strict=True))
    for step in ahead:
        step.state = StepState.PLANNED
        step.at = by_rung.get(step.pk) or instants[StepAction(step.action)]
    Step.objects.bulk_update(ahead, ["state", "at"])


def pauses_of(clock: Clock) -> Pauses:
    return list(clock.pauses.order_by("started_at").values_list("started_at", "ended_at"))


def _ends(clock: Clock) -> list[datetime]:
    return [end for _, end in pauses_of(clock) if end is not None]
