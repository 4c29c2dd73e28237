"""The calendar itself: windows, dates that differ, and the checks that keep it countable."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.calendar.errors import CalendarError, gettext_noop
from sla.calendar.instants import DAY_MINUTES, instant_of, zone_named

_MEMO_DAYS = 2_000


class Window(NamedTuple):
    """A stretch of one day in minutes after midnight, the end not included; 1440 is 24:00."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read "08:30-12:00"; "24:00" is a possible end."""
        start, dash, end = text.partition("-")
        try:
            if not dash:
                raise ValueError(text)
            return cls(_minute_of_day(start), _minute_of_day(end))
        except ValueError as error:
            raise CalendarError(
                "calendar.window_unreadable",
                gettext_noop("“%(text)s” is no window; write it like 08:30-12:00."),
                {"text": text},
            ) from error

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


def windows(*texts: str) -> tuple[Window, ...]:
    """Several windows at once: windows("08:30-12:00", "13:30-17:30")."""
    return tuple(Window.parse(text) for text in texts)


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class DayRule:
    """What makes one date differ from its weekday.

    A holiday has no windows; a make-up workday (调休) has its own, else those of the calendar's
    make-up days; a special day has its own.
    """

    kind: DayKind
    name: str = ""
    source: str = ""
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly windows that count from a day on, such as summer and winter hours.

    Without `makeup_windows` its make-up workdays take those of its first working weekday.
    """

    valid_from: date
    weekly: Mapping[int, tuple[Window, ...]]
    makeup_windows: tuple[Window, ...] = ()


@dataclass(frozen=True)
class WorkCalendar:
    """Weekly windows by weekday (0 is Monday) in one zone, and the dates that differ.

    `hours` replace the weekly windows, each from its day on; of two from the same day the later
    in the list counts. The holidays of the days from `known_from` to `known_through` are
    announced. Make-up workdays take `makeup_windows`, by default those of Monday (of the first
    working weekday, if Mondays are closed).
    """

    zone: str
    weekly: Mapping[int, tuple[Window, ...]]
    known_through: date
    days: Mapping[date, DayRule] = field(default_factory=dict)
    makeup_windows: tuple[Window, ...] = ()
    hours: tuple[Hours, ...] = ()
    known_from: date = date.min
    tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _starts: list[date] = field(init=False, repr=False, compare=False)
    _in_turn: tuple[Hours, ...] = field(init=False, repr=False, compare=False)
    _memo: dict[int, tuple[tuple[int, int], ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = checked_hours(Hours(date.min, self.weekly, self.makeup_windows))
        later = {each.valid_from: checked_hours(each) for each in self.hours}
        days = {day: checked_rule(day, rule) for day, rule in self.days.items()}
        object.__setattr__(self, "weekly", first.weekly)
        object.__setattr__(self, "makeup_windows", first.makeup_windows)
        object.__setattr__(self, "hours", tuple(later[day] for day in sorted(later)))
        object.__setattr__(self, "_starts", sorted(later))
        object.__setattr__(self, "_in_turn", (first, *self.hours))
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "tz", zone_named(self.zone))
        object.__setattr__(self, "_memo", {})
        # Hours that never open again would make every later walk a hopeless one.
        is_open = any(first.weekly.values()) or any(map(self.windows_on, days))
        if not is_open or not all(any(each.weekly.values()) for each in self.hours):
            raise CalendarError(
                "calendar.no_hours",
                gettext_noop("The calendar has no working hours; give at least one window."),
            )

    def __hash__(self) -> int:
        weekly = tuple(self.weekly.values())
        return hash((self.zone, self.known_through, weekly, len(self.days), len(self.hours)))

    def hours_on(self, day: date) -> Hours:
        """The weekly windows in force on a date."""
        return self._in_turn[bisect_right(self._starts, day)]

    def is_known(self, day: date) -> bool:
        """Whether the holidays of a date are announced."""
        return self.known_from <= day <= self.known_through

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of one date: its own rule first, then its weekday."""
        rule = self.days.get(day)
        if rule is None:
            return self.hours_on(day).weekly[day.weekday()]
        if rule.kind == DayKind.MAKEUP:
            return rule.windows or self.hours_on(day).makeup_windows
        return rule.windows

    def minutes_in(self, year: int) -> int:
        """The working minutes that the windows of a year hold."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days = map(date.fromordinal, range(first, last + 1))
        return sum(window.end - window.start for day in days for window in self.windows_on(day))

    def spans_on(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        """The windows of one day (a date's ordinal) as instants in microseconds."""
        spans = self._memo.get(ordinal)
        if spans is None:
            if len(self._memo) >= _MEMO_DAYS:
                self._memo.clear()
            edges = (
                (instant_of(self.tz, ordinal, start), instant_of(self.tz, ordinal, end))
                for start, end in self.windows_on(date.fromordinal(ordinal))
            )
            # A window that the change to summer time swallows whole has no length.
            spans = self._memo[ordinal] = tuple(span for span in edges if span[0] < span[1])
        return spans


def checked_hours(hours: Hours) -> Hours:
    """The same with all seven weekdays, their windows in order, and those of make-up days."""
    for weekday in hours.weekly:
        if weekday not in range(7):
            raise CalendarError(
                "calendar.weekday",
                gettext_noop("%(weekday)s is no weekday; 0 is Monday, 6 is Sunday."),
                {"weekday": weekday},
            )
    weekly = {day: checked(hours.weekly.get(day, ())) for day in range(7)}
    makeup = checked(hours.makeup_windows) or next((w for w in weekly.values() if w), ())
    return Hours(hours.valid_from, weekly, makeup)


def _minute_of_day(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise ValueError(text)
    if int(minutes) > 59:
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


def checked(given: Iterable[Window]) -> tuple[Window, ...]:
    """The windows in order; they lie within the day, have a length and do not overlap."""
    ordered = tuple(sorted(Window(*window) for window in given))
    for window in ordered:
        if not 0 <= window.start <= DAY_MINUTES or not 0 <= window.end <= DAY_MINUTES:
            raise CalendarError(
                "calendar.window_outside_day",
                gettext_noop("The window %(window)s leaves the day; use 00:00 to 24:00."),
                {"window": window},
            )
        if window.end <= window.start:
            raise CalendarError(
                "calendar.window_reversed",
                gettext_noop(
                    "The window %(window)s must end after it starts; split a night shift at "
                    "midnight: to 24:00, and from 00:00 on the next day."
                ),
                {"window": window},
            )
    for first, second in zip(ordered, ordered[1:], strict=False):
        if second.start < first.end:
            raise CalendarError(
                "calendar.windows_overlap",
                gettext_noop("The windows %(first)s and %(second)s overlap."),
                {"first": first, "second": second},
            )
    return ordered


def checked_rule(day: date, rule: DayRule) -> DayRule:
    own = checked(rule.windows)
    if rule.kind == DayKind.HOLIDAY and own:
        raise CalendarError(
            "calendar.holiday_with_hours",
            gettext_noop("%(day)s is a holiday and cannot have working hours."),
            {"day": day},
        )
    if rule.kind == DayKind.SPECIAL and not own:
        raise CalendarError(
            "calendar.special_without_hours",
            gettext_noop("%(day)s is a special day and needs working hours of its own."),
            {"day": day},
        )
    return DayRule(DayKind(rule.kind), rule.name, rule.source, own)


_WHOLE_DAY: tuple[Window, ...] = (Window(0, DAY_MINUTES),)


def around_the_clock(zone: str = "UTC") -> WorkCalendar:
    """Every minute of every day, never provisional (R-096: engineers round the clock)."""
    return WorkCalendar(zone, {day: _WHOLE_DAY for day in range(7)}, known_through=date.max)


AROUND_THE_CLOCK = around_the_clock()
