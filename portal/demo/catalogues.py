"""What a demo company repairs with, as values: suppliers, parts, operations."""

from __future__ import annotations

from dataclasses import dataclass

from parts.models import Gate, Layer, PartKind, ReturnDuty

WEAR, GUARANTEE = PartKind.WEAR, PartKind.GUARANTEE
BACK, SUPERVISED, THERE = (
    ReturnDuty.RETURN_TO_FACTORY,
    ReturnDuty.SUPERVISED,
    ReturnDuty.DEALER_SCRAPS,
)
GATES = {BACK: Gate.BEFORE_PAYABLE, SUPERVISED: Gate.DEDUCT, THERE: Gate.NONE}


@dataclass(frozen=True, slots=True)
class Good:
    """A part: its dealer price in whole yuan, the lines whose models have it, what fails of it."""

    number: str
    name: str
    name_en: str
    yuan: int
    lines: tuple[str, ...] = ()
    component: str = ""
    supplier: str = ""
    duty: str = THERE
    kind: str = GUARANTEE
    is_watched: bool = False
    is_serialised: bool = False
    per_machine: int = 1
    replaces: str = ""

    @property
    def layer(self) -> str:
        if self.kind == WEAR:
            return Layer.WEAR
        return Layer.MAIN if self.component else Layer.WHOLE

    @property
    def gate(self) -> str:
        return GATES[ReturnDuty(self.duty)]


@dataclass(frozen=True, slots=True)
class Work:
    """A labour operation with its minutes, those on a line, and the codes of what it includes."""

    code: str
    name: str
    name_en: str
    minutes: int
    group: str
    by_line: tuple[tuple[str, int], ...] = ()
    includes: tuple[str, ...] = ()
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """All of one company; a supplier is (code, name, contact, phone, share in percent)."""

    suppliers: tuple[tuple[str, str, str, str, int], ...]
    parts: tuple[Good, ...]
    works: tuple[Work, ...]
