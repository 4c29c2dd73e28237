"""Clock arithmetic: when a promise warns and falls due, and what is left of it (R-019 to R-029).

Pure: the start, the target in working minutes, the calendar and the pauses go in. A pause
takes out exactly the working time inside it, so a night or a weekend on hold gives nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sla.calendar import (
    CalendarError,
    Due,
    Pauses,
    WorkCalendar,
    add_share,
    add_time,
    merge_pauses,
    working_time,
)
from sla.calendar.walk import whole_target
from sla.ladder import Rung, check_ladder

__all__ = [
    "Agreed",
    "Facts",
    "Layout",
    "Rung",
    "check_ladder",
    "due",
    "due_at",
    "fraction_used",
    "instants",
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


class Agreed(NamedTuple):
    """A later due time, told to the customer before the first one passed (R-028)."""

    told_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the instants of a clock follow from, and nothing else: no state, no stored time."""

    started_at: datetime
    minutes: int
    calendar: WorkCalendar
    warn_percent: int = 75
    rungs: tuple[Rung, ...] = ()
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    delays: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Every instant of a clock: its reminder, its due time, the rungs before and after it."""

    warn_at: datetime
    due_at: datetime
    rungs: tuple[datetime, ...]
    is_provisional: bool


def instants(facts: Facts) -> Layout:
    """All instants of a clock out of its facts: the one rule for start, resume, delay and proof.

    - Due when the promised working time outside the pauses is used up; an open pause has taken
      nothing out yet, so a clock that stands still shows the times it had.
    - The last announced delay sets the due time in the promise's place, working time or not;
      a pause after it was told moves it on by the working time inside the pause, and it never
      falls into one.
    - Shares count from the whole working time up to the due time, minutes from the due time
      itself. A rung that would lie before the start stands at the start (`Rung.fits`).

    Provisional when any of them lies on a day whose holidays are not yet announced. The order
    in which pauses and changes were entered does not matter: only what stands in the facts.
    """
    calendar, started = facts.calendar, facts.started_at
    pauses = tuple((start, end) for start, end in facts.pauses if end is not None)
    total = timedelta(minutes=whole_target(facts.minutes))
    if facts.delays:
        end = _agreed_due(calendar, max(facts.delays), pauses)
        total = working_time(calendar, started, end.at, pauses)
    else:
        end = add_time(calendar, started, total, pauses)

    def reached(worked: timedelta) -> Due:
        if worked == total:
            return end
        if worked > total:
            return add_time(calendar, end.at, worked - total, pauses)
        return add_time(calendar, started, worked, pauses)

    def lies(rung: Rung) -> Due:
        if rung.percent is not None:
            return reached(total * rung.percent // 100)
        return reached(total + timedelta(minutes=rung.after))

    warn = reached(total * facts.warn_percent // 100)
    rungs = [lies(rung) for rung in facts.rungs]
    return Layout(
        warn_at=warn.at,
        due_at=end.at,
        rungs=tuple(rung.at for rung in rungs),
        is_provisional=end.provisional or any(rung.provisional for rung in rungs),
    )


def _agreed_due(
    calendar: WorkCalendar, agreed: Agreed, pauses: Sequence[tuple[datetime, datetime]]
) -> Due:
    """The agreed instant, moved on by the working time of the pauses after it was told."""
    due = Due(agreed.due_at, provisional=False)
    for start, end in merge_pauses(pauses):
        begins = max(start, agreed.told_at)
        if end is None or end <= begins:
            continue
        if begins >= due.at:
            break
        lost = working_time(calendar, begins, end)
        moved = add_time(calendar, due.at, lost)
        due = Due(max(moved.at, end), moved.provisional or due.provisional)
    return due


def lay_out(
    started: datetime,
    target_minutes: int,
    warn_percent: int,
    ladder: Iterable[Rung | int],
    calendar: WorkCalendar,
    pauses: Pauses = (),
) -> Layout:
    """`instants` of a promise that nobody delayed; a whole number means minutes after due."""
    rungs = (Rung(after=rung) if isinstance(rung, int) else rung for rung in ladder)
    return instants(
        Facts(started, target_minutes, calendar, warn_percent, tuple(rungs), tuple(pauses))
    )
