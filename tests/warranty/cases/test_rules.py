"""Pure rules: which claims a spot check draws, and how papers become a case of the engine."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.models import Severity
from parts.models import Layer
from tests.warranty.cases.builders import asked_body
from warranty.floors import CLASSES
from warranty.remedies import assess
from warranty.remedies.reading import read_case
from warranty.remedies.values import Option
from warranty.rules.case_facts import BEYOND_REPAIR, Job, Sold, case_body
from warranty.rules.sampling import drawn, sample_size

SOLD = date(2025, 3, 1)
ASKED = date(2026, 10, 1)
NUMBERS = st.integers(0, 60).map(lambda count: {f"CL-{7 * n:04d}" for n in range(count)})
DAYS = st.integers(0, (ASKED - SOLD).days).map(lambda days: SOLD + timedelta(days=days))


@given(
    numbers=NUMBERS,
    seed=st.integers(0, 2**31),
    percent=st.integers(1, 100),
    least=st.integers(1, 20),
)
def test_a_sample_is_repeatable_of_the_population_and_as_large_as_said(
    numbers: set[str], seed: int, percent: int, least: int
) -> None:
    sample = drawn(sorted(numbers), seed=seed, percent=percent, least=least)
    # The order in which the claims come says nothing.
    assert sample == drawn(sorted(numbers, reverse=True), seed=seed, percent=percent, least=least)
    assert sample == sorted(set(sample))
    assert set(sample) <= numbers
    assert len(sample) == min(len(numbers), max(least, -(-len(numbers) * percent // 100)))


def test_every_claim_can_be_drawn() -> None:
    numbers = [f"CL-{place}" for place in range(20)]
    seen: set[str] = set()
    for seed in range(200):
        seen |= set(drawn(numbers, seed=seed, percent=10, least=1))
    assert seen == set(numbers)


def test_the_size_is_rounded_up() -> None:
    assert [sample_size(n, 10, 3) for n in (0, 1, 3, 30, 31, 300)] == [0, 1, 3, 3, 4, 30]


@st.composite
def jobs(draw: Any) -> Job:
    reported = draw(DAYS)
    return Job(
        code=draw(st.sampled_from(["S01", "S02", "ticket-T-1"])),
        reported_on=reported,
        severity=draw(st.sampled_from(Severity.values)),
        repaired_on=draw(
            st.none() | st.integers(-3, 90).map(lambda days: reported + timedelta(days=days))
        ),
        is_busy_season=draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None)
@given(
    product_class=st.sampled_from(sorted(CLASSES)),
    power=st.none() | st.decimals(1, 300, places=1),
    layer=st.sampled_from(Layer.values),
    season=st.none() | DAYS,
    work=st.lists(jobs(), max_size=8),
)
def test_any_papers_become_a_case_that_the_engine_reads_and_answers(
    product_class: str, power: Decimal | None, layer: str, season: date | None, work: list[Job]
) -> None:
    sold = Sold(product_class, SOLD, power, season)
    body = case_body(sold, work, ask_date=ASKED, layer=layer)
    assert body is not None
    case = read_case(body).case
    assert (case.sale_date, case.ask_date) == (SOLD, ASKED)
    assert [event.on for event in case.events] == sorted(event.on for event in case.events)
    assert sum(event.type == "fault" for event in case.events) == len(work)
    answer = assess(case)
    if not work:
        assert not answer.options & BEYOND_REPAIR
    # The order in which the papers come says nothing.
    assert case_body(sold, list(work), ask_date=ASKED, layer=layer) == body


def test_a_class_that_no_law_knows_gives_no_case() -> None:
    assert case_body(Sold("", SOLD), [], ask_date=ASKED) is None
    assert case_body(Sold("fish_pond", SOLD), [], ask_date=ASKED) is None


def test_what_lies_before_the_sale_or_after_the_question_is_left_out() -> None:
    work = [
        Job("S01", SOLD - timedelta(days=1), Severity.GRAVE),
        Job("S01", ASKED + timedelta(days=1), Severity.GRAVE),
        Job("S01", ASKED, Severity.GRAVE, ASKED + timedelta(days=2)),
    ]
    body = case_body(Sold("combine_harvester", SOLD), work, ask_date=ASKED)
    assert body is not None
    assert [event["type"] for event in body["events"]] == ["fault", "sent_for_repair"]


def test_two_repairs_of_the_same_grave_fault_and_it_is_back_gives_the_component() -> None:
    repaired = [
        Job("S01", date(2025, 5, 1), Severity.GRAVE, date(2025, 5, 2)),
        Job("S01", date(2025, 6, 1), Severity.GRAVE, date(2025, 6, 2)),
    ]
    back = [*repaired, Job("S01", date(2025, 7, 1), Severity.GRAVE)]
    sold = Sold("combine_harvester", SOLD)

    def options(work: list[Job]) -> frozenset[Option]:
        body = case_body(sold, work, ask_date=date(2025, 7, 1))
        return assess(read_case(body).case).options

    assert Option.REPLACE_PART in options(back)
    assert Option.REPLACE_PART not in options(back[1:])
    # Other faults between are other problems.
    other = [*repaired, Job("S02", date(2025, 7, 1), Severity.GRAVE)]
    assert Option.REPLACE_PART not in options(other)


def test_the_builders_case_says_what_it_claims_to_say() -> None:
    assert Option.REPLACE_PART in assess(read_case(asked_body()).case).options
