"""The gate to clocks, policies and calendars: what of them an actor sees at all."""

from __future__ import annotations

from django.db.models import QuerySet

from core.actor import Actor
from sla.models import Clock


def visible(actor: Actor) -> QuerySet[Clock]:
    """The clocks of the tenant; people of a dealer see those that their dealers hold."""
    clocks = Clock.objects.all()
    if actor.dealer_ids is not None:
        clocks = clocks.filter(holder_dealer_id__in=actor.dealer_ids)
    return clocks
