"""When a claim must be decided: working days of the office, to the end of the last one."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.options import option
from sla.calendar import WorkCalendar
from sla.calendars import work_calendar
from sla.models import Calendar
from sla.profiles.base import OFFICE

CLOSING = time(17, 30)
FRIDAY = 4


def decision_due(at: datetime | None = None) -> datetime:
    """So many working days after an instant, at the close of that day (R-153)."""
    return end_of_working_day(at or timezone.now(), option("claim.decide_days"))


def end_of_working_day(at: datetime, days: int) -> datetime:
    """The close of the n-th working day after the day of an instant.

    A company without an office calendar works from Monday to Friday.
    """
    office = Calendar.objects.filter(code=OFFICE).first()
    calendar = work_calendar(office) if office else None
    zone = calendar.tz if calendar else ZoneInfo("Asia/Shanghai")
    day = at.astimezone(zone).date()
    closing = CLOSING
    left = days
    while left > 0:
        day += timedelta(days=1)
        closes = _closes(calendar, day.toordinal())
        if closes is not None:
            closing, left = closes, left - 1
    return datetime.combine(day, closing, tzinfo=zone)


def working_days_left(due: datetime, at: datetime | None = None) -> int:
    """The working days after an instant until a due time, as `end_of_working_day` counts them."""
    now = at or timezone.now()
    left = 0
    while end_of_working_day(now, left + 1) <= due:
        left += 1
    return left


def _closes(calendar: WorkCalendar | None, ordinal: int) -> time | None:
    """When the office closes on a day; None on a day off."""
    day = datetime.fromordinal(ordinal).date()
    if calendar is None:
        return CLOSING if day.weekday() <= FRIDAY else None
    windows = calendar.windows_on(day)
    if not windows:
        return None
    last = max(window.end for window in windows)
    # A window may end at midnight, which no clock of this day shows.
    return time.max if last >= 24 * 60 else time(last // 60, last % 60)
