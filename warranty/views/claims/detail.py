"""One claim on one page: for its dealer, and for who decides and confirms it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from tickets.documents import language_of
from warranty.access import claims as access
from warranty.claim_documents import claim_paper
from warranty.forms.decisions import DecisionSheet, LongWordsForm, OptionalWordsForm, WordsForm
from warranty.models import Claim
from warranty.queries import claim_pages
from warranty.queries.claims import expected
from warranty.queries.decisions import open_to_appeal, review_limits
from warranty.rules.decisions import may_decide
from warranty.services.moving import may_take
from warranty.states.claims import CLAIM_ACTIONS, ClaimState
from warranty.views.claims.sheets import appeal_lines, sheet_for

UNPROCESSABLE = 422


@require_safe
@page("claim.view")
def claim(request: ActorRequest, number: str) -> HttpResponse:
    """One claim; a dealer's people get the page for a telephone."""
    found = access.get_claim(request.actor, number)
    return show(request, found)


@require_safe
@page("claim.view")
def claim_print(request: ActorRequest, number: str) -> HttpResponse:
    """The claim as a paper, in the language of the page or as `?language=` says."""
    found = access.get_claim(request.actor, number)
    language = language_of(request.GET.get("language") or get_language())
    paper = claim_paper(request.actor, found, tenant=request.tenant, language=language)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


def show(
    request: ActorRequest,
    claim: Claim,
    *,
    sheet: DecisionSheet | None = None,
    forms: dict[str, Any] | None = None,
    appeal_data: dict[int, str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page, again with what was typed where a step was refused."""
    context = claim_context(request, claim, sheet=sheet, forms=forms, appeal_data=appeal_data)
    context["refusal"] = refusal
    was_refused = refusal or sheet is not None or forms or appeal_data is not None
    name = "portal" if request.actor.is_dealer else "desk"
    status = UNPROCESSABLE if was_refused else 200
    return render(request, f"warranty/claims/{name}.html", context, status=status)


def claim_context(
    request: ActorRequest,
    claim: Claim,
    *,
    sheet: DecisionSheet | None = None,
    forms: dict[str, Any] | None = None,
    appeal_data: dict[int, str] | None = None,
) -> dict[str, Any]:
    """Everything that the page shows, each thing asked once."""
    actor = request.actor
    versions = claim_pages.versions_of(claim)
    version = versions[0] if versions else None
    findings = claim_pages.findings_of(actor, claim)
    open_lines = open_to_appeal(claim)
    lines = claim_pages.lines_of_version(version)
    shown = claim_pages.shown_lines(claim, lines, findings, open_lines)
    actions = may_take(actor, claim, CLAIM_ACTIONS)
    if not actor.is_dealer and claim.dealer_id is not None:
        actions -= {"submit", "discard", "withdraw", "correct", "give_up", "appeal"}
    decides = actions & {"decide", "decide_appeal"}
    if decides and sheet is None:
        sheet = sheet_for(claim, lines, findings)
    limits = review_limits()
    return {
        "claim": claim,
        "clock": claim_pages.clock_of(claim),
        "versions": versions,
        "version": version,
        "findings": findings,
        "general_findings": [each for each in findings if each.line is None],
        "lines": shown,
        "sums": _sums(shown),
        "steps": actions,
        "sheet": sheet if decides else None,
        "is_appeal": claim.state == ClaimState.APPEALED,
        "within_limit": may_decide(limits, actor.role, claim.level, 0),
        "open_lines": open_lines,
        "appeal_lines": appeal_lines(shown, appeal_data) if "appeal" in actions else [],
        "reviews": claim_pages.reviews_of(claim),
        "report": claim_pages.report_of(claim),
        "coverage": claim_pages.coverage_of(claim),
        "earlier": claim_pages.earlier_claims(actor, claim),
        "events": claim_pages.events_of(actor, claim),
        "forms": _forms(actions) | (forms or {}),
        "today": timezone.localdate(),
        "review_keys": bool(decides),
        "expected": expected(claim),
        "edit_url": reverse("warranty:claim-edit", args=[claim.number])
        if actions & {"submit", "correct"}
        else "",
        "may_accept": actor.may("claim.appeal")
        and claim.state == ClaimState.DECIDED
        and claim.accepted_at is None
        and bool(open_lines),
    }


def _forms(actions: set[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for action in actions & {"ask_correction", "return"}:
        made[action] = LongWordsForm(prefix=action)
    for action in actions & {"cancel", "send_back"}:
        made[action] = WordsForm(prefix=action)
    if "raise_level" in actions:
        made["raise_level"] = OptionalWordsForm(prefix="raise_level")
    return made


def _sums(lines: list[claim_pages.ShownLine]) -> dict[str, int | None]:
    decided = [each.decision for each in lines if each.decision is not None]
    return {
        "claimed": sum(each.line.claimed_cents for each in lines),
        "computed": sum(each.line.computed_cents for each in lines),
        "approved": sum(each.approved_cents for each in decided) if decided else None,
    }
