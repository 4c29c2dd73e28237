"""Cents are conserved: tried on amounts made at random; SANBAO_PROVE=1 tries 10,000 of each."""

from __future__ import annotations

import os
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import money
from core.money import BadAmount, NoShares, TooFine, TooLarge
from ledger import rules
from ledger.rules import Row

PROVE = os.environ.get("SANBAO_PROVE") == "1"
often = settings(
    max_examples=10_000 if PROVE else 200, derandomize=not PROVE, deadline=None, database=None
)
amounts = st.integers(-money.MOST_CENTS, money.MOST_CENTS)
shares = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)
rows = st.lists(
    st.builds(
        Row,
        account=st.integers(1, 4),
        cents=st.integers(-(10**9), 10**9).filter(bool),
        currency=st.sampled_from(["CNY", "USD"]),
        item=st.sampled_from(["", "FP-1"]),
    ),
    max_size=8,
)


@often
@given(amounts, shares)
def test_shares_sum_exactly_and_none_is_off_by_a_cent(amount: int, weights: list[int]) -> None:
    parts = money.split(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount * weight, sum(weights))) < 1
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@often
@given(amounts, shares)
def test_a_taken_back_amount_is_split_the_same_way(amount: int, weights: list[int]) -> None:
    assert money.split(-amount, weights) == [-part for part in money.split(amount, weights)]


@often
@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=4))
def test_a_line_is_rounded_half_up(amount: Decimal) -> None:
    whole = money.cents(amount)
    assert abs(whole - amount * 100) <= Decimal("0.5")
    assert Decimal(whole) == (amount * 100).quantize(Decimal(1), ROUND_HALF_UP)


@often
@given(amounts)
def test_cents_and_yuan_are_the_same_and_zero_has_no_sign(amount: int) -> None:
    assert money.cents(money.yuan(amount)) == amount
    assert not (money.yuan(amount) == 0 and money.yuan(amount).is_signed())


@often
@given(amounts)
def test_what_is_shown_can_be_typed_again(amount: int) -> None:
    assert money.parse_amount(f"{money.yuan(amount):,.2f}") == amount
    full_width = f"{money.yuan(amount):,.2f}".translate(
        {ord(plain): ord(plain) + 0xFEE0 for plain in "0123456789.,-"}
    )
    assert money.parse_amount(full_width) == amount


@often
@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_has_a_sentence(text: str) -> None:
    try:
        assert isinstance(money.parse_amount(text), int)
    except BadAmount as error:
        assert str(error)


@often
@given(rows)
def test_the_opposite_takes_back_all_and_is_its_own_opposite(lines: list[Row]) -> None:
    back = rules.opposite(lines)
    assert rules.is_balanced([*lines, *back])
    assert rules.opposite(back) == lines


@often
@given(rows, rows)
def test_the_digest_tells_entries_apart(one: list[Row], other: list[Row]) -> None:
    day = date(2026, 11, 22)
    assert (rules.digest(day, one) == rules.digest(day, other)) == (one == other)
    assert rules.digest(day, one) != rules.digest(date(2026, 11, 23), one)
    assert rules.digest(day, one) != rules.digest(day, one, reverses=1)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1,234.50", 123_450),
        ("１，２３４．５", 123_450),
        ("￥12", 1_200),
        ("¥ 12.3", 1_230),
        ("12元", 1_200),
        ("-3", -300),
        ("−3.05", -305),
        (".5", 50),
        ("7.", 700),
        ("+8", 800),
        ("-0", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, cents: int) -> None:
    assert money.parse_amount(typed) == cents


@pytest.mark.parametrize("typed", ["", " ", "-", ".", "abc", "1,23", "1.2.3", "1e5", "--1", "½"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount, match=r"Write it like 1,234\.50"):
        money.parse_amount(typed)


def test_three_decimals_and_slips_of_the_keyboard_have_their_sentence() -> None:
    with pytest.raises(TooFine, match="two decimals"):
        money.parse_amount("1.005")
    with pytest.raises(TooFine):
        money.parse_amount("1.500")
    with pytest.raises(TooLarge):
        money.parse_amount("9" * 40)
    with pytest.raises(TooLarge):
        money.cents(10**12)
    for weights in ([], [0, 0], [3, -1]):
        with pytest.raises(NoShares):
            money.split(100, weights)


def test_the_odd_cents_go_to_the_largest_remainders() -> None:
    assert money.split(100, [1, 1, 1]) == [34, 33, 33]
    assert money.split(10_000, [50, 30, 20]) == [5_000, 3_000, 2_000]
    assert money.split(5, [1, 3]) == [1, 4]
