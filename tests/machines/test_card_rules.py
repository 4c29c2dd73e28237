"""Pure rules of cards and coverage: days, steps, limits, and which row decides."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machines.card_filters import month_of
from machines.card_forms import read_tiers, write_tiers
from machines.card_rules import (
    add_months,
    days_late,
    due_day,
    judge,
    last_days,
    tier_at,
    wrong_tiers,
)
from machines.services import TermRow

STARTS = date(2025, 3, 1)
HUNDRED = Decimal(100)


@dataclass
class Row:
    """A coverage as the rules see it."""

    pk: int = 1
    layer: str = "whole"
    component: str = ""
    starts_on: date = STARTS
    ends_on: date = date(2026, 3, 1)
    labour_ends_on: date | None = None
    travel_ends_on: date | None = None
    use_limit: int | None = None
    parts_percent: Decimal = HUNDRED
    labour_percent: Decimal = HUNDRED
    travel_percent: Decimal = HUNDRED
    legal_ends_on: date | None = None
    legal_use_limit: int | None = None
    tiers: list[dict[str, Any]] = field(default_factory=list)


@given(sold=st.dates(date(2000, 1, 1), date(2090, 1, 1)), late=st.integers(-30, 400))
def test_a_card_is_late_from_the_day_after_the_last_day_in_time(sold: date, late: int) -> None:
    due = due_day(sold, 20)
    assert (due - sold).days == 20
    assert days_late(due + timedelta(days=late), due) == max(0, late)


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(0, 600))
def test_months_end_on_the_same_day_or_the_months_last(day: date, months: int) -> None:
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end + timedelta(days=1)).day == 1 and end.day < day.day


def test_a_promise_is_never_below_the_floor_that_stands_beside_it() -> None:
    @dataclass
    class Term:
        months: int = 6
        labour_months: int | None = 3
        travel_months: int | None = None
        legal_months: int | None = 12

    days = last_days(Term(), date(2024, 2, 29))
    assert days.ends_on == days.legal_ends_on == date(2025, 2, 28)
    assert (days.labour_ends_on, days.travel_ends_on) == (date(2024, 5, 29), None)


@pytest.mark.parametrize(
    ("on", "reading", "row", "covered", "why"),
    [
        (STARTS, None, Row(), True, "covered"),
        (date(2026, 3, 1), None, Row(), True, "covered"),
        (date(2026, 3, 2), None, Row(), False, "ended"),
        (date(2025, 2, 28), None, Row(), False, "not_started"),
        (STARTS, 3000, Row(use_limit=3000), True, "covered"),
        (STARTS, 3001, Row(use_limit=3000), False, "over_use"),
        (STARTS, None, Row(use_limit=3000), False, "no_reading"),
        (
            STARTS,
            3001,
            Row(use_limit=3000, legal_ends_on=date(2026, 1, 1)),
            True,
            "legal_floor",
        ),
        (
            date(2026, 2, 1),
            3001,
            Row(use_limit=3000, legal_ends_on=date(2026, 1, 1)),
            False,
            "over_use",
        ),
        (
            STARTS,
            70_000,
            Row(use_limit=50_000, legal_ends_on=date(2028, 1, 1), legal_use_limit=60_000),
            False,
            "over_use",
        ),
        (
            STARTS,
            60_000,
            Row(use_limit=50_000, legal_ends_on=date(2028, 1, 1), legal_use_limit=60_000),
            True,
            "legal_floor",
        ),
    ],
)
def test_the_day_and_the_meter_decide(
    on: date, reading: int | None, row: Row, covered: bool, why: str
) -> None:
    found = judge([row], "whole", "", on, reading)
    assert (found.is_covered, found.why) == (covered, why)
    assert found.sentence
    assert found.parts_percent == (HUNDRED if covered else 0)


def test_without_a_row_a_part_follows_its_layer_and_a_layer_the_machine() -> None:
    whole, main = Row(1), Row(2, "main", ends_on=date(2027, 3, 1))
    engine = Row(3, "main", "发动机", ends_on=date(2028, 3, 1))
    rows = [whole, main, engine]
    on = date(2026, 6, 1)
    assert judge(rows, "main", " 发动机 ", on, None).coverage_id == 3
    assert judge(rows, "main", "变速箱", on, None).coverage_id == 2
    assert judge(rows, "wear", "皮带", on, None).why == "ended"
    assert judge([], "wear", "皮带", on, None).why == "no_coverage"


def test_the_best_of_several_rows_of_a_component_decides() -> None:
    old = Row(1, "main", "电池", ends_on=date(2025, 6, 1))
    new = Row(2, "main", "电池", starts_on=date(2025, 5, 1), ends_on=date(2026, 5, 1))
    assert judge([old, new], "main", "电池", date(2026, 1, 1), None).coverage_id == 2
    assert judge([new, old], "main", "电池", date(2025, 4, 1), None).coverage_id == 1


def test_labour_may_end_before_parts_and_steps_say_what_is_given() -> None:
    row = Row(
        labour_ends_on=date(2025, 9, 1),
        tiers=[
            {"until_month": 6, "answer": "换新"},
            {"until_month": 12, "answer": "维修", "parts_percent": 50},
        ],
    )
    first = judge([row], "whole", "", date(2025, 9, 1), None)
    assert (first.answer, first.parts_percent, first.labour_percent) == ("换新", HUNDRED, HUNDRED)
    later = judge([row], "whole", "", date(2025, 9, 2), None)
    assert later.answer == "维修"
    assert (later.parts_percent, later.labour_percent) == (Decimal(50), Decimal(0))
    assert tier_at(row.tiers, STARTS, date(2030, 1, 1)) == {}


def test_steps_are_read_as_they_are_written() -> None:
    tiers = read_tiers("6个月 换新；９：周转;12 维修")
    assert tiers == [
        {"until_month": 6, "answer": "换新"},
        {"until_month": 9, "answer": "周转"},
        {"until_month": 12, "answer": "维修"},
    ]
    assert read_tiers(write_tiers(tiers)) == tiers
    assert not wrong_tiers(tiers)
    assert wrong_tiers(tiers[::-1]) and wrong_tiers("x") and wrong_tiers([{"until_month": 3}])


def test_a_month_is_read_in_both_ways() -> None:
    assert month_of("2026-02") == month_of("２０２６年2月") == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_of("2026-13") is month_of("soon") is month_of("0000-01") is None


def test_a_row_promises_everything_unless_it_says_otherwise() -> None:
    assert TermRow("whole", 12).parts_percent == HUNDRED
