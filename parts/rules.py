"""Pure rules of parts: how numbers are folded, prices by date, and what a line may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from core.money import times
from machines.rules import clean_serial

ONE = Decimal(1)


class Dated(Protocol):
    """A price that counts from a day."""

    @property
    def from_on(self) -> date: ...

    @property
    def cents(self) -> int: ...


def fold(text: str) -> str:
    """A part number or serial as it is kept: half-width, upper case, no blanks, plain hyphens."""
    # Upper case may part what was composed: once more, so that folding again changes nothing.
    return unicodedata.normalize("NFKC", clean_serial(text))


def is_plain(code: str) -> bool:
    """Whether a folded number holds letters, digits and signs only, and at least one."""
    kinds = {unicodedata.category(mark)[0] for mark in code}
    return bool(kinds) and kinds <= {"L", "N", "P", "S"} and not any(map(str.islower, code))


def is_same(one: str, other: str) -> bool:
    """Whether two spellings name the same part or piece; nothing is the same as nothing."""
    return bool(fold(one)) and fold(one) == fold(other)


def price_on(prices: Iterable[Dated], on: date) -> int | None:
    """The cents of the newest price that counts on a day; None before the first one."""
    begun = [price for price in prices if price.from_on <= on]
    return max(begun, key=lambda price: price.from_on).cents if begun else None


def is_too_many(quantity: Decimal, per_machine: Decimal | None) -> bool:
    """Whether one repair takes more pieces than the machine has (K07); unknown is never more."""
    return per_machine is not None and quantity > per_machine


def part_cents(price_cents: int, quantity: Decimal, *, is_factory_supplied: bool = False) -> int:
    """What the pieces cost, half up to the cent; nothing for those that the factory gave (K19)."""
    if is_factory_supplied:
        return 0
    return times(price_cents, quantity)


def value_leaving(held: Decimal, held_cents: int, leaving: Decimal) -> int:
    """The share of a store's value that goes with some pieces; the last one takes the rest."""
    if leaving >= held:
        return held_cents
    return int((held_cents * leaving / held).quantize(ONE, ROUND_HALF_UP))


def is_confirmation_due(confirmed_on: date | None, today: date, after_days: int) -> bool:
    """Whether a supplier's entry has stood unconfirmed for longer than agreed (R-085)."""
    return confirmed_on is None or confirmed_on + timedelta(days=after_days) < today


def minutes_on(
    standard: int, fits: Iterable[tuple[int | None, int]], model_id: int | None
) -> int | None:
    """The standard minutes on a model; None where the operation does not fit it (K06).

    `fits` are (model or None for every other one, minutes); none at all: it fits every model.
    """
    by_model = dict(fits)
    if not by_model:
        return standard
    return by_model.get(model_id, by_model.get(None))
