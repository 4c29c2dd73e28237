"""K01–K22: each passes, fires, and where an exception exists is softened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warranty.findings import SENTENCES, for_dealer, sentence
from warranty.rules.checks import (
    CODES,
    MANUAL,
    PASS,
    REJECT,
    RETURN,
    Book,
    ClaimFacts,
    Consent,
    Grade,
    Level,
    Line,
    Photo,
    Rule,
    in_force,
    judge,
    read,
    read_book,
    strictest,
    written,
    written_book,
)
from warranty.rules.checks.table import LEVELS, REASONS, ROWS

BOOK = Book(
    tuple(
        Rule(
            id=n,
            code=row.code,
            outcome=row.outcome,
            position=n,
            softened=row.softened,
            level=row.level,
            parameters=row.figures,
            reason=row.reason,
        )
        for n, row in enumerate(ROWS, 1)
    ),
    tuple(Level(level, cents) for level, _role, cents in LEVELS),
)
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
PART = Line(
    1,
    "part",
    claimed_cents=50_000,
    computed_cents=50_000,
    code="DJ-72/1500",
    cover="covered",
    per_machine=Decimal(1),
    covered_until=date(2027, 5, 1),
)
LABOUR = Line(
    2,
    "labour",
    claimed_cents=9_000,
    computed_cents=9_000,
    code="R01",
    minutes=90,
    standard_minutes=90,
    cover="covered",
)
TRAVEL = Line(3, "travel", claimed_cents=7_500, computed_cents=7_500)
GOOD = ClaimFacts(
    number="CL-20261120-0001",
    type="repair",
    filed_on=DAY,
    repaired_on=DAY - timedelta(days=3),
    file_by=DAY + timedelta(days=27),
    lines=(PART, LABOUR, TRAVEL),
    grade=Grade(pass_limit_cents=200_000, is_trusted=True, may_do_restricted=True),
    reading=Decimal(120),
    reading_unit="hours",
    distance_km=Decimal(50),
    map_km=Decimal(50),
    photo_count=3,
    freight_limit_cents=20_000,
)
CONSENT = Consent("PA-1", left_cents=100_000, expires_on=DAY)


def with_part(**changes: Any) -> ClaimFacts:
    return replace(GOOD, lines=(replace(PART, **changes), LABOUR, TRAVEL))


def with_labour(**changes: Any) -> ClaimFacts:
    return replace(GOOD, lines=(PART, replace(LABOUR, **changes), TRAVEL))


def also(line: Line, **changes: Any) -> ClaimFacts:
    return replace(GOOD, lines=(*GOOD.lines, line), **changes)


def found(facts: ClaimFacts, code: str) -> list[str]:
    return [result.finding for result in judge(facts, BOOK).results if result.code == code]


def test_a_good_claim_passes_by_itself() -> None:
    verdict = judge(GOOD, BOOK)
    assert (verdict.outcome, verdict.level) == (PASS, 0)
    assert [(result.code, result.finding) for result in verdict.results] == [
        ("K22", "passes_by_itself")
    ]


FIRES: list[tuple[str, ClaimFacts, str, str]] = [
    ("K01", replace(GOOD, has_machine=False), "machine_unknown", RETURN),
    ("K01", replace(GOOD, dealer_works=False), "dealer_not_active", RETURN),
    ("K01", replace(GOOD, model_agrees=False), "model_differs", RETURN),
    ("K02", replace(GOOD, card="no_card"), "no_card", RETURN),
    ("K02", replace(GOOD, card="late_card", card_days_late=6), "late_card", RETURN),
    ("K02", replace(GOOD, card="waived", card_days_late=6), "card_waived", MANUAL),
    ("K03", replace(GOOD, reading_before=Decimal(121)), "meter_below_earlier", RETURN),
    ("K03", replace(GOOD, reading_after=Decimal(119)), "meter_above_later", RETURN),
    ("K04", replace(GOOD, same_report="CL-0"), "report_claimed", RETURN),
    ("K05", with_part(paid_before="CL-0"), "paid_before", RETURN),
    ("K05", with_labour(paid_before="CL-0"), "paid_before", RETURN),
    ("K06", with_part(fits=False), "part_does_not_fit", RETURN),
    ("K06", with_labour(standard_minutes=None), "operation_does_not_fit", RETURN),
    ("K07", with_part(quantity=Decimal(2)), "too_many", RETURN),
    ("K08", with_part(cover="no_coverage"), "no_term", RETURN),
    ("K08", with_part(cover="no_reading"), "reading_needed", RETURN),
    ("K09", with_part(cover="ended"), "part_ended", REJECT),
    ("K09", with_part(cover="over_use"), "part_over_use", REJECT),
    ("K09", with_part(cover="not_started"), "part_not_started", REJECT),
    (
        "K09",
        replace(with_part(cover="ended"), asks_goodwill=True),
        "part_ended",
        MANUAL,
    ),
    ("K10", also(Line(4, "freight", 20_001, 20_001)), "consent_needed", RETURN),
    (
        "K10",
        replace(GOOD, consent=replace(CONSENT, left_cents=66_499)),
        "above_consent",
        RETURN,
    ),
    (
        "K10",
        replace(GOOD, consent=replace(CONSENT, expires_on=date(2026, 11, 16))),
        "consent_expired",
        RETURN,
    ),
    (
        "K10",
        replace(GOOD, consent=replace(CONSENT, part_numbers=("OTHER",))),
        "not_in_consent",
        RETURN,
    ),
    ("K11", replace(GOOD, file_by=date(2026, 11, 19)), "filed_late", REJECT),
    (
        "K11",
        replace(GOOD, file_by=date(2026, 11, 19), late_reason="秋收断网"),
        "filed_late",
        MANUAL,
    ),
    (
        "K12",
        replace(GOOD, type="first_service", first_service_used="CL-0"),
        "first_service_used",
        REJECT,
    ),
    ("K13", replace(GOOD, overdue_pieces=1), "old_parts_overdue", RETURN),
    (
        "K14",
        replace(with_labour(is_restricted=True), grade=Grade(200_000, True, False)),
        "operation_restricted",
        MANUAL,
    ),
    ("K15", replace(GOOD, type="pre_sale"), "pre_sale", MANUAL),
    ("K15", replace(GOOD, asks_review=True), "review_asked", MANUAL),
    ("K15", with_part(is_watched=True), "part_watched", MANUAL),
    ("K15", with_part(has_price=False), "no_price", MANUAL),
    ("K15", replace(GOOD, has_rates=False), "no_rates", MANUAL),
    ("K16", with_part(claimed_cents=500_000, computed_cents=500_000), "large_amount", MANUAL),
    ("K16", with_labour(claimed_cents=200_001, computed_cents=200_001), "much_labour", MANUAL),
    ("K16", replace(GOOD, repair_days=8), "many_repair_days", MANUAL),
    (
        "K16",
        replace(
            GOOD,
            lines=tuple(replace(PART, position=n, code=f"P{n}", is_main=True) for n in (1, 2, 3)),
        ),
        "many_main_parts",
        MANUAL,
    ),
    (
        "K17",
        replace(GOOD, planned_at=NOON, arrived_at=NOON + timedelta(hours=25)),
        "arrival_off_plan",
        MANUAL,
    ),
    (
        "K17",
        replace(GOOD, visit_arrived_at=NOON, arrived_at=NOON + timedelta(minutes=61)),
        "arrival_off_check_in",
        MANUAL,
    ),
    ("K17", replace(GOOD, distance_km=Decimal("50.1")), "km_above_map", MANUAL),
    ("K17", replace(GOOD, trip_machines=2), "trip_shared", MANUAL),
    ("K18", replace(GOOD, photo_count=0), "no_photo", MANUAL),
    ("K18", replace(GOOD, used_photos=(Photo("a.jpg", "WR-0"),)), "photo_used_before", MANUAL),
    ("K18", replace(GOOD, is_signed=False), "signature_missing", MANUAL),
    ("K18", with_part(serial_sold="missing"), "serial_missing", MANUAL),
    ("K18", with_part(serial_sold="unknown", new_serial="M9"), "serial_unknown", MANUAL),
    ("K18", with_part(serial_sold="other_dealer", new_serial="M9"), "serial_other_dealer", MANUAL),
    ("K19", with_part(source="factory", computed_cents=0), "part_from_factory", PASS),
    ("K19", with_part(source="customer", computed_cents=0), "part_from_customer", PASS),
    ("K20", with_part(batch="B7", batch_place=3), "watched_batch", MANUAL),
    ("K21", replace(GOOD, charged_cents=16_501), "charged_too_much", MANUAL),
    ("K21", replace(GOOD, charged_cents=1, is_charge_told=False), "charge_not_told", MANUAL),
    ("K22", replace(GOOD, grade=Grade(200_000, False, True)), "not_trusted", MANUAL),
    ("K22", replace(GOOD, grade=Grade(66_499, True, True)), "over_pass_limit", MANUAL),
    ("K22", with_part(claimed_cents=50_001), "above_rules", MANUAL),
    ("K22", replace(GOOD, draw=4), "drawn", MANUAL),
    ("K22", with_part(cover="ended"), "not_all_in_term", MANUAL),
    ("K22", replace(GOOD, consent=CONSENT), "inside_consent", PASS),
]


@pytest.mark.parametrize(
    ("code", "facts", "finding", "outcome"), FIRES, ids=[f"{c}-{f}-{o}" for c, _, f, o in FIRES]
)
def test_a_check_fires(code: str, facts: ClaimFacts, finding: str, outcome: str) -> None:
    results = [result for result in judge(facts, BOOK).results if result.code == code]
    assert (finding, outcome) in [(result.finding, result.outcome) for result in results]


@pytest.mark.parametrize("code", [code for code in CODES if code != "K22"])
def test_a_check_says_nothing_of_a_good_claim(code: str) -> None:
    assert found(GOOD, code) == []


def test_every_check_of_the_table_has_a_case_that_fires() -> None:
    assert {code for code, *_rest in FIRES} == set(CODES) == {row.code for row in ROWS}


JUST_RIGHT: list[tuple[str, ClaimFacts]] = [
    ("K02", replace(GOOD, card="no_card", type="pre_sale")),
    ("K03", replace(GOOD, reading_before=Decimal(120), reading_after=Decimal(120))),
    ("K03", replace(GOOD, reading=None, reading_before=Decimal(500))),
    ("K05", replace(with_part(paid_before="CL-0"), is_repeat=True)),
    ("K07", with_part(quantity=Decimal(5), per_machine=None)),
    ("K08", replace(with_part(cover="no_coverage"), card="no_card")),
    ("K09", with_part(cover="legal_floor")),
    ("K09", replace(with_part(cover="ended"), consent=CONSENT)),
    ("K10", also(Line(4, "freight", 20_000, 20_000))),
    ("K10", replace(GOOD, consent=replace(CONSENT, left_cents=66_500, expires_on=DAY))),
    ("K11", replace(GOOD, filed_on=GOOD.file_by)),
    ("K12", replace(GOOD, first_service_used="CL-0")),
    ("K14", with_labour(is_restricted=True)),
    ("K16", with_part(claimed_cents=483_500, computed_cents=483_500)),
    ("K17", replace(GOOD, planned_at=NOON, arrived_at=NOON + timedelta(hours=24))),
    ("K17", replace(GOOD, distance_km=Decimal(55), km_tolerance_percent=Decimal(10))),
    ("K18", with_part(serial_sold="ok", new_serial="M1")),
    ("K20", with_part(batch="B7", batch_place=2)),
    ("K21", replace(GOOD, charged_cents=16_500)),
]


@pytest.mark.parametrize(("code", "facts"), JUST_RIGHT)
def test_a_check_lets_pass_what_is_just_right(code: str, facts: ClaimFacts) -> None:
    assert found(facts, code) == []


def test_the_strictest_outcome_wins() -> None:
    assert strictest([PASS, MANUAL, RETURN, REJECT]) == REJECT
    assert strictest([PASS, MANUAL]) == MANUAL
    both = replace(GOOD, file_by=date(2026, 11, 1), same_report="CL-0")
    assert judge(both, BOOK).outcome == REJECT
    softer = replace(both, late_reason="断网")
    assert judge(softer, BOOK).outcome == RETURN


def test_one_part_out_of_term_beside_others_in_term_goes_to_a_person() -> None:
    other = replace(PART, position=4, code="P4", cover="ended")
    assert judge(also(other), BOOK).outcome == MANUAL
    assert judge(with_part(cover="ended"), BOOK).outcome == REJECT


def test_a_claim_without_parts_is_asked_for_the_term_of_its_labour() -> None:
    only = replace(GOOD, lines=(replace(LABOUR, position=1, cover="ended"),))
    assert judge(only, BOOK).outcome == REJECT


def test_without_the_row_that_lets_pass_a_person_looks() -> None:
    rules = tuple(rule for rule in BOOK.rules if rule.code != "K22")
    verdict = judge(GOOD, Book(rules, BOOK.levels))
    assert (verdict.outcome, verdict.level) == (MANUAL, 1)


@pytest.mark.parametrize(
    ("cents", "level"), [(500_000, 1), (500_001, 2), (5_000_000, 2), (5_000_001, 3)]
)
def test_the_amount_sets_the_level(cents: int, level: int) -> None:
    facts = replace(GOOD, lines=(replace(PART, claimed_cents=cents, computed_cents=cents),))
    assert judge(facts, BOOK).level == level


def test_a_claim_inside_its_consent_skips_the_reviewer_but_not_the_risks() -> None:
    dear = replace(PART, claimed_cents=9_000_000, computed_cents=9_000_000)
    facts = replace(
        GOOD,
        lines=(dear, LABOUR),
        consent=replace(CONSENT, left_cents=9_009_000),
        grade=Grade(),
    )
    assert judge(facts, BOOK).outcome == PASS
    assert judge(replace(facts, consent=replace(CONSENT, left_cents=9_008_999)), BOOK).outcome == (
        RETURN
    )
    assert judge(replace(facts, is_signed=False), BOOK).outcome == MANUAL


def test_risk_flags_are_gathered_and_kept_from_the_dealer() -> None:
    verdict = judge(replace(GOOD, is_signed=False, trip_machines=2), BOOK)
    assert verdict.risk_flags == ["signature", "trip"]
    risky = [result for result in verdict.results if result.is_risk]
    for result in risky:
        said = for_dealer(result.finding, result.values, is_risk=True)
        assert said != sentence(result.finding, result.values)


def test_every_finding_has_its_sentence_and_fills_it() -> None:
    for _code, facts, finding, _outcome in FIRES:
        assert finding in SENTENCES
        for result in judge(facts, BOOK).results:
            said = sentence(result.finding, result.values)
            assert said and "—" not in said and "%(" not in said, result


def test_the_table_names_reasons_that_exist() -> None:
    known = {code for code, *_names in REASONS}
    assert {row.reason for row in ROWS if row.reason} <= known
    assert {"above_rules", "factory_part", "by_rule"} <= known


@settings(max_examples=100, derandomize=True, deadline=None, database=None)
@given(
    lines=st.lists(
        st.builds(
            Line,
            position=st.integers(1, 9),
            kind=st.sampled_from(["part", "labour", "travel", "freight"]),
            claimed_cents=st.integers(0, 10**7),
            computed_cents=st.integers(0, 10**7),
            code=st.sampled_from(["A", "B"]),
            quantity=st.decimals("0.01", 9, places=2),
            per_machine=st.none() | st.decimals("0.01", 9, places=2),
            cover=st.sampled_from(["", "covered", "ended", "no_coverage", "legal_floor"]),
            covered_until=st.none() | st.dates(),
            standard_minutes=st.none() | st.integers(1, 90),
        ),
        min_size=1,
        max_size=4,
    ),
    late=st.integers(-3, 3),
    card=st.sampled_from(["", "no_card", "late_card", "waived"]),
    arrived=st.none() | st.datetimes(timezones=st.just(UTC)),
    consent=st.none() | st.just(CONSENT),
)
def test_a_stored_run_says_the_same_again(
    lines: list[Line], late: int, card: str, arrived: Any, consent: Any
) -> None:
    facts = replace(
        GOOD,
        lines=tuple(lines),
        filed_on=GOOD.file_by + timedelta(days=late),
        card=card,
        arrived_at=arrived,
        consent=consent,
    )
    stored_facts, stored_book = written(facts), written_book(BOOK)
    assert read(ClaimFacts, stored_facts) == facts
    assert judge(read(ClaimFacts, stored_facts), read_book(stored_book)) == judge(facts, BOOK)


class Dated:
    def __init__(self, code: str, from_on: date, level: int | None = None, on: bool = True):
        self.code, self.from_on, self.dealer_level_id = code, from_on, level
        self.until_on, self.position, self.is_active = None, 1, on


def test_the_newest_row_of_the_day_counts_and_a_grade_s_own_goes_before() -> None:
    old, new = Dated("K01", date(2026, 1, 1)), Dated("K01", date(2026, 6, 1))
    own = Dated("K01", date(2025, 1, 1), level=7)
    rows = [old, new, own]
    assert in_force(rows, date(2026, 5, 31), None) == [old]
    assert in_force(rows, date(2026, 6, 1), None) == [new]
    assert in_force(rows, date(2026, 6, 1), 7) == [own]
    assert in_force(rows, date(2026, 6, 1), 8) == [new]
    off = Dated("K01", date(2026, 7, 1), on=False)
    assert in_force([*rows, off], date(2026, 7, 1), None) == []
