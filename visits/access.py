"""The only gate to visits and callbacks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from visits.models import Callback, Visit


def visible_visits(actor: Actor) -> QuerySet[Visit]:
    """The trips of the tenant; a dealer's people see those of their dealers (R-001)."""
    visits = Visit.objects.all()
    return visits if actor.dealer_ids is None else visits.filter(dealer_id__in=actor.dealer_ids)


def visible_callbacks(actor: Actor) -> QuerySet[Callback]:
    """Callbacks are the desk's own: a dealer does not read what was said about it."""
    return Callback.objects.none() if actor.is_dealer else Callback.objects.all()


def get_visit(actor: Actor, number: str, *, to: str = "visit.view") -> Visit:
    visit = get_object_or_404(visible_visits(actor).select_related("ticket"), number=number)
    if not actor.may(to):
        raise PermissionDenied
    return visit


def get_callback(actor: Actor, number: str, *, to: str = "callback.view") -> Callback:
    callback = get_object_or_404(
        visible_callbacks(actor).select_related(
            "ticket__customer", "ticket__machine__model", "ticket__dealer", "dealer"
        ),
        number=number,
    )
    if not actor.may(to):
        raise PermissionDenied
    return callback
