"""How a due time came about: day by day, in words, from the clock, its pauses and calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core import words
from sla.calendar import CalendarError, Due, Pauses, Reason, explain_due
from sla.calendar import Step as DayWalked
from sla.calendars import calendar_of
from sla.models import Clock, Delay, Hand, Pause, Step
from sla.rules import instants
from sla.services.dating import Rows, facts_of, rows_of
from sla.services.hands import hands_of, time_by_hand


@dataclass(frozen=True, slots=True)
class Line:
    """One day on the way to the due time."""

    day: date
    why: str
    windows: str
    counted: str  # the stretches that counted, in the calendar's zone
    minutes: int
    sum_minutes: int
    source: str
    is_counted: bool
    is_known: bool  # whether the holidays of this day are announced

    def __str__(self) -> str:
        sentence = _("{day}: {why}, {minutes} working minutes, {sum} in all")
        return sentence.format(
            day=words.day(self.day), why=self.why, minutes=self.minutes, sum=self.sum_minutes
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one clock, ready to be shown."""

    clock: Clock
    lines: list[Line]
    pauses: list[Pause]
    delays: list[Delay]
    # Whose time it was: each holder's working minutes, in their order.
    hands: list[tuple[str, int]]
    steps: list[Step]
    zone: str
    is_paused: bool
    # The calendar was changed after the promise was given: the clock keeps its promise.
    has_other_calendar_now: bool
    known_through: date | None


def explanation(clock: Clock) -> Explanation:
    """The explanation of one clock."""
    return explanations([clock])[0]


def explanations(clocks: Sequence[Clock]) -> list[Explanation]:
    """Walk clocks again; one that is paused, as if it went on this moment.

    Four queries for all of them. The days are those of the time that was promised; an agreed
    delay stands beside them.
    """
    now = timezone.now()
    rows = rows_of(clocks, steps=Step.objects.all())
    hands = hands_of(clocks)
    return [_explained(clock, rows[clock.pk], hands[clock.pk], now) for clock in clocks]


def _explained(clock: Clock, rows: Rows, hands: list[Hand], now: datetime) -> Explanation:
    end = clock.finished_at or now
    spans = [(pause.started_at, pause.ended_at or now) for pause in rows.pauses]
    due = _walked(clock, spans)
    return Explanation(
        clock=clock,
        lines=list(_lines(due)) if due else [],
        pauses=rows.pauses,
        delays=rows.delays,
        hands=time_by_hand(clock, hands, rows.pauses, end),
        steps=rows.steps,
        zone=clock.calendar.zone,
        is_paused=rows.open_pause is not None,
        has_other_calendar_now=clock.is_live and _due_today(clock, rows) != clock.due_at,
        known_through=clock.calendar.known_through,
    )


def _due_today(clock: Clock, rows: Rows) -> datetime | None:
    """When the rule says today that it is due."""
    try:
        return instants(facts_of(clock, rows)).due_at
    except CalendarError:
        return None  # today's calendar has too few hours for it: shown as another calendar


def _walked(clock: Clock, spans: Pauses) -> Due | None:
    try:
        return explain_due(calendar_of(clock), clock.started_at, clock.minutes, spans)
    except CalendarError:
        return None


def _lines(due: Due) -> Iterator[Line]:
    total = timedelta(0)
    for day in due.steps:
        total += day.counted
        yield Line(
            day=day.day,
            why=_why(day),
            windows=", ".join(map(str, day.windows)),
            counted=", ".join(_span(*span) for span in day.spans),
            minutes=day.minutes,
            sum_minutes=total // timedelta(minutes=1),
            source=day.source,
            is_counted=bool(day.counted),
            is_known=day.is_known,
        )


def _why(day: DayWalked) -> str:
    name = _(day.name) if day.name else ""
    reason = {
        Reason.WORKDAY: _("Working day"),
        Reason.MAKEUP: _("Make-up workday"),
        Reason.SPECIAL: _("Special hours"),
        Reason.CLOSED: _("No working hours on this weekday"),
        Reason.HOLIDAY: _("Holiday"),
        Reason.PAUSED: _("Paused all the time"),
        Reason.AFTER_HOURS: _("After the last working hour"),
    }[day.reason]
    if day.paused and day.counted:
        paused = words.duration(day.paused)
        reason = _("{reason}, paused for {time}").format(reason=reason, time=paused)
    if not day.is_known:
        name = _("holidays of this year are not loaded")
    return _("{reason} ({name})").format(reason=reason, name=name) if name else reason


def _span(start: datetime, end: datetime) -> str:
    # A clock that ends at midnight reads 24:00 of its day, not 00:00.
    ends = "24:00" if end.date() > start.date() else f"{end:%H:%M}"
    return f"{start:%H:%M}–{ends}"
