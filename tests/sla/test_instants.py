"""The one rule of all instants: what it may not depend on, whatever the facts are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sla import rules
from sla.calendar import AROUND_THE_CLOCK, working_time
from sla.china import office_calendar
from sla.ladder import Rung
from sla.rules import Agreed, Facts, instants

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OFFICE = office_calendar()
LADDER = (Rung(after=-20), Rung(percent=50), Rung(after=0), Rung(percent=150), Rung(after=90))

moments = st.integers(0, 20 * 24 * 3600).map(lambda second: START + timedelta(seconds=second))
pauses = st.lists(
    st.tuples(moments, moments).map(lambda ends: (min(ends), max(ends))), max_size=4
).map(tuple)


@st.composite
def stories(draw: st.DrawFn) -> Facts:
    """A clock with its pauses; sometimes the customer agreed to a later time."""
    facts = Facts(
        started_at=START,
        minutes=draw(st.integers(30, 3000)),
        calendar=draw(st.sampled_from([OFFICE, AROUND_THE_CLOCK])),
        rungs=LADDER,
        pauses=draw(pauses),
    )
    if draw(st.booleans()):
        told = draw(moments)
        due = instants(facts).due_at
        later = max(due, told) + timedelta(minutes=draw(st.integers(1, 5000)))
        facts = replace(facts, delays=(Agreed(told, later),))
    return facts


@settings(max_examples=150, deadline=None)
@given(facts=stories(), data=st.data())
def test_the_order_in_which_pauses_were_entered_does_not_matter(
    facts: Facts, data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(facts.pauses)))
    assert instants(replace(facts, pauses=shuffled)) == instants(facts)


@settings(max_examples=150, deadline=None)
@given(facts=stories(), share=st.integers(0, 100))
def test_a_wait_for_two_reasons_in_turn_is_as_long_as_one(facts: Facts, share: int) -> None:
    parts = []
    for start, end in facts.pauses:
        assert end is not None
        switch = start + (end - start) * share / 100
        parts += [(start, switch), (switch, end)]
    assert instants(replace(facts, pauses=tuple(parts))) == instants(facts)


@settings(max_examples=150, deadline=None)
@given(facts=stories())
def test_a_pause_without_working_time_moves_no_promise(facts: Facts) -> None:
    night = (START + timedelta(hours=10), START + timedelta(hours=22))  # 19:00 to 07:00
    facts = replace(facts, calendar=OFFICE, delays=())
    assert working_time(OFFICE, *night) == timedelta(0)
    assert instants(replace(facts, pauses=(*facts.pauses, night))) == instants(facts)


@settings(max_examples=150, deadline=None)
@given(facts=stories(), later=moments)
def test_a_pause_that_still_lasts_has_taken_nothing_out(facts: Facts, later: datetime) -> None:
    assert instants(replace(facts, pauses=(*facts.pauses, (later, None)))) == instants(facts)


@settings(max_examples=150, deadline=None)
@given(facts=stories())
def test_the_ladder_stands_in_order_around_the_due_time_and_never_in_a_pause(
    facts: Facts,
) -> None:
    layout = instants(facts)
    early, half, due, late, later = layout.rungs
    assert facts.started_at <= early <= due == layout.due_at
    assert facts.started_at <= half <= layout.warn_at <= due <= min(late, later)
    for start, end in facts.pauses:
        assert end is not None
        agreed_into_it = facts.delays and facts.delays[0].told_at > start
        assert agreed_into_it or not start < due < end
        assert not start < later < end


@settings(max_examples=150, deadline=None)
@given(facts=stories())
def test_without_a_delay_it_says_what_the_single_rules_say(facts: Facts) -> None:
    facts = replace(facts, delays=())
    layout = instants(facts)
    given_to = (facts.started_at, facts.minutes, facts.calendar)
    assert layout.due_at == rules.due_at(*given_to, facts.pauses)
    assert layout.warn_at == rules.warn_at(*given_to, 75, facts.pauses)
    assert layout.rungs[3] == rules.warn_at(*given_to, 150, facts.pauses)
