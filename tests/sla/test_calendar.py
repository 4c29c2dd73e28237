"""What the business calendar promises, each defect of other helpdesks by name."""

import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.calendar import (
    AROUND_THE_CLOCK,
    CalendarError,
    DayKind,
    DayRule,
    Reason,
    Window,
    WorkCalendar,
    add_working,
    explain_due,
    is_working,
    next_opening,
    windows,
    working_minutes,
    working_time,
)
from sla.china import office_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = office_calendar()
DAY = windows("08:30-12:00", "13:30-17:30")
FAR = date(2030, 12, 31)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def week(
    *texts: str, days: tuple[int, ...] = (0, 1, 2, 3, 4), zone: str = "Asia/Shanghai"
) -> WorkCalendar:
    return WorkCalendar(zone, {day: windows(*texts) for day in days}, known_through=FAR)


def code_of(error: pytest.ExceptionInfo[CalendarError]) -> str:
    assert str(error.value)
    assert "%(" not in str(error.value)
    return error.value.code


# Holidays and make-up workdays


def test_holiday_lengthens_the_due_date() -> None:
    # Thursday 1 October 2026 to Wednesday 7 October are off.
    assert add_working(OFFICE, at("2026-09-30 17:00"), 60).at == at("2026-10-08 09:00")


def test_make_up_saturday_is_a_working_day() -> None:
    assert add_working(OFFICE, at("2026-02-13 17:00"), 60).at == at("2026-02-14 09:00")
    assert is_working(OFFICE, at("2026-02-14 10:00"))
    assert not is_working(OFFICE, at("2026-02-07 10:00"))


def test_a_make_up_day_has_its_own_hours_then_those_of_the_calendar_then_mondays() -> None:
    saturday = date(2026, 1, 10)
    plain = replace(OFFICE, days={saturday: DayRule(DayKind.MAKEUP)})
    set_by_calendar = replace(plain, makeup_windows=windows("09:00-12:00"))
    own = DayRule(DayKind.MAKEUP, windows=windows("10:00-11:00"))
    assert plain.windows_on(saturday) == DAY
    assert set_by_calendar.windows_on(saturday) == windows("09:00-12:00")
    assert replace(set_by_calendar, days={saturday: own}).windows_on(saturday) == own.windows


def test_a_make_up_day_of_a_week_closed_on_mondays_works_like_its_first_workday() -> None:
    calendar = replace(
        week("09:00-18:00", days=(1, 2, 3)), days={date(2026, 1, 10): DayRule(DayKind.MAKEUP)}
    )
    assert calendar.windows_on(date(2026, 1, 10)) == windows("09:00-18:00")


def test_a_special_day_has_only_its_own_hours() -> None:
    short = DayRule(DayKind.SPECIAL, "stocktaking", windows=windows("08:30-10:00"))
    calendar = replace(OFFICE, days={date(2026, 3, 2): short})
    assert add_working(calendar, at("2026-03-02 09:30"), 60).at == at("2026-03-03 09:00")


def test_a_holiday_inside_the_span_never_brings_the_due_time_nearer() -> None:
    start = at("2026-03-02 16:00")
    before = add_working(OFFICE, start, 1800).at
    for offset in range(20):
        day = date(2026, 3, 2) + timedelta(days=offset)
        with_holiday = replace(OFFICE, days={**OFFICE.days, day: DayRule(DayKind.HOLIDAY)})
        after = add_working(with_holiday, start, 1800).at
        assert after >= before
        if working_time(OFFICE, start, before) > working_time(with_holiday, start, before):
            assert after > before


def test_a_make_up_day_inside_the_span_never_pushes_the_due_time_out() -> None:
    start = at("2026-03-02 16:00")
    before = add_working(OFFICE, start, 3000).at
    nearer = 0
    for offset in range(20):
        day = date(2026, 3, 2) + timedelta(days=offset)
        with_makeup = replace(OFFICE, days={**OFFICE.days, day: DayRule(DayKind.MAKEUP)})
        after = add_working(with_makeup, start, 3000).at
        assert after <= before
        nearer += after < before
    assert nearer == 2


def test_yearly_holiday_across_new_year_matches() -> None:
    off = {date(2026, 12, 31) + timedelta(days=n): DayRule(DayKind.HOLIDAY) for n in range(3)}
    calendar = WorkCalendar("Asia/Shanghai", dict.fromkeys(range(7), DAY), FAR, off)
    assert add_working(calendar, at("2026-12-30 17:00"), 60).at == at("2027-01-03 09:00")


