"""The only gate to parts, suppliers, stores and operations."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from parts.models import (
    LabourOperation,
    Part,
    PartPrice,
    PartSerial,
    PriceKind,
    StockMove,
    Store,
    Supplier,
)
from parts.rules import fold


def visible_parts(actor: Actor) -> QuerySet[Part]:
    """The whole catalogue: what is repaired with is no secret; suppliers are."""
    return Part.objects.all()


def visible_prices(actor: Actor) -> QuerySet[PartPrice]:
    """All prices; a dealer reads what it pays itself."""
    prices = PartPrice.objects.all()
    return prices.filter(kind=PriceKind.DEALER) if actor.is_dealer else prices


def visible_serials(actor: Actor) -> QuerySet[PartSerial]:
    """All pieces, or those sold to the actor's dealers."""
    serials = PartSerial.objects.all()
    return serials if actor.dealer_ids is None else serials.filter(dealer_id__in=actor.dealer_ids)


def visible_suppliers(actor: Actor) -> QuerySet[Supplier]:
    """The directory; dealers never see who delivers."""
    return Supplier.objects.none() if actor.is_dealer else Supplier.objects.all()


def visible_stores(actor: Actor) -> QuerySet[Store]:
    return Store.objects.none() if actor.is_dealer else Store.objects.all()


def visible_moves(actor: Actor) -> QuerySet[StockMove]:
    return StockMove.objects.none() if actor.is_dealer else StockMove.objects.all()


def get_part(actor: Actor, number: str, to: str = "part.view") -> Part:
    """A part by its number in any spelling: unknown 404, not allowed 403."""
    found = visible_parts(actor).select_related("replaces")
    part = get_object_or_404(found, number=fold(number))
    if not actor.may(to):
        raise PermissionDenied
    return part


def get_operation(actor: Actor, code: str, to: str = "part.view") -> LabourOperation:
    operation = get_object_or_404(LabourOperation, code=fold(code))
    if not actor.may(to):
        raise PermissionDenied
    return operation


def get_supplier(actor: Actor, code: str, to: str = "supplier.view") -> Supplier:
    supplier = get_object_or_404(visible_suppliers(actor), code=fold(code))
    if not actor.may(to):
        raise PermissionDenied
    return supplier


def get_store(actor: Actor, code: str, to: str = "stock.view") -> Store:
    store = get_object_or_404(visible_stores(actor), code=fold(code))
    if not actor.may(to):
        raise PermissionDenied
    return store
