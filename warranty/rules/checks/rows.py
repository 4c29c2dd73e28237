"""Rules as rows, findings of a check, results of a run: plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# The strictest first.
REJECT, RETURN, MANUAL, PASS = "reject", "return", "manual", "pass"
STRICTEST_FIRST = (REJECT, RETURN, MANUAL, PASS)
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the check table as it was in force on the day."""

    id: int
    code: str
    outcome: str
    position: int = 0
    # Its outcome where the exception applies; "": the exception changes nothing.
    softened: str = ""
    level: int = 1
    parameters: Parameters = field(default_factory=dict)
    reason: str = ""
    from_on: str = ""

    def number(self, name: str, default: int) -> int:
        """A figure of the row; what is not a whole number counts as not given."""
        value = self.parameters.get(name)
        return value if type(value) is int and value >= 0 else default


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: the name of its sentence, the values in it, and the line it is about.

    `is_exception` asks for the softened outcome of the row; `outcome` and `level` are said only
    where the check itself knows better than the row. `risk` is a flag that dealers never see.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    line: int | None = None
    is_exception: bool = False
    outcome: str = ""
    level: int = 0
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A finding with what its row makes of it."""

    code: str
    outcome: str
    finding: str
    values: dict[str, Any]
    line: int | None
    level: int
    reason: str
    risk: str = ""

    @property
    def is_risk(self) -> bool:
        return bool(self.risk)


@dataclass(frozen=True, slots=True)
class Level:
    """Who decides up to which amount; None: without limit."""

    level: int
    up_to_cents: int | None


@dataclass(frozen=True, slots=True)
class Book:
    """The rows of one day and one grade of dealer, in their order, and the review levels."""

    rules: tuple[Rule, ...]
    levels: tuple[Level, ...] = ()

    def level_for(self, cents: int) -> int:
        """The lowest level that may decide an amount; the highest where none has room."""
        for each in self.levels:
            if each.up_to_cents is None or cents <= each.up_to_cents:
                return each.level
        return self.levels[-1].level if self.levels else 1

    @property
    def highest(self) -> int:
        return self.levels[-1].level if self.levels else 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all checks together say of a filing."""

    outcome: str
    level: int
    results: tuple[Result, ...]

    @property
    def risk_flags(self) -> list[str]:
        return sorted({result.risk for result in self.results if result.risk})

    def of(self, outcome: str) -> list[Result]:
        return [result for result in self.results if result.outcome == outcome]


def strictest(outcomes: Iterable[str]) -> str:
    """The strictest of some outcomes; of none: pass."""
    return min(outcomes, key=STRICTEST_FIRST.index, default=PASS)


def in_force(rows: Iterable[Any], on: date, dealer_level_id: int | None) -> list[Any]:
    """Of dated rows one per code: the newest begun, the dealer's own grade before every grade."""
    best: dict[str, Any] = {}
    for row in rows:
        if row.from_on > on or (row.until_on is not None and row.until_on < on):
            continue
        if row.dealer_level_id not in (None, dealer_level_id):
            continue
        rank = (row.dealer_level_id is not None, row.from_on)
        held = best.get(row.code)
        if held is None or rank > (held.dealer_level_id is not None, held.from_on):
            best[row.code] = row
    # A row that is switched off hides the older ones of its code: the check is then not asked.
    return sorted(
        (row for row in best.values() if row.is_active), key=lambda row: (row.position, row.code)
    )
