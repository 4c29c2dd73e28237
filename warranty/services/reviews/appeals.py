"""The dealer's one appeal per line, decided by another person (R-153)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.events import publish
from core.tenancy import verb
from warranty.models import Appeal, AppealLine, Claim, ClaimLine
from warranty.queries.decisions import adjudication_in_force, decisions_in_force, open_to_appeal
from warranty.rules.decisions import Asked, Decision
from warranty.services import claim_news
from warranty.services.adjudicating import adjudicate, newest_version, reasons_by_code
from warranty.services.deadlines import decision_due
from warranty.services.moving import take
from warranty.services.reviews.deciding import be_independent, refuse_bad
from warranty.services.reviews.errors import NeedsWords, NothingToAppeal, words_of
from warranty.states.claims import CLAIM_ACTIONS, AdjudicationKind


@verb
def appeal_claim(*, actor: Actor, claim: Claim, lines: Mapping[int, str]) -> Claim:
    """Ask a second person about cut lines: `lines` maps each line to why, once per line."""
    moved = take(actor, claim, CLAIM_ACTIONS, "appeal")
    # Asked of the locked row as it was before the step.
    allowed = open_to_appeal(Claim.objects.get(pk=moved.pk))
    review = adjudication_in_force(moved)
    if review is None or not lines or not lines.keys() <= allowed:
        raise NothingToAppeal
    if not all(text.strip() for text in lines.values()):
        raise NeedsWords(_("Say of each line why it should be decided anew."), field="lines")
    appeal = Appeal.objects.create(
        claim=moved,
        adjudication=review,
        at=timezone.now(),
        by_id=actor.user_id,
        by_label=actor.label,
    )
    AppealLine.objects.bulk_create(
        AppealLine(appeal=appeal, line_id=line_id, words=lines[line_id].strip())
        for line_id in sorted(lines)
    )
    moved.decide_by = decision_due()
    moved.save(update_fields=["state", "decide_by", "changed_at"])
    positions = ClaimLine.objects.filter(pk__in=lines).values_list("position", flat=True)
    audit.record(actor, "claim.appealed", moved, lines=sorted(positions))
    claim_news.tell_of_appeal(moved)
    publish("claim.appealed", actor=actor, claim=moved)
    return moved


@verb
def decide_appeal(
    *, actor: Actor, claim: Claim, decisions: Sequence[Decision], words: str
) -> Claim:
    """Decide the appealed lines anew: raised or kept, never lowered; final.

    The first decider has no part in it. Lines without an appeal stay as they were decided.
    """
    words = words_of(words)
    claim = take(actor, claim, CLAIM_ACTIONS, "decide_appeal")
    be_independent(actor, claim)
    before = decisions_in_force(claim)
    appeal = Appeal.objects.get(adjudication=adjudication_in_force(claim))
    asked = set(appeal.lines.values_list("line_id", flat=True))
    reasons = reasons_by_code()
    lines = [
        Asked(line.pk, line.position, line.claimed_cents, before[line.pk].approved_cents)
        for line in ClaimLine.objects.filter(pk__in=asked).order_by("position")
    ]
    refuse_bad(lines, decisions, set(reasons))
    kept = [
        Decision(
            line_id,
            decision.outcome,
            decision.approved_cents,
            decision.reason.code if decision.reason else "",
            decision.words,
        )
        for line_id, decision in before.items()
        if line_id not in asked
    ]
    # A reason that was taken from the list since stays with the line that it cut.
    reasons |= {each.reason.code: each.reason for each in before.values() if each.reason}
    whole = [*kept, *decisions]
    adjudicate(
        actor,
        claim,
        newest_version(claim),
        kind=AdjudicationKind.APPEAL,
        level=claim.level,
        decisions=whole,
        reasons=reasons,
        words=words,
    )
    claim.approved_cents = sum(each.approved_cents for each in whole)
    claim.appeal_decided_by_id, claim.appeal_decided_label = actor.user_id, actor.label
    claim.decide_by = None
    # A cut line that was not appealed keeps its own time; with none left nobody waits.
    if not open_to_appeal(claim):
        claim.appeal_until = None
    claim.save(
        update_fields=[
            "state",
            "approved_cents",
            "appeal_decided_by_id",
            "appeal_decided_label",
            "decide_by",
            "appeal_until",
            "changed_at",
        ]
    )
    audit.record(actor, "claim.appeal_decided", claim, approved=claim.approved_cents)
    claim_news.tell_dealer(claim, "appeal_decided", approved=claim.approved_cents)
    publish("claim.appeal_decided", actor=actor, claim=claim)
    return claim
