"""Every worked example comes out as stated; every rule speaks in at least one of them."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.warranty.examples import CALENDAR, EVERY, GIVEN, OURS, a_case, case_data, loaded, told
from warranty.remedies import Option, assess, register
from warranty.remedies.compare import differences
from warranty.remedies.days import official
from warranty.remedies.engine import Policy
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
    # Those of P2 are said by a helper of three rules.
    misses |= {f"{row}.component_only" for row in ("R5", "R8", "R9")}
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


def test_a_machine_for_a_component_is_said_to_be_doubtful_and_may_be_read_otherwise() -> None:
    """P2: in W23 the whole machine's year is over when the changed gearbox case splits again."""
    events = case_data("W23")["events"]
    again = {**events[-1], "code": "gearbox_case_split", "date": "2026-09-01"}
    case = a_case("W23", events=[*events[:-1], again], ask_date="2026-09-01").case
    literal = assess(case, calendar=CALENDAR)
    assert Option.REPLACE_UNIT in literal.options
    assert "warn.component_only" in {each.code for each in literal.warnings}
    strict = assess(case, calendar=CALENDAR, policy=Policy(machine_by_component=False))
    assert strict.options == {Option.REPAIR_FREE}
    assert "R8.component_only" in {each.code for each in strict.reasons}
    # While the whole machine's period runs, there is no doubt.
    early = {**again, "date": "2025-10-09"}
    case = a_case("W23", events=[*events[:-1], early], ask_date="2025-10-09").case
    for policy in (Policy(), Policy(machine_by_component=False)):
        answer = assess(case, calendar=CALENDAR, policy=policy)
        assert Option.REPLACE_UNIT in answer.options
        assert answer.warnings == ()


def test_days_of_ordinary_repair_lengthen_the_period_only_if_the_tenant_reads_it_so() -> None:
    """P3: 3 and 3 days in the workshop; the period of W12 would end 6 days later."""
    case = a_case("W12").case
    assert assess(case, calendar=CALENDAR).dates["expiry"] == date(2026, 5, 6)
    kind = assess(case, calendar=CALENDAR, policy=Policy(repairs_stop_clock=True))
    assert kind.dates["expiry"] == date(2026, 5, 12)


def test_without_rolling_a_period_ends_on_its_rest_day() -> None:
    """P1 off: W03 ends on Sunday 31 May."""
    answer = assess(a_case("W03").case, calendar=CALENDAR, policy=Policy(rolls=False))
    assert answer.dates["expiry"] == date(2026, 5, 31)
    assert answer.options == {Option.REPAIR_PAID}
