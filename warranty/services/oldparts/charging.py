"""Money that an old part costs the dealer, and giving it back: always an Adjustment (扣补单)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id
from parts.models import Gate
from warranty.models import Adjustment, Claim, ClaimLine, OldPartReturn
from warranty.rules.oldparts import piece_share
from warranty.services.adjustments import create_adjustment
from warranty.services.oldparts.making import (
    approved_by_row,
    charged_among,
    pieces_of_row,
    refused_among,
)
from warranty.states.claims import ClaimState
from warranty.states.oldparts import JUDGED, OldPartState
from warranty.states.settlements import AdjustmentKind, AdjustmentState

# Only then is it known what is approved.
DECIDED = (
    ClaimState.DECIDED,
    ClaimState.FINANCE,
    ClaimState.PAYABLE,
    ClaimState.IN_SETTLEMENT,
    ClaimState.SETTLED,
    ClaimState.CLOSED,
)
NOT_BACK = (OldPartState.OVERDUE, OldPartState.NOT_RECEIVED)


def due_charge(piece: OldPartReturn) -> int:
    """The cents that a piece costs its dealer now; 0 when nothing, or not yet.

    Refused: the money of its line hangs on the piece at all. Not returned: only where the line
    is paid at once and deducted; a line that waits goes on waiting (R-149).
    """
    if piece.dealer_id is None or piece.gate == Gate.NONE:
        return 0
    if not _is_settled_upon(piece.claim) or charged_among({piece.pk}):
        return 0
    is_refused = piece.state in JUDGED and bool(refused_among([piece]))
    is_missing = piece.state in NOT_BACK and piece.gate == Gate.DEDUCT
    if is_missing:
        is_missing = piece.due_on < timezone.localdate()
    if not (is_refused or is_missing):
        return 0
    approved = approved_by_row(piece.claim).get(piece.report_part_id, 0)
    return piece_share(approved, piece.piece, pieces_of_row(piece))


def _is_settled_upon(claim: Claim) -> bool:
    """Whether what is approved stays: no appeal can change it any more."""
    if claim.state != ClaimState.DECIDED:
        return claim.state in DECIDED
    may_appeal = claim.appeal_until is not None and claim.appeal_until >= timezone.localdate()
    return claim.accepted_at is not None or not may_appeal


def charge(piece: OldPartReturn) -> Adjustment | None:
    """Take the money of a refused or missing piece from its dealer, who may object; once."""
    cents = due_charge(piece)
    if not cents or piece.dealer is None:
        return None
    words = (
        _("Old part %(number)s (%(part)s) was refused: %(words)s")
        if piece.state in JUDGED
        else _("Old part %(number)s (%(part)s) did not come back by %(day)s.")
    )
    last = piece.appraisals.order_by("-number").first()
    return create_adjustment(
        actor=Actor.system(current_tenant_id()),
        dealer=piece.dealer,
        kind=AdjustmentKind.DEDUCTION,
        cents=cents,
        words=_said(
            words,
            number=piece.number,
            part=str(piece.part),
            words=last.words if last else "",
            day=f"{piece.due_on:%Y-%m-%d}",
        ),
        claim_line=_line(piece),
        old_part=piece,
    )


def give_back(actor: Actor, piece: OldPartReturn, words: str) -> Adjustment | None:
    """Credit what a piece was charged with: it came after all, or was misjudged."""
    charged = piece.adjustments.filter(kind=AdjustmentKind.DEDUCTION)
    taken = charged.exclude(state=AdjustmentState.DROPPED).first()
    if taken is None or piece.dealer is None:
        return None
    return create_adjustment(
        actor=Actor.system(actor.tenant_id),
        dealer=piece.dealer,
        kind=AdjustmentKind.ADDITION,
        cents=-taken.cents,
        words=_said(
            _("Old part %(number)s: deduction %(deduction)s is given back. %(words)s"),
            number=piece.number,
            deduction=taken.number,
            words=words,
        ),
        claim_line=taken.claim_line,
        old_part=piece,
    )


def _line(piece: OldPartReturn) -> ClaimLine | None:
    """The newest line that claims the piece."""
    lines = ClaimLine.objects.filter(
        version__claim_id=piece.claim_id, report_part_id=piece.report_part_id
    )
    return lines.order_by("-version__number").first()


def _said(pattern: Any, **words: str) -> str:
    """The sentence as it is kept: in the company's language."""
    company = Tenant.objects.get(pk=current_tenant_id())
    with translation.override(company.language):
        return (str(pattern) % words).strip()
