"""Working time as plain arithmetic, on seconds of China's wall clock (see `seasons`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sla.calendar import WorkCalendar, add_share, working_time
from sla.calendars import work_calendar
from sla.models import Calendar

DAY = 86_400
CHINA = 8 * 3_600


class Counted(Protocol):
    """Hours that can tell when so much working time has passed."""

    def add(self, at: int, seconds: int) -> int: ...

    def between(self, start: int, end: int) -> int: ...


def hours_of(calendar: Calendar) -> Counted:
    """Plain arithmetic where every day is the same; else the product's own walk."""
    windows = {str(spans) for spans in calendar.windows.values()}
    is_plain = len(calendar.windows) == 7 and len(windows) == 1 and not calendar.known_through
    return Hours.of(calendar) if is_plain else Walked(work_calendar(calendar))


@dataclass(frozen=True, slots=True)
class Walked:
    """A week with its holidays, walked day by day."""

    calendar: WorkCalendar

    def add(self, at: int, seconds: int) -> int:
        # The product counts minutes and percent of them: three seconds are five percent of one.
        return wall(add_share(self.calendar, instant(at), 1, seconds * 5 // 3).at)

    def between(self, start: int, end: int) -> int:
        worked = working_time(self.calendar, instant(start), instant(end))
        return int(worked.total_seconds())


@dataclass(frozen=True, slots=True)
class Hours:
    """One window a day, every day: the hotline's, or all of it."""

    opens: int
    closes: int

    @classmethod
    def of(cls, calendar: Calendar) -> Hours:
        """The hours of a calendar that is the same every day (tests compare with sla's own)."""
        windows = {str(spans) for spans in calendar.windows.values()}
        if len(windows) != 1 or len(calendar.windows["0"]) != 1:
            raise ValueError(f"{calendar.code} differs by weekday")
        opens, closes = calendar.windows["0"][0]
        return cls(_seconds(opens), _seconds(closes))

    def add(self, at: int, seconds: int) -> int:
        """The instant at which so much working time has passed."""
        day, clock = divmod(at, DAY)
        if clock >= self.closes:
            day, clock = day + 1, self.opens
        clock = max(clock, self.opens)
        left = self.closes - clock
        while seconds > left:
            seconds -= left
            day, clock = day + 1, self.opens
            left = self.closes - self.opens
        return day * DAY + clock + seconds

    def between(self, start: int, end: int) -> int:
        """The working time from one instant to a later one, seconds."""
        return self._upto(end) - self._upto(start)

    def _upto(self, at: int) -> int:
        day, clock = divmod(at, DAY)
        return day * (self.closes - self.opens) + min(max(clock, self.opens), self.closes)


def _seconds(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 3_600 + int(minutes) * 60


def wall(at: datetime) -> int:
    """An instant as seconds of China's wall clock."""
    return int(at.timestamp()) + CHINA


def instant(at: int) -> datetime:
    """Seconds of China's wall clock as an instant."""
    return datetime.fromtimestamp(at - CHINA, UTC)
