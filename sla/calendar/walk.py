"""Walking the calendar: how far a promise reaches, how much working time lies between.

A day costs the same whatever the number of minutes counted on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from sla.calendar.errors import CalendarError, gettext_noop
from sla.calendar.instants import MINUTE, from_micro, micro
from sla.calendar.values import Window, WorkCalendar

# No promise of after-sales work is longer; a longer walk means a wrong calendar.
LONGEST_WALK_DAYS = 3 * 366
_NEVER = 2**63


class Pause(NamedTuple):
    """An interval in which a clock stands still; without an end it still lasts."""

    started_at: datetime
    ended_at: datetime | None = None


Pauses: TypeAlias = Iterable[tuple[datetime, datetime | None]]


class Reason(StrEnum):
    """Why a day counted, or did not."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    SPECIAL = "special"
    CLOSED = "closed"  # the week has no windows on this weekday
    HOLIDAY = "holiday"
    PAUSED = "paused"  # all the working time left on this day lay in a pause
    AFTER_HOURS = "after_hours"  # the last window was over before the clock started


@dataclass(frozen=True, slots=True)
class Step:
    """One day on the way to a due time, in the calendar's zone."""

    day: date
    reason: Reason
    name: str  # of the holiday, make-up or special day
    source: str
    windows: tuple[Window, ...]  # open on that day
    spans: tuple[tuple[datetime, datetime], ...]  # counted on that day, local time
    counted: timedelta
    paused: timedelta  # working time that did not count because the clock stood still
    is_known: bool = True  # whether the holidays of this day are announced

    @property
    def minutes(self) -> int:
        """Whole minutes counted."""
        return self.counted // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise falls due; provisional while a day it counts on is not yet announced."""

    at: datetime
    provisional: bool
    steps: tuple[Step, ...] = ()


def add_working(calendar: WorkCalendar, start: datetime, minutes: int, pauses: Pauses = ()) -> Due:
    """The instant at which `minutes` of working time outside the pauses are used up.

    Raises `calendar.paused` when an open pause begins before that instant.
    """
    return _walk(calendar, start, whole_target(minutes) * MINUTE, pauses, None)


def explain_due(calendar: WorkCalendar, start: datetime, minutes: int, pauses: Pauses = ()) -> Due:
    """The same instant as `add_working`, with one step for each day on the way."""
    return _walk(calendar, start, whole_target(minutes) * MINUTE, pauses, [])


