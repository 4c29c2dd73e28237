"""Days in repair of a car (Art. 40): every stay counted, and no day twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from warranty.remedies.history import DAY, History, Stay


def days_of(span: timedelta) -> int:
    """Art. 40: each full 24 hours one day and a remainder one day, at least one day.

    Between plain dates that is end minus start.
    """
    full, rest = divmod(span, DAY)
    return max(1, full + bool(rest))


def stays(history: History) -> Iterator[tuple[date, int]]:
    """Hand-in and days of each stay, one still in repair until the day of asking; stays that
    overlap, as two jobs on one car, are one."""
    joined: list[Stay] = []
    for stay in history.stays:
        if joined and _overlap(joined[-1], stay):
            joined[-1] = _joined(joined[-1], stay)
        else:
            joined.append(stay)
    for stay in joined:
        if stay.start_at and stay.end_at:
            yield stay.start, days_of(stay.end_at - stay.start_at)
        else:
            yield stay.start, days_of((stay.end or history.ask_date) - stay.start)


def total_days(history: History) -> int:
    return sum(days for _, days in stays(history))


def _overlap(first: Stay, second: Stay) -> bool:
    if first.start_at and first.end_at and second.start_at:
        return second.start_at < first.end_at
    return second.start == first.start or first.end is None or second.start < first.end


def _joined(first: Stay, second: Stay) -> Stay:
    if first.end is None or second.end is None:
        return Stay(first.code, first.start, first.start_at)
    last = second if second.end >= first.end else first
    return Stay(first.code, first.start, first.start_at, last.end, last.end_at)