def test_days_after_the_last_announced_one_are_provisional() -> None:
    assert not add_working(OFFICE, at("2026-12-31 09:00"), 60).provisional
    due = add_working(OFFICE, at("2026-12-31 17:00"), 60)
    assert (due.at, due.provisional) == (at("2027-01-01 09:00"), True)


def test_a_promise_used_up_at_the_last_announced_midnight_is_not_provisional() -> None:
    calendar = replace(week("00:00-24:00", days=tuple(range(7))), known_through=date(2026, 5, 3))
    due = add_working(calendar, at("2026-05-03 23:00"), 60)
    assert (due.at, due.provisional) == (at("2026-05-04 00:00"), False)
    assert add_working(calendar, at("2026-05-03 23:00"), 61).provisional


# Windows


def test_lunch_breaks_are_not_counted() -> None:
    assert add_working(OFFICE, at("2026-03-02 11:30"), 60).at == at("2026-03-02 14:00")


def test_two_windows_on_one_weekday() -> None:
    calendar = week("06:00-08:00", "20:00-22:00")
    assert add_working(calendar, at("2026-03-02 05:00"), 240).at == at("2026-03-02 22:00")
    assert working_minutes(calendar, at("2026-03-02 00:00"), at("2026-03-03 00:00")) == 240


def test_split_windows_are_kept_in_order_however_they_are_given() -> None:
    calendar = week("13:30-17:30", "08:30-12:00")
    assert calendar.weekly[0] == DAY


def test_touching_windows_run_into_each_other() -> None:
    calendar = week("08:00-12:00", "12:00-16:00")
    assert add_working(calendar, at("2026-03-02 11:30"), 60).at == at("2026-03-02 12:30")


def test_half_hour_windows() -> None:
    calendar = week("08:30-09:00")
    assert add_working(calendar, at("2026-03-02 08:00"), 45).at == at("2026-03-03 08:45")


def test_a_promise_used_up_at_closing_time_is_due_then_and_not_at_the_next_opening() -> None:
    assert add_working(OFFICE, at("2026-03-02 16:30"), 60).at == at("2026-03-02 17:30")


def test_a_promise_begun_at_closing_time_counts_from_the_next_opening() -> None:
    assert add_working(OFFICE, at("2026-03-02 17:30"), 1).at == at("2026-03-03 08:31")


def test_a_call_on_the_weekend_counts_from_monday_morning() -> None:
    assert add_working(OFFICE, at("2026-03-07 11:00"), 120).at == at("2026-03-09 10:30")


def test_whole_seconds_are_kept() -> None:
    due = add_working(OFFICE, at("2026-03-02 17:29:13"), 2).at
    assert due == at("2026-03-03 08:31:13")
    assert working_time(OFFICE, at("2026-03-02 17:29:13"), due) == timedelta(minutes=2)
    assert working_minutes(OFFICE, at("2026-03-02 09:00:00"), at("2026-03-02 09:01:59")) == 1


def test_midnight_belongs_to_the_next_day_and_24_00_is_an_end() -> None:
    calendar = week("22:00-24:00", days=(0,))
    assert is_working(calendar, at("2026-03-02 23:59:59"))
    assert not is_working(calendar, at("2026-03-03 00:00"))
    assert add_working(calendar, at("2026-03-02 21:00"), 120).at == at("2026-03-03 00:00")


def test_an_overnight_shift_is_two_windows_that_meet_at_midnight() -> None:
    calendar = week("00:00-06:00", "22:00-24:00")
    assert add_working(calendar, at("2026-03-02 23:00"), 120).at == at("2026-03-03 01:00")
    with pytest.raises(CalendarError) as error:
        week("22:00-06:00")
    assert code_of(error) == "calendar.window_reversed"
    assert "midnight" in str(error.value)


def test_year_end_is_no_border() -> None:
    calendar = week("08:30-12:00", "13:30-17:30", days=tuple(range(7)))
    assert add_working(calendar, at("2026-12-31 17:00"), 60).at == at("2027-01-01 09:00")
    assert add_working(calendar, at("2028-02-29 17:00"), 60).at == at("2028-03-01 09:00")


def test_a_window_keeps_its_start_and_gives_away_its_end() -> None:
    assert is_working(OFFICE, at("2026-03-02 08:30"))
    assert is_working(OFFICE, at("2026-03-02 11:59:59.999999"))
    assert not is_working(OFFICE, at("2026-03-02 12:00"))


