"""When an old part may travel, until when it must, and what money waits for (warranty-claims §5).

Pure: values in, values out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

# More loose pieces than this of one row (rivets, bolts) travel as one lot under one tag.
MOST_TAGS = 50
# A truck that has passed may still be written down for so many days.
WRITTEN_DOWN_AFTER = timedelta(days=7)
# Counted one by one; litres, metres and kilograms travel as one lot.
COUNTED = frozenset({"piece", "set"})
TAG = re.compile(r"OP-?(\d{8})-?(\d{4,})")


@dataclass(frozen=True, slots=True)
class WindowDays:
    """A return window (旧件返厂期): when pieces may travel by themselves."""

    name: str
    opens_on: date
    closes_on: date

    def is_open(self, today: date) -> bool:
        return self.opens_on <= today <= self.closes_on


@dataclass(frozen=True, slots=True)
class TruckDay:
    """A goods truck that passes a dealer on its way home."""

    number: str
    plate: str
    passes_on: date


class ChanceKind(StrEnum):
    OPEN = "open"
    TRUCK = "truck"
    WINDOW = "window"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Chance:
    """The next chance to travel: from which day, and for a window until which."""

    kind: ChanceKind
    on: date | None = None
    until: date | None = None
    name: str = ""


def next_chance(
    today: date, windows: Iterable[WindowDays], trucks: Iterable[TruckDay] = ()
) -> Chance:
    """An open window at once, else the first truck or window to come; the truck at a tie."""
    ahead = sorted(
        (window for window in windows if window.closes_on >= today),
        key=lambda window: (window.opens_on, window.closes_on),
    )
    if ahead and ahead[0].is_open(today):
        return Chance(ChanceKind.OPEN, today, ahead[0].closes_on, ahead[0].name)
    chances = [
        Chance(ChanceKind.TRUCK, truck.passes_on, None, f"{truck.number} {truck.plate}".strip())
        for truck in trucks
        if truck.passes_on >= today
    ]
    chances += [
        Chance(ChanceKind.WINDOW, each.opens_on, each.closes_on, each.name) for each in ahead[:1]
    ]
    # Stable: trucks stand before the window.
    return min(chances, key=lambda chance: chance.on or today, default=Chance(ChanceKind.NONE))


def due_day(made_on: date, closes: Iterable[date], *, lead_days: int, days: int) -> date:
    """The close of the first window that leaves time to pack, else so many days from now."""
    in_reach = made_on + timedelta(days=lead_days)
    return min(
        (close for close in closes if close >= in_reach), default=made_on + timedelta(days=days)
    )


def lots(quantity: Decimal, unit: str) -> list[Decimal]:
    """The quantity under each tag: one piece each, or all in one lot where nobody counts."""
    if unit in COUNTED and quantity == quantity.to_integral_value() and quantity <= MOST_TAGS:
        return [Decimal(1)] * int(quantity)
    return [quantity]


def gate_of(by_part: str, by_level: str) -> str:
    """What the money waits for: the dealer's grade says it before the part."""
    return by_level or by_part


def piece_share(cents: int, piece: int, pieces: int) -> int:
    """What one piece (counted from 1) bears of its line, so that all pieces add up to it."""
    return cents * piece // pieces - cents * (piece - 1) // pieces


def may_go_by(today: date, passes_on: date) -> bool:
    """A truck that is still to come, or passed only days ago and is written down now."""
    return today <= passes_on + WRITTEN_DOWN_AFTER


def read_tag(text: str) -> str:
    """The tag in what was typed or scanned: its number in any spelling, or its page's address."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().replace("－", "-")
    found = TAG.search(plain.replace("—", "-").replace("–", "-"))
    return f"OP-{found[1]}-{found[2]}" if found else ""


def read_tags(text: str) -> list[str]:
    """All tags in a text, in the order of typing, each once."""
    found = (read_tag(word) for word in re.split(r"[\s,;，；、]+", text) if word)
    return list(dict.fromkeys(tag for tag in found if tag))


def years_windows(year: int) -> Sequence[tuple[date, date]]:
    """The two windows of a year that a new company starts with: June and December (R-148)."""
    return [
        (date(year, 6, 1), date(year, 6, 30)),
        (date(year, 12, 1), date(year, 12, 31)),
    ]
