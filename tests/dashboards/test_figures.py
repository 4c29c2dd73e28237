"""Arithmetic of shares and of what has changed; pure."""

from __future__ import annotations

from datetime import date

import pytest

from dashboards.figures import Calls, Day, DealerFigures, Share, change, sorted_by, weakest_first


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, None), (0, 3, 0), (1, 3, 33.3), (2, 3, 66.7), (3, 3, 100), (9999, 10000, 99.9)],
)
def test_a_share_is_of_something_and_never_rounded_up_to_all(
    part: int, whole: int, percent: float | None
) -> None:
    assert Share(part, whole).percent == percent


def test_scores_add_up_over_dealers() -> None:
    calls = Calls(due=4, made=3, scored=2, score_sum=6, satisfied=1)
    calls.add(Calls(due=1, made=1, scored=1, score_sum=5, satisfied=1))
    assert (calls.rate.percent, calls.satisfaction.percent, calls.average) == (80, 66.7, 3.67)
    assert Calls().average is None


def _day(number: int, part: int, whole: int) -> Day:
    return Day(on=date(2026, 11, number), arranged=Share(part, whole))


def test_change_compares_the_halves_of_the_period() -> None:
    assert change([_day(1, 1, 2), _day(2, 0, 0), _day(3, 3, 4), _day(4, 0, 0)]) == 25
    assert change([_day(1, 0, 0), _day(2, 3, 4)]) is None


def test_the_weakest_dealer_stands_first() -> None:
    calm = DealerFigures(1, "D-1", open=9)
    late = DealerFigures(2, "D-2", late=1)
    missing = DealerFigures(3, "D-3", arranged=Share(1, 5))
    assert weakest_first([calm, late, missing]) == [late, missing, calm]
    assert sorted_by([calm, late, missing], "-open")[0] is calm
    assert sorted_by([calm, late, missing], "nonsense")[0] is late
