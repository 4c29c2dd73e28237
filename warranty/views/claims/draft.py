"""A claim is begun from a signed report, typed to its end, filed, corrected, or let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.lists import newest_first
from warranty.access import claims as access
from warranty.access.reports import get_report
from warranty.forms import drafts
from warranty.models import Claim, PreAuthorisation
from warranty.queries import claim_pages
from warranty.queries.claims import Preview, claimable, expected, preview
from warranty.rules.drafts import problems
from warranty.services import claims as services
from warranty.states.claims import ClaimState, ClaimType, PreAuthorisationState
from warranty.views.claims.detail import show

OPEN = (ClaimState.DRAFT, ClaimState.RETURNED)
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@page("claim.submit")
def claim_new(request: ActorRequest) -> HttpResponse:
    """Signed reports that are not claimed yet; choosing one makes its draft, once."""
    actor = request.actor
    refusal = ""
    if request.method == "POST":
        report = get_report(actor, request.POST.get("report", ""))
        if actor.is_dealer or report.dealer_id is None:
            try:
                claim = services.draft_claim(actor=actor, report=report)
            except DomainError as error:
                refusal = str(error)
            else:
                return redirect("warranty:claim-edit", number=claim.number)
        else:
            refusal = str(access.DealersOwn.message)
    rows = claimable(actor).select_related("machine__model", "customer")
    if not actor.is_dealer:
        rows = rows.filter(dealer=None)
    listed = newest_first(rows, request.GET.get("after", ""))
    context = {"listed": listed, "refusal": refusal}
    status = UNPROCESSABLE if refusal else 200
    return render(request, "warranty/claims/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page("claim.submit")
def claim_edit(request: ActorRequest, number: str) -> HttpResponse:
    """The draft: what the report proposes, what is added and struck out; kept, then filed."""
    actor = request.actor
    claim = access.get_claim(actor, number, to="claim.submit")
    if claim.state not in OPEN:
        if request.method != "POST":
            return redirect("warranty:claim", number=number)
        return show(request, claim, refusal=str(WrongState.message))
    if request.method != "POST":
        return _form(request, claim, claim.draft, {}, "")
    draft = drafts.draft_of(request.POST, claim.draft)
    try:
        claim = services.save_draft(actor=actor, claim=claim, draft=draft)
    except DomainError as error:
        return _form(request, claim, draft, _at(error), str(error))
    if "file" not in request.POST:
        messages.success(request, _("The draft is kept."))
        return redirect("warranty:claim-edit", number=number)
    if wrong := problems(draft):
        return _form(request, claim, draft, wrong, "")
    try:
        filed = services.submit_claim(actor=actor, claim=claim)
    except DomainError as error:
        return _form(request, claim, draft, _at(error), str(error))
    messages.success(request, _said(filed))
    return redirect("warranty:claim", number=number)


def _said(claim: Claim) -> str:
    if claim.state == ClaimState.RETURNED:
        return _("The checks gave %(number)s back: please correct what they say.") % {
            "number": claim.number
        }
    return _("%(number)s is filed.") % {"number": claim.number}


def _at(error: DomainError) -> dict[str, str]:
    return {error.field: str(error)} if error.field else {}


def _form(
    request: ActorRequest,
    claim: Claim,
    draft: Mapping[str, Any],
    errors: Mapping[str, str],
    refusal: str,
) -> HttpResponse:
    seen = _preview(request.actor, claim) if not errors else None
    lines = drafts.fields_of(claim, draft, errors, seen.lines if seen else ())
    context = {
        "claim": claim,
        "clock": claim_pages.clock_of(claim),
        "expected": expected(claim),
        "draft": draft,
        "goodwill": draft.get("goodwill") or {},
        "lines": lines,
        "errors": errors,
        "refusal": refusal or errors.get("lines", ""),
        "preview": seen,
        "types": drafts.type_choices(),
        "kinds": drafts.added_choices(),
        "is_goodwill": draft.get("type") == ClaimType.GOODWILL,
        "consents": PreAuthorisation.objects.filter(
            machine=claim.machine_id,
            dealer=claim.dealer_id,
            state=PreAuthorisationState.APPROVED,
        ).order_by("-pk")[:10],
        "said": claim_pages.findings_of(request.actor, claim)
        if claim.state == ClaimState.RETURNED
        else [],
    }
    status = UNPROCESSABLE if errors or refusal else 200
    return render(request, "warranty/claims/edit.html", context, status=status)


def _preview(actor: Actor, claim: Claim) -> Preview | None:
    """What filing it now would lead to; nothing while it cannot be read."""
    if problems(claim.draft):
        return None
    try:
        return preview(actor, claim)
    except DomainError:
        # A row that went, or a consent that is none: filing says so in its words.
        return None


def _let_go(permission: str, service: Callable[..., Claim], said: Any) -> Callable[..., Any]:
    @require_POST
    @page(permission)
    def step(request: ActorRequest, number: str) -> HttpResponse:
        claim = access.get_claim(request.actor, number, to=permission)
        try:
            service(actor=request.actor, claim=claim)
        except DomainError as error:
            return show(request, claim, refusal=str(error))
        messages.success(request, said % {"number": number})
        return redirect("warranty:claim", number=number)

    return step


discard = _let_go(
    "claim.submit", services.discard_claim, gettext_lazy("Draft %(number)s is discarded.")
)
withdraw = _let_go(
    "claim.submit", services.withdraw_claim, gettext_lazy("%(number)s is withdrawn.")
)
give_up = _let_go("claim.give_up", services.give_up_claim, gettext_lazy("%(number)s is given up."))
