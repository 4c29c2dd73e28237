"""What people pages must know of dealers, who live on a higher floor: asked through settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string


def dealer_labels(ids: Iterable[int]) -> dict[int, str]:
    """ "D-0001 Name" of each dealer of the current tenant, by id."""
    ask: Callable[[list[int]], dict[int, str]] = import_string(settings.DEALER_LABELS)
    wanted = sorted(set(ids))
    return ask(wanted) if wanted else {}


def dealer_of_number(number: str) -> int | None:
    """The id of the dealer with this number in the current tenant."""
    ask: Callable[[str], int | None] = import_string(settings.DEALER_OF_NUMBER)
    return ask(number)
