"""The ladder as data: where its rungs lie, and which ladders are refused (R-030)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from sla.calendar import AROUND_THE_CLOCK
from sla.china import office_calendar
from sla.ladder import MOST_RUNGS, Rung, rungs_of
from sla.rules import check_ladder, lay_out
from tests.cast import at

START = at("2026-03-06 16:00")  # a Friday


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def rungs(*ladder: Rung | int, started: datetime = START) -> list[timedelta]:
    layout = lay_out(started, 120, 75, ladder, AROUND_THE_CLOCK)
    return [instant - started for instant in layout.rungs]


def test_rungs_lie_before_at_and_after_the_due_time() -> None:
    assert rungs(Rung(after=-60), Rung(after=0), Rung(after=60)) == [
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=3),
    ]


def test_a_share_of_the_promise_is_a_rung_too() -> None:
    assert rungs(Rung(percent=50), Rung(percent=100), Rung(percent=150)) == [
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=3),
    ]


def test_a_bare_number_means_minutes_after_the_due_time() -> None:
    assert rungs(0, 60) == rungs(Rung(after=0), Rung(after=60))


def test_a_rung_before_the_start_stands_at_the_start_and_says_that_it_does_not_fit() -> None:
    early = Rung(after=-180)
    assert not early.fits(120)
    assert not Rung(after=-120).fits(120)
    assert Rung(after=-119).fits(120)
    assert rungs(early) == [timedelta(0)]


def test_rungs_count_working_time_only() -> None:
    layout = lay_out(START, 120, 75, [Rung(after=-30), Rung(after=60)], office_calendar())
    assert list(layout.rungs) == [at("2026-03-06 17:30"), at("2026-03-09 10:00")]


def test_a_pause_moves_every_rung_by_its_working_time() -> None:
    pause = (START + timedelta(minutes=30), START + timedelta(minutes=90))
    ladder = [Rung(after=-60), Rung(percent=150)]
    layout = lay_out(START, 120, 75, ladder, AROUND_THE_CLOCK, [pause])
    assert [instant - START for instant in layout.rungs] == [
        timedelta(hours=2),
        timedelta(hours=4),
    ]


def test_a_rung_without_an_action_escalates() -> None:
    assert rungs_of([{"after": 0, "role": "manager"}]) == [
        Rung(after=0, action="escalate", role="manager")
    ]


def test_a_whole_ladder_passes() -> None:
    ladder = [
        {"after": -30, "action": "remind"},
        {"percent": 90, "action": "remind"},
        {"after": 0, "role": "supervisor"},
        {"after": 0, "role": "manager"},
        {"after": 30, "action": "raise"},
        {"after": 60, "action": "reassign"},
        {"percent": 200, "action": "webhook", "webhook": "alarm"},
    ]
    assert check_ladder(120, ladder, promise="arrange") == []


@pytest.mark.parametrize(
    ("rung", "complaint"),
    [
        ({"after": -180, "action": "remind"}, "before the start of a promise of 120 minutes"),
        ({"after": -120, "action": "remind"}, "before the start"),
        ({"role": "manager"}, "say when"),
        ({"after": 0, "percent": 100, "role": "manager"}, "say when"),
        ({"percent": 0, "role": "manager"}, "from 1 to"),
        ({"percent": 1001, "role": "manager"}, "from 1 to"),
        ({"percent": True, "role": "manager"}, "whole number"),
        ({"after": 1.5, "role": "manager"}, "whole number"),
        ({"after": "60", "role": "manager"}, "whole number"),
        ({"after": 10**9, "role": "manager"}, "whole number"),
        ({"after": 0}, "choose a role"),
        ({"after": 0, "role": "king"}, "choose a role"),
        ({"after": 0, "role": "dealer_principal"}, "choose a role"),
        ({"after": 0, "action": "dance"}, "dance"),
        ({"after": 0, "action": "webhook"}, "choose the address"),
    ],
)
def test_a_wrong_rung_is_named_with_its_number(rung: dict[str, Any], complaint: str) -> None:
    (said,) = check_ladder(120, [{"after": 0, "role": "supervisor"}, rung])
    assert said.startswith("Step 2: ")
    assert complaint in said


def test_the_same_rung_twice_is_refused() -> None:
    rung = {"after": 60, "role": "manager"}
    (said,) = check_ladder(120, [rung, rung])
    assert said.startswith("Step 2: ")
    assert check_ladder(120, [rung, rung | {"role": "supervisor"}]) == []


def test_what_nobody_received_cannot_be_taken_back() -> None:
    rung = {"after": 0, "action": "reassign"}
    (said,) = check_ladder(120, [rung], promise="dispatch")
    assert "taken back" in said
    assert check_ladder(120, [rung]) == []


@pytest.mark.parametrize("ladder", [None, "x", {"after": 0}, [1], [{"after": 0}] * 21])
def test_what_is_no_ladder_is_refused_in_one_sentence(ladder: Any) -> None:
    assert MOST_RUNGS == 20
    assert len(check_ladder(120, ladder)) == 1
