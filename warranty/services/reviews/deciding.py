"""The technical department's steps with a claim in review (warranty-claims 7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.events import publish
from core.options import option
from core.tenancy import verb
from warranty.models import Claim, ClaimLine, ClaimVersion
from warranty.queries.decisions import adjudication_in_force, decisions_in_force, review_limits
from warranty.rules.decisions import Asked, Decision, may_decide, next_level, problems
from warranty.services import claim_news
from warranty.services.adjudicating import adjudicate, newest_version, reasons_by_code
from warranty.services.deadlines import working_days_left
from warranty.services.moving import SameHands, take
from warranty.services.oldparts import cancel_pieces
from warranty.services.reviews.errors import (
    AboveLimit,
    BadDecisions,
    NoLevelAbove,
    NotYourDealer,
    words_of,
)
from warranty.states.claims import CLAIM_ACTIONS, AdjudicationKind, LineOutcome

SHORT = 400
DECIDED_FIELDS = [
    "state",
    "approved_cents",
    "decided_at",
    "decide_by",
    "appeal_until",
    "accepted_at",
    "accepted_by_id",
    "accepted_label",
    "sent_back_reason",
    "changed_at",
]


@verb
def decide_claim(
    *, actor: Actor, claim: Claim, decisions: Sequence[Decision], words: str = ""
) -> Claim:
    """Decide every line: as claimed, less, or nothing, each cut with its reason and words.

    The decider has neither written nor filed the claim, is not of its dealer, and decides within
    the level of the claim and the amount of his own.
    """
    claim = take(actor, claim, CLAIM_ACTIONS, "decide")
    be_independent(actor, claim)
    version = newest_version(claim)
    reasons = reasons_by_code()
    refuse_bad(asked_of(claim, version), decisions, set(reasons))
    approved = sum(decision.approved_cents for decision in decisions)
    if not may_decide(review_limits(), actor.role, claim.level, approved):
        raise AboveLimit
    adjudicate(
        actor,
        claim,
        version,
        kind=AdjudicationKind.REVIEW,
        level=claim.level,
        decisions=decisions,
        reasons=reasons,
        words=words,
    )
    claim.decided_by_id, claim.decided_label = actor.user_id, actor.label
    stand_decided(claim, approved, has_cuts=has_cuts(decisions))
    claim.save(update_fields=[*DECIDED_FIELDS, "decided_by_id", "decided_label"])
    audit.record(actor, "claim.decided", claim, approved=approved, claimed=claim.claimed_cents)
    claim_news.tell_dealer(claim, "decided", approved=approved)
    publish("claim.decided", actor=actor, claim=claim)
    return claim


def stand_decided(claim: Claim, approved_cents: int, *, has_cuts: bool) -> None:
    """What a decision leaves on the claim: its sum, and until when the dealer may appeal it."""
    now = timezone.now()
    claim.approved_cents, claim.decided_at, claim.decide_by = approved_cents, now, None
    claim.accepted_at, claim.accepted_by_id, claim.accepted_label = None, None, ""
    claim.sent_back_reason = ""
    # Nobody waits for an appeal against nothing, and the company's own people have no dealer.
    may_appeal = has_cuts and claim.dealer_id is not None
    last = timezone.localdate(now) + timedelta(days=option("claim.appeal_days"))
    claim.appeal_until = last if may_appeal else None


def has_cuts(decisions: Sequence[Decision]) -> bool:
    """Whether any line gets less than was claimed."""
    return any(decision.outcome != LineOutcome.APPROVE for decision in decisions)


def asked_of(claim: Claim, version: ClaimVersion) -> list[Asked]:
    """The lines to be decided; what an appeal has granted is never taken away again."""
    review = adjudication_in_force(claim)
    granted: dict[int, int] = {}
    if review is not None and review.kind == AdjudicationKind.APPEAL:
        granted = {
            line_id: decision.approved_cents
            for line_id, decision in decisions_in_force(claim).items()
        }
    rows = ClaimLine.objects.filter(version=version).order_by("position")
    return [
        Asked(line.pk, line.position, line.claimed_cents, granted.get(line.pk, 0)) for line in rows
    ]


def refuse_bad(lines: Sequence[Asked], decisions: Sequence[Decision], reasons: set[str]) -> None:
    """Raise BadDecisions with a sentence for each line that cannot be decided like this."""
    found: dict[int, Any] = problems(lines, decisions, reasons)
    if found:
        raise BadDecisions(found, {line.line_id: line.position for line in lines})


def be_independent(actor: Actor, claim: Claim) -> None:
    """Refuse who filed an earlier version, or decided the appeal, or belongs to the dealer."""
    if actor.is_dealer:
        raise NotYourDealer
    if actor.user_id is None:
        return
    filed = ClaimVersion.objects.filter(claim=claim, filed_by_id=actor.user_id).exists()
    if filed or claim.appeal_decided_by_id == actor.user_id:
        raise SameHands


@verb
def ask_correction(*, actor: Actor, claim: Claim, words: str) -> Claim:
    """Give a claim back to be corrected, saying what to supply; the decision's clock stops."""
    return _give_back(actor, claim, "ask_correction", words)


@verb
def return_claim(*, actor: Actor, claim: Claim, words: str) -> Claim:
    """The service desk gives a filing back before it is reviewed."""
    return _give_back(actor, claim, "return", words)


def _give_back(actor: Actor, claim: Claim, action: str, words: str) -> Claim:
    reason = words_of(words)
    claim = take(actor, claim, CLAIM_ACTIONS, action)
    claim.returned_reason = reason
    claim.correct_by = timezone.localdate() + timedelta(days=option("claim.correct_days"))
    if claim.decide_by is not None:
        claim.decide_days_left = working_days_left(claim.decide_by)
    claim.decide_by = None
    fields = ["state", "returned_reason", "correct_by", "decide_by", "decide_days_left"]
    claim.save(update_fields=[*fields, "changed_at"])
    audit.record(actor, "claim.returned", claim, reason=reason)
    claim_news.tell_dealer(claim, "returned", reason=reason, due_on=claim.correct_by)
    publish("claim.returned", actor=actor, claim=claim)
    return claim


@verb
def raise_level(*, actor: Actor, claim: Claim, words: str = "") -> Claim:
    """Hand a claim to the level above."""
    claim = take(actor, claim, CLAIM_ACTIONS, "raise_level")
    limits = review_limits()
    above = next_level(limits, claim.level)
    if above is None:
        raise NoLevelAbove
    before, claim.level = claim.level, above
    claim.save(update_fields=["state", "level", "changed_at"])
    reason = words.strip()[:SHORT]
    audit.record(actor, "claim.raised", claim, old=before, new=above, reason=reason)
    claim_news.tell_reviewers(claim, "raised", by=actor.label, reason=reason)
    return claim


@verb
def cancel_claim(*, actor: Actor, claim: Claim, words: str) -> Claim:
    """Make a claim in review void, with the reason that the dealer reads."""
    reason = words_of(words, most=SHORT)
    claim = take(actor, claim, CLAIM_ACTIONS, "cancel")
    claim.void_reason, claim.decide_by = reason, None
    claim.save(update_fields=["state", "void_reason", "decide_by", "changed_at"])
    cancel_pieces(actor=actor, claim=claim)
    audit.record(actor, "claim.cancelled", claim, reason=reason)
    claim_news.tell_dealer(claim, "cancelled", reason=reason)
    publish("claim.void", actor=actor, claim=claim)
    return claim
