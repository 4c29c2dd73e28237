"""The pure rules of parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parts import rules


@dataclass
class Price:
    from_on: date
    cents: int


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" lf 100 ", "LF100"),
        ("ｌｆ－１００", "LF-100"),
        ("lf—100", "LF-100"),
        ("LF　100\t", "LF100"),
        ("电机－72v", "电机-72V"),
    ],
)
def test_a_number_is_folded_whatever_the_spelling(written: str, kept: str) -> None:
    assert rules.fold(written) == kept
    assert rules.is_same(written, kept)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert rules.fold(rules.fold(text)) == rules.fold(text)


@pytest.mark.parametrize("text", ["", "ĸ", "A\u0301\u0327", "A\u200bB", "\x07", "\ud800"])
def test_what_nobody_can_type_is_no_number(text: str) -> None:
    assert not rules.is_plain(rules.fold(text))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), max_size=30))
def test_a_plain_number_is_upper_case_without_blanks(text: str) -> None:
    number = rules.fold(text)
    if rules.is_plain(number):
        assert not any(mark.islower() or mark.isspace() for mark in number)


def test_nothing_is_not_the_same_as_nothing() -> None:
    assert not rules.is_same("", "　")


def test_the_newest_price_that_has_begun_counts() -> None:
    prices = [Price(date(2026, 3, 1), 300), Price(date(2026, 1, 1), 100)]
    assert rules.price_on(prices, date(2025, 12, 31)) is None
    assert rules.price_on(prices, date(2026, 1, 1)) == 100
    assert rules.price_on(prices, date(2026, 2, 28)) == 100
    assert rules.price_on(prices, date(2026, 3, 1)) == 300


def test_more_pieces_than_the_machine_has_are_too_many() -> None:
    assert rules.is_too_many(Decimal(3), Decimal(2))
    assert not rules.is_too_many(Decimal(2), Decimal(2))
    assert not rules.is_too_many(Decimal(99), None)


def test_a_part_that_the_factory_gave_is_paid_with_nothing() -> None:
    assert rules.part_cents(1999, Decimal("1.5")) == 2999
    assert rules.part_cents(1999, Decimal("1.5"), is_factory_supplied=True) == 0


@given(
    st.integers(1, 10**6),
    st.integers(0, 10**10),
    st.lists(st.integers(1, 50), min_size=1, max_size=20),
)
def test_what_leaves_bit_by_bit_takes_the_whole_value_and_never_more(
    held: int, cents: int, bits: list[int]
) -> None:
    pieces, worth = Decimal(held), cents
    for bit in [*bits, held]:
        leaving = min(Decimal(bit), pieces)
        if not pieces:
            break
        share = rules.value_leaving(pieces, worth, leaving)
        assert 0 <= share <= worth
        pieces, worth = pieces - leaving, worth - share
    assert not pieces and worth == 0


def test_an_operation_takes_the_time_of_the_model_then_that_of_every_other() -> None:
    assert rules.minutes_on(60, [], 7) == 60
    assert rules.minutes_on(60, [(7, 90)], 7) == 90
    assert rules.minutes_on(60, [(7, 90)], 8) is None
    assert rules.minutes_on(60, [(7, 90), (None, 50)], 8) == 50


def test_an_entry_is_due_again_after_the_agreed_days() -> None:
    today = date(2026, 11, 22)
    assert rules.is_confirmation_due(None, today, 92)
    assert not rules.is_confirmation_due(date(2026, 8, 22), today, 92)
    assert rules.is_confirmation_due(date(2026, 8, 21), today, 92)
