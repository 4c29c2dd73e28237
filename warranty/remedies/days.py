"""Counting days, months and working days (Civil Code 201 to 203, 1259).

The start day is not counted and the last day is; "over N" leaves N out, "within N" takes it in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sla.calendar import DayKind
from sla.china import NOTICES, china_days

SATURDAY = 5
# The notices that the shared rules count with; a year before or after them is provisional.
FIRST_YEAR = 2025


@dataclass(frozen=True)
class RestDays:
    """Days off and make-up workdays (调休) of the years whose State Council notice is loaded."""

    years: frozenset[int]
    holidays: frozenset[date]
    makeup: frozenset[date]

    def knows(self, day: date) -> bool:
        return day.year in self.years

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday without holidays, plus make-up days; plain weekdays in other years."""
        return day in self.makeup or (day.weekday() < SATURDAY and day not in self.holidays)

    def rolled(self, day: date) -> date:
        """The day, or the next working day; nothing moves in a year that is not loaded (203)."""
        while self.knows(day) and not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def working_day_after(self, day: date, count: int) -> date:
        """The count-th working day after the day of the event, which is not counted."""
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`."""
        span = (last - first).days
        return sum(self.is_working_day(first + timedelta(days=n + 1)) for n in range(span))


@cache
def official(*years: int) -> RestDays:
    """The official calendar of these years; by default of all that are announced."""
    loaded: Collection[int] = years or {year for year in NOTICES if year >= FIRST_YEAR}
    days = china_days(*loaded)
    return RestDays(
        years=frozenset(loaded),
        holidays=frozenset(day for day, rule in days.items() if rule.kind == DayKind.HOLIDAY),
        makeup=frozenset(day for day, rule in days.items() if rule.kind == DayKind.MAKEUP),
    )


def add_months(day: date, months: int) -> date:
    """The same-numbered day, or the month's last where it has none (Civil Code 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day: date, count: int) -> date:
    return day + timedelta(days=count)
