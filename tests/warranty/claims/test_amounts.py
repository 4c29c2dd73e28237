"""What lines are worth: worked by hand, then for any figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warranty.rules import amounts
from warranty.rules.amounts import Shares, SharesNotWhole, shared

often = settings(max_examples=100, derandomize=True, deadline=None, database=None)
cents = st.integers(0, 10**9)
percents = st.decimals(0, 100, places=2)


def test_a_part_is_paid_at_the_contract_price_with_its_mark_up() -> None:
    paid = amounts.part(price_cents=45_600, quantity=Decimal("2"), markup_percent=Decimal("10.00"))
    assert (paid.cents, paid.unit_cents) == (100_320, 50_160)


def test_a_line_is_rounded_once_and_half_up() -> None:
    # 3 × 1.005 × 1.10 = 3.3165: rounded piece by piece it would be 3.33.
    paid = amounts.part(
        price_cents=101, quantity=Decimal("0.5"), markup_percent=Decimal(0), percent=Decimal(100)
    )
    assert paid.cents == 51
    paid = amounts.part(price_cents=111, quantity=Decimal(3), markup_percent=Decimal(5))
    assert (paid.unit_cents, paid.cents) == (117, 350)


def test_a_part_of_the_factory_is_not_paid_and_half_covered_is_half_paid() -> None:
    figures: dict[str, Any] = {
        "price_cents": 1_000,
        "quantity": Decimal(1),
        "markup_percent": Decimal(0),
    }
    assert amounts.part(**figures, is_factory_supplied=True).cents == 0
    assert amounts.part(**figures, percent=Decimal(50)).cents == 500


@pytest.mark.parametrize(
    ("minutes", "standard", "paid"),
    [(60, 90, 6_000), (120, 90, 9_000), (90, None, 0), (1, 90, 100)],
)
def test_labour_is_paid_up_to_the_standard_time(
    minutes: int, standard: int | None, paid: int
) -> None:
    found = amounts.labour(minutes=minutes, standard_minutes=standard, rate_cents=6_000)
    assert found.cents == paid


def test_an_operation_that_another_holds_is_not_paid_twice() -> None:
    found = amounts.labour(minutes=60, standard_minutes=90, rate_cents=6_000, is_included=True)
    assert found.cents == 0
    assert found.figures["included"] == "1"


def test_travel_is_paid_up_to_the_map_and_its_tolerance() -> None:
    trip: dict[str, Any] = {"tolerance_percent": Decimal(10), "rate_cents": 150}
    assert amounts.travel(claimed_km=Decimal(50), map_km=Decimal(60), **trip).cents == 7_500
    assert amounts.travel(claimed_km=Decimal(100), map_km=Decimal(60), **trip).cents == 9_900
    assert amounts.travel(claimed_km=Decimal(100), map_km=None, **trip).cents == 15_000


def test_a_trip_is_paid_once_however_its_jobs_turn_up() -> None:
    trip: dict[str, Any] = {
        "claimed_km": Decimal("66.7"),
        "map_km": None,
        "tolerance_percent": Decimal(0),
        "rate_cents": 150,
    }
    thirds = [amounts.travel(**trip, jobs=3, place=place).cents for place in range(3)]
    assert sum(thirds) == 10_005
    assert max(thirds) - min(thirds) <= 1
    alone = amounts.travel(**trip).cents
    later = amounts.travel(**trip, jobs=2, place=1, paid_to_others_cents=alone).cents
    assert later == 0


@often
@given(
    price=cents,
    quantity=st.decimals("0.01", 1_000, places=2),
    markup=st.decimals(0, 300, places=2),
    percent=percents,
)
def test_a_smaller_share_never_pays_more_and_stays_within_half_a_cent(
    price: int, quantity: Decimal, markup: Decimal, percent: Decimal
) -> None:
    paid = amounts.part(
        price_cents=price, quantity=quantity, markup_percent=markup, percent=percent
    ).cents
    whole = amounts.part(price_cents=price, quantity=quantity, markup_percent=markup).cents
    exact = price * quantity * (100 + markup) * percent / 10_000
    assert 0 <= paid <= whole
    assert abs(paid - exact) <= Decimal("0.5")


@often
@given(
    minutes=st.integers(1, 10_000),
    standard=st.integers(1, 10_000),
    rate=st.integers(0, 10**6),
    percent=percents,
)
def test_labour_never_exceeds_time_worked_or_standard(
    minutes: int, standard: int, rate: int, percent: Decimal
) -> None:
    paid = amounts.labour(
        minutes=minutes, standard_minutes=standard, rate_cents=rate, percent=percent
    ).cents
    most = Decimal(min(minutes, standard)) * rate / 60
    assert 0 <= paid <= most + Decimal("0.5")


@often
@given(
    km=st.decimals(0, 3_000, places=1),
    map_km=st.none() | st.decimals(0, 3_000, places=1),
    tolerance=percents,
    rate=st.integers(0, 10_000),
    jobs=st.integers(1, 9),
)
def test_the_jobs_of_a_trip_add_up_to_the_trip(
    km: Decimal, map_km: Decimal | None, tolerance: Decimal, rate: int, jobs: int
) -> None:
    trip: dict[str, Any] = {
        "claimed_km": km,
        "map_km": map_km,
        "tolerance_percent": tolerance,
        "rate_cents": rate,
    }
    whole = amounts.travel(**trip).cents
    cut = [amounts.travel(**trip, jobs=jobs, place=n).cents for n in range(jobs)]
    assert sum(cut) == whole
    # In whatever order they are filed, each knowing only what was paid before.
    paid = 0
    for known in range(1, jobs + 1):
        paid += amounts.travel(**trip, jobs=known, place=known - 1, paid_to_others_cents=paid).cents
    assert paid <= whole


@often
@given(amount=cents, one=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_shares_make_the_whole(amount: int, one: int, other: int) -> None:
    factory, dealer = Decimal(one) / 100, Decimal(min(other, 10_000 - one)) / 100
    shares = Shares(factory, dealer, 100 - factory - dealer)
    assert sum(shared(amount, shares)) == amount


@pytest.mark.parametrize("parts", [("50", "50", "1"), ("101", "-1", "0"), ("0", "0", "0")])
def test_shares_that_are_no_whole_are_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(SharesNotWhole):
        Shares(*(Decimal(part) for part in parts))
