"""Pure rules: the next chance, the due day, tags in any spelling, shares to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from warranty.rules.oldparts import (
    Chance,
    ChanceKind,
    TruckDay,
    WindowDays,
    due_day,
    gate_of,
    lots,
    may_go_by,
    next_chance,
    piece_share,
    read_tag,
    read_tags,
)

JUNE = WindowDays("June", date(2026, 6, 1), date(2026, 6, 30))
DECEMBER = WindowDays("December", date(2026, 12, 1), date(2026, 12, 31))


def truck(day: date) -> TruckDay:
    return TruckDay("TR-1", "鲁N12345", day)


@pytest.mark.parametrize(
    ("today", "windows", "trucks", "kind", "on"),
    [
        (date(2026, 6, 1), [JUNE, DECEMBER], [], "open", date(2026, 6, 1)),
        (date(2026, 6, 30), [JUNE, DECEMBER], [], "open", date(2026, 6, 30)),
        (date(2026, 7, 1), [JUNE, DECEMBER], [], "window", date(2026, 12, 1)),
        (date(2026, 7, 1), [DECEMBER], [truck(date(2026, 7, 9))], "truck", date(2026, 7, 9)),
        (date(2026, 7, 1), [DECEMBER], [truck(date(2026, 6, 9))], "window", date(2026, 12, 1)),
        (date(2026, 6, 2), [JUNE], [truck(date(2026, 6, 2))], "open", date(2026, 6, 2)),
        (date(2026, 7, 1), [DECEMBER], [truck(date(2026, 12, 1))], "truck", date(2026, 12, 1)),
        (date(2027, 1, 1), [JUNE, DECEMBER], [], "none", None),
    ],
)
def test_the_next_chance_is_an_open_window_or_what_comes_first(
    today: date, windows: list[WindowDays], trucks: list[TruckDay], kind: str, on: date | None
) -> None:
    chance = next_chance(today, windows, trucks)
    assert (chance.kind, chance.on) == (kind, on)


def test_without_window_and_truck_there_is_no_chance() -> None:
    assert next_chance(date(2026, 7, 1), []) == Chance(ChanceKind.NONE)


@pytest.mark.parametrize(
    ("made", "due"),
    [
        (date(2026, 5, 1), date(2026, 6, 30)),
        # Two weeks before the close is just in reach, a day later the next window counts.
        (date(2026, 6, 16), date(2026, 6, 30)),
        (date(2026, 6, 17), date(2026, 12, 31)),
        (date(2026, 12, 20), date(2027, 3, 20)),
    ],
)
def test_a_piece_is_due_at_the_close_of_the_next_window_in_reach_or_in_ninety_days(
    made: date, due: date
) -> None:
    closes = [DECEMBER.closes_on, JUNE.closes_on]
    assert due_day(made, closes, lead_days=14, days=90) == due


def test_pieces_are_tagged_one_by_one_and_goods_by_measure_as_one_lot() -> None:
    assert lots(Decimal("3.00"), "piece") == [Decimal(1)] * 3
    assert lots(Decimal("2.5"), "litre") == [Decimal("2.5")]
    assert lots(Decimal("2.5"), "piece") == [Decimal("2.5")]
    assert lots(Decimal(400), "piece") == [Decimal(400)]


def test_the_dealers_grade_says_the_gate_before_the_part() -> None:
    assert gate_of("before_payable", "") == "before_payable"
    assert gate_of("before_payable", "deduct") == "deduct"


@pytest.mark.parametrize("cents", [0, 1, 100, 9_999, 1_000_001])
@pytest.mark.parametrize("pieces", [1, 2, 3, 7])
def test_the_shares_of_all_pieces_add_up_to_the_line(cents: int, pieces: int) -> None:
    shares = [piece_share(cents, place, pieces) for place in range(1, pieces + 1)]
    assert sum(shares) == cents
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    "typed",
    [
        "OP-20261122-0007",
        " op-20261122-0007\n",
        "ＯＰ－２０２６１１２２－０００７",
        "OP202611220007",
        "https://sanbao.example/warranty/old-parts/OP-20261122-0007/",
        "OP—20261122—0007",
    ],
)
def test_a_tag_is_read_in_any_spelling_and_from_its_code(typed: str) -> None:
    assert read_tag(typed) == "OP-20261122-0007"


@pytest.mark.parametrize("typed", ["", "RS-20261122-0007", "OP-2026-7", "钢板", "T-20261122-0007"])
def test_what_is_no_tag_reads_as_none(typed: str) -> None:
    assert read_tag(typed) == ""


def test_many_tags_are_read_once_each_in_their_order() -> None:
    typed = "OP-20261122-0002，op-20261122-0001\nOP-20261122-0002; 无"
    assert read_tags(typed) == ["OP-20261122-0002", "OP-20261122-0001"]


def test_a_truck_that_passed_last_week_may_still_be_written_down() -> None:
    assert may_go_by(date(2026, 6, 8), date(2026, 6, 1))
    assert not may_go_by(date(2026, 6, 9), date(2026, 6, 1))
