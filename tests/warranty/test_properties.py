"""What must hold for any case, not only for the worked ones: tried on cases made at random."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.warranty.examples import CALENDAR, EVERY
from warranty.remedies import Case, ClaimFacts, Event, Option, Terms, assess, assess_claim
from warranty.remedies import register as law
from warranty.remedies.dealer import OldPart
from warranty.remedies.engine import Policy
from warranty.remedies.reading import CHANNELS, known_classes
from warranty.remedies.values import Entitlement, EventType, Exclusion, Kind, Layer, Severity

PROVE = os.environ.get("SANBAO_PROVE") == "1"
# The same cases on every run; SANBAO_PROVE=1 tries many more.
often = settings(
    max_examples=2_000 if PROVE else 60, derandomize=True, deadline=None, database=None
)
FIRST, LAST = date(2024, 1, 2), date(2027, 12, 20)
# From the least to the most that a user may be offered; in money's worth, for the proofs below.
RANK = {
    Option.REPAIR_PAID: 0,
    Option.REPAIR_FREE: 1,
    Option.REISSUE_CERT: 1,
    Option.LOANER: 1,
    Option.REPLACE_PART: 2,
    Option.REPLACE_UNIT_FEE: 3,
    Option.RETURN_FEE: 3,
    Option.RETURN_DEPR: 3,
    Option.REPLACE_UNIT: 4,
    Option.NO_REASON_RETURN: 4,
    Option.RETURN_FULL: 5,
}
CODES = ("a", "b", "c")
ENDS = ("expiry", "repair_expiry", "sanbao_expiry")
WHEELED = (law.AGRI, law.GOODS, law.PHONE, law.COMPUTER, law.CONSUMER)
MOMENTS = (EventType.SENT_FOR_REPAIR, EventType.REPAIR_DONE)
days = st.dates(FIRST, LAST)


def best(answer: Entitlement) -> int:
    return max((RANK[each] for each in answer.options), default=-1)


def end_of(answer: Entitlement, key: str) -> date:
    found = answer.dates.get(key, FIRST)
    assert isinstance(found, date)
    return found


def ask(case: Case, **chosen: Any) -> Entitlement:
    return assess(case, calendar=CALENDAR, **chosen)


@st.composite
def events(draw: Any, sale: date, until: date) -> Event:
    kind = draw(st.sampled_from(list(EventType)))
    on = draw(st.dates(sale, until))
    at = None
    if kind in MOMENTS and draw(st.booleans()):
        hour = draw(st.integers(0, 23))
        at = datetime(on.year, on.month, on.day, hour)  # noqa: DTZ001  (as the engine reads it)
    return Event(
        type=kind,
        on=on,
        at=at,
        code=draw(st.sampled_from(CODES)),
        severity=draw(st.sampled_from(list(Severity))) if kind == EventType.FAULT else None,
        component=draw(st.sampled_from(("", "x", "y"))),
        km=draw(st.none() | st.integers(0, 90_000).map(Decimal)),
        kind=draw(st.none() | st.sampled_from(list(Kind))),
        reason=draw(st.sampled_from(list(Exclusion))),
        is_safety=draw(st.booleans()),
        is_busy_season=draw(st.booleans()),
        is_inside_network=draw(st.booleans()),
    )


@st.composite
def cases(draw: Any) -> Case:
    """Any case that the reader would let through, sensible or not."""
    regulation = draw(st.sampled_from(list(law.LAWS)))
    sale = draw(days)
    until = draw(st.dates(sale, LAST))
    return Case(
        regulation=regulation,
        product_class=draw(st.sampled_from(known_classes(regulation) or ("e_bike",))),
        layer=draw(st.sampled_from(list(Layer))),
        sale_date=sale,
        ask_date=until,
        events=tuple(draw(st.lists(events(sale, until), max_size=10))),
        first_season_start=draw(st.none() | st.dates(sale, LAST)),
        delivery_date=draw(st.none() | st.dates(sale, until)),
        power_kw=draw(st.none() | st.decimals(1, 200, places=1)),
        price=draw(st.none() | st.decimals(0, 500_000, places=2)),
        usage_coefficient=draw(st.none() | st.decimals(0, "0.01", places=4)),
        channel=draw(st.sampled_from(("", *CHANNELS))),
        terms=Terms(
            whole_months=draw(st.none() | st.integers(0, 60)),
            wear_months=draw(st.none() | st.integers(0, 60)),
        ),
    )


@st.composite
def claims(draw: Any) -> ClaimFacts:
    flags = {
        name: draw(st.booleans())
        for name in (
            "is_signed",
            "is_dealers_fault",
            "is_factory_part",
            "is_late",
            "is_duplicate",
            "is_over_limit",
            "is_beyond_certificate",
            "is_sent_on",
        )
    }
    return ClaimFacts(
        card_on=draw(st.none() | days),
        waived_by=draw(st.sampled_from(("", "王"))),
        old_part=draw(st.sampled_from(list(OldPart))),
        carried_out=draw(st.sampled_from(list(Option))),
        approved_by=draw(st.sampled_from(("", "李"))),
        goodwill_by=draw(st.sampled_from(("", "赵"))),
        **flags,
    )


@given(cases())
@often
def test_every_valid_case_has_an_answer_that_makes_sense(case: Case) -> None:
    answer = ask(case)
    assert answer == ask(case), "asked twice, answered twice alike"
    only_paid = answer.options == {Option.REPAIR_PAID}
    assert answer.payer.user_pays == (Option.REPAIR_PAID in answer.options)
    assert (answer.payer.liable_to_user is None) == (only_paid or not answer.options)
    assert {each.problem for each in answer.reasons} <= {"", *CODES}
    for amount in answer.amounts.values():
        assert amount >= 0
        assert amount == round(amount, 2)
        assert case.price is not None
        assert amount <= case.price
    for option in answer.options:
        assert any(option in each.options for each in answer.reasons), option
    assert answer.provisional <= set(answer.dates)


@given(cases(), claims(), claims())
@often
def test_the_users_answer_never_depends_on_the_dealers_faults(
    case: Case, good: ClaimFacts, bad: ClaimFacts
) -> None:
    before = ask(case)
    first, second = assess_claim(case, before, good), assess_claim(case, before, bad)
    assert ask(case) == before
    # And the dealer's answer follows from what is owed and what he did, nothing else.
    assert assess_claim(case, before, good) == first
    assert (first == second) or (good != bad)
    assert first.is_payable == all(each.outcome == 0 for each in first.findings)


@given(cases(), claims())
@often
def test_what_the_user_pays_the_manufacturer_never_refunds(case: Case, claim: ClaimFacts) -> None:
    answer = ask(case)
    assume(answer.options <= {Option.REPAIR_PAID})
    assert not assess_claim(case, answer, claim).is_payable


@given(cases(), st.integers(1, 3))
@often
def test_the_order_of_unrelated_facts_known_later_changes_nothing(case: Case, step: int) -> None:
    """A fact of a day after the question is not known, whatever it is."""
    later = Event(EventType.UNIT_REPLACED, case.ask_date + timedelta(days=step), code="a")
    assert ask(replace(case, events=(*case.events, later))) == ask(case)


# Sensible histories: one problem, reported, repaired, back again.


@st.composite
def histories(draw: Any) -> tuple[Case, list[date]]:
    """A case with a problem that came n + 1 times and was repaired n times, a day each."""
    regulation = draw(st.sampled_from(list(law.LAWS)))
    sale = draw(st.dates(date(2025, 1, 2), date(2025, 12, 20)))
    gaps = draw(st.lists(st.integers(2, 60), min_size=1, max_size=7))
    on, told = sale, []
    severity = {law.CAR: Severity.SEVERE_SAFETY, law.PHONE: Severity.LISTED}.get(
        regulation, draw(st.sampled_from((Severity.SEVERE, Severity.GENERAL)))
    )
    if regulation == law.COMPUTER:
        severity = Severity.LISTED
    dates = []
    for number, gap in enumerate(gaps):
        on += timedelta(days=gap)
        dates.append(on)
        told.append(Event(EventType.FAULT, on, code="a", severity=severity, km=Decimal(on.day)))
        if number < len(gaps) - 1:
            told.append(Event(EventType.SENT_FOR_REPAIR, on, code="a"))
            told.append(Event(EventType.REPAIR_DONE, on + timedelta(days=1), code="a"))
    case = Case(
        regulation=regulation,
        product_class=draw(st.sampled_from(known_classes(regulation) or ("e_bike",))),
        layer=Layer.WHOLE_MACHINE,
        sale_date=sale,
        ask_date=on,
        events=tuple(told),
        first_season_start=draw(st.none() | st.just(sale + timedelta(days=20))),
        price=Decimal("1000.00"),
        usage_coefficient=Decimal("0.005"),
    )
    return case, dates


@given(histories(), st.data())
@often
def test_more_repairs_never_give_the_user_less(made: Any, data: Any) -> None:
    case, dates = made
    assume(len(dates) > 1)
    at = data.draw(st.integers(0, len(dates) - 2)) * 3
    fewer = replace(case, events=case.events[:at] + case.events[at + 3 :])
    # A reported fault that was never repaired keeps its first day: leave the whole round out.
    assert ask(fewer).options - {Option.REPAIR_PAID} <= ask(case).options
    assert best(ask(fewer)) <= best(ask(case))


@given(histories(), st.integers(1, 400))
@often
def test_a_later_purchase_never_shortens_rights(made: Any, shift: int) -> None:
    case, dates = made
    newest = min(case.sale_date + timedelta(days=shift), dates[0])
    later = ask(replace(case, sale_date=newest))
    # Consumer Law 24 gives money alone in the first week, exchange or repair later: by worth.
    if case.regulation != law.CONSUMER:
        assert ask(case).options - {Option.REPAIR_PAID} <= later.options
    assert best(ask(case)) <= best(later)
    for key in ENDS:
        assert end_of(ask(case), key) <= end_of(later, key)


@given(histories(), st.integers(1, 900))
@often
def test_a_fault_one_day_later_never_gives_more(made: Any, step: int) -> None:
    """Monotone in days: with the same repairs, who reports later has at most the same."""
    case, dates = made
    *before, last = case.events
    moved = replace(last, on=last.on + timedelta(days=step))
    later = replace(case, events=(*before, moved), ask_date=moved.on)
    assert best(ask(later)) <= best(ask(case))


@given(histories(), st.integers(0, 90))
@often
def test_asking_later_loses_nothing(made: Any, wait: int) -> None:
    """The fault's day decides, not the day of asking; a stay in repair only grows."""
    case, _ = made
    in_repair = Event(EventType.SENT_FOR_REPAIR, case.ask_date, code="a")
    today = replace(case, events=(*case.events, in_repair))
    later = replace(today, ask_date=case.ask_date + timedelta(days=wait))
    assert ask(today).options <= ask(later).options
    assert best(ask(today)) <= best(ask(later))


