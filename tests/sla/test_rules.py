"""What a clock says at an instant: warning, due time, what is left."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import rules
from sla.calendar import AROUND_THE_CLOCK, CalendarError, Pause, merge_pauses
from sla.china import office_calendar

OFFICE = office_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


START = at("2026-03-06 16:00")  # a Friday


def test_two_hours_from_friday_afternoon_end_on_monday_morning() -> None:
    assert rules.due_at(START, 120, OFFICE) == at("2026-03-09 09:00")


def test_the_warning_comes_when_its_share_is_used() -> None:
    assert rules.warn_at(START, 120, OFFICE, 75) == at("2026-03-06 17:30")
    assert rules.warn_at(START, 120, OFFICE, 100) == rules.due_at(START, 120, OFFICE)


def test_a_share_below_the_minute_is_exact() -> None:
    assert rules.warn_at(START, 15, OFFICE, 75) == at("2026-03-06 16:11:15")


def test_a_step_after_the_due_time_counts_working_time_too() -> None:
    assert rules.warn_at(START, 120, OFFICE, 150) == at("2026-03-09 10:00")


def test_what_is_left_shrinks_in_working_hours_only() -> None:
    for instant, left in [
        ("2026-03-06 15:00", 120),
        ("2026-03-06 16:00", 120),
        ("2026-03-06 17:00", 60),
        ("2026-03-07 12:00", 30),
        ("2026-03-09 09:00", 0),
        ("2026-03-09 10:00", -60),
    ]:
        assert rules.remaining(START, 120, OFFICE, at(instant)) == timedelta(minutes=left)


def test_seconds_count() -> None:
    left = rules.remaining(START, 120, OFFICE, at("2026-03-06 16:00:07"))
    assert left == timedelta(minutes=120, seconds=-7)


def test_the_used_share_is_none_at_first_whole_when_due_and_more_when_late() -> None:
    for instant, share in [("16:00", 0.0), ("16:30", 0.25), ("17:30", 0.75)]:
        assert rules.fraction_used(START, 120, OFFICE, at(f"2026-03-06 {instant}")) == share
    assert rules.fraction_used(START, 120, OFFICE, at("2026-03-09 09:00")) == 1.0
    assert rules.fraction_used(START, 120, OFFICE, at("2026-03-09 11:00")) == 2.0


def test_paused_over_a_weekend_counts_working_time_only() -> None:
    pauses = [Pause(at("2026-03-06 17:00"), at("2026-03-09 10:00"))]
    assert rules.due_at(START, 120, OFFICE, pauses) == at("2026-03-09 11:00")
    assert rules.warn_at(START, 120, OFFICE, 75, pauses) == at("2026-03-09 10:30")
    left = rules.remaining(START, 120, OFFICE, at("2026-03-09 10:30"), pauses)
    assert left == timedelta(minutes=30)


def test_time_on_hold_is_added_once() -> None:
    hold = Pause(at("2026-03-02 09:00"), at("2026-03-02 10:00"))
    start = at("2026-03-02 08:30")
    assert rules.due_at(start, 60, OFFICE, [hold]) == at("2026-03-02 10:30")
    assert rules.due_at(start, 60, OFFICE, [hold, hold]) == at("2026-03-02 10:30")


def test_pause_keeps_seconds() -> None:
    hold = Pause(at("2026-03-02 09:00:05"), at("2026-03-02 09:00:48"))
    assert rules.due_at(at("2026-03-02 08:30"), 60, OFFICE, [hold]) == at("2026-03-02 09:30:43")


def test_no_breach_while_paused() -> None:
    pauses = [Pause(at("2026-03-06 17:00"))]
    due = rules.due_at(START, 120, OFFICE, pauses)
    assert due is None
    assert not rules.is_breached(due, at("2026-04-06 09:00"))
    left = rules.remaining(START, 120, OFFICE, at("2026-04-06 09:00"), pauses)
    assert left == timedelta(minutes=60)


def test_a_step_reached_before_the_open_pause_keeps_its_time() -> None:
    pauses = [Pause(at("2026-03-06 17:00"))]
    assert rules.warn_at(START, 120, OFFICE, 25, pauses) == at("2026-03-06 16:30")
    assert rules.warn_at(START, 120, OFFICE, 75, pauses) is None


def test_a_pause_that_begins_after_the_due_time_saves_no_one() -> None:
    pauses = [Pause(at("2026-03-09 09:00"))]
    due = rules.due_at(START, 120, OFFICE, pauses)
    assert due == at("2026-03-09 09:00")
    assert rules.is_breached(due, at("2026-03-09 09:00:01"))


def test_the_due_instant_itself_is_still_in_time() -> None:
    due = rules.due_at(START, 120, OFFICE)
    assert not rules.is_breached(due, at("2026-03-09 09:00"))
    assert rules.is_breached(due, at("2026-03-09 09:00:00.000001"))


def test_a_promise_due_at_closing_time_is_broken_by_night() -> None:
    due = rules.due_at(START, 90, OFFICE)
    assert due == at("2026-03-06 17:30")
    assert rules.is_breached(due, at("2026-03-06 23:00"))


def test_a_pause_holds_its_start_and_not_its_end() -> None:
    pauses = [Pause(at("2026-03-02 09:00"), at("2026-03-02 10:00")), Pause(at("2026-03-03 09:00"))]
    for instant, paused in [
        ("2026-03-02 08:59", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 10:00", False),
        ("2026-03-09 09:00", True),
    ]:
        assert rules.is_paused(at(instant), pauses) is paused


def test_overlapping_pauses_become_one() -> None:
    nine, ten, eleven = (at(f"2026-03-02 {hour}:00") for hour in ("09", "10", "11"))
    pauses = [Pause(ten), Pause(nine, ten), Pause(nine, nine), Pause(nine, eleven)]
    assert merge_pauses(pauses) == (Pause(nine, None),)
    assert merge_pauses([Pause(ten, eleven), Pause(nine, ten)]) == (Pause(nine, eleven),)
    assert merge_pauses([Pause(ten, eleven), Pause(nine, nine)]) == (Pause(ten, eleven),)


def test_custom_calendar_does_not_escalate_at_creation() -> None:
    sunday = at("2026-03-08 03:00")
    due = rules.due_at(sunday, 1, OFFICE)
    assert due == at("2026-03-09 08:31")
    assert not rules.is_breached(due, sunday)


def test_the_same_promise_around_the_clock_is_due_in_the_night() -> None:
    assert rules.due_at(START, 8 * 60, AROUND_THE_CLOCK) == at("2026-03-07 00:00")


def test_a_due_time_past_the_announced_year_says_so() -> None:
    due = rules.due(at("2026-12-31 17:00"), 120, OFFICE)
    assert due is not None
    assert due.provisional


@pytest.mark.parametrize("target", [0, -5])
def test_a_promise_without_time_is_refused_everywhere(target: int) -> None:
    for ask in (
        lambda: rules.due_at(START, target, OFFICE),
        lambda: rules.warn_at(START, target, OFFICE, 75),
        lambda: rules.remaining(START, target, OFFICE, START),
        lambda: rules.fraction_used(START, target, OFFICE, START),
    ):
        with pytest.raises(CalendarError) as error:
            ask()
        assert error.value.code == "calendar.target"


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(CalendarError) as error:
        rules.warn_at(START, 120, OFFICE, 0)
    assert error.value.code == "calendar.percent"


def test_errors_other_than_a_pause_are_not_hidden() -> None:
    with pytest.raises(CalendarError) as error:
        rules.due_at(START, 10_000_000, OFFICE)
    assert error.value.code == "calendar.too_far"
