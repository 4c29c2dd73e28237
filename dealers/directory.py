"""What lower floors may ask about dealers, through settings (see `accounts.directory`)."""

from __future__ import annotations

from dealers.models import Dealer


def labels(ids: list[int]) -> dict[int, str]:
    """Number and name of dealers, by id."""
    rows = Dealer.objects.filter(pk__in=ids).values_list("pk", "number", "name")
    return {pk: f"{number} {name}" for pk, number, name in rows}


def id_of_number(number: str) -> int | None:
    return Dealer.objects.filter(number__iexact=number.strip()).values_list("pk", flat=True).first()