@given(histories(), st.integers(0, 40))
@often
def test_days_in_which_the_seller_refused_never_shorten_the_period(made: Any, length: int) -> None:
    case, dates = made
    stop = (
        Event(EventType.SELLER_REFUSES, dates[0]),
        Event(EventType.SELLER_PERFORMS, dates[0] + timedelta(days=length)),
    )
    stopped = replace(case, events=(*case.events, *stop), ask_date=LAST)
    plain = replace(case, ask_date=LAST)
    assert ask(plain).options - {Option.REPAIR_PAID} <= ask(stopped).options
    assert end_of(ask(plain), "expiry") <= end_of(ask(stopped), "expiry")


@given(histories(), st.integers(0, 60))
@often
def test_a_better_certificate_never_gives_less(made: Any, months: int) -> None:
    case, _ = made
    assume(case.regulation != law.CONSUMER)
    better = replace(case, terms=Terms(whole_months=months, sanbao_months=months))
    assert best(ask(case)) <= best(ask(better))


@given(cases())
@often
def test_a_reading_in_the_users_favour_never_gives_less(case: Case) -> None:
    assume(case.regulation == law.AGRI)
    harsh = ask(case, policy=Policy(rolls=False, machine_by_component=False))
    kind = ask(case, policy=Policy(repairs_stop_clock=True))
    assert end_of(harsh, "expiry") <= end_of(kind, "expiry")


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.case.id)
def test_the_order_of_problems_that_share_no_part_is_of_no_importance(each: Any) -> None:
    """Events of one day, of other codes, told in another order: the same options."""
    stable = sorted(each.case.events, key=lambda event: (event.on, event.code))
    again = replace(each.case, events=tuple(stable))
    assert ask(again).options == ask(each.case).options


@given(st.sampled_from(WHEELED), days, st.integers(0, 1_500))
@example(law.AGRI, date(2025, 2, 28), 365)
@often
def test_without_any_fact_nobody_owes_anything(regulation: str, sale: date, wait: int) -> None:
    product_class = (known_classes(regulation) or ("e_bike",))[0]
    case = Case(regulation, product_class, Layer.WHOLE_MACHINE, sale, sale + timedelta(days=wait))
    answer = ask(case)
    assert answer.options == frozenset()
    assert answer.payer.liable_to_user is None
    assert answer.reasons == ()
