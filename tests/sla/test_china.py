"""China's announced days against an independent library."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from sla.calendar import DayKind
from sla.china import KNOWN_THROUGH, NOTICES, china_days, office_calendar

YEARS = (2024, 2025, 2026)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_the_year_works_as_the_independent_library_says(year: int) -> None:
    calendar = office_calendar()
    day = date(year, 1, 1)
    differing = []
    while day.year == year:
        if bool(calendar.windows_on(day)) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_make_up_days_and_holidays_are_named_one_by_one(year: int) -> None:
    rules = china_days(year)
    makeup = {day for day, rule in rules.items() if rule.kind == DayKind.MAKEUP}
    holidays = {day for day, rule in rules.items() if rule.kind == DayKind.HOLIDAY}
    constants = chinese_calendar.constants
    assert makeup == {day for day in constants.workdays if day.year == year}
    assert holidays == {day for day in constants.holidays if day.year == year}


def test_make_up_days_fall_on_weekends_and_carry_the_monday_hours() -> None:
    calendar = office_calendar()
    makeup = [day for day, rule in china_days().items() if rule.kind == DayKind.MAKEUP]
    assert len(makeup) == 8 + 5 + 6
    for day in makeup:
        assert day.weekday() >= 5
        assert calendar.windows_on(day) == calendar.weekly[0]


def test_each_day_names_its_notice() -> None:
    for day, rule in china_days().items():
        assert rule.name
        assert f"关于{day.year}年部分节假日安排的通知" in rule.source
        assert NOTICES[day.year].number in rule.source


def test_each_notice_was_issued_before_its_year_and_no_day_has_two_rules() -> None:
    for year, notice in NOTICES.items():
        assert notice.year == year
        assert notice.issued_on.year == year - 1
        assert f"〔{year - 1}〕" in notice.number
        spans = sum((f.last - f.first).days + 1 + len(f.makeup) for f in notice.festivals)
        assert spans == len(china_days(year))


def test_the_known_days_end_with_the_last_notice() -> None:
    assert date(max(NOTICES), 12, 31) == KNOWN_THROUGH
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(KNOWN_THROUGH + timedelta(days=1))