def test_next_opening_is_now_while_open_and_else_the_next_window() -> None:
    assert next_opening(OFFICE, at("2026-03-02 09:10:11")) == at("2026-03-02 09:10:11")
    assert next_opening(OFFICE, at("2026-03-02 12:00")) == at("2026-03-02 13:30")
    assert next_opening(OFFICE, at("2026-02-14 17:30")) == at("2026-02-24 08:30")


def test_around_the_clock_counts_every_minute_and_is_never_provisional() -> None:
    due = add_working(AROUND_THE_CLOCK, at("2026-10-01 03:00"), 48 * 60)
    assert (due.at, due.provisional) == (at("2026-10-03 03:00"), False)
    assert is_working(AROUND_THE_CLOCK, at("2040-01-01 00:00"))


# Zones


def test_calendar_has_a_zone() -> None:
    instant = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert is_working(week("09:00-10:00"), instant)
    assert not is_working(week("09:00-10:00", zone="Asia/Urumqi"), instant)
    assert is_working(week("07:00-08:00", zone="Asia/Urumqi"), instant)


def test_the_zone_of_the_start_does_not_matter() -> None:
    start = at("2026-03-02 09:00")
    for zone in (UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")):
        assert add_working(OFFICE, start.astimezone(zone), 90) == add_working(OFFICE, start, 90)


def test_times_are_aware() -> None:
    with pytest.raises(CalendarError) as error:
        add_working(OFFICE, datetime(2026, 3, 2, 9, 0), 60)  # noqa: DTZ001 - the naive case
    assert code_of(error) == "calendar.naive"
    assert add_working(OFFICE, at("2026-03-02 09:00"), 60).at.tzinfo is UTC


def test_a_window_on_a_day_of_clock_change_has_its_real_length() -> None:
    berlin = week("00:00-06:00", days=(6,), zone="Europe/Berlin")
    spring = at("2026-03-29 00:00", "Europe/Berlin"), at("2026-03-30 00:00", "Europe/Berlin")
    autumn = at("2026-10-25 00:00", "Europe/Berlin"), at("2026-10-26 00:00", "Europe/Berlin")
    assert working_minutes(berlin, *spring) == 5 * 60
    assert working_minutes(berlin, *autumn) == 7 * 60
    shanghai = week("00:00-24:00", days=(6,))
    assert working_minutes(shanghai, at("1988-04-17 00:00"), at("1988-04-18 00:00")) == 23 * 60


def test_a_window_edge_inside_the_skipped_hour_moves_to_the_jump() -> None:
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    night = at("2026-03-29 00:00", "Europe/Berlin")
    late = week("02:30-04:00", days=(6,), zone="Europe/Berlin")
    early = week("01:00-02:30", days=(6,), zone="Europe/Berlin")
    swallowed = week("02:15-02:45", days=(6,), zone="Europe/Berlin")
    assert next_opening(late, night) == jump
    assert add_working(early, night, 60).at == jump
    assert next_opening(swallowed, night) == at("2026-04-05 02:15", "Europe/Berlin")


def test_a_window_edge_inside_the_repeated_hour_is_its_first_passing() -> None:
    night = at("2026-10-25 00:00", "Europe/Berlin"), at("2026-10-25 12:00", "Europe/Berlin")
    early = week("01:00-02:30", days=(6,), zone="Europe/Berlin")
    late = week("02:30-04:00", days=(6,), zone="Europe/Berlin")
    assert working_minutes(early, *night) == 90
    assert working_minutes(late, *night) == 150


def test_a_date_that_begins_twice_begins_at_its_first_midnight() -> None:
    # St. John's went from Sunday 00:01 back to Saturday 23:01, at 02:31 UTC.
    sunday = week("00:00-24:00", days=(6,), zone="America/St_Johns")
    repeated = at("2010-11-07 02:45", "UTC")
    assert is_working(sunday, repeated)
    assert working_minutes(sunday, at("2010-11-07 02:00", "UTC"), repeated) == 15


def test_midnight_that_does_not_exist_is_the_jump() -> None:
    # Chile moves its clocks from 24:00 to 01:00.
    santiago = week("00:00-24:00", days=tuple(range(7)), zone="America/Santiago")
    start, end = at("2026-09-06 00:30", "UTC"), at("2026-09-08 00:30", "UTC")
    assert working_minutes(santiago, start, end) == 48 * 60


# Pauses


def test_paused_over_a_weekend_counts_working_time_only() -> None:
    pause = (at("2026-03-06 17:00"), at("2026-03-09 09:00"))
    due = add_working(OFFICE, at("2026-03-06 16:30"), 120, [pause]).at
    assert due == at("2026-03-09 10:30")
    assert add_working(OFFICE, at("2026-03-06 16:30"), 120).at == at("2026-03-09 09:30")


def test_a_pause_by_night_gives_nothing() -> None:
    pause = (at("2026-03-02 17:30"), at("2026-03-03 08:30"))
    start = at("2026-03-02 16:30")
    assert add_working(OFFICE, start, 120, [pause]) == add_working(OFFICE, start, 120)


def test_overlapping_pauses_are_taken_out_once_and_their_order_does_not_matter() -> None:
    first = (at("2026-03-02 09:00"), at("2026-03-02 10:00"))
    second = (at("2026-03-02 09:30"), at("2026-03-02 10:30"))
    inner = (at("2026-03-02 09:15"), at("2026-03-02 09:20"))
    start = at("2026-03-02 08:30")
    expected = at("2026-03-02 11:00")
    assert add_working(OFFICE, start, 60, [first, second, inner]).at == expected
    assert add_working(OFFICE, start, 60, [inner, second, first]).at == expected


def test_pauses_before_the_start_and_after_the_due_time_change_nothing() -> None:
    start = at("2026-03-02 09:00")
    before = (at("2026-03-02 08:30"), at("2026-03-02 09:00"))
    after = (at("2026-03-02 10:00"), None)
    assert add_working(OFFICE, start, 60, [before, after]).at == at("2026-03-02 10:00")


def test_an_open_pause_leaves_the_due_time_unknown() -> None:
    with pytest.raises(CalendarError) as error:
        add_working(OFFICE, at("2026-03-02 09:00"), 60, [(at("2026-03-02 09:59:59"), None)])
    assert code_of(error) == "calendar.paused"


def test_a_pause_of_four_years_is_no_endless_walk() -> None:
    pause = (at("2022-03-02 09:30"), at("2026-03-02 09:00"))
    assert add_working(OFFICE, at("2022-03-02 09:00"), 60, [pause]).at == at("2026-03-02 09:30")


def test_a_pause_cannot_end_before_it_starts() -> None:
    with pytest.raises(CalendarError) as error:
        add_working(
            OFFICE, at("2026-03-02 09:00"), 60, [(at("2026-03-03 09:00"), at("2026-03-02 09:00"))]
        )
    assert code_of(error) == "calendar.pause_reversed"


# How it came about


def test_the_steps_tell_how_the_due_time_came_about() -> None:
    pause = (at("2026-02-14 09:00"), at("2026-02-14 17:30"))
    due = explain_due(OFFICE, at("2026-02-13 18:00"), 60, [pause])
    assert (
        due.at
        == at("2026-02-24 09:00")
        == add_working(OFFICE, at("2026-02-13 18:00"), 60, [pause]).at
    )
    told = [(step.day.isoformat(), step.reason, step.name, step.minutes) for step in due.steps]
    spring = "Spring Festival"
    assert told == [
        ("2026-02-13", Reason.AFTER_HOURS, "", 0),
        ("2026-02-14", Reason.MAKEUP, spring, 30),
        *((f"2026-02-{day}", Reason.HOLIDAY, spring, 0) for day in range(15, 24)),
        ("2026-02-24", Reason.WORKDAY, "", 30),
    ]
    makeup = due.steps[1]
    assert makeup.spans == ((at("2026-02-14 08:30"), at("2026-02-14 09:00")),)
    assert makeup.paused == timedelta(hours=7)
    assert makeup.windows == DAY
    assert "2026年" in makeup.source


def test_a_start_at_closing_time_counts_nothing_of_that_day() -> None:
    first = explain_due(OFFICE, at("2026-03-02 17:30"), 60).steps[0]
    assert (first.reason, first.spans) == (Reason.AFTER_HOURS, ())


def test_the_steps_name_weekends_and_days_lost_to_a_pause() -> None:
    pause = (at("2026-03-06 08:00"), at("2026-03-09 09:00"))
    steps = explain_due(OFFICE, at("2026-03-05 17:00"), 60, [pause]).steps
    assert [step.reason for step in steps] == [
        Reason.WORKDAY,
        Reason.PAUSED,
        Reason.CLOSED,
        Reason.CLOSED,
        Reason.WORKDAY,
    ]
    assert [step.paused for step in steps[1:]] == [
        timedelta(hours=7, minutes=30),
        timedelta(0),
        timedelta(0),
        timedelta(minutes=30),
    ]


# What cannot be counted


def test_calendar_without_working_hours_ends_with_an_error() -> None:
    makeup = {date(2026, 1, 10): DayRule(DayKind.MAKEUP)}
    for days in ({}, {date(2026, 1, 1): DayRule(DayKind.HOLIDAY)}, makeup):
        with pytest.raises(CalendarError) as error:
            WorkCalendar("Asia/Shanghai", {}, FAR, days)
        assert code_of(error) == "calendar.no_hours"


def test_a_calendar_with_too_few_hours_ends_with_an_error() -> None:
    once = {date(2026, 3, 2): DayRule(DayKind.SPECIAL, windows=windows("09:00-10:00"))}
    calendar = WorkCalendar("Asia/Shanghai", {}, FAR, once)
    assert add_working(calendar, at("2026-03-01 09:00"), 60).at == at("2026-03-02 10:00")
    with pytest.raises(CalendarError) as error:
        add_working(calendar, at("2026-03-01 09:00"), 61)
    assert code_of(error) == "calendar.too_far"
    with pytest.raises(CalendarError) as error:
        next_opening(calendar, at("2026-03-02 10:00"))
    assert code_of(error) == "calendar.too_far"


@pytest.mark.parametrize("minutes", [0, -1])
def test_a_promise_needs_at_least_one_minute(minutes: int) -> None:
    with pytest.raises(CalendarError) as error:
        add_working(OFFICE, at("2026-03-02 09:00"), minutes)
    assert code_of(error) == "calendar.target"


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("08:00-12:00", "11:59-13:00"), "calendar.windows_overlap"),
        (("08:00-12:00", "08:00-12:00"), "calendar.windows_overlap"),
        (("08:00-08:00",), "calendar.window_reversed"),
        (("08:00-24:01",), "calendar.window_outside_day"),
        (("8-12",), "calendar.window_unreadable"),
        (("08:60-12:00",), "calendar.window_unreadable"),
        (("08:00",), "calendar.window_unreadable"),
        (("-08:00-12:00",), "calendar.window_unreadable"),
    ],
)
def test_windows_that_cannot_be_counted_are_refused(texts: tuple[str, ...], code: str) -> None:
    with pytest.raises(CalendarError) as error:
        week(*texts)
    assert code_of(error) == code


