"""Which policy counts: ordered and deterministic, whatever the conditions; spans are read back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import spans
from sla.policies import covers, fits
from sla.services.clocks import first_of

FACTS = {"kind": ["repair", "complaint", "return"], "urgency": ["urgent", "normal"]}
conditions = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(of), unique=True) for name, of in FACTS.items()}
)
facts = st.fixed_dictionaries({}, optional={n: st.sampled_from(of) for n, of in FACTS.items()})


def target(place: int, caught: dict[str, list[str]], promise: str) -> Any:
    version = SimpleNamespace(conditions=caught, place=place)
    return SimpleNamespace(promise=promise, version=version)


@given(st.lists(st.tuples(conditions, st.sampled_from("ab")), max_size=8), facts)
def test_the_first_that_fits_and_names_the_promise_counts(
    rows: list[tuple[dict[str, list[str]], str]], said: dict[str, str]
) -> None:
    targets = [target(place, caught, promise) for place, (caught, promise) in enumerate(rows)]
    found = first_of(targets, said)
    assert found == first_of(list(targets), dict(reversed(said.items())))
    for promise in "ab":
        fitting = [
            place
            for place, (caught, named) in enumerate(rows)
            if named == promise and fits(caught, said)
        ]
        if fitting:
            assert found[promise].version.place == min(fitting)
        else:
            assert promise not in found


@given(conditions, conditions, facts)
def test_wider_conditions_catch_whatever_narrower_ones_do(
    wider: dict[str, list[str]], narrower: dict[str, list[str]], said: dict[str, str]
) -> None:
    if covers(wider, narrower) and fits(narrower, said):
        assert fits(wider, said)
    assert covers(wider, wider)


@given(st.integers(1, 366 * 24 * 60))
def test_a_span_said_is_read_again(minutes: int) -> None:
    assert spans.minutes_of(spans.said(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("2 h", 120),
        ("30 min", 30),
        ("1h30m", 90),
        ("1.5h", 90),
        ("２小时３０分钟", 150),
        ("1 d", 1440),
        ("3天", 4320),
        ("0", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1.33 min", None),
        ("5 6", 56),
        ("1 h 30", None),
        ("2 parsecs", None),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert spans.minutes_of(text) == minutes
