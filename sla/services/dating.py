"""From the rows of a clock to its instants and back: facts gathered, steps laid out and re-dated.

Every due time in the tables comes from `sla.rules.instants`; `recompute` says it again without
writing, for the nightly proof and the explanation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import DomainError
from sla.calendars import calendar_of, in_words
from sla.ladder import Rung
from sla.models import Clock, Delay, Pause, Step
from sla.rules import Agreed, Facts, Layout, instants
from sla.states import LIVE, StepAction, StepState

AHEAD = (StepState.PLANNED, StepState.HELD)
# What a re-dated clock writes back.
DATES = ("warn_at", "due_at", "is_provisional")
FIXED = (StepAction.WARN, StepAction.BREACH)
UNFIT = gettext_noop("Before the start of the promise")


def aware(at: datetime | None, field: str = "at") -> datetime:
    """The instant given, or now; one without a zone is refused."""
    if at is not None and timezone.is_naive(at):
        raise DomainError(_("An instant needs a time zone to be counted."), field=field)
    return at or timezone.now()


def moment(at: datetime | None) -> datetime:
    """The same for what people enter: it must have happened."""
    entered = aware(at)
    if at is not None and at > timezone.now():
        raise DomainError(_("What has not happened yet cannot be entered."), field="at")
    return entered


def live_clocks(
    subject: str, subject_id: int, promises: Iterable[str] | None = None
) -> QuerySet[Clock]:
    """The running and paused clocks of a subject, always in the same order for their locks."""
    clocks = Clock.objects.filter(subject=subject, subject_id=subject_id, state__in=LIVE)
    if promises is not None:
        clocks = clocks.filter(promise__in=list(promises))
    return clocks.order_by("id")


def locked_clocks(
    subject: str, subject_id: int, promises: Iterable[str] | None = None
) -> list[Clock]:
    """The same clocks locked, with their calendars, in one statement."""
    clocks = live_clocks(subject, subject_id, promises).select_related("calendar")
    return list(clocks.select_for_update(of=("self",)))


@dataclass(slots=True)
class Rows:
    """What else the tables know of one clock, in its order."""

    pauses: list[Pause] = field(default_factory=list)
    delays: list[Delay] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def open_pause(self) -> Pause | None:
        return next((pause for pause in self.pauses if pause.ended_at is None), None)

    @property
    def stands_from(self) -> datetime | None:
        """Since when it stands still; waits that follow each other without a gap are one."""
        begin = None
        for pause in reversed(self.pauses):
            if pause.ended_at is None or (begin is not None and pause.ended_at >= begin):
                begin = pause.started_at
            else:
                break
        return begin

    @property
    def rungs(self) -> list[Step]:
        """The steps of the ladder, without reminder, breach and ends of waits."""
        return [step for step in self.steps if step.action not in FIXED and not step.is_wait]


def rows_of(clocks: Sequence[Clock], *, steps: QuerySet[Step] | None = None) -> dict[int, Rows]:
    """Pauses, delays and, if asked for, steps of many clocks: one query of each kind."""
    found: dict[int, Rows] = defaultdict(Rows)
    ids = [clock.pk for clock in clocks]
    for pause in Pause.objects.filter(clock__in=ids).order_by("started_at", "id"):
        found[pause.clock_id].pauses.append(pause)
    delayed = [clock.pk for clock in clocks if clock.agreed_at is not None]
    if delayed:
        for delay in Delay.objects.filter(clock__in=delayed).order_by("recorded_at", "id"):
            found[delay.clock_id].delays.append(delay)
    if steps is not None:
        for step in steps.filter(clock__in=ids).order_by("position"):
            found[step.clock_id].steps.append(step)
    return found


def facts_of(clock: Clock, rows: Rows) -> Facts:
    """What the rule asks of a clock."""
    return Facts(
        started_at=clock.started_at,
        minutes=clock.minutes,
        calendar=calendar_of(clock),
        warn_percent=clock.warn_percent,
        rungs=tuple(rung_of(step) for step in rows.rungs),
        pauses=tuple((pause.started_at, pause.ended_at) for pause in rows.pauses),
        delays=tuple(Agreed(delay.recorded_at, delay.agreed_due_at) for delay in rows.delays),
    )


def rung_of(step: Step) -> Rung:
    """The rung that a step was laid out from."""
    return Rung(step.after_minutes, step.percent, step.action, step.role, step.webhook)


def recompute(clock: Clock) -> Layout:
    """A clock's instants out of its rows alone, nothing written; see `recompute_all`."""
    return recompute_all([clock])[clock.pk]


