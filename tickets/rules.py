"""Rules of a ticket that need no database: where it goes first, what closing asks for."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from tickets.states import Team, TicketKind

# Kinds that somebody drives out for.
FIELD_WORK = frozenset({TicketKind.REPAIR, TicketKind.INSTALLATION, TicketKind.TRAINING})


def first_holder(*, kind: str, is_unusual: bool, is_bought_in: bool) -> Team:
    """Who settles it (R-099).

    Questions, complaints and returns stay at the desk; unusual faults go to the technical
    department; bought-in goods to the sales representative; field work to a dealer.
    """
    if kind not in FIELD_WORK:
        return Team.DESK
    if is_unusual:
        return Team.TECHNICAL
    if is_bought_in:
        return Team.SALES
    return Team.DEALER


def missing_for_close(*, kind: str, result: str, cause: str) -> str:
    """The field that closing still lacks: a result always (R-095), a complaint's cause (R-106)."""
    if not result.strip():
        return "result"
    if kind == TicketKind.COMPLAINT and not cause.strip():
        return "cause"
    return ""


def cover_ends_on(sold_on: date, months: int) -> date:
    """The last day of cover counted from the sale: the same day so many months later."""
    year, month = divmod(sold_on.year * 12 + sold_on.month - 1 + months, 12)
    return date(year, month + 1, min(sold_on.day, monthrange(year, month + 1)[1]))
