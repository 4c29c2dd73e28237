"""A calendar's year as one looks at it: twelve months of days, with hours, kinds and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import words
from sla.calendar import DayRule, WorkCalendar
from sla.calendars import weekly, work_calendar
from sla.daylist import window_words
from sla.models import Calendar, CalendarHours, CalendarYear
from sla.models import DayKind as Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """One day in the grid; without a day it only fills the week."""

    day: date | None
    kind: str = ""
    title: str = ""
    is_known: bool = True
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: list[list[Cell]]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """Days in a row that differ from their week in the same way, in words."""

    first: date
    last: date
    what: str
    name: str
    windows: str
    source: str


@dataclass(frozen=True, slots=True)
class Week:
    """Hours by weekday in words, and since when they count."""

    since: date | None
    lines: list[tuple[str, str]]
    reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class YearView:
    year: int
    months: list[Month]
    days: list[SpecialDay]
    loaded: CalendarYear | None
    weeks: list[Week]
    # Holidays matter here and those of this year are not announced.
    is_unknown: bool

    @property
    def previous(self) -> int:
        return self.year - 1

    @property
    def next(self) -> int:
        return self.year + 1


def year_view(calendar: Calendar, year: int) -> YearView:
    """Everything that the page of a year shows."""
    value = work_calendar(calendar)
    loaded = calendar.years.filter(year=year).first()
    days = [(day, rule) for day, rule in sorted(value.days.items()) if day.year == year]
    return YearView(
        year=year,
        months=[_month(value, year, month) for month in range(1, 13)],
        days=_special_days(value, days, loaded.source if loaded else ""),
        loaded=loaded,
        weeks=_weeks(calendar, year),
        is_unknown=calendar.follows_holidays and loaded is None,
    )


def _month(value: WorkCalendar, year: int, month: int) -> Month:
    first = date(year, month, 1)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while (monday.year, monday.month) <= (year, month):
        days = [monday + timedelta(days=offset) for offset in range(7)]
        weeks.append([_cell(value, day) if day.month == month else Cell(None) for day in days])
        monday += timedelta(days=7)
    return Month(str(MONTHS[month]), weeks)


def _cell(value: WorkCalendar, day: date) -> Cell:
    rule = value.days.get(day)
    windows = value.windows_on(day)
    is_known = value.is_known(day)
    parts = [words.day(day), *filter(None, _said(rule)), window_words(windows) or _closed()]
    if not is_known:
        parts.append(_("holidays not known"))
    return Cell(
        day=day,
        kind=rule.kind.value if rule else "open" if windows else "closed",
        title=" · ".join(parts),
        is_known=is_known,
        is_today=day == timezone.localdate(),
    )


def _said(rule: DayRule | None) -> Iterator[str]:
    if rule:
        yield str(Kind(rule.kind.value).label)
        yield _(rule.name) if rule.name else ""


def _special_days(
    value: WorkCalendar, days: list[tuple[date, DayRule]], source: str
) -> list[SpecialDay]:
    """One row for each festival; a source is named where it is not that of the year's list."""
    rows: list[SpecialDay] = []
    for day, rule in days:
        row = SpecialDay(
            first=day,
            last=day,
            what=str(Kind(rule.kind.value).label),
            name=_(rule.name) if rule.name else "",
            windows=window_words(value.windows_on(day)) or _closed(),
            source="" if rule.source == source else rule.source,
        )
        before = rows[-1] if rows else None
        follows = before is not None and before.last + timedelta(days=1) == day
        if before and follows and replace(before, last=day) == replace(row, first=before.first):
            rows[-1] = replace(before, last=day)
        else:
            rows.append(row)
    return rows


def _weeks(calendar: Calendar, year: int) -> list[Week]:
    """The weekly hours that count in a year, the first of them from before it."""
    changes: dict[date, CalendarHours] = {}
    for change in calendar.hours.order_by("decided_at", "id"):
        changes[change.valid_from] = change
    before = [since for since in sorted(changes) if since <= date(year, 1, 1)]
    later = [since for since in sorted(changes) if date(year, 1, 1) < since <= date(year, 12, 31)]
    found = [] if before else [Week(None, _lines(calendar.windows))]
    for since in [*before[-1:], *later]:
        change = changes[since]
        lines = _lines(change.windows)
        found.append(Week(since, lines, change.reason, change.decided_by_label))
    return found


def _lines(windows: dict[str, list[list[str]]]) -> list[tuple[str, str]]:
    """Weekdays with the same hours in one line: "Mon–Fri", "08:30-12:00 13:30-17:30"."""
    week = weekly(windows)
    lines: list[tuple[int, int, str]] = []
    for day in range(7):
        text = window_words(week.get(day, ())) or _closed()
        if lines and lines[-1][2] == text:
            lines[-1] = (lines[-1][0], day, text)
        else:
            lines.append((day, day, text))
    return [
        (
            str(words.WEEKDAYS[first])
            if first == last
            else f"{words.WEEKDAYS[first]}–{words.WEEKDAYS[last]}",
            text,
        )
        for first, last, text in lines
    ]


def _closed() -> str:
    return pgettext("calendar", "Closed")
