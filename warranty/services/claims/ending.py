"""Claims that end without a decision: withdrawn, given up, or run out of time."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.events import publish
from core.models import AuditEvent
from core.tenancy import verb
from warranty.models import Adjudication, Claim, OldPartReturn
from warranty.services import claim_news
from warranty.services.claims.errors import PiecesAway, ReviewBegun
from warranty.services.moving import take
from warranty.services.oldparts.making import cancel_pieces
from warranty.states.claims import CLAIM_ACTIONS, AdjudicationKind, ClaimState
from warranty.states.oldparts import OWED, OldPartState

# So long before the last day the dealer is reminded; never shorter after the reminder.
NOTICE = timedelta(days=5)
LEAST_NOTICE = timedelta(days=3)
STILL_HERE = (*OWED, OldPartState.CANCELLED)


@verb
def withdraw_claim(*, actor: Actor, claim: Claim, words: str = "") -> Claim:
    """Take a filing back before anybody decided on it; its pieces are asked for no more."""
    claim = take(actor, claim, CLAIM_ACTIONS, "withdraw")
    by_people = Adjudication.objects.filter(claim=claim).exclude(kind=AdjudicationKind.CHECKS)
    if by_people.exists():
        raise ReviewBegun
    return _void(actor, claim, "claim.withdrawn", words)


@verb
def give_up_claim(*, actor: Actor, claim: Claim, words: str = "") -> Claim:
    """Let a returned claim go instead of correcting it."""
    claim = take(actor, claim, CLAIM_ACTIONS, "give_up")
    return _void(actor, claim, "claim.given_up", words)


@verb
def expire_returned(*, actor: Actor, today: date | None = None) -> int:
    """Remind of returned claims whose time runs out, and end those whose time is over.

    Without a reminder none ends: one that could not be sent in time moves the day. Doubled or
    late runs do no harm.
    """
    day = today or timezone.localdate()
    due = Claim.objects.filter(state=ClaimState.RETURNED, correct_by__lte=day + NOTICE)
    handled = 0
    for claim in due.order_by("pk").select_for_update(skip_locked=True, of=("self",)):
        if not _is_reminded(claim):
            _remind(actor, claim, day)
        elif claim.correct_by is not None and claim.correct_by < day:
            take(actor, claim, CLAIM_ACTIONS, "give_up")
            claim.state = ClaimState.VOID
            _void(actor, claim, "claim.expired", "", is_told=True)
        else:
            continue
        handled += 1
    return handled


def _void(actor: Actor, claim: Claim, event: str, words: str, *, is_told: bool = False) -> Claim:
    if OldPartReturn.objects.filter(claim=claim).exclude(state__in=STILL_HERE).exists():
        raise PiecesAway
    claim.void_reason = words.strip()[:400]
    claim.decide_by = None
    claim.save(update_fields=["state", "void_reason", "decide_by", "changed_at"])
    cancel_pieces(actor=actor, claim=claim)
    audit.record(actor, event, claim, reason=claim.void_reason)
    if is_told:
        claim_news.tell_dealer(claim, "expired")
    publish("claim.void", actor=actor, claim=claim)
    return claim


def _is_reminded(claim: Claim) -> bool:
    """Whether the dealer was told of this very last day."""
    return AuditEvent.objects.filter(
        noun="claim",
        object_id=claim.pk,
        verb="claim.expiring",
        data__correct_by=str(claim.correct_by),
    ).exists()


def _remind(actor: Actor, claim: Claim, day: date) -> None:
    last = claim.correct_by or day
    if last < day + LEAST_NOTICE:
        claim.correct_by = last = day + LEAST_NOTICE
        claim.save(update_fields=["correct_by", "changed_at"])
    audit.record(actor, "claim.expiring", claim, correct_by=str(last))
    claim_news.tell_dealer(claim, "expiring", due_on=last)
