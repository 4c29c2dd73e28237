"""Pages of pre-authorisations (预授权): asked before the work, answered with a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import once
from core.errors import DomainError
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from dealers.models import Dealer
from warranty.access import claims as access
from warranty.filters.claims import PreAuthorisationFilter
from warranty.forms.consents import AnswerForm, ApproveForm, AskForm
from warranty.models import PreAuthorisation
from warranty.queries.claim_pages import consent_events_of
from warranty.queries.claims import consent_list
from warranty.services import claims as services
from warranty.services.moving import may_take
from warranty.states.claims import PRE_AUTHORISATION_ACTIONS, PreAuthorisationState

FORM_METHODS = ["GET", "HEAD", "POST"]
UNPROCESSABLE = 422


@require_safe
@page("claim.view")
def consents(request: ActorRequest) -> HttpResponse:
    """Pre-authorisations, newest first; those to be answered by state."""
    found = PreAuthorisationFilter(request.GET, consent_list(request.actor), request=request)
    names = ("q", "state") if request.actor.is_dealer else ("q", "state", "dealer")
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
    }
    return render(request, "warranty/consents/list.html", context)


@require_http_methods(FORM_METHODS)
@page("claim.submit")
def consent_new(request: ActorRequest) -> HttpResponse:
    """Ask for consent before the work."""
    actor = request.actor
    initial = {"serial_number": request.GET.get("machine", ""), "ticket": request.GET.get("ticket")}
    form = AskForm(request.POST or None, actor=actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        number = attempt(form, lambda: _asked(request, form))
        if number is not None:
            messages.success(request, _("%(number)s is sent in.") % {"number": number})
            return redirect("warranty:pre-authorisation", number=number)
    context = {
        "form": form,
        "heading": _("Ask for a pre-authorisation"),
        "verb": _("Send in"),
        "once": form.data.get(once.FIELD) or once.new_token(),
    }
    return render(request, "warranty/consents/form.html", context, status=status_of(form))


def _asked(request: ActorRequest, form: AskForm) -> str:
    actor, data = request.actor, form.cleaned_data
    dealer = Dealer.objects.filter(pk=actor.dealer_id).first() if actor.dealer_id else None

    def create() -> str:
        row = services.ask_consent(
            actor=actor,
            machine=data["serial_number"],
            dealer=dealer,
            ticket=data["ticket"],
            shares=data.get("shares"),
            **{name: data[name] for name in ASKED},
        )
        return str(services.submit_consent(actor=actor, consent=row).number)

    return once.create_once(actor=actor, path=request.path, data=request.POST, create=create)


ASKED = ("asked_for", "asked_cents", "part_numbers", "operation_codes", "is_goodwill")


@require_safe
@page("claim.view")
def consent(request: ActorRequest, number: str) -> HttpResponse:
    """One pre-authorisation with its answer, or the forms to answer it."""
    return _show(request, access.get_pre_authorisation(request.actor, number))


def _show(
    request: ActorRequest,
    row: PreAuthorisation,
    forms: dict[str, Any] | None = None,
    refusal: str = "",
) -> HttpResponse:
    actor = request.actor
    actions = may_take(actor, row, PRE_AUTHORISATION_ACTIONS)
    if not actor.is_dealer and row.dealer_id is not None:
        actions -= {"submit", "discard"}
    fresh = {
        "approve": ApproveForm(prefix="approve", initial={"limit_cents": row.asked_cents}),
        "return": AnswerForm(prefix="return"),
        "reject": AnswerForm(prefix="reject"),
    }
    context = {
        "consent": row,
        "steps": actions,
        "forms": {name: form for name, form in fresh.items() if name in actions} | (forms or {}),
        "refusal": refusal,
        "claims": list(access.visible(actor).filter(pre_authorisation=row).order_by("-pk")[:20]),
        "events": consent_events_of(actor, row),
    }
    status = UNPROCESSABLE if forms or refusal else 200
    return render(request, "warranty/consents/detail.html", context, status=status)


@require_http_methods(FORM_METHODS)
@page("claim.submit")
def consent_edit(request: ActorRequest, number: str) -> HttpResponse:
    """Complete one that came back, and send it in again."""
    actor = request.actor
    row = access.get_pre_authorisation(actor, number, to="claim.submit")
    if row.state not in (PreAuthorisationState.DRAFT, PreAuthorisationState.RETURNED):
        return redirect("warranty:pre-authorisation", number=number)
    initial = {name: getattr(row, name) for name in ASKED}
    initial |= {side: getattr(row, f"{side}_percent") for side in ("factory", "dealer", "user")}
    form = AskForm(request.POST or None, actor=actor, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in ASKED}
        if "shares" in form.cleaned_data:
            changes["shares"] = form.cleaned_data["shares"]

        def send() -> PreAuthorisation:
            edited = services.edit_consent(actor=actor, consent=row, changes=changes)
            return services.submit_consent(actor=actor, consent=edited)

        if attempt(form, send) is not None:
            messages.success(request, _("%(number)s is sent in.") % {"number": number})
            return redirect("warranty:pre-authorisation", number=number)
    context = {
        "form": form,
        "consent": row,
        "heading": _("Complete %(number)s") % {"number": number},
        "verb": _("Send in"),
    }
    return render(request, "warranty/consents/form.html", context, status=status_of(form))


@require_POST
@page("claim.submit")
def consent_discard(request: ActorRequest, number: str) -> HttpResponse:
    """Throw one away before it is decided."""
    row = access.get_pre_authorisation(request.actor, number, to="claim.submit")
    try:
        services.discard_consent(actor=request.actor, consent=row)
    except DomainError as error:
        return _show(request, row, refusal=str(error))
    messages.success(request, _("%(number)s is discarded.") % {"number": number})
    return redirect("warranty:pre-authorisation", number=number)


def _answer(name: str, form_class: type[Any], service: Callable[..., Any], said: Any) -> Any:
    @require_POST
    @page("claim.decide")
    def step(request: ActorRequest, number: str) -> HttpResponse:
        row = access.get_pre_authorisation(request.actor, number, to="claim.decide")
        form = form_class(request.POST, prefix=name)
        if not form.is_valid():
            return _show(request, row, {name: form})
        try:
            service(actor=request.actor, consent=row, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return _show(request, row, {name: form})
        messages.success(request, said % {"number": number})
        return redirect("warranty:pre-authorisation", number=number)

    return step


approve = _answer(
    "approve", ApproveForm, services.approve_consent, gettext_lazy("%(number)s is approved.")
)
give_back = _answer(
    "return", AnswerForm, services.return_consent, gettext_lazy("%(number)s is given back.")
)
reject = _answer(
    "reject", AnswerForm, services.reject_consent, gettext_lazy("%(number)s is rejected.")
)
