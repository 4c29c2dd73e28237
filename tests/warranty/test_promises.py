"""Promises on top of the law, as data: they add, never take away, and only when confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.warranty.examples import CALENDAR, a_case
from warranty.remedies import Entitlement, Option, assess
from warranty.remedies.promises import Promise, Stage
from warranty.remedies_words import sentence

ANY = frozenset({Option.REPAIR_FREE, Option.REPLACE_UNIT, Option.RETURN_FULL})
# The usual form for furniture, here for a combine: 90 days any remedy, 180 repair or exchange.
PROMISE = Promise(
    code="new-for-old",
    clause="售后服务承诺 §3",
    product_classes=frozenset({"combine_harvester"}),
    stages=(
        Stage(90, ANY),
        Stage(180, ANY - {Option.RETURN_FULL}),
        Stage(1_000, frozenset({Option.REPAIR_FREE})),
        Stage(1_000, ANY, repairs=1),
    ),
    since=date(2025, 1, 1),
    confirmed_by="王经理",
)


def asked(promise: Promise = PROMISE, name: str = "W01", on: str = "", **facts: Any) -> Entitlement:
    changed = dict(facts)
    case = a_case(name, **changed).case
    if on:
        day = date.fromisoformat(on)
        moved = tuple(replace(each, on=day) for each in case.events)
        case = replace(case, events=moved, ask_date=day)
    return assess(case, calendar=CALENDAR, kept=[promise])


@pytest.mark.parametrize(
    ("on", "options"),
    [
        ("2025-08-18", ANY),  # day 90 after the sale of 2025-05-20
        ("2025-08-19", ANY - {Option.RETURN_FULL}),
        ("2025-11-17", ANY - {Option.RETURN_FULL}),  # day 181, after a Sunday
        ("2025-11-18", {Option.REPAIR_FREE}),
    ],
)
def test_each_stage_gives_its_options_until_its_last_day(on: str, options: set[Option]) -> None:
    assert asked(on=on).options == options


def test_what_the_promise_adds_is_named_with_its_clause() -> None:
    answer = asked(on="2025-08-18", price=128000)
    assert "售后服务承诺 §3" in answer.articles
    assert answer.amounts["refund"] == 128000
    assert "new-for-old" in sentence(answer.reasons[-1])
    assert answer.reasons[-1].code == "T1"


def test_a_promised_free_repair_takes_the_place_of_the_paid_one() -> None:
    answer = asked(name="W02")
    assert answer.options == {Option.REPAIR_FREE}
    assert answer.payer.liable_to_user == "seller"
    assert not answer.payer.user_pays


def test_a_promise_counts_repairs_of_the_problem() -> None:
    assert asked(name="W13").options == ANY


@pytest.mark.parametrize(
    "changed",
    [
        {"confirmed_by": ""},
        {"since": date(2025, 5, 21)},
        {"until": date(2025, 5, 20)},
        {"product_classes": frozenset({"diesel_single"})},
    ],
)
def test_a_promise_unconfirmed_or_for_other_sales_stays_off(changed: dict[str, Any]) -> None:
    case = a_case("W02").case
    answer = assess(case, calendar=CALENDAR, kept=[replace(PROMISE, **changed)])
    assert answer == assess(case, calendar=CALENDAR)


@pytest.mark.parametrize("name", ["W21", "W27"])
def test_a_promise_cures_no_exclusion_and_no_missing_proof(name: str) -> None:
    case = a_case(name).case
    promise = replace(PROMISE, product_classes=frozenset({case.product_class}))
    assert assess(case, calendar=CALENDAR, kept=[promise]).options == {Option.REPAIR_PAID}


def test_a_promise_takes_nothing_away() -> None:
    for name in ("W11", "W12", "W17", "W18", "W25"):
        case = a_case(name).case
        promise = replace(PROMISE, product_classes=frozenset({case.product_class}))
        plain = assess(case, calendar=CALENDAR)
        assert plain.options <= assess(case, calendar=CALENDAR, kept=[promise]).options
