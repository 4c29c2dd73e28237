"""Clock arithmetic: when a promise warns and falls due, and what is left of it (R-019 to R-029).

Pure: the start, the target in working minutes, the calendar and the pauses go in. A pause
takes out exactly the working time inside it, so a night or a weekend on hold gives nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.calendar import (
    CalendarError,
    Due,
    Pauses,
    WorkCalendar,
    add_share,
    add_working,
    working_time,
)
from sla.calendar.walk import whole_target
from sla.ladder import Rung, check_ladder

__all__ = [
    "Layout",
    "Rung",
    "check_ladder",
    "due",
    "due_at",
    "fraction_used",
    "is_breached",
    "is_paused",
    "lay_out",
    "remaining",
    "used",
    "warn_at",
]


def due(
    started: datetime, target_minutes: int, calendar: WorkCalendar, pauses: Pauses = ()
) -> Due | None:
    """When the promise falls due; nothing while an open pause keeps that unknown."""
    return _reached(started, target_minutes, calendar, 100, pauses)


def due_at(
    started: datetime, target_minutes: int, calendar: WorkCalendar, pauses: Pauses = ()
) -> datetime | None:
    """The instant of `due`."""
    reached = due(started, target_minutes, calendar, pauses)
    return reached.at if reached else None


def warn_at(
    started: datetime,
    target_minutes: int,
    calendar: WorkCalendar,
    percent: int,
    pauses: Pauses = (),
) -> datetime | None:
    """When `percent` of the promise are used; above 100 it is a step after the due time."""
    reached = _reached(started, target_minutes, calendar, percent, pauses)
    return reached.at if reached else None


def used(started: datetime, calendar: WorkCalendar, at: datetime, pauses: Pauses = ()) -> timedelta:
    """The working time the clock has run at that instant."""
    return working_time(calendar, started, at, pauses)


def remaining(
    started: datetime,
    target_minutes: int,
    calendar: WorkCalendar,
    at: datetime,
    pauses: Pauses = (),
) -> timedelta:
    """The working time left; negative is the working time the promise is late."""
    return timedelta(minutes=whole_target(target_minutes)) - used(started, calendar, at, pauses)


def fraction_used(
    started: datetime,
    target_minutes: int,
    calendar: WorkCalendar,
    at: datetime,
    pauses: Pauses = (),
) -> float:
    """The share of the promise that is used: 0 at the start, 1 when due, more when late."""
    return used(started, calendar, at, pauses) / timedelta(minutes=whole_target(target_minutes))


def is_paused(at: datetime, pauses: Pauses) -> bool:
    """Whether the clock stands still at that instant (a pause's end no longer belongs to it)."""
    return any(start <= at and (end is None or at < end) for start, end in pauses)


def is_breached(due_at: datetime | None, at: datetime) -> bool:
    """Whether the promise is broken: its due time has passed, by day or by night.

    A clock without a due time stands still, and what stands still is never late.
    """
    return due_at is not None and due_at < at


def _reached(
    started: datetime, target_minutes: int, calendar: WorkCalendar, percent: int, pauses: Pauses
) -> Due | None:
    try:
        return add_share(calendar, started, target_minutes, percent, pauses)
    except CalendarError as error:
        if error.code == "calendar.paused":
            return None
        raise


@dataclass(frozen=True, slots=True)
class Layout:
    """Every instant of a clock: its reminder, its due time, the rungs before and after it."""

    warn_at: datetime
    due_at: datetime
    rungs: tuple[datetime, ...]
    is_provisional: bool


def lay_out(
    started: datetime,
    target_minutes: int,
    warn_percent: int,
    ladder: Iterable[Rung | int],
    calendar: WorkCalendar,
    pauses: Pauses = (),
) -> Layout:
    """All instants at once (R-030); a whole number on the ladder means minutes after the due time.

    A rung that would lie before the start stands at the start; `Rung.fits` tells such a one.
    Provisional when any of them lies on a day whose holidays are not yet announced.
    """
    pauses = tuple(pauses)
    end = add_working(calendar, started, target_minutes, pauses)

    def instant(rung: Rung | int) -> Due:
        rung = Rung(after=rung) if isinstance(rung, int) else rung
        if rung.percent is not None:
            return add_share(calendar, started, target_minutes, rung.percent, pauses)
        if not rung.fits(target_minutes):
            return Due(started, provisional=False)
        if rung.after:
            return add_working(calendar, started, target_minutes + rung.after, pauses)
        return end

    rungs = [instant(rung) for rung in ladder]
    return Layout(
        warn_at=add_share(calendar, started, target_minutes, warn_percent, pauses).at,
        due_at=end.at,
        rungs=tuple(rung.at for rung in rungs),
        is_provisional=end.provisional or any(rung.provisional for rung in rungs),
    )
