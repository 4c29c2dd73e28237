"""Who hears of old parts: the dealer that owes or sent them, and those who chase them (R-148)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.queries import people_in_role, people_of_dealer
from accounts.roles import Role
from notifications import services as notifications
from notifications.services import Told
from warranty.models import OldPartReturn, ReturnShipment

DEALERS_DESK = (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK)


def page_of(name: str, fallback: str, *args: str) -> str:
    """The address of a page; a process that serves only the API knows no pages."""
    try:
        return reverse(f"warranty:{name}", args=args)
    except NoReverseMatch:
        return "/warranty/" + fallback


def list_page() -> str:
    return page_of("old-parts", "old-parts/")


def piece_page(piece: OldPartReturn) -> str:
    return page_of("old-part", f"old-parts/{piece.number}/", piece.number)


def shipment_page(shipment: ReturnShipment) -> str:
    return page_of("shipment", f"shipments/{shipment.number}/", shipment.number)


def owners(dealer_id: int | None) -> list[User]:
    """Who sends a dealer's pieces; for the company's own, its field engineers."""
    if dealer_id is None:
        return people_in_role(Role.FIELD_ENGINEER)
    return people_of_dealer(dealer_id, DEALERS_DESK)


def tell(
    users: list[User], event: str, params: Mapping[str, Any], cause: str, url: str = ""
) -> None:
    """Tell each once per cause."""
    notifications.notify_all(
        told=[Told(user, event, params, cause, url=url or list_page()) for user in users]
    )
