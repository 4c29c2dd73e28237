"""From the decision to the money: accepted or undisputed, the old parts there, finance's look."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.events import publish
from core.states import locked
from core.tenancy import verb
from warranty.models import Claim
from warranty.queries.decisions import open_to_appeal
from warranty.services import claim_news
from warranty.services.deadlines import decision_due
from warranty.services.moving import take
from warranty.services.oldparts.making import gate_met
from warranty.services.postings import book_cost
from warranty.services.reviews.errors import words_of
from warranty.states.claims import CLAIM_ACTIONS, ClaimState

BATCH = 500


@verb
def accept_decision(*, actor: Actor, claim: Claim) -> Claim:
    """The dealer takes the decision as it is and does not wait for the time of appeal."""
    row: Claim = locked(claim)
    if row.state != ClaimState.DECIDED:
        raise WrongState
    if row.accepted_at is None:
        row.accepted_at = timezone.now()
        row.accepted_by_id, row.accepted_label = actor.user_id, actor.label
        row.save(update_fields=["accepted_at", "accepted_by_id", "accepted_label", "changed_at"])
        audit.record(actor, "claim.accepted", row, approved=row.approved_cents)
    return make_ready(actor=Actor.system(actor.tenant_id), claim=row) or row


@verb
def make_ready(*, actor: Actor, claim: Claim, at: datetime | None = None) -> Claim | None:
    """Hand a decided claim to finance, or close it when nothing is to be paid.

    None while the dealer may still appeal, or old parts that come before the money are out.
    """
    row: Claim = locked(claim)
    if row.state != ClaimState.DECIDED or open_to_appeal(row, on=timezone.localdate(at)):
        return None
    if not row.approved_cents:
        row = take(actor, row, CLAIM_ACTIONS, "close")
        row.save(update_fields=["state", "changed_at"])
        audit.record(actor, "claim.closed", row)
        publish("claim.closed", actor=actor, claim=row)
        return row
    if not gate_met(row):
        return None
    row = take(actor, row, CLAIM_ACTIONS, "ready")
    row.save(update_fields=["state", "changed_at"])
    audit.record(actor, "claim.ready", row, approved=row.approved_cents)
    return row


def ready_claims(*, actor: Actor, at: datetime | None = None) -> int:
    """Hand over all whose time of appeal is over; a doubled run finds nothing more to do."""
    moved, last = 0, 0
    waiting = Claim.objects.filter(state=ClaimState.DECIDED).filter(
        Q(appeal_until=None)
        | Q(appeal_until__lt=timezone.localdate(at))
        | Q(accepted_at__isnull=False)
    )
    while batch := list(waiting.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for claim in batch:
            moved += make_ready(actor=actor, claim=claim, at=at) is not None
        last = batch[-1].pk
    return moved


@verb
def confirm_claim(*, actor: Actor, claim: Claim) -> Claim:
    """Finance agrees that the money is owed; amounts stay as they were decided.

    The company's own people are not paid: the cost is booked and the claim is over (R-147).
    """
    claim = take(actor, claim, CLAIM_ACTIONS, "confirm")
    claim.confirmed_by_id, claim.confirmed_label = actor.user_id, actor.label
    claim.save(update_fields=["state", "confirmed_by_id", "confirmed_label", "changed_at"])
    audit.record(actor, "claim.confirmed", claim, approved=claim.approved_cents)
    publish("claim.confirmed", actor=actor, claim=claim)
    if claim.payee_id is None:
        claim = book_cost(actor=Actor.system(actor.tenant_id), claim=claim)
    return claim


@verb
def send_back(*, actor: Actor, claim: Claim, words: str) -> Claim:
    """Finance gives a claim back to the technical department with a reason."""
    reason = words_of(words, most=400)
    claim = take(actor, claim, CLAIM_ACTIONS, "send_back")
    claim.sent_back_reason, claim.decide_by = reason, decision_due()
    claim.appeal_until = None
    # A claim that passed the checks alone is a person's now.
    claim.level = max(claim.level, 1)
    fields = ["state", "sent_back_reason", "decide_by", "appeal_until", "level", "changed_at"]
    claim.save(update_fields=fields)
    audit.record(actor, "claim.sent_back", claim, reason=reason)
    claim_news.tell_reviewers(claim, "sent_back", by=actor.label, reason=reason)
    return claim
