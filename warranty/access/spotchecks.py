"""The only gate to spot checks: a dealer sees those of its own claims."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import Evidence, SpotCheck, SpotCheckItem

SUBJECT = "spot_check_item"


def visible(actor: Actor) -> QuerySet[SpotCheck]:
    """The whole tenant's, or those of a dealer and its sub-dealers."""
    found = SpotCheck.objects.select_related("dealer")
    return found if actor.dealer_ids is None else found.filter(dealer__in=actor.dealer_ids)


def get_spot_check(actor: Actor, number: str, to: str = "spot_check.view") -> SpotCheck:
    """One by its number: unknown to the actor 404, not allowed 403."""
    check = get_object_or_404(visible(actor), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return check


def get_item(actor: Actor, number: str, claim: str, to: str = "spot_check.view") -> SpotCheckItem:
    """One claim of a sample, by the numbers of both."""
    check = get_spot_check(actor, number, to)
    items = check.items.select_related("claim", "spot_check__dealer", "adjustment")
    return get_object_or_404(items, claim__number=claim)


def get_paper(actor: Actor, number: str, claim: str, public_id: UUID) -> Evidence:
    """A paper that was handed in for one claim of a sample."""
    item = get_item(actor, number, claim)
    papers = Evidence.objects.filter(subject=SUBJECT, subject_id=item.pk)
    return get_object_or_404(papers, public_id=public_id)
