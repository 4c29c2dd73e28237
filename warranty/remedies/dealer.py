"""The second question: is the dealer's claim payable? (three-guarantees.md section 8)

It takes the user's entitlement as given and never changes it: a late card, a missing signature
or a missing old part cuts the dealer's refund, not the user's right (Art. 4, 5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from warranty.remedies.days import add_days
from warranty.remedies.values import Case, Entitlement, Option

OWN_COST = frozenset({Option.REPAIR_PAID})
# Replacement and return of the whole thing need management's approval beforehand.
NEEDS_APPROVAL = frozenset(
    {
        Option.REPLACE_UNIT,
        Option.REPLACE_UNIT_FEE,
        Option.RETURN_FULL,
        Option.RETURN_FEE,
        Option.RETURN_DEPR,
    }
)


class Outcome(IntEnum):
    """The strictest wins."""

    PAYABLE = 0
    MANUAL = 1  # a person decides
    WAITING = 2  # for a fact that is still due
    RETURNED = 3  # to be corrected and filed again
    REJECTED = 4


class OldPart(StrEnum):
    NONE = "none"  # no piece has to come back
    AWAITED = "awaited"
    RETURNED = "returned"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Contract:
    """Clauses of the dealer's contract; the tenant's defaults."""

    card_days: int = 20


USUAL = Contract()


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the dealer did and filed. `carried_out` is what the user chose and got."""

    card_on: date | None = None
    waived_by: str = ""
    is_signed: bool = True
    old_part: OldPart = OldPart.NONE
    is_dealers_fault: bool = False
    is_factory_part: bool = False
    is_late: bool = False
    late_reason: str = ""
    is_duplicate: bool = False
    is_over_limit: bool = False
    is_beyond_certificate: bool = False
    is_sent_on: bool = False
    carried_out: Option = Option.REPAIR_FREE
    approved_by: str = ""
    goodwill_by: str = ""


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """One clause and what it does; `pays_parts` False takes the part amounts out."""

    code: str
    outcome: Outcome
    pays_parts: bool = True
    is_breach: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the manufacturer refunds the dealer; parts apart from labour and travel."""

    outcome: Outcome
    pays_parts: bool
    findings: tuple[ClaimFinding, ...]

    @property
    def is_payable(self) -> bool:
        return self.outcome == Outcome.PAYABLE


@dataclass(frozen=True, slots=True)
class _Look:
    case: Case
    owed: frozenset[Option]
    claim: ClaimFacts
    contract: Contract


def card_is_late(look: _Look) -> ClaimFinding | None:
    """The receipt card comes within 20 days of the sale; a named person may waive that."""
    last = add_days(look.case.sale_date, look.contract.card_days)
    card_on = look.claim.card_on
    if card_on is None and look.case.ask_date <= last:
        return ClaimFinding("card_awaited", Outcome.WAITING)
    if card_on is not None and card_on <= last:
        return None
    if look.claim.waived_by:
        return ClaimFinding("card_waived", Outcome.MANUAL)
    return ClaimFinding("card_late" if card_on else "card_missing", Outcome.REJECTED)


def is_unsigned(look: _Look) -> ClaimFinding | None:
    """A repair record without the user's signature or code goes back to the dealer."""
    return None if look.claim.is_signed else ClaimFinding("unsigned", Outcome.RETURNED)


def old_part_is_out(look: _Look) -> ClaimFinding | None:
    """An old part is waited for until its window; missing then, it is deducted."""
    if look.claim.old_part == OldPart.AWAITED:
        return ClaimFinding("old_part_awaited", Outcome.WAITING)
    if look.claim.old_part == OldPart.MISSING:
        return ClaimFinding("old_part_missing", Outcome.PAYABLE, pays_parts=False)
    return None


def is_not_owed(look: _Look) -> ClaimFinding | None:
    """Outside every layer, or excluded: not payable; goodwill only by its approver."""
    if not look.owed:
        return ClaimFinding("no_open_fault", Outcome.RETURNED)
    if look.owed - OWN_COST:
        return None
    if look.claim.goodwill_by:
        return ClaimFinding("goodwill", Outcome.MANUAL)
    return ClaimFinding("not_covered", Outcome.REJECTED)


def is_dealers_own_fault(look: _Look) -> ClaimFinding | None:
    """Damage by the dealer or a wrong repair is done again at the repairer's cost."""
    return ClaimFinding("dealers_fault", Outcome.REJECTED) if look.claim.is_dealers_fault else None


def is_beyond_certificate(look: _Look) -> ClaimFinding | None:
    """What the dealer promised beyond the certificate binds the dealer alone."""
    if not look.claim.is_beyond_certificate:
        return None
    return ClaimFinding("beyond_certificate", Outcome.REJECTED)


def part_came_free(look: _Look) -> ClaimFinding | None:
    """A part supplied free by the factory: its amount is 0, labour and travel are payable."""
    if not look.claim.is_factory_part:
        return None
    return ClaimFinding("factory_part", Outcome.PAYABLE, pays_parts=False)


def is_filed_late(look: _Look) -> ClaimFinding | None:
    """Filed after the limit: not payable; with a reason a person decides."""
    if not look.claim.is_late:
        return None
    if look.claim.late_reason:
        return ClaimFinding("late_with_reason", Outcome.MANUAL)
    return ClaimFinding("filed_late", Outcome.REJECTED)


def is_duplicate(look: _Look) -> ClaimFinding | None:
    """The same repair was claimed before."""
    return ClaimFinding("duplicate", Outcome.RETURNED) if look.claim.is_duplicate else None


def is_over_limit(look: _Look) -> ClaimFinding | None:
    """Above a limit a person decides."""
    return ClaimFinding("over_limit", Outcome.MANUAL) if look.claim.is_over_limit else None


def is_sent_on(look: _Look) -> ClaimFinding | None:
    """Sending the user on to the factory is a breach, recorded against the dealer."""
    if not look.claim.is_sent_on:
        return None
    return ClaimFinding("sent_on", Outcome.PAYABLE, is_breach=True)


def is_unapproved(look: _Look) -> ClaimFinding | None:
    """A replacement or refund without approval may have been due; its share is decided singly."""
    if look.claim.carried_out not in NEEDS_APPROVAL or look.claim.approved_by:
        return None
    return ClaimFinding("unapproved", Outcome.MANUAL)


def is_more_than_owed(look: _Look) -> ClaimFinding | None:
    """What was carried out is not among the options: a person decides."""
    if look.claim.carried_out in look.owed or not look.owed - OWN_COST:
        return None
    return ClaimFinding("more_than_owed", Outcome.MANUAL)


RULES: tuple[Callable[[_Look], ClaimFinding | None], ...] = (
    card_is_late,
    is_unsigned,
    old_part_is_out,
    is_not_owed,
    is_dealers_own_fault,
    is_beyond_certificate,
    part_came_free,
    is_filed_late,
    is_duplicate,
    is_over_limit,
    is_sent_on,
    is_unapproved,
    is_more_than_owed,
)


def assess_claim(
    case: Case, entitlement: Entitlement, claim: ClaimFacts, *, contract: Contract = USUAL
) -> Verdict:
    """Judge the dealer's claim for what was owed on the day of `case.ask_date`."""
    look = _Look(case, entitlement.options, claim, contract)
    findings = tuple(found for rule in RULES if (found := rule(look)))
    return Verdict(
        outcome=max((each.outcome for each in findings), default=Outcome.PAYABLE),
        pays_parts=all(each.pays_parts for each in findings),
        findings=findings,
    )
