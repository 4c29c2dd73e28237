"""What a settlement comes to: signs, kinds, net, what is carried, the balance to be paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from warranty.states.claims import LineKind
from warranty.states.settlements import TAKES, AdjustmentKind, SettlementLineKind

K = SettlementLineKind
KIND_OF_LINE: dict[str, SettlementLineKind] = {
    LineKind.PART: K.PARTS,
    LineKind.LABOUR: K.LABOUR,
    LineKind.TRAVEL: K.TRAVEL,
    LineKind.FREIGHT: K.FREIGHT,
    LineKind.SUBLET: K.OTHER,
    LineKind.CONSUMABLE: K.OTHER,
    LineKind.NIGHT: K.OTHER,
    LineKind.FIXED: K.OTHER,
    LineKind.DIAGNOSIS: K.OTHER,
    LineKind.GOODWILL: K.GOODWILL,
}
KIND_OF_ADJUSTMENT: dict[str, SettlementLineKind] = {
    AdjustmentKind.DEDUCTION: K.DEDUCTION,
    AdjustmentKind.ADDITION: K.ADDITION,
    AdjustmentKind.REWARD: K.REWARD,
    AdjustmentKind.PENALTY: K.PENALTY,
}
# Kinds whose lines come from claims; the others stand beside them by their own names.
OF_CLAIMS = (K.PARTS, K.LABOUR, K.TRAVEL, K.FREIGHT, K.OTHER, K.GOODWILL)


@dataclass(frozen=True, slots=True)
class Amount:
    """One line by its values, in cents; below zero it is taken from the dealer."""

    kind: str
    cents: int


def signed(kind: str, cents: int) -> int:
    """The amount of an adjustment as it is stored: deductions and penalties below zero."""
    return -abs(cents) if kind in TAKES else abs(cents)


def net(lines: Iterable[Amount]) -> int:
    """The plain sum; never cut at zero."""
    return sum(line.cents for line in lines)


def by_kind(lines: Iterable[Amount]) -> dict[SettlementLineKind, int]:
    """Sums per kind, in the order of the paper; kinds without a line are left out."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.kind] = sums.get(line.kind, 0) + line.cents
    return {kind: sums[kind] for kind in K if kind in sums}


def carried(net_cents: int) -> int:
    """What the next settlement begins with: a net below zero, or nothing."""
    return min(net_cents, 0)


def payable(net_cents: int) -> int:
    """What is owed to the dealer: a net above zero, or nothing."""
    return max(net_cents, 0)


def left(net_cents: int, used: Iterable[int]) -> int:
    """What is still owed after offsets and payments."""
    return payable(net_cents) - sum(used)


def oldest_first(owed: int, open_items: Sequence[tuple[str, int]]) -> dict[str, int]:
    """A proposal: the money used against open receivables in their order, none beyond its own."""
    proposal: dict[str, int] = {}
    for item, cents in open_items:
        part = min(owed, cents)
        if part > 0:
            proposal[item] = part
            owed -= part
    return proposal
