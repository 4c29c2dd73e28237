"""The only gate to statutory cases: a dealer sees those of its own sales and jobs."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import StatutoryCase


def visible(actor: Actor) -> QuerySet[StatutoryCase]:
    """The whole tenant's, or those of a dealer and its sub-dealers."""
    found = StatutoryCase.objects.select_related("machine__model", "dealer", "customer", "ticket")
    return found if actor.dealer_ids is None else found.filter(dealer__in=actor.dealer_ids)


def get_case(actor: Actor, number: str, to: str = "case.view") -> StatutoryCase:
    """One by its number: unknown to the actor 404, not allowed 403."""
    case = get_object_or_404(visible(actor), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return case
