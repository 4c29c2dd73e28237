"""The only gate to settlements: a dealer sees what was issued to it, never a draft."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import Settlement, SettlementNotice


def visible(actor: Actor) -> QuerySet[Settlement]:
    """The whole tenant's, or those that were issued to a dealer or its sub-dealers."""
    found = Settlement.objects.select_related("dealer")
    if actor.dealer_ids is None:
        return found
    return found.filter(dealer__in=actor.dealer_ids, edition__gte=1)


def get_settlement(actor: Actor, number: str, to: str = "settlement.view") -> Settlement:
    """One by its number: unknown to the actor 404, not allowed 403."""
    settlement = get_object_or_404(visible(actor), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return settlement


def get_notice(
    actor: Actor, number: str, edition: int, to: str = "settlement.view"
) -> SettlementNotice:
    """An edition of a settlement's notice."""
    settlement = get_settlement(actor, number, to=to)
    return get_object_or_404(settlement.notices, edition=edition)
