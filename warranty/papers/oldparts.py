"""Papers of old parts: tags (旧件标签), box lists (返厂清单), the driver's pick list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from core import pdf
from core.models import Tenant
from core.phones import display
from machines.papers import language_of
from warranty.models import OldPartReturn, ReturnShipment, Truck
from warranty.queries.oldparts import PackedBox, PickStop
from warranty.services.oldparts.telling import piece_page, shipment_page

__all__ = ["box_lists", "language_of", "pick_list", "tags"]


def _letterhead(tenant: Tenant, language: str) -> dict[str, Any]:
    english = language.startswith("en")
    return {
        "company": (tenant.name_en if english else "") or tenant.name,
        "tenant": tenant,
        "printed_at": timezone.now(),
    }


def _code(path: str) -> str:
    """The QR code of a page of ours: scanning it opens the page."""
    return pdf.qr(f"{settings.BASE_URL}{path}")


def tags(pieces: Sequence[OldPartReturn], *, tenant: Tenant, language: str) -> bytes:
    """One tag per piece, ten on a sheet to be cut."""
    shown = [{"piece": piece, "qr": _code(piece_page(piece))} for piece in pieces]
    context = {**_letterhead(tenant, language), "tags": shown}
    return pdf.render("pdf/old_part_tags.html", context, language=language)


def box_lists(
    shipment: ReturnShipment, boxes: Sequence[PackedBox], *, tenant: Tenant, language: str
) -> bytes:
    """The list that lies in each box, a sheet per box."""
    context = {
        **_letterhead(tenant, language),
        "shipment": shipment,
        "boxes": boxes,
        "piece_count": sum(len(each.pieces) for each in boxes),
        "qr": _code(shipment_page(shipment)),
    }
    return pdf.render("pdf/old_part_boxes.html", context, language=language)


def pick_list(truck: Truck, stops: Sequence[PickStop], *, tenant: Tenant, language: str) -> bytes:
    """What the driver takes along at each stop, to be signed there."""
    context = {
        **_letterhead(tenant, language),
        "truck": truck,
        "driver_phone": display(truck.driver_phone) if truck.driver_phone else "",
        "stops": [
            {
                "pick": stop,
                "phone": display(stop.stop.dealer.phone),
            }
            for stop in stops
        ],
        "box_count": sum(stop.box_count for stop in stops),
    }
    return pdf.render("pdf/truck_pick_list.html", context, language=language)