def add_share(
    calendar: WorkCalendar, start: datetime, minutes: int, percent: int, pauses: Pauses = ()
) -> Due:
    """The instant at which `percent` of the target are used up, exact below the minute."""
    if percent <= 0:
        raise CalendarError(
            "calendar.percent", gettext_noop("The share must be more than 0 percent.")
        )
    return _walk(calendar, start, whole_target(minutes) * MINUTE * percent // 100, pauses, None)


def add_time(calendar: WorkCalendar, start: datetime, time: timedelta, pauses: Pauses = ()) -> Due:
    """The instant at which that working time is used up, exact below the minute.

    No time at all is used up at once, even where nobody works.
    """
    if time <= timedelta(0):
        return Due(start, provisional=False)
    return _walk(calendar, start, time // timedelta(microseconds=1), pauses, None)


def working_time(
    calendar: WorkCalendar, start: datetime, end: datetime, pauses: Pauses = ()
) -> timedelta:
    """The working time between two instants outside the pauses; none if `end` comes first."""
    at, until = micro(start), micro(end)
    cuts = _merged(pauses)
    total = 0
    if until <= at:
        return timedelta(0)
    # One day more: where clocks go back over midnight, tomorrow's date begins before it returns.
    for ordinal in range(_day_of(calendar, start), _day_of(calendar, end) + 2):
        for opens, closes in calendar.spans_on(ordinal):
            if closes > at and opens < until:
                pieces = _outside(cuts, max(opens, at), min(closes, until))
                total += sum(b - a for a, b in pieces)
    return timedelta(microseconds=total)


def working_minutes(
    calendar: WorkCalendar, start: datetime, end: datetime, pauses: Pauses = ()
) -> int:
    """Whole working minutes between two instants, begun ones left out."""
    return working_time(calendar, start, end, pauses) // timedelta(minutes=1)


def is_working(calendar: WorkCalendar, instant: datetime) -> bool:
    """Whether the instant lies in a window (its start belongs to it, its end does not)."""
    at = micro(instant)
    day = _day_of(calendar, instant)
    spans = (*calendar.spans_on(day), *calendar.spans_on(day + 1))
    return any(opens <= at < closes for opens, closes in spans)


def next_opening(calendar: WorkCalendar, instant: datetime) -> datetime:
    """The first working instant from `instant` on: itself while open."""
    at = micro(instant)
    first = _day_of(calendar, instant)
    for ordinal in range(first, first + LONGEST_WALK_DAYS + 1):
        for opens, closes in calendar.spans_on(ordinal):
            if closes > at:
                return from_micro(max(opens, at))
    raise _too_far()


def _walk(
    calendar: WorkCalendar, start: datetime, target: int, pauses: Pauses, steps: list[Step] | None
) -> Due:
    at = micro(start)
    cuts = _merged(pauses)
    stands_from = cuts[-1][0] if cuts and cuts[-1][1] == _NEVER else _NEVER
    # A clock that stood still for years is no endless one: the walk is measured from its end.
    resumed = max((end for _, end in cuts if end != _NEVER), default=at)
    first = _day_of(calendar, start)
    last = max(first, _day_of(calendar, from_micro(resumed))) + LONGEST_WALK_DAYS
    left = target
    for ordinal in range(first, last + 1):
        used: list[tuple[int, int]] = []
        lost = 0
        for opens, closes in calendar.spans_on(ordinal):
            if closes <= at:
                continue
            done = max(opens, at)
            for a, b in _outside(cuts, done, closes):
                lost += a - done
                done = min(b, a + left)
                used.append((a, done))
                left -= done - a
                if not left:
                    if steps is not None:
                        steps.append(_step(calendar, ordinal, used, lost))
                    provisional = not all(
                        calendar.is_known(date.fromordinal(day)) for day in (first, ordinal)
                    )
                    return Due(from_micro(done), provisional, tuple(steps or ()))
            lost += closes - done
            if closes > stands_from:
                raise CalendarError(
                    "calendar.paused",
                    gettext_noop("The clock stands still; its due time is known when it resumes."),
                )
        if steps is not None:
            steps.append(_step(calendar, ordinal, used, lost))
    raise _too_far()


def _step(calendar: WorkCalendar, ordinal: int, used: list[tuple[int, int]], lost: int) -> Step:
    day = date.fromordinal(ordinal)
    rule = calendar.days.get(day)
    open_windows = calendar.windows_on(day)
    if not open_windows:
        reason = Reason.HOLIDAY if rule else Reason.CLOSED
    elif not used:
        reason = Reason.PAUSED if lost else Reason.AFTER_HOURS
    else:
        reason = Reason(rule.kind) if rule else Reason.WORKDAY
    zone = calendar.tz
    return Step(
        day=day,
        reason=reason,
        name=rule.name if rule else "",
        source=rule.source if rule else "",
        windows=open_windows,
        spans=tuple(
            (from_micro(a).astimezone(zone), from_micro(b).astimezone(zone)) for a, b in used
        ),
        counted=timedelta(microseconds=sum(b - a for a, b in used)),
        paused=timedelta(microseconds=lost),
        is_known=calendar.is_known(day),
    )


def _outside(cuts: list[tuple[int, int]], opens: int, closes: int) -> Iterator[tuple[int, int]]:
    """The stretches of a span outside the merged pauses."""
    for start, end in cuts:
        if end <= opens:
            continue
        if start >= closes:
            break
        if start > opens:
            yield opens, start
        opens = end
        if opens >= closes:
            return
    yield opens, closes


def _merged(pauses: Pauses) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_interval(*pause) for pause in pauses):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def merge_pauses(pauses: Pauses) -> tuple[Pause, ...]:
    """The pauses in order, overlapping and touching ones joined into one, empty ones left out."""
    return tuple(
        Pause(from_micro(start), None if end == _NEVER else from_micro(end))
        for start, end in _merged(pauses)
    )


def _interval(started_at: datetime, ended_at: datetime | None) -> tuple[int, int]:
    start = micro(started_at)
    end = _NEVER if ended_at is None else micro(ended_at)
    if end < start:
        raise CalendarError(
            "calendar.pause_reversed", gettext_noop("A pause cannot end before it starts.")
        )
    return start, end


def _day_of(calendar: WorkCalendar, instant: datetime) -> int:
    return instant.astimezone(calendar.tz).toordinal()


def whole_target(minutes: int) -> int:
    """The promised minutes, refused when there are none."""
    if minutes <= 0:
        raise CalendarError(
            "calendar.target", gettext_noop("The promised time must be at least one minute.")
        )
    return minutes


def _too_far() -> CalendarError:
    return CalendarError(
        "calendar.too_far",
        gettext_noop("The calendar has too few working hours: nothing found within 3 years."),
    )
