"""What must hold for any calendar: more free days never hasten, more workdays never delay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla.calendar import (
    CalendarError,
    DayKind,
    DayRule,
    Hours,
    Window,
    WorkCalendar,
    add_working,
    windows,
    working_minutes,
)

ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "UTC",
)
YEAR_END = date(2026, 12, 24)
SUMMER, WINTER = windows("08:00-12:00", "14:30-18:30"), windows("08:30-12:00", "13:30-17:30")
steady = settings(max_examples=150, deadline=None, derandomize=True, database=None)


@st.composite
def a_day(draw: st.DrawFn) -> tuple[Window, ...]:
    marks = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Window(a * 15, b * 15) for a, b in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A few windows a day, some closed weekdays, a change of hours around the year's end."""
    usual, later = draw(a_day()), draw(a_day())
    closed = draw(st.sets(st.integers(0, 6), max_size=4))
    weekly = {day: () if day in closed else usual for day in range(7)}
    then = {day: () if day in closed else later for day in range(7)}
    since = YEAR_END + timedelta(days=draw(st.integers(0, 16)))
    return WorkCalendar(
        zone=draw(st.sampled_from(ZONES)),
        weekly=weekly,
        known_through=date(2027, 12, 31),
        hours=(Hours(since, then),) if draw(st.booleans()) else (),
    )


starts = st.integers(0, 17 * 24 * 60).map(
    lambda minutes: datetime(2026, 12, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)
offsets = st.integers(0, 20)
targets = st.integers(1, 4_000)


@steady
@given(calendars(), starts, targets, offsets)
def test_a_holiday_inside_the_span_never_brings_the_due_time_nearer(
    calendar: WorkCalendar, start: datetime, minutes: int, offset: int
) -> None:
    day = YEAR_END + timedelta(days=offset)
    with_holiday = replace(calendar, days={day: DayRule(DayKind.HOLIDAY, "x")})
    assert add_working(with_holiday, start, minutes).at >= add_working(calendar, start, minutes).at


@steady
@given(calendars(), starts, targets, offsets)
def test_a_make_up_day_never_pushes_the_due_time_out(
    calendar: WorkCalendar, start: datetime, minutes: int, offset: int
) -> None:
    day = YEAR_END + timedelta(days=offset)
    # A make-up workday is worked where the week has it closed.
    assume(not calendar.windows_on(day))
    with_makeup = replace(calendar, days={day: DayRule(DayKind.MAKEUP, "x")})
    assert add_working(with_makeup, start, minutes).at <= add_working(calendar, start, minutes).at


@steady
@given(calendars(), starts, targets)
def test_adding_then_measuring_gives_the_same_minutes(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    due = add_working(calendar, start, minutes).at
    assert working_minutes(calendar, start, due) == minutes


@steady
@given(calendars(), starts, targets, st.integers(1, 400))
def test_more_minutes_are_never_due_earlier(
    calendar: WorkCalendar, start: datetime, minutes: int, more: int
) -> None:
    assert (
        add_working(calendar, start, minutes).at < add_working(calendar, start, minutes + more).at
    )


@steady
@given(calendars(), starts, targets, st.integers(1, 60))
def test_a_change_of_hours_after_the_due_time_changes_nothing(
    calendar: WorkCalendar, start: datetime, minutes: int, later: int
) -> None:
    due = add_working(calendar, start, minutes).at
    since = due.astimezone(calendar.tz).date() + timedelta(days=later)
    changed = replace(calendar, hours=(*calendar.hours, Hours(since, {0: windows("03:00-03:01")})))
    assert add_working(changed, start, minutes).at == due


@pytest.mark.parametrize("year", range(2024, 2029))
def test_summer_and_winter_hours_change_every_year(year: int) -> None:
    changes = []
    for each in range(2024, 2029):
        changes.append(Hours(date(each, 5, 1), dict.fromkeys(range(5), SUMMER)))
        changes.append(Hours(date(each, 10, 1), dict.fromkeys(range(5), WINTER)))
    calendar = WorkCalendar(
        "Asia/Urumqi", dict.fromkeys(range(5), WINTER), date(2028, 12, 31), hours=tuple(changes)
    )
    for day, expected in [
        (date(year, 4, 30), WINTER),
        (date(year, 5, 1), SUMMER),
        (date(year, 9, 30), SUMMER),
        (date(year, 10, 1), WINTER),
        (date(year, 12, 31), WINTER),
    ]:
        assert calendar.windows_on(day) == (expected if day.weekday() < 5 else ()), day


def test_of_two_changes_from_the_same_day_the_later_decision_counts() -> None:
    since = date(2027, 1, 4)
    changes = (Hours(since, {0: SUMMER}), Hours(since, {0: WINTER}))
    calendar = WorkCalendar("UTC", {0: SUMMER}, date(2027, 12, 31), hours=changes)
    assert calendar.windows_on(since) == WINTER
    assert len(calendar.hours) == 1


def test_hours_that_never_open_are_refused_and_nothing_walks_for_ever() -> None:
    with pytest.raises(CalendarError) as error:
        WorkCalendar(
            "UTC", {0: SUMMER}, date(2027, 12, 31), hours=(Hours(date(2027, 1, 1), {0: ()}),)
        )
    assert error.value.code == "calendar.no_hours"


def test_days_before_the_first_known_year_are_not_known_either() -> None:
    calendar = WorkCalendar(
        "UTC", dict.fromkeys(range(7), SUMMER), date(2026, 12, 31), known_from=date(2024, 1, 1)
    )
    before = add_working(calendar, datetime(2023, 12, 31, 9, tzinfo=UTC), 30)
    inside = add_working(calendar, datetime(2024, 1, 1, 9, tzinfo=UTC), 30)
    after = add_working(calendar, datetime(2026, 12, 31, 18, tzinfo=UTC), 60)
    assert (before.provisional, inside.provisional, after.provisional) == (True, False, True)
