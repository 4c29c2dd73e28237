"""The calendar against a slow reference that looks at every single minute.

300 examples always; SANBAO_PROVE=1 tries 20,000 new ones.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.calendar import (
    CalendarError,
    DayKind,
    DayRule,
    Hours,
    Window,
    WorkCalendar,
    add_working,
    explain_due,
    is_working,
    working_time,
)

PROVE = os.environ.get("SANBAO_PROVE") == "1"
ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # changes at midnight
    "America/St_Johns",  # until 2011 one minute after midnight: 00:01 went back to 23:01
    "Asia/Beirut",
    "Australia/Lord_Howe",  # half an hour
    "UTC",
)
# Year end, leap day, Spring Festival and the changes of the zones above.
AROUND = (
    datetime(1988, 4, 16, tzinfo=UTC),
    datetime(1988, 9, 11, tzinfo=UTC),
    datetime(2010, 3, 14, tzinfo=UTC),
    datetime(2010, 11, 7, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2025, 12, 31, tzinfo=UTC),
    datetime(2026, 2, 14, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2026, 9, 6, tzinfo=UTC),
    datetime(2026, 10, 4, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
)
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Case:
    """One question; all instants are seconds since 1970."""

    calendar: WorkCalendar
    start: int
    minutes: int
    end: int
    pauses: tuple[tuple[int, int | None], ...]

    @property
    def pause_instants(self) -> list[tuple[datetime, datetime | None]]:
        return [(moment(a), None if b is None else moment(b)) for a, b in self.pauses]


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def reference_minute_works(calendar: WorkCalendar, second: int) -> bool:
    """Read the local clock; a repeated hour belongs to the window open at its end."""
    zone = ZoneInfo(calendar.zone)
    local = datetime.fromtimestamp(second, zone)
    repeated = bool(local.fold)
    while local.fold:
        second += 60
        local = datetime.fromtimestamp(second, zone)
    local = local.replace(tzinfo=None) - timedelta(minutes=repeated)
    rule = calendar.days.get(local.date())
    if rule is None:
        open_windows = reference_week(calendar, local.date())[local.weekday()]
    elif rule.kind == DayKind.MAKEUP:
        open_windows = rule.windows or reference_makeup(calendar, local.date())
    else:
        open_windows = rule.windows
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in open_windows)


def reference_week(calendar: WorkCalendar, day: date) -> Mapping[int, tuple[Window, ...]]:
    """The weekly windows in force: those of the latest change that is not after the day."""
    week = calendar.weekly
    for change in sorted(calendar.hours, key=lambda change: change.valid_from):
        if change.valid_from <= day:
            week = change.weekly
    return week


def reference_makeup(calendar: WorkCalendar, day: date) -> tuple[Window, ...]:
    week = reference_week(calendar, day)
    if week is calendar.weekly:
        return calendar.makeup_windows
    return next((windows for _, windows in sorted(week.items()) if windows), ())


def reference_counts(case: Case, second: int) -> bool:
    return second >= case.start and not any(
        a <= second and (b is None or second < b) for a, b in case.pauses
    )


def reference_seconds(case: Case, minute: int) -> list[int]:
    """The seconds of one minute that count."""
    if not reference_minute_works(case.calendar, minute):
        return []
    edges = {case.start, *(edge for pause in case.pauses for edge in pause if edge is not None)}
    if not any(minute < edge < minute + 60 for edge in edges):
        return list(range(minute, minute + 60)) if reference_counts(case, minute) else []
    return [second for second in range(minute, minute + 60) if reference_counts(case, second)]


def reference_due(case: Case) -> int | None:
    left = case.minutes * 60
    opens = [a for a, b in case.pauses if b is None]
    minute = case.start - case.start % 60
    while not opens or minute <= min(opens):
        counted = reference_seconds(case, minute)
        if len(counted) >= left:
            return counted[left - 1] + 1
        left -= len(counted)
        minute += 60
    return None


def reference_time(case: Case) -> int:
    first = case.start - case.start % 60
    return sum(
        second < case.end
        for minute in range(first, case.end, 60)
        for second in reference_seconds(case, minute)
    )


@st.composite
def day_windows(draw: st.DrawFn, least: int = 0) -> tuple[Window, ...]:
    step = draw(st.sampled_from((1, 15, 30)))
    pairs = draw(st.integers(least, 3))
    marks = draw(
        st.lists(st.integers(0, 1440 // step), min_size=2 * pairs, max_size=2 * pairs, unique=True)
    )
    ordered = [mark * step for mark in sorted(marks)]
    return tuple(Window(a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=True))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    around = draw(st.sampled_from(AROUND))
    start = int(around.timestamp()) + draw(st.integers(-2 * DAY_SECONDS, 2 * DAY_SECONDS))
    usual, other = draw(day_windows(least=1)), draw(day_windows())
    weekly = {day: draw(st.sampled_from((usual, usual, other, ()))) for day in range(7)}
    weekly[draw(st.integers(0, 6))] = usual
    days: dict[date, DayRule] = {}
    for offset in draw(st.lists(st.integers(-3, 9), max_size=6, unique=True)):
        kind = draw(st.sampled_from(DayKind))
        own = draw(day_windows(least=1)) if kind == DayKind.SPECIAL else ()
        days[around.date() + timedelta(days=offset)] = DayRule(kind, windows=own)
    calendar = WorkCalendar(
        zone=draw(st.sampled_from(ZONES)),
        weekly=weekly,
        known_through=around.date(),
        days=days,
        makeup_windows=draw(st.sampled_from((other, ()))),
    )
    changes = []
    for offset in draw(st.lists(st.integers(-4, 9), max_size=2, unique=True)):
        then = {day: draw(st.sampled_from((usual, other, ()))) for day in range(7)}
        then[draw(st.integers(0, 6))] = usual
        changes.append(Hours(around.date() + timedelta(days=offset), then))
    calendar = replace(calendar, hours=tuple(changes))
    a_week = sum(end - begin for day in calendar.weekly.values() for begin, end in day)
    pauses: list[tuple[int, int | None]] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(st.integers(-DAY_SECONDS, 5 * DAY_SECONDS))
        pauses.append((begin, begin + draw(st.integers(0, 3 * DAY_SECONDS))))
    if draw(st.integers(0, 3)) == 0:
        pauses.append((start + draw(st.integers(-DAY_SECONDS, 5 * DAY_SECONDS)), None))
    return Case(
        calendar=calendar,
        start=start,
        minutes=draw(st.integers(1, min(1200, a_week))),
        end=start + draw(st.integers(0, 6 * DAY_SECONDS)),
        pauses=tuple(draw(st.permutations(pauses))),
    )


@settings(
    max_examples=20_000 if PROVE else 300, deadline=None, derandomize=not PROVE, database=None
)
@given(cases())
def test_the_calendar_agrees_with_a_reference_that_looks_at_every_minute(case: Case) -> None:
    start, pauses = moment(case.start), case.pause_instants
    expected = reference_due(case)
    try:
        due = explain_due(case.calendar, start, case.minutes, pauses)
    except CalendarError as error:
        assert error.code == "calendar.paused"
        assert expected is None
    else:
        assert expected is not None
        assert due.at == moment(expected)
        assert due.at == add_working(case.calendar, start, case.minutes, pauses).at
        promised = timedelta(minutes=case.minutes)
        assert working_time(case.calendar, start, due.at, pauses) == promised
        assert sum((step.counted for step in due.steps), timedelta()) == promised
        for step in due.steps:
            lengths = (b.astimezone(UTC) - a.astimezone(UTC) for a, b in step.spans)
            assert sum(lengths, timedelta()) == step.counted
    measured = working_time(case.calendar, start, moment(case.end), pauses)
    assert measured == timedelta(seconds=reference_time(case))
    whole_minute = case.end - case.end % 60
    assert is_working(case.calendar, moment(case.end)) == reference_minute_works(
        case.calendar, whole_minute
    )
