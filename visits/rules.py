"""When to call, how often, and what an answer means; pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from visits.states import AttemptOutcome

# How long to wait before trying again, by what happened.
RETRY_AFTER = {
    AttemptOutcome.BUSY: timedelta(minutes=30),
    AttemptOutcome.NO_ANSWER: timedelta(hours=4),
    AttemptOutcome.WRONG_NUMBER: timedelta(days=1),
    AttemptOutcome.LATER: timedelta(hours=24),
}


def window(done_at: datetime, after_days: int, window_days: int) -> tuple[datetime, datetime]:
    """The call is due some days after the work and late some days after that (R-126)."""
    due = done_at + timedelta(days=after_days)
    return due, due + timedelta(days=window_days)


def next_attempt(outcome: str, at: datetime, wished: datetime | None = None) -> datetime:
    """When to try again; the customer's own wish goes first."""
    if wished is not None and wished > at:
        return wished
    return at + RETRY_AFTER[AttemptOutcome(outcome)]


def is_unhappy(score: int, is_resolved: bool, reopen_at_score: int) -> bool:
    """A low score or an unsolved problem reopens the ticket (R-105, R-131)."""
    return not is_resolved or score <= reopen_at_score
