"""The only gate to adjustments: a dealer sees what it was told of, never a draft."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import Adjustment


def visible(actor: Actor) -> QuerySet[Adjustment]:
    """The whole tenant's, or those that a dealer and its sub-dealers were told of."""
    found = Adjustment.objects.select_related("dealer", "payee", "reason")
    if actor.dealer_ids is None:
        return found
    return found.filter(dealer__in=actor.dealer_ids, notified_at__isnull=False)


def get_adjustment(actor: Actor, number: str, to: str = "adjustment.view") -> Adjustment:
    """One by its number: unknown to the actor 404, not allowed 403."""
    adjustment = get_object_or_404(visible(actor), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return adjustment
