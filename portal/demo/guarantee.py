"""Claims in every state up to a settlement, each on a signed report of its own.

All of it goes through the product's own services, by the people who would do it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice
from random import Random
from typing import Any

from accounts.roles import Role
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id
from portal.demo.repairs import People, jobs_of, next_report, people_of
from warranty.defaults import install_defaults
from warranty.models import Claim, ClaimLine, WorkReport
from warranty.rules.decisions import Decision
from warranty.services import claims, reviews
from warranty.states.claims import ClaimState, LineOutcome
from warranty.states.reports import ReportState

FEWEST, MOST, PER_SCALE = 20, 40, 40
# What becomes of a claim, in turn; the first ones are what a newcomer should find.
GOALS = (
    "payable",
    "review",
    "returned",
    "finance",
    "appealed",
    "draft",
    "withdrawn",
    "closed",
    "consent",
    "reduced",
    "rejected",
    "late",
    "passed",
    "payable",
    "corrected",
    "appeal_decided",
    "payable",
    "given_up",
    "waiting",
)
FREIGHT = {
    "key": "freight-1",
    "kind": "freight",
    "words": "加急运费",
    "claimed": "260.00",
    "invoice_number": "FP-20260911",
}


def build(company: Tenant, *, scale: float, seed: int) -> int:
    """Reports and claims of the last weeks; gives the number of claims."""
    install_defaults(tenant=company)
    chance = Random(f"{seed}:{company.slug}:guarantee")
    people = people_of(company)
    count = min(MOST, max(FEWEST, int(PER_SCALE * scale)))
    in_time, late = jobs_of(chance, people, 2 * count)
    made = 0
    for goal in islice(cycle(GOALS), count):
        report = next_report(chance, people, late if goal in ("rejected", "late") else in_time)
        if report is not None:
            made += _tell(people, report, goal)
    return made + _own_people(people)


def _own_people(people: People) -> int:
    """Our own technicians leave the same papers: one waits for a reviewer, one is booked."""
    own = WorkReport.objects.filter(dealer=None, state=ReportState.SIGNED, claims=None)
    made = 0
    for report in own.order_by("pk")[:2]:
        technician = people[Role.FIELD_ENGINEER]
        claim = claims.draft_claim(actor=technician, report=report)
        claim = claims.submit_claim(actor=technician, claim=claim)
        made += 1
        if made == 1:
            continue
        claim = _decide(people, claim)
        if claim.state == ClaimState.DECIDED:
            system = Actor.system(current_tenant_id())
            ready = reviews.make_ready(actor=system, claim=claim)
            if ready is not None and ready.state == ClaimState.FINANCE:
                reviews.confirm_claim(actor=people[Role.FINANCE], claim=ready)
    return made


def _tell(people: People, report: WorkReport, goal: str) -> int:
    """File the claim of a report and take it as far as the goal says."""
    dealer = people.dealers[report.dealer_id or 0]
    claim = claims.draft_claim(actor=dealer, report=report)
    _STORIES[goal](people, dealer, claim)
    return 1


def _typed(dealer: Actor, claim: Claim, **texts: Any) -> Claim:
    return claims.save_draft(actor=dealer, claim=claim, draft={**claim.draft, **texts})


def _filed(dealer: Actor, claim: Claim, **texts: Any) -> Claim:
    return claims.submit_claim(actor=dealer, claim=_typed(dealer, claim, **texts))


def _looked_at(dealer: Actor, claim: Claim) -> Claim:
    return _filed(dealer, claim, ask_review=True)


def _lines(claim: Claim) -> list[ClaimLine]:
    rows = ClaimLine.objects.filter(version__claim=claim, version__number=claim.version_count)
    return list(rows.order_by("position"))


def _decide(people: People, claim: Claim, *, cut: str = "") -> Claim:
    """The reviewer of the claim's level grants it, or cuts the last line that has money.

    What the checks sent back or refused stays as they left it.
    """
    if claim.state != ClaimState.REVIEW:
        return claim
    lines = _lines(claim)
    decisions = [Decision(line.pk, LineOutcome.APPROVE, line.claimed_cents) for line in lines]
    worth = [line for line in lines if line.claimed_cents > 1]
    if cut == "half" and worth:
        line = worth[-1]
        decisions[lines.index(line)] = Decision(
            line.pk,
            LineOutcome.REDUCE,
            line.claimed_cents // 2,
            "excess_travel",
            "同一区域可合并行程，按一半核定。",
        )
    if cut == "all":
        decisions = [
            Decision(line.pk, LineOutcome.REJECT, 0, "wrong_use", "照片显示为碰撞损坏。")
            if line.claimed_cents
            else Decision(line.pk, LineOutcome.APPROVE, 0)
            for line in lines
        ]
    who = (Role.ENGINEER, Role.TECHNICAL_MANAGER, Role.MANAGER)[max(claim.level, 1) - 1]
    return reviews.decide_claim(actor=people[who], claim=claim, decisions=decisions)


def _draft(people: People, dealer: Actor, claim: Claim) -> None:
    """It stays with the dealer."""


def _review(people: People, dealer: Actor, claim: Claim) -> None:
    _looked_at(dealer, claim)


def _passed(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim)


def _waiting(people: People, dealer: Actor, claim: Claim) -> None:
    """Decided by the checks or by a person, and left open to appeal."""
    claim = _looked_at(dealer, claim)
    _decide(people, claim)


def _returned(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim, lines=[*claim.draft["lines"], FREIGHT])


def _corrected(people: People, dealer: Actor, claim: Claim) -> None:
    lines = claim.draft["lines"]
    claim = _filed(dealer, claim, lines=[*lines, FREIGHT])
    if claim.state == ClaimState.RETURNED:
        _filed(dealer, claim, lines=lines, ask_review=True)


def _given_up(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _filed(dealer, claim, lines=[*claim.draft["lines"], FREIGHT])
    if claim.state == ClaimState.RETURNED:
        claims.give_up_claim(actor=dealer, claim=claim, words="运费自行承担，不再索赔")


def _withdrawn(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _looked_at(dealer, claim)
    if claim.state == ClaimState.REVIEW:
        claims.withdraw_claim(actor=dealer, claim=claim, words="零件写错，重新申报")


def _reduced(people: People, dealer: Actor, claim: Claim) -> None:
    _decide(people, _looked_at(dealer, claim), cut="half")


def _appealed(people: People, dealer: Actor, claim: Claim) -> Claim:
    claim = _decide(people, _looked_at(dealer, claim), cut="half")
    if claim.state != ClaimState.DECIDED:
        return claim
    cut = {
        line.pk: "两台设备相距四十公里，无法合并行程。"
        for line in _lines(claim)
        if line.decisions.exclude(outcome=LineOutcome.APPROVE).exists()
    }
    return reviews.appeal_claim(actor=dealer, claim=claim, lines=cut) if cut else claim


def _appeal_story(people: People, dealer: Actor, claim: Claim) -> None:
    _appealed(people, dealer, claim)


def _appeal_decided(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _appealed(people, dealer, claim)
    if claim.state != ClaimState.APPEALED:
        return
    appealed = [line for line in _lines(claim) if line.decisions.exclude(outcome="approve")]
    reviews.decide_appeal(
        actor=people[Role.TECHNICAL_MANAGER],
        claim=claim,
        decisions=[Decision(line.pk, LineOutcome.APPROVE, line.claimed_cents) for line in appealed],
        words="行程记录属实，恢复全额。",
    )


def _finance(people: People, dealer: Actor, claim: Claim) -> Claim:
    claim = _decide(people, _looked_at(dealer, claim))
    if claim.state != ClaimState.DECIDED:
        return claim
    return reviews.accept_decision(actor=dealer, claim=claim)


def _finance_story(people: People, dealer: Actor, claim: Claim) -> None:
    _finance(people, dealer, claim)


def _payable(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _finance(people, dealer, claim)
    if claim.state == ClaimState.FINANCE:
        reviews.confirm_claim(actor=people[Role.FINANCE], claim=claim)


def _closed(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _decide(people, _looked_at(dealer, claim), cut="all")
    if claim.state == ClaimState.DECIDED:
        reviews.accept_decision(actor=dealer, claim=claim)


def _late(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim, late_reason="秋收抢修人手不足，回厂后补报")


def _consent(people: People, dealer: Actor, claim: Claim) -> None:
    """Consent was given before the work: inside it nobody looks again. Another one still waits."""
    asked: dict[str, Any] = {"machine": claim.machine, "dealer": claim.dealer}
    given = claims.ask_consent(
        actor=dealer, asked_for="三包期内更换，请先批准", asked_cents=2_000_000, **asked
    )
    given = claims.submit_consent(actor=dealer, consent=given)
    claims.approve_consent(
        actor=people[Role.TECHNICAL_MANAGER], consent=given, words="同意，旧件须返厂"
    )
    _filed(dealer, claim, pre_authorisation=given.number)
    waits = claims.ask_consent(
        actor=dealer,
        asked_for="超出三包期十天，申请商务让步更换总成",
        asked_cents=860_000,
        is_goodwill=True,
        **asked,
    )
    claims.submit_consent(actor=dealer, consent=waits)


Story = Callable[[People, Actor, Claim], None]
_STORIES: dict[str, Story] = {
    "draft": _draft,
    "review": _review,
    "passed": _passed,
    "waiting": _waiting,
    "returned": _returned,
    "corrected": _corrected,
    "given_up": _given_up,
    "withdrawn": _withdrawn,
    "reduced": _reduced,
    "appealed": _appeal_story,
    "appeal_decided": _appeal_decided,
    "finance": _finance_story,
    "payable": _payable,
    "closed": _closed,
    "rejected": _passed,
    "late": _late,
    "consent": _consent,
}
