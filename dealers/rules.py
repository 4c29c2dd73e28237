"""Which rates hold, by pure rules: a dealer's own before its grade's before the standard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Rates:
    """What work is paid on a day, in whole cents and percent, and the card that says it."""

    card_id: int
    code: str
    from_on: date
    labour_cents_per_hour: int
    travel_cents_per_km: int
    night_cents: int
    diagnosis_cents: int
    # On the contract price of a part.
    parts_markup_percent: Decimal
    # So much longer than the map may a trip be.
    km_tolerance_percent: Decimal
    # Freight and outside service above it need consent before the work.
    freight_limit_cents: int


class Version(Protocol):
    """What is in force from a day to a day."""

    from_on: date
    until_on: date | None


class Card(Version, Protocol):
    """A rate card as the choice sees it."""

    dealer_id: int | None
    level_id: int | None


C = TypeVar("C", bound=Card)


def is_in_force(version: Version, on: date) -> bool:
    """From the first to the last day, both counted; without a last day for good."""
    return version.from_on <= on and (version.until_on is None or on <= version.until_on)


def card_for(cards: Iterable[C], *, dealer_id: int, level_id: int, on: date) -> C | None:
    """The card that pays a dealer on a day: its own, else its grade's, else the standard one."""
    owners = [(dealer_id, None), (None, level_id), (None, None)]
    fits = {(card.dealer_id, card.level_id): card for card in cards if is_in_force(card, on)}
    return next((fits[owner] for owner in owners if owner in fits), None)
