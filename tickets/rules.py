"""Rules of a ticket that need no database: where it goes first, what closing asks for."""

from __future__ import annotations

from collections.abc import Iterable

from tickets.states import Team, TicketKind, TicketState, Zone

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


def goes_on_as(team: str, *, is_arranged: bool) -> TicketState:
    """Where work stands after a wait: arranged, or still to be arranged by who has it."""
    if is_arranged:
        return TicketState.ARRANGED
    if team == Team.DEALER:
        return TicketState.ACCEPTED
    return TicketState.NEW if team == Team.DESK else TicketState.HANDED_OVER


def zone(place: str, bases: Iterable[str]) -> Zone | None:
    """How far somebody travels, from the nearest of their bases (R-025), by region codes.

    The same city is "city", the same province "around", everything else "province"; none
    where the place or every base is unknown, or too coarse to tell the city.
    """
    if len(place) < 2:
        return None
    zones = [_zone(place, base) for base in bases if len(base) >= 2]
    known = [each for each in zones if each is not None]
    return min(known, key=list(Zone).index, default=None)


def _zone(place: str, base: str) -> Zone | None:
    if place[:2] != base[:2]:
        return Zone.PROVINCE
    if len(place) < 4 or len(base) < 4:
        return None  # the province alone does not tell whether it is the same city
    return Zone.CITY if place[:4] == base[:4] else Zone.AROUND


def missing_for_close(*, kind: str, result: str, cause: str) -> str:
    """The field that closing still lacks: a result always (R-095), a complaint's cause (R-106)."""
    if not result.strip():
        return "result"
    if kind == TicketKind.COMPLAINT and not cause.strip():
        return "cause"
    return ""
