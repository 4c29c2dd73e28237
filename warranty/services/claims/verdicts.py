"""What the system does with a filing once its checks have spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone, translation

from core import audit
from core.actor import Actor
from core.events import publish
from core.models import Tenant
from core.options import option
from core.tenancy import current_tenant_id
from warranty.findings import sentence
from warranty.models import CheckRun, Claim, ClaimLine, ClaimVersion, CutReason
from warranty.rules.amounts import approved_at_most
from warranty.rules.checks import PASS, REJECT, RETURN, Result, Verdict
from warranty.rules.decisions import Decision
from warranty.services import claim_news
from warranty.services.adjudicating import adjudicate
from warranty.services.deadlines import decision_due, end_of_working_day
from warranty.services.moving import take
from warranty.services.reviews.deciding import DECIDED_FIELDS, has_cuts, stand_decided
from warranty.states.claims import CLAIM_ACTIONS, AdjudicationKind, LineOutcome

# Why the system itself cuts: above what the rules compute, supplied by the factory, any other.
ABOVE_RULES, FACTORY_PART, BY_RULE = "above_rules", "factory_part", "by_rule"
WORDS = 400


def follow(
    system: Actor,
    claim: Claim,
    version: ClaimVersion,
    run: CheckRun,
    verdict: Verdict,
    lines: Sequence[ClaimLine],
) -> Claim:
    """Return, route, pass or reject a filing, as its checks say.

    What can no longer be corrected is not returned again: a person ends it.
    """
    outcome = verdict.outcome
    if outcome == RETURN and claim.round < option("claim.rounds"):
        return _give_back(system, claim, verdict)
    if outcome == PASS:
        return _decide(system, claim, version, "pass", _as_computed(verdict, lines))
    if outcome == REJECT:
        return _decide(system, claim, version, "reject", _refused(verdict, lines))
    return _route(system, claim, max(verdict.level, 1))


def _give_back(system: Actor, claim: Claim, verdict: Verdict) -> Claim:
    claim = take(system, claim, CLAIM_ACTIONS, "return")
    claim.correct_by = timezone.localdate() + timedelta(days=option("claim.correct_days"))
    claim.decide_by = None
    claim.save(update_fields=["state", "correct_by", "decide_by", "changed_at"])
    said = _sentences(verdict.of(RETURN))
    audit.record(system, "claim.returned", claim, reason=said)
    claim_news.tell_dealer(claim, "returned", reason=said, due_on=claim.correct_by)
    publish("claim.returned", actor=system, claim=claim)
    return claim


def _route(system: Actor, claim: Claim, level: int) -> Claim:
    claim = take(system, claim, CLAIM_ACTIONS, "route")
    claim.level = level
    # The clock stood still while the claim was back with the dealer; it runs on from there.
    left = claim.decide_days_left
    claim.decide_by = decision_due() if left is None else end_of_working_day(timezone.now(), left)
    claim.decide_days_left = None
    claim.save(update_fields=["state", "level", "decide_by", "decide_days_left", "changed_at"])
    audit.record(system, "claim.routed", claim, level=level)
    claim_news.tell_reviewers(claim, "routed")
    publish("claim.routed", actor=system, claim=claim)
    return claim


def _decide(
    system: Actor,
    claim: Claim,
    version: ClaimVersion,
    action: str,
    decisions: list[Decision],
) -> Claim:
    claim = take(system, claim, CLAIM_ACTIONS, action)
    adjudicate(
        system,
        claim,
        version,
        kind=AdjudicationKind.CHECKS,
        level=0,
        decisions=decisions,
        reasons=_reasons(decisions),
    )
    approved = sum(decision.approved_cents for decision in decisions)
    claim.decided_by_id, claim.decided_label = None, system.label
    stand_decided(claim, approved, has_cuts=has_cuts(decisions))
    claim.save(update_fields=[*DECIDED_FIELDS, "decided_by_id", "decided_label"])
    audit.record(system, "claim.decided", claim, approved=approved, claimed=claim.claimed_cents)
    claim_news.tell_dealer(claim, "decided", approved=approved)
    publish("claim.decided", actor=system, claim=claim)
    return claim


def _as_computed(verdict: Verdict, lines: Sequence[ClaimLine]) -> list[Decision]:
    """Every line at what the rules compute, never above what was asked."""
    said = {result.line: result for result in verdict.results if result.code == "K19"}
    decisions = []
    for line in lines:
        approved = approved_at_most(line.claimed_cents, line.computed_cents)
        if approved == line.claimed_cents:
            decisions.append(Decision(line.pk, LineOutcome.APPROVE, approved))
            continue
        why = said.get(line.position)
        words = _sentences([why] if why else [], "above_rules")
        outcome = LineOutcome.REDUCE if approved else LineOutcome.REJECT
        code = FACTORY_PART if why else ABOVE_RULES
        decisions.append(Decision(line.pk, outcome, approved, code, words))
    return decisions


def _refused(verdict: Verdict, lines: Sequence[ClaimLine]) -> list[Decision]:
    """Every line refused, each by its own finding where it has one, else by all of them."""
    rejects = verdict.of(REJECT)
    decisions = []
    for line in lines:
        own = [result for result in rejects if result.line == line.position] or rejects
        code = next((result.reason for result in own if result.reason), BY_RULE)
        decisions.append(Decision(line.pk, LineOutcome.REJECT, 0, code, _sentences(own)))
    return decisions


def _reasons(decisions: Sequence[Decision]) -> dict[str, CutReason]:
    """The reasons by their codes; one that a company has lost is written down anew."""
    codes = {decision.reason_code for decision in decisions} - {""}
    known = {row.code: row for row in CutReason.objects.filter(code__in=codes)}
    for code in codes - set(known):
        known[code] = CutReason.objects.create(code=code, name=code)
    return known


def _sentences(results: Sequence[Result], otherwise: str = "") -> str:
    """Findings in the company's language, for papers that stay; a page words them anew."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    with translation.override(tenant.language):
        said = [sentence(result.finding, result.values) for result in results]
        if not said and otherwise:
            said = [sentence(otherwise, {})]
    return " ".join(dict.fromkeys(said))[:WORDS]
