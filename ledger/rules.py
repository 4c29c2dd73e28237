"""Entries by pure rules: rows that balance, their opposite, their digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an entry by its values: debit above zero, credit below, in cents."""

    account: int
    cents: int
    currency: str = CURRENCY
    behalf: int | None = None
    item: str = ""
    note: str = ""


def balances(rows: Iterable[Row]) -> dict[str, int]:
    """What is left per currency; an entry leaves nothing in any."""
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.currency] += row.cents
    return dict(sums)


def is_balanced(rows: Iterable[Row]) -> bool:
    return not any(balances(rows).values())


def opposite(rows: Iterable[Row]) -> list[Row]:
    """The rows that take back what others posted; twice opposite is the same."""
    return [replace(row, cents=-row.cents) for row in rows]


def are_opposite(rows: Iterable[Row], others: Iterable[Row]) -> bool:
    """Whether one entry takes back another line by line; words apart."""
    wordless = (Counter(replace(row, note="") for row in side) for side in (rows, opposite(others)))
    one, other = wordless
    return one == other


def digest(on: date, rows: Iterable[Row], reverses: int | None = None) -> str:
    """What an entry does, in 64 characters: the day, the lines, what it reverses; not its words.

    Two posts of one source are the same if and only if this is.
    """
    lines: list[list[Any]] = [
        [row.account, row.cents, row.currency, row.behalf, row.item] for row in rows
    ]
    text = json.dumps([on.isoformat(), reverses, lines], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
