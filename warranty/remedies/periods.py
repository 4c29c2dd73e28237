"""Periods and windows: from a start day to the last day that still counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from warranty.remedies.days import RestDays, add_days, add_months
from warranty.remedies.history import Span


@dataclass(frozen=True, slots=True)
class Period:
    """From `start`, not counted, to `end`, which belongs to it."""

    start: date
    end: date
    months: int
    stopped_days: int = 0
    is_month_end: bool = False  # the month has no such day (Civil Code 202)
    is_rolled: bool = False  # the last day was a rest day (Civil Code 203)
    is_provisional: bool = False  # holidays of that year are not announced
    is_restarted: bool = False  # by a replacement

    def holds(self, day: date) -> bool:
        return day <= self.end


def period(
    start: date,
    months: int,
    calendar: RestDays,
    *,
    stopped: Iterable[Span] = (),
    is_restarted: bool = False,
    rolls: bool = True,
) -> Period:
    """Start day, months, stopped days, then roll once. A stop after the end lengthens nothing."""

    def last(day: date) -> date:
        return calendar.rolled(day) if rolls else day

    plain = add_months(start, months)
    end, days = plain, 0
    for span in stopped:
        if span.end <= start:
            continue
        if span.start > last(end):
            break
        counted = Span(max(span.start, start), span.end).days
        end, days = add_days(end, counted), days + counted
    return Period(
        start=start,
        end=last(end),
        months=months,
        stopped_days=days,
        is_month_end=plain.day != start.day,
        is_rolled=last(end) != end,
        is_provisional=not calendar.knows(last(end)),
        is_restarted=is_restarted,
    )


def window(start: date, days: int, calendar: RestDays, *, rolls: bool = True) -> date:
    """The last day of a window of days: start + N, moved off rest days (P1)."""
    end = add_days(start, days)
    return calendar.rolled(end) if rolls else end
