"""From the rows of a calendar to the value that the clock arithmetic walks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import DomainError
from sla.calendar import CalendarError, DayKind, DayRule, Window, WorkCalendar
from sla.models import Calendar

Day: TypeAlias = tuple[date, str, str, str]

_MOST_KEPT = 256
_kept: dict[tuple[int, UUID], WorkCalendar] = {}


def work_calendar(calendar: Calendar) -> WorkCalendar:
    """The calendar as a value, kept per edition: every change gives it another one."""
    key = (calendar.pk, calendar.edition)
    value = _kept.get(key)
    if value is None:
        days = calendar.days.values_list("on", "kind", "name", "source")
        value = built(calendar, list(days))
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = value
    return value


def built(calendar: Calendar, days: list[Day]) -> WorkCalendar:
    """A value out of rows that need not be saved yet; a wrong one is a `CalendarError`."""
    return WorkCalendar(
        zone=calendar.zone,
        weekly={
            int(weekday): tuple(Window.parse(f"{start}-{end}") for start, end in spans)
            for weekday, spans in calendar.windows.items()
        },
        known_through=calendar.known_through or date.max,
        days={on: DayRule(DayKind(kind), name, source) for on, kind, name, source in days},
    )


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
