"""What a reviewer may write behind each line of a claim, and how high (warranty-claims 2 and 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from warranty.states.claims import LineOutcome

WORDS_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Decision:
    """What is approved of one line; for a cut, the code of its reason and words to the dealer."""

    line_id: int
    outcome: str
    approved_cents: int
    reason_code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it stands before the decision: what is asked, and what is approved already.

    `floor_cents` is what an appeal granted or what an appeal starts from: never taken away again.
    """

    line_id: int
    position: int
    claimed_cents: int
    floor_cents: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """A review level: the role that decides it, up to which amount (none: any amount)."""

    level: int
    role: str
    up_to_cents: int | None


def problems(
    lines: Sequence[Asked], decisions: Iterable[Decision], reasons: Collection[str]
) -> dict[int, Any]:
    """What is wrong with each line's decision, in a sentence; empty when all may stand.

    Every line is approved as claimed, reduced to something between, or rejected; a cut has a
    reason of the list and words. A line never gets more than was claimed.
    """
    given: dict[int, Decision] = {}
    found: dict[int, Any] = {}
    for decision in decisions:
        if decision.line_id in given:
            found[decision.line_id] = _("This line is decided twice.")
        given[decision.line_id] = decision
    for line in lines:
        if line.line_id in found:
            continue
        said = _problem(line, given.get(line.line_id), reasons)
        if said is not None:
            found[line.line_id] = said
    for line_id in given.keys() - {line.line_id for line in lines}:
        found[line_id] = _("This line is not part of what is to be decided.")
    return found


def _problem(line: Asked, decision: Decision | None, reasons: Collection[str]) -> Any:
    if decision is None:
        return _("Approve, reduce or reject this line.")
    approved, claimed = decision.approved_cents, line.claimed_cents
    if decision.outcome not in LineOutcome.values:
        return _("Approve, reduce or reject this line.")
    if approved < 0 or approved > claimed:
        return _("Approved is between nothing and what was claimed.")
    if decision.outcome == LineOutcome.APPROVE and approved != claimed:
        return _("Approved means as claimed. For less, reduce the line and say why.")
    if decision.outcome == LineOutcome.REJECT and approved != 0:
        return _("Nothing is approved of a rejected line.")
    if decision.outcome == LineOutcome.REDUCE and not 0 < approved < claimed:
        return _("A reduced line gets something, and less than was claimed.")
    if approved < line.floor_cents:
        return _("An appeal raises a line or keeps it. Less than before is not possible.")
    if decision.outcome == LineOutcome.APPROVE:
        return None
    if decision.reason_code not in reasons:
        return _("Choose the reason of the cut.")
    if not decision.words.strip():
        return _("Say in words why less is approved; the dealer reads it.")
    if len(decision.words.strip()) > WORDS_LONGEST:
        return _("At most 400 characters.")
    return None


def limit_of(limits: Sequence[Limit], role: str) -> Limit | None:
    """The highest level that a role decides; none if it decides no level at all."""
    return max((each for each in limits if each.role == role), key=_level, default=None)


def may_decide(limits: Sequence[Limit], role: str, level: int, approved_cents: int) -> bool:
    """Whether a role's limit reaches the level of a claim and the amount that is approved."""
    own = limit_of(limits, role)
    if own is None or own.level < level:
        return False
    return own.up_to_cents is None or approved_cents <= own.up_to_cents


def next_level(limits: Sequence[Limit], level: int) -> int | None:
    """The level above; none if nobody stands above."""
    return min((each.level for each in limits if each.level > level), default=None)


def _level(limit: Limit) -> int:
    return limit.level


def appealable(
    cut: Mapping[int, bool], appealed: Collection[int], *, is_in_time: bool
) -> frozenset[int]:
    """The lines that may still be appealed: cut, never appealed before, and in time."""
    if not is_in_time:
        return frozenset()
    return frozenset(line for line, is_cut in cut.items() if is_cut) - frozenset(appealed)
