"""Who at a dealer hears of its money: the principals of the payee and of who did the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from accounts.queries import people_of_dealer
from accounts.roles import Role
from dealers.models import Dealer
from notifications import services as notifications
from notifications.services import Told

READERS = (Role.DEALER_PRINCIPAL,)


def tell_dealers(
    dealers: set[Dealer], event: str, params: Mapping[str, Any], *, cause: str, url: str = ""
) -> None:
    """Tell the principals of some dealers, each once per cause."""
    notifications.notify_all(
        told=[
            Told(user, event, params, cause=cause, url=url)
            for dealer in sorted(dealers, key=lambda each: each.pk)
            for user in people_of_dealer(dealer.pk, READERS)
        ]
    )


def settlement_page(number: str) -> str:
    return reverse("warranty:settlement", args=[number])


def adjustment_page(number: str) -> str:
    return reverse("warranty:adjustment", args=[number])
