"""What was decided of a claim: the decision in force, and what may still be appealed."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from warranty.models import Adjudication, AppealLine, Claim, LineDecision, ReviewLevel
from warranty.rules.decisions import Limit, appealable
from warranty.states.claims import ClaimState, LineOutcome


def adjudication_in_force(claim: Claim) -> Adjudication | None:
    """The newest review of the newest filing; none while it waits for one."""
    reviews = Adjudication.objects.filter(claim=claim, version__number=claim.version_count)
    return reviews.order_by("-number").first()


def decisions_in_force(claim: Claim) -> dict[int, LineDecision]:
    """The decision of each line by the line's id; empty while nothing is decided."""
    review = adjudication_in_force(claim)
    if review is None:
        return {}
    rows = LineDecision.objects.filter(adjudication=review).select_related("reason", "line")
    return {decision.line_id: decision for decision in rows}


def appealed_lines(claim: Claim) -> dict[int, AppealLine]:
    """The appeals of the newest filing by the line's id: once per line, for ever."""
    rows = AppealLine.objects.filter(
        appeal__claim=claim, line__version__number=claim.version_count
    ).select_related("appeal")
    return {row.line_id: row for row in rows}


def open_to_appeal(claim: Claim, *, on: date | None = None) -> frozenset[int]:
    """The cut lines that the dealer may still bring before a second person."""
    if claim.state != ClaimState.DECIDED or claim.dealer_id is None or claim.accepted_at:
        return frozenset()
    cut = {
        line_id: decision.outcome != LineOutcome.APPROVE
        for line_id, decision in decisions_in_force(claim).items()
    }
    today = on or timezone.localdate()
    in_time = claim.appeal_until is not None and today <= claim.appeal_until
    return appealable(cut, appealed_lines(claim), is_in_time=in_time)


def review_limits() -> list[Limit]:
    """Who decides up to which amount, the lowest level first."""
    return [Limit(row.level, row.role, row.up_to_cents) for row in ReviewLevel.objects.all()]
