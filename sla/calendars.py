"""From the rows of a calendar to the value that the clock arithmetic walks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import DomainError
from sla.calendar import CalendarError, DayKind, DayRule, Hours, Window, WorkCalendar
from sla.models import Calendar, Clock, LocalCalendar

Spans: TypeAlias = list[list[str]]  # [["08:30", "12:00"], …], as the tables hold windows
Day: TypeAlias = tuple[date, str, str, Spans, str]  # on, kind, name, windows, source
DatedHours: TypeAlias = tuple[date, Mapping[str, Spans]]  # valid from, weekday to windows

_MOST_KEPT = 256


@dataclass(slots=True)
class _Kept:
    """The rows of one edition, and the values built of them by how many changes of hours count."""

    days: list[Day]
    hours: list[DatedHours]
    decided_at: list[datetime]
    places: list[tuple[str, int | None, int]] | None = None
    values: dict[int, WorkCalendar] = field(default_factory=dict)


_kept: dict[tuple[int, UUID], _Kept] = {}


def work_calendar(calendar: Calendar, as_of: datetime | None = None) -> WorkCalendar:
    """The calendar as a value, with the changes of hours decided until `as_of` (all by default).

    Kept per edition: every change gives the calendar another one, so no process works with
    what another one has changed.
    """
    rows = _rows(calendar)
    counted = len(rows.hours)
    if as_of is not None:
        counted = sum(decided <= as_of for decided in rows.decided_at)
    value = rows.values.get(counted)
    if value is None:
        value = rows.values[counted] = built(calendar, rows.days, rows.hours[:counted])
    return value


def calendar_of(clock: Clock) -> WorkCalendar:
    """The calendar that a clock lives by: with the hours as they were decided when it started.

    Holidays count as they are known now: a list that arrives is no change of a promise.
    """
    return work_calendar(clock.calendar, clock.hours_as_of or clock.started_at)


def calendar_for(calendar: Calendar, region: str = "", dealer_id: int | None = None) -> Calendar:
    """What counts instead of a calendar: the dealer's own, else that of the nearest region.

    `region` is an official code; of two that hold it the longer one is nearer.
    """
    rows = _rows(calendar)
    if rows.places is None:
        rows.places = list(
            LocalCalendar.objects.filter(instead_of=calendar).values_list(
                "region_code", "dealer_id", "calendar_id"
            )
        )
    fitting = [
        (owner is not None, len(code), chosen)
        for code, owner, chosen in rows.places
        if (owner == dealer_id if owner is not None else bool(region) and region.startswith(code))
    ]
    if not fitting:
        return calendar
    return Calendar.objects.get(pk=max(fitting)[2])


def built(
    calendar: Calendar, days: Iterable[Day], hours: Sequence[DatedHours] = ()
) -> WorkCalendar:
    """A value out of rows that need not be saved yet; a wrong one is a `CalendarError`."""
    known_from, known_through = date.min, date.max
    if calendar.follows_holidays:
        # While no year is loaded, no day is known.
        known_from = calendar.known_from or date.max
        known_through = calendar.known_through or date.min
    return WorkCalendar(
        zone=calendar.zone,
        weekly=weekly(calendar.windows),
        known_from=known_from,
        known_through=known_through,
        days={
            on: DayRule(DayKind(kind), name, source, spans_read(own))
            for on, kind, name, own, source in days
        },
        hours=tuple(Hours(since, weekly(windows)) for since, windows in hours),
    )


def days_of(calendar: Calendar) -> list[Day]:
    return list(calendar.days.values_list("on", "kind", "name", "windows", "source"))


def hours_of(calendar: Calendar) -> list[DatedHours]:
    """Every change of hours in the order of its decision."""
    changes = calendar.hours.order_by("decided_at", "id")
    return list(changes.values_list("valid_from", "windows"))


def weekly(windows: Mapping[str, Spans]) -> dict[int, tuple[Window, ...]]:
    """Weekday to windows, as `Calendar.windows` holds them."""
    return {int(weekday): spans_read(spans) for weekday, spans in windows.items()}


def spans_read(spans: Spans) -> tuple[Window, ...]:
    return tuple(Window.parse(f"{start}-{end}") for start, end in spans)


def spans_written(windows: Iterable[Window]) -> Spans:
    return [str(window).split("-") for window in windows]


def week_written(hours: Mapping[int, Iterable[Window]]) -> dict[str, Spans]:
    return {str(weekday): spans_written(windows) for weekday, windows in sorted(hours.items())}


def default_calendar() -> Calendar:
    """The tenant's own default, for promises that no policy covers."""
    found = Calendar.objects.filter(is_default=True).first()
    if found is None:
        raise DomainError(_("No calendar is set as the default; the administrator sets one."))
    return found


@contextmanager
def in_words(field: str | None = None) -> Iterator[None]:
    """Say what the calendar cannot answer in the reader's language, at the field if one is."""
    try:
        yield
    except CalendarError as error:
        raise DomainError(_(error.message), field=field, **error.params) from error


def _rows(calendar: Calendar) -> _Kept:
    key = (calendar.pk, calendar.edition)
    rows = _kept.get(key)
    if rows is None:
        changes = calendar.hours.order_by("decided_at", "id")
        found = list(changes.values_list("valid_from", "windows", "decided_at"))
        rows = _Kept(
            days=days_of(calendar),
            hours=[(since, windows) for since, windows, _decided in found],
            decided_at=[decided for *_rest, decided in found],
        )
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = rows
    return rows