def recompute_all(clocks: Sequence[Clock]) -> dict[int, Layout]:
    """What the tables should say of each clock, in three queries for all of them.

    Rungs come in the order of the ladder's steps, fired and cancelled ones among them: those
    keep the time they had when they ended. The clocks bring their `calendar`.
    """
    rows = rows_of(clocks, steps=Step.objects.all())
    return {clock.pk: instants(facts_of(clock, rows[clock.pk])) for clock in clocks}


def step_of(rung: Rung, clock: Clock, position: int, at: datetime) -> Step:
    """The step that a rung becomes in a clock's ladder (not saved); see `rung_of`."""
    return Step(
        clock=clock,
        position=position,
        action=rung.action,
        role=rung.role,
        after_minutes=rung.after,
        percent=rung.percent,
        webhook=rung.webhook,
        at=at,
    )


def steps_of(clock: Clock, layout: Layout, rungs: Sequence[Rung]) -> list[Step]:
    """The reminder, the breach, then the rungs: all rows from the start, none chained."""
    steps = [
        Step(clock=clock, position=0, action=StepAction.WARN, at=layout.warn_at),
        Step(clock=clock, position=1, action=StepAction.BREACH, at=layout.due_at),
    ]
    for position, (rung, at) in enumerate(zip(rungs, layout.rungs, strict=True), start=2):
        step = step_of(rung, clock, position, at)
        if not rung.fits(clock.minutes):
            # A shorter time than the policy's was given: this rung would fire at the start.
            step.state, step.reason = StepState.SUPPRESSED, UNFIT
        steps.append(step)
    return steps


def instants_of(rows: Rows, layout: Layout) -> dict[int, datetime]:
    """Where each step of a clock belongs, by its id; the ends of waits keep their own times."""
    belongs = dict(zip((step.pk for step in rows.rungs), layout.rungs, strict=True))
    for step in rows.steps:
        if step.action == StepAction.WARN:
            belongs[step.pk] = layout.warn_at
        elif step.action == StepAction.BREACH:
            belongs[step.pk] = layout.due_at
    return belongs


def date_anew(clock: Clock) -> None:
    """Set a clock's instants from its facts (not saved), and its steps ahead (saved)."""
    date_all_anew([clock])


def date_all_anew(clocks: Sequence[Clock]) -> None:
    """Re-date clocks from their start, length, calendar, pauses and delays (`DATES`, not saved).

    Steps ahead are planned at their new times; fired, cancelled and suppressed ones stay. Those
    of a paused clock that lie in the open pause are held. The ends of waits keep their times.
    """
    if not clocks:
        return
    rows = rows_of(clocks, steps=Step.objects.filter(state__in=AHEAD, is_wait=False))
    steps: list[Step] = []
    for clock in clocks:
        own = rows[clock.pk]
        with in_words():
            layout = instants(facts_of(clock, own))
        clock.warn_at, clock.due_at = layout.warn_at, layout.due_at
        clock.is_provisional = layout.is_provisional
        belongs = instants_of(own, layout)
        stands_from = own.stands_from
        for step in own.steps:
            step.at = belongs[step.pk]
            is_held = stands_from is not None and step.at > stands_from
            step.state = StepState.HELD if is_held else StepState.PLANNED
        steps.extend(own.steps)
    Step.objects.bulk_update(steps, ["state", "at"])
