"""Every worked example comes out as stated; every rule speaks in at least one of them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.warranty.examples import CALENDAR, EVERY, GIVEN, OURS, a_case, case_data, loaded, told
from warranty.remedies import Option, assess, register
from warranty.remedies.compare import differences
from warranty.remedies.days import official
from warranty.remedies.laws import BOOKS
from warranty.remedies.reading import Told
from warranty.remedies.register import ROWS
from warranty.remedies_words import REASONS, sentence

ENGINE = Path(register.__file__).parent


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.case.id)
def test_an_example_comes_out_as_stated(each: Told) -> None:
    assert differences(each.expected, assess(each.case, calendar=CALENDAR)) == []
    assert each.unread == ()


def test_the_file_of_the_domain_paper_is_whole() -> None:
    assert [each.case.id for each in told(GIVEN)] == [f"W{n:02}" for n in range(1, 39)]
    assert set(loaded(GIVEN)["regulations"]) <= set(register.LAWS)
    assert set(loaded(GIVEN)["option_codes"]) == set(Option)


def test_each_rule_speaks_in_at_least_one_example() -> None:
    seen = {
        reason.code
        for each in EVERY
        for reason in assess(each.case, calendar=CALENDAR).reasons
        if reason.holds
    }
    # T1 is a tenant's promise: its tests stand in test_promises.py.
    assert set(ROWS) - seen == {"T1"}


def test_each_row_is_tried_by_its_law() -> None:
    tried = {
        row
        for each in EVERY
        for row in (tested.row for tested in assess(each.case, calendar=CALENDAR).trace)
    }
    # What is done after the rules, to options that are due.
    assert set(ROWS) - tried == {"R10", "G7", "T1"}


def test_every_law_has_a_book() -> None:
    assert set(BOOKS) == set(register.LAWS)


def _codes_of_misses() -> set[str]:
    """All `misses("code")` of the rules, by the row of their function."""
    found = set()
    for path in ENGINE.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            rows = [_argument(each) for each in function.decorator_list if _is_call(each, "row")]
            for call in ast.walk(function):
                if rows and _is_call(call, "misses"):
                    found.add(f"{rows[0]}.{_argument(call)}")
    return found


def _is_call(node: Any, name: str) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == name


def _argument(call: Any) -> str:
    return str(call.args[0].value)


def test_every_code_has_its_sentence_in_both_languages() -> None:
    assert set(ROWS) <= set(REASONS)
    misses = _codes_of_misses()
    assert len(misses) > 8
    assert misses <= set(REASONS)
    for code, text in REASONS.items():
        with translation.override("en"):
            english = str(text)
        with translation.override("zh-hans"):
            chinese = str(text)
        assert english != chinese, code
        for name in ("end", "days", "repairs", "km", "replaced", "start"):
            assert (f"%({name})s" in english) == (f"%({name})s" in chinese), code


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_of_every_example_can_be_said(language: str) -> None:
    with translation.override(language):
        for each in EVERY:
            answer = assess(each.case, calendar=CALENDAR)
            for reason in (*answer.reasons, *answer.warnings):
                said = sentence(reason)
                assert said and "%" not in said and "None" not in said, reason


def test_every_answer_cites_articles_and_explains_each_option() -> None:
    for each in EVERY:
        answer = assess(each.case, calendar=CALENDAR)
        explained = frozenset().union(*(reason.options for reason in answer.reasons))
        assert answer.options <= explained, each.case.id
        assert answer.articles, each.case.id


def test_a_date_in_a_year_without_notice_is_provisional() -> None:
    answer = assess(a_case("W23").case, calendar=CALENDAR)
    assert "expiry" in answer.provisional
    assert not answer.is_certain
    assert assess(a_case("W02").case, calendar=CALENDAR).provisional == frozenset()


def test_loading_the_next_year_moves_the_end_off_a_saturday() -> None:
    case = a_case("W03").case
    unloaded = assess(case, calendar=official(2025))
    assert unloaded.dates["expiry"].isoformat() == "2026-05-31"
    assert "expiry" in unloaded.provisional
    assert unloaded.options == {Option.REPAIR_PAID}
    assert assess(case, calendar=CALENDAR).dates["expiry"].isoformat() == "2026-06-01"


def test_facts_of_a_later_day_are_not_known_yet() -> None:
    case = a_case("W18", ask_date="2025-09-18").case
    assert assess(case, calendar=CALENDAR).options == {Option.REPAIR_FREE, Option.REPLACE_PART}


def test_power_decides_the_class_of_a_tractor() -> None:
    small = a_case("W05", power_kw=17.9).case
    assert assess(small, calendar=CALENDAR).options == {Option.REPAIR_PAID}
    large = a_case("W06", power_kw=18).case
    assert assess(large, calendar=CALENDAR).options == {Option.REPAIR_FREE}


def test_a_certificate_that_promises_more_binds_and_one_that_promises_less_does_not() -> None:
    more = a_case("W02", terms={"whole_months": 18}).case
    assert assess(more, calendar=CALENDAR).options == {Option.REPAIR_FREE}
    less = a_case("W01", terms={"whole_months": 3}).case
    assert assess(less, calendar=CALENDAR).options == {Option.REPAIR_FREE}


@pytest.mark.parametrize(
    ("name", "ask_date", "drop", "warning"),
    [
        ("W13", "2025-09-18", 0, "warn.severe_once"),
        ("W10", "2026-03-03", 0, "warn.long_stay"),
        ("W14", "2026-05-26", 3, "warn.season"),
        ("W31", "2025-07-10", 2, "warn.repair_days"),
        ("W30", "2025-11-11", 4, "warn.same_problem"),
        ("W35", "2025-07-07", 2, "warn.goods_once"),
    ],
)
def test_a_warning_comes_one_step_before(name: str, ask_date: str, drop: int, warning: str) -> None:
    events = case_data(name)["events"]
    if drop:
        events = events[:-drop]
    case = a_case(name, events=events, ask_date=ask_date).case
    assert warning in {each.code for each in assess(case, calendar=CALENDAR).warnings}


def test_no_warning_comes_once_the_right_is_there() -> None:
    for name in ("W11", "W12", "W14", "W30", "W31", "W35"):
        assert assess(a_case(name).case, calendar=CALENDAR).warnings == (), name


def test_ours_are_named_apart() -> None:
    assert all(each.case.id.startswith("M") for each in told(OURS))
