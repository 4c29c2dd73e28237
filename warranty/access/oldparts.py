"""The only gate to old parts, their shipments, windows and trucks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.actor import Actor
from warranty.models import Box, Evidence, OldPartReturn, ReturnShipment, ReturnWindow, Truck
from warranty.rules.oldparts import read_tag
from warranty.services.oldparts.photos import SUBJECT

LINKS = ("part", "machine__model", "dealer", "claim", "report_part__report")
# What the page and the API of one piece say beside it.
MORE_LINKS = (*LINKS, "box__shipment", "claim__customer")


def visible(actor: Actor) -> QuerySet[OldPartReturn]:
    """The pieces of the tenant, or those of the actor's own dealers (R-001)."""
    pieces = OldPartReturn.objects.all()
    return pieces if actor.dealer_ids is None else pieces.filter(dealer_id__in=actor.dealer_ids)


def get_piece(actor: Actor, number: str, to: str = "old_part.view") -> OldPartReturn:
    """A piece by its tag in any spelling: unknown 404, not allowed 403."""
    found = visible(actor).select_related(*MORE_LINKS)
    piece = get_object_or_404(found, number=read_tag(number) or number)
    if not actor.may(to):
        raise PermissionDenied
    return piece


def visible_shipments(actor: Actor) -> QuerySet[ReturnShipment]:
    rows = ReturnShipment.objects.all()
    return rows if actor.dealer_ids is None else rows.filter(dealer_id__in=actor.dealer_ids)


def get_shipment(actor: Actor, number: str, to: str = "old_part.view") -> ReturnShipment:
    """A shipment by number: unknown 404, not allowed 403."""
    rows = visible_shipments(actor).select_related("dealer", "window", "truck")
    shipment = get_object_or_404(rows, number=number.strip().upper())
    if not actor.may(to):
        raise PermissionDenied
    return shipment


def get_box(actor: Actor, number: str, box: int, to: str = "old_part.view") -> Box:
    """A box of a shipment, the shipment at hand."""
    shipment = get_shipment(actor, number, to=to)
    # Positions are small numbers; a larger one names nothing.
    if box > 32_767:
        raise Http404
    row = get_object_or_404(shipment.boxes.all(), number=box)
    row.shipment = shipment
    return row


def visible_windows(actor: Actor) -> QuerySet[ReturnWindow]:
    """When pieces may travel is no secret within the company."""
    return ReturnWindow.objects.all()


def get_window(actor: Actor, closes_on: date, to: str = "return_window.edit") -> ReturnWindow:
    window = get_object_or_404(visible_windows(actor), closes_on=closes_on)
    if not actor.may(to):
        raise PermissionDenied
    return window


def visible_trucks(actor: Actor) -> QuerySet[Truck]:
    """All runs, or those that pass one of the actor's dealers."""
    trucks = Truck.objects.all()
    if actor.dealer_ids is None:
        return trucks
    return trucks.filter(stops__dealer_id__in=actor.dealer_ids).distinct()


def get_truck(actor: Actor, number: str, to: str = "truck.manage") -> Truck:
    truck = get_object_or_404(visible_trucks(actor), number=number.strip().upper())
    if not actor.may(to):
        raise PermissionDenied
    return truck


def get_photo(actor: Actor, number: str, public_id: UUID) -> Evidence:
    """A photo of a piece, its own or one of its report."""
    piece = get_piece(actor, number)
    own = Evidence.objects.filter(subject=SUBJECT, subject_id=piece.pk)
    on_report = Evidence.objects.filter(subject="", report_id=piece.report_part.report_id)
    return get_object_or_404(own | on_report, public_id=public_id)
