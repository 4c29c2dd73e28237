"""What a change of a calendar would do, shown before it is saved (R-002)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from sla.calendar import CalendarError, Pauses, Window, WorkCalendar, add_working
from sla.calendars import (
    Day,
    built,
    days_of,
    hours_of,
    spans_read,
    spans_written,
    week_written,
    work_calendar,
)
from sla.daylist import ORDINARY, ListedDay
from sla.models import Calendar, Clock
from sla.states import LIVE, ClockState


@dataclass(frozen=True, slots=True)
class ListChange:
    """The days of a year before and after; `replaced` are the old ones of `changed`."""

    added: tuple[ListedDay, ...]
    removed: tuple[ListedDay, ...]
    changed: tuple[ListedDay, ...]
    replaced: tuple[ListedDay, ...]
    same: tuple[ListedDay, ...]

    @property
    def pairs(self) -> list[tuple[ListedDay, ListedDay]]:
        """Each changed day: as it was, as it will be."""
        return list(zip(self.replaced, self.changed, strict=True))


def compared(calendar: Calendar, year: int, days: Iterable[ListedDay]) -> ListChange:
    """The list given against what the calendar knows of that year."""
    now = {day.on: day for day in known_days(calendar, year)}
    then = {
        day.on: ListedDay(day.on, day.kind, day.name, day.windows)
        for day in days
        if day.kind != ORDINARY
    }
    both = sorted(now.keys() & then.keys())
    differ = [on for on in both if not _same(now[on], then[on])]
    return ListChange(
        added=tuple(then[on] for on in sorted(then.keys() - now.keys())),
        removed=tuple(now[on] for on in sorted(now.keys() - then.keys())),
        changed=tuple(then[on] for on in differ),
        replaced=tuple(now[on] for on in differ),
        same=tuple(now[on] for on in both if _same(now[on], then[on])),
    )


def _same(old: ListedDay, new: ListedDay) -> bool:
    """Alike in kind and hours, and in name as it is kept or as the reader sees it."""
    is_named_alike = new.name in (old.name, _(old.name))
    return is_named_alike and (old.kind, old.windows) == (new.kind, new.windows)


def known_days(calendar: Calendar, year: int) -> list[ListedDay]:
    """The days of a year that differ from their week, as a list holds them."""
    rows = calendar.days.filter(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
    return [
        ListedDay(on, kind, name, spans_read(own))
        for on, kind, name, own in rows.order_by("on").values_list("on", "kind", "name", "windows")
    ]


@dataclass(frozen=True, slots=True)
class Touched:
    """The clocks that a change is about: dated anew, or kept although they would differ."""

    waiting: int  # provisional: dated anew when the list is saved
    differing: int  # firm: they keep their times


def touched_by_list(calendar: Calendar, year: int, days: Iterable[ListedDay]) -> Touched:
    """What a list of a year would do to the live clocks of a calendar."""
    then: list[Day] = [
        (day.on, day.kind, day.name, spans_written(day.windows), "")
        for day in days
        if day.kind != ORDINARY
    ]
    rest = [day for day in days_of(calendar) if day[0].year != year]
    after = built(calendar, [*rest, *then], hours_of(calendar))
    return Touched(
        waiting=Clock.objects.filter(
            calendar=calendar, is_provisional=True, state__in=LIVE
        ).count(),
        differing=_differing(calendar, after, date(year, 1, 1)),
    )


def differing_by_hours(
    calendar: Calendar, valid_from: date, hours: Mapping[int, Sequence[Window]]
) -> int:
    """How many running clocks would be due at another time by other hours from a day on."""
    change = (valid_from, week_written(hours))
    after = built(calendar, days_of(calendar), [*hours_of(calendar), change])
    return _differing(calendar, after, valid_from, is_provisional_too=True)


def _differing(
    calendar: Calendar, after: WorkCalendar, since: date, *, is_provisional_too: bool = False
) -> int:
    before = work_calendar(calendar)
    begins = datetime(since.year, since.month, since.day, tzinfo=before.tz)
    running = Clock.objects.filter(
        calendar=calendar, state=ClockState.RUNNING, agreed_at=None, due_at__gte=begins
    )
    if not is_provisional_too:
        running = running.filter(is_provisional=False)
    count = 0
    for clock in running.order_by("id").prefetch_related("pauses").iterator(chunk_size=500):
        pauses = [(pause.started_at, pause.ended_at) for pause in clock.pauses.all()]
        count += _due(before, clock, pauses) != _due(after, clock, pauses)
    return count


def _due(value: WorkCalendar, clock: Clock, pauses: Pauses) -> datetime | None:
    try:
        return add_working(value, clock.started_at, clock.minutes, pauses).at
    except CalendarError:
        return None
