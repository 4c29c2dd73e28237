"""The only gate to dealers, their contracts and rates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.actor import Actor
from dealers.models import Dealer, DealerContract, RateCard


def visible(actor: Actor) -> QuerySet[Dealer]:
    """The whole tenant's dealers, or a dealer with its sub-dealers (R-001)."""
    dealers = Dealer.objects.all()
    return dealers if actor.dealer_ids is None else dealers.filter(pk__in=actor.dealer_ids)


def visible_contracts(actor: Actor) -> QuerySet[DealerContract]:
    """All contracts, or those with a dealer and its sub-dealers."""
    contracts = DealerContract.objects.all()
    if actor.dealer_ids is None:
        return contracts
    return contracts.filter(dealer__in=actor.dealer_ids)


def visible_cards(actor: Actor) -> QuerySet[RateCard]:
    """All rate cards, or those that may pay a dealer: its own, its grade's, the standard."""
    cards = RateCard.objects.all()
    if actor.dealer_ids is None:
        return cards
    levels = Dealer.objects.filter(pk__in=actor.dealer_ids).values("level")
    own = Q(dealer__in=actor.dealer_ids) | Q(level__in=levels)
    return cards.filter(own | Q(dealer=None, level=None))


def get_dealer(actor: Actor, number: str, to: str = "dealer.view") -> Dealer:
    """A dealer by its number: unknown to the actor 404, not allowed 403."""
    dealer = get_object_or_404(visible(actor).select_related("level", "parent"), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return dealer


def get_contract(
    actor: Actor, dealer: str, number: str, to: str = "contract.view"
) -> DealerContract:
    """A contract by the numbers of its dealer and its own."""
    contracts = visible_contracts(actor).select_related("dealer")
    contract = get_object_or_404(contracts, dealer__number=dealer, number=number)
    if not actor.may(to):
        raise PermissionDenied
    return contract


def get_cards(actor: Actor, code: str, to: str = "rate.view") -> list[RateCard]:
    """All versions of a rate card by its code, the newest first."""
    cards = list(visible_cards(actor).filter(code=code).select_related("level", "dealer"))
    if not cards:
        raise Http404
    if not actor.may(to):
        raise PermissionDenied
    return cards


def get_card(actor: Actor, code: str, from_on: date, to: str = "rate.view") -> RateCard:
    """The version of a rate card that begins on a day and was not withdrawn."""
    cards = visible_cards(actor).select_related("level", "dealer")
    kept = Q(until_on=None) | Q(until_on__gte=F("from_on"))
    card = get_object_or_404(cards.filter(kept), code=code, from_on=from_on)
    if not actor.may(to):
        raise PermissionDenied
    return card
