"""Every step with a claim that is one button: gate, form, service, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from warranty.access.claims import get_claim
from warranty.forms.decisions import LongWordsForm, OptionalWordsForm, WordsForm
from warranty.models import Claim
from warranty.queries.claim_lists import next_to_confirm, next_to_decide
from warranty.queries.claim_pages import findings_of, lines_of_version, versions_of
from warranty.queries.decisions import open_to_appeal
from warranty.services import reviews
from warranty.states.claims import ClaimState
from warranty.views.claims.detail import show
from warranty.views.claims.sheets import sheet_for

LONGEST = 4000


@require_POST
@page("claim.decide")
def decide(request: ActorRequest, number: str) -> HttpResponse:
    """Decide the lines of a claim in review; the next one comes by itself."""
    return _decided(request, get_claim(request.actor, number, to="claim.decide"))


@require_POST
@page("claim.decide_appeal")
def decide_appeal(request: ActorRequest, number: str) -> HttpResponse:
    """Decide the appealed lines."""
    return _decided(request, get_claim(request.actor, number, to="claim.decide_appeal"))


def _decided(request: ActorRequest, claim: Claim) -> HttpResponse:
    actor = request.actor
    is_appeal = claim.state == ClaimState.APPEALED
    versions = versions_of(claim)
    version = versions[0] if versions else None
    lines = lines_of_version(version)
    sheet = sheet_for(claim, lines, findings_of(actor, claim), request.POST.dict())
    decisions = sheet.decisions()
    if not sheet.is_sound:
        return show(request, claim, sheet=sheet)
    service: Callable[..., Claim] = reviews.decide_appeal if is_appeal else reviews.decide_claim
    try:
        done = service(actor=actor, claim=claim, decisions=decisions, words=sheet.words)
    except reviews.BadDecisions as error:
        sheet.mark(error.lines)
        return show(request, claim, sheet=sheet)
    except reviews.NeedsWords as error:
        sheet.words_error = str(error)
        return show(request, claim, sheet=sheet)
    except DomainError as error:
        return show(request, claim, sheet=sheet, refusal=str(error))
    messages.success(request, _("%(number)s is decided.") % {"number": done.number})
    following = next_to_decide(actor)
    return redirect("warranty:claim", number=(following or done).number)


def _with_words(
    name: str, permission: str, form_class: type[Any], service: Callable[..., Claim], said: Any
) -> Callable[..., HttpResponse]:
    @require_POST
    @page(permission)
    def step(request: ActorRequest, number: str) -> HttpResponse:
        claim = get_claim(request.actor, number, to=permission)
        form = form_class(request.POST, prefix=name)
        if not form.is_valid():
            return show(request, claim, forms={name: form})
        words = form.cleaned_data["words"]
        try:
            service(actor=request.actor, claim=claim, words=words)
        except DomainError as error:
            if error.field in form.fields:
                form.add_error(error.field, str(error))
            return show(request, claim, forms={name: form}, refusal=str(error))
        messages.success(request, said % {"number": number})
        return redirect("warranty:claim", number=number)

    step.__name__ = name
    return step


ask_correction = _with_words(
    "ask_correction",
    "claim.decide",
    LongWordsForm,
    reviews.ask_correction,
    gettext_lazy("%(number)s is back with the dealer."),
)
return_claim = _with_words(
    "return",
    "claim.return",
    LongWordsForm,
    reviews.return_claim,
    gettext_lazy("%(number)s is back with the dealer."),
)
raise_level = _with_words(
    "raise_level",
    "claim.decide",
    OptionalWordsForm,
    reviews.raise_level,
    gettext_lazy("%(number)s is with the next level."),
)
cancel = _with_words(
    "cancel",
    "claim.cancel",
    WordsForm,
    reviews.cancel_claim,
    gettext_lazy("%(number)s is cancelled."),
)
send_back = _with_words(
    "send_back",
    "claim.confirm",
    WordsForm,
    reviews.send_back,
    gettext_lazy("%(number)s is back with the technical department."),
)


@require_POST
@page("claim.confirm")
def confirm(request: ActorRequest, number: str) -> HttpResponse:
    """Finance confirms; the next one comes by itself."""
    claim = get_claim(request.actor, number, to="claim.confirm")
    try:
        done = reviews.confirm_claim(actor=request.actor, claim=claim)
    except DomainError as error:
        return show(request, claim, refusal=str(error))
    messages.success(request, _("%(number)s is confirmed.") % {"number": done.number})
    following = next_to_confirm(request.actor)
    return redirect("warranty:claim", number=(following or done).number)


@require_POST
@page("claim.appeal")
def appeal(request: ActorRequest, number: str) -> HttpResponse:
    """The dealer appeals the lines that are chosen, each with why."""
    claim = get_claim(request.actor, number, to="claim.appeal")
    asked = {
        line_id: request.POST.get(f"appeal-{line_id}-words", "")[:LONGEST]
        for line_id in open_to_appeal(claim)
        if request.POST.get(f"appeal-{line_id}") == "on"
    }
    try:
        reviews.appeal_claim(actor=request.actor, claim=claim, lines=asked)
    except DomainError as error:
        return show(request, claim, appeal_data=asked, refusal=str(error))
    messages.success(request, _("The appeal is filed. Somebody else decides it."))
    return redirect("warranty:claim", number=number)


@require_POST
@page("claim.appeal")
def accept(request: ActorRequest, number: str) -> HttpResponse:
    """The dealer accepts the decision and does not wait."""
    claim = get_claim(request.actor, number, to="claim.appeal")
    try:
        reviews.accept_decision(actor=request.actor, claim=claim)
    except DomainError as error:
        return show(request, claim, refusal=str(error))
    messages.success(request, _("The decision is accepted."))
    return redirect("warranty:claim", number=number)
