"""The only gate to claims on suppliers; no dealer ever passes."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import RecoveryClaim


def visible(actor: Actor) -> QuerySet[RecoveryClaim]:
    """All of the tenant for its own people, nothing for a dealer's."""
    found = RecoveryClaim.objects.select_related("supplier", "claim__machine", "old_part__part")
    return found if actor.dealer_ids is None else found.none()


def get_recovery(actor: Actor, number: str, to: str = "recovery.view") -> RecoveryClaim:
    """One by its number: unknown to the actor 404, not allowed 403."""
    recovery = get_object_or_404(visible(actor), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return recovery
