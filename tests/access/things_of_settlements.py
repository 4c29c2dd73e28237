"""Settlements and adjustments for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from typing import Any

from dealers.models import Dealer
from tests.cast import Cast
from tests.warranty.settlements.builders import a_claim, a_draft
from warranty.models import Settlement
from warranty.services import adjustments, settlements

Kwargs = dict[str, Any]


def settlement(cast: Cast) -> Kwargs:
    return {"number": _issued(cast, cast.dealer).number}


def neighbours_settlement(cast: Cast) -> Kwargs:
    return {"number": _issued(cast, cast.neighbour).number}


def payable_claim(cast: Cast) -> Kwargs:
    return {"number": a_claim(cast).number}


def notice(cast: Cast) -> Kwargs:
    return settlement(cast) | {"edition": 1}


def neighbours_notice(cast: Cast) -> Kwargs:
    return neighbours_settlement(cast) | {"edition": 1}


def adjustment(cast: Cast) -> Kwargs:
    return {"number": _told(cast, cast.dealer).number}


def neighbours_adjustment(cast: Cast) -> Kwargs:
    return {"number": _told(cast, cast.neighbour).number}


def _issued(cast: Cast, dealer: Dealer) -> Any:
    found = Settlement.objects.filter(dealer=dealer, edition__gte=1).first()
    if found is not None:
        return found
    machine = cast.machine if dealer == cast.dealer else cast.neighbour_machine
    a_claim(cast, dealer, machine=machine)
    boss = cast.actor("finance_manager")
    checked = settlements.check_settlement(actor=boss, settlement=a_draft(cast, dealer))
    settlements.issue_settlement(actor=boss, settlement=checked)
    # Each company counts its papers: a foreign number must not name one's own.
    return _renumbered(checked, f"ST-{dealer.number}")


def _told(cast: Cast, dealer: Dealer) -> Any:
    told = adjustments.create_adjustment(
        actor=cast.system(),
        dealer=dealer,
        kind="deduction",
        cents=100,
        words=f"{dealer.name} {cast.mark}".strip(),
        source=("matrix", dealer.pk),
    )
    return _renumbered(told, f"AJ-{dealer.number}")


def _renumbered(thing: Any, number: str) -> Any:
    type(thing).objects.filter(pk=thing.pk).update(number=number)
    thing.refresh_from_db()
    return thing
