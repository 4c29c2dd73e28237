"""The only gate to dealers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from dealers.models import Dealer


def visible(actor: Actor) -> QuerySet[Dealer]:
    """The whole tenant's dealers, or a dealer with its sub-dealers (R-001)."""
    dealers = Dealer.objects.all()
    return dealers if actor.dealer_ids is None else dealers.filter(pk__in=actor.dealer_ids)


def get_dealer(actor: Actor, number: str, to: str = "dealer.view") -> Dealer:
    """A dealer by its number: unknown to the actor 404, not allowed 403."""
    dealer = get_object_or_404(visible(actor).select_related("level", "parent"), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return dealer