def test_rules_that_contradict_themselves_are_refused() -> None:
    for rule, code in [
        (DayRule(DayKind.HOLIDAY, windows=DAY), "calendar.holiday_with_hours"),
        (DayRule(DayKind.SPECIAL), "calendar.special_without_hours"),
    ]:
        with pytest.raises(CalendarError) as error:
            replace(OFFICE, days={date(2026, 3, 2): rule})
        assert code_of(error) == code
    with pytest.raises(CalendarError) as error:
        WorkCalendar("Asia/Shanghai", {7: DAY}, FAR)
    assert code_of(error) == "calendar.weekday"


@pytest.mark.parametrize("zone", ["Asia/Shanhai", "", "../etc/passwd"])
def test_unknown_zones_are_refused(zone: str) -> None:
    with pytest.raises(CalendarError) as error:
        WorkCalendar(zone, {0: DAY}, FAR)
    assert code_of(error) == "calendar.zone"


def test_instants_at_the_ends_of_time_are_refused() -> None:
    for year in (1, 9999):
        with pytest.raises(CalendarError) as error:
            add_working(OFFICE, datetime(year, 1, 1, tzinfo=UTC), 60)
        assert code_of(error) == "calendar.out_of_range"


# The value


def test_a_calendar_is_a_value() -> None:
    weekly = {0: DAY}
    calendar = WorkCalendar("Asia/Shanghai", weekly, FAR)
    twin = WorkCalendar("Asia/Shanghai", {0: DAY}, FAR)
    weekly[1] = DAY
    add_working(calendar, at("2026-03-02 09:00"), 60)
    assert calendar == twin
    assert hash(calendar) == hash(twin)
    assert calendar.windows_on(date(2026, 3, 3)) == ()
    assert pickle.loads(pickle.dumps(calendar)) == twin
    error = pickle.loads(pickle.dumps(CalendarError("x", "%(a)s", {"a": 1})))
    assert (error.code, str(error)) == ("x", "1")


def test_a_window_prints_as_it_is_read() -> None:
    assert [str(window) for window in windows("08:30-12:00", "13:30-24:00")] == [
        "08:30-12:00",
        "13:30-24:00",
    ]
    assert Window.parse(" 8:05 - 9:00 ") == Window(485, 540)
