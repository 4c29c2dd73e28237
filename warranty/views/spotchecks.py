"""Spot checks: drawn for a dealer, papers handed in, each claim decided, then the check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.downloads import give
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from warranty.access import spotchecks as access
from warranty.afterwards_words import told
from warranty.filters.spotchecks import SpotCheckFilter
from warranty.forms.spotchecks import DrawForm, PapersForm, VerdictForm
from warranty.forms.steps import StepForm
from warranty.models import SpotCheckItem
from warranty.queries import spotchecks as queries
from warranty.queries.cases import events_of
from warranty.services import spotchecks as services
from warranty.states.cases import SPOT_CHECK_ACTIONS, SpotCheckState
from warranty.views.step_page import FORM_METHODS, Step, Steps

STEPS = Steps(
    "spot-check",
    "check",
    access.get_spot_check,
    SPOT_CHECK_ACTIONS,
    (
        Step(
            "decide",
            _("Decide the check"),
            "spot_check.decide",
            StepForm,
            services.decide_spot_check,
            ("decide",),
            _("The spot check is decided; the dealer is told."),
            _("Every claim of the sample needs its verdict first. The dealer then reads them."),
            is_main=True,
        ),
    ),
)


@require_safe
@page("spot_check.view")
def spot_check_list(request: ActorRequest) -> HttpResponse:
    """Spot checks, newest first, with how far each one is."""
    actor = request.actor
    found = SpotCheckFilter(request.GET, queries.spot_check_list(actor), request=request)
    names = ["q", "state"] + ([] if actor.is_dealer else ["dealer"])
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "many_dealers": not actor.is_dealer or len(actor.dealer_ids or ()) > 1,
        "today": timezone.localdate(),
        "may_draw": actor.may("spot_check.decide"),
    }
    return render(request, "warranty/spotchecks/list.html", context)


@require_http_methods(FORM_METHODS)
@page("spot_check.decide")
def spot_check_draw(request: ActorRequest) -> HttpResponse:
    """Draw a sample of a dealer's settled claims (R-154)."""
    initial = {"dealer": request.GET.get("dealer", "")[:160]}
    form = DrawForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        dealer = form.cleaned_data["dealer"]
        made = attempt(form, lambda: services.draw_spot_check(actor=request.actor, dealer=dealer))
        if made is not None:
            messages.success(request, _("The sample is drawn; the dealer is asked for papers."))
            return redirect("warranty:spot-check", number=made.number)
    context = {"form": form}
    return render(request, "warranty/spotchecks/draw.html", context, status=status_of(form))


@require_safe
@page("spot_check.view")
def spot_check_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One spot check with its claims, their papers and verdicts."""
    actor = request.actor
    check = access.get_spot_check(actor, number)
    is_open = check.state != SpotCheckState.DECIDED
    items = queries.items_of(check)
    context = {
        "check": check,
        "items": items,
        "open_count": sum(not item.verdict for item in items),
        "is_late": check.state == SpotCheckState.DRAWN and check.papers_by < timezone.localdate(),
        # A dealer reads the verdicts when the check is decided.
        "shows_verdicts": not actor.is_dealer or not is_open,
        "may_hand_in": is_open and actor.may("spot_check.answer"),
        "may_decide": is_open and actor.may("spot_check.decide"),
        "buttons": STEPS.buttons(actor, check),
        "story": [] if actor.is_dealer else told(events_of(check)),
    }
    return render(request, "warranty/spotchecks/detail.html", context)


@require_http_methods(FORM_METHODS)
@page("spot_check.answer")
def item_papers(request: ActorRequest, number: str, claim: str) -> HttpResponse:
    """Hand in the papers of one claim: made for a telephone."""
    item = access.get_item(request.actor, number, claim, to="spot_check.answer")
    is_posted = request.method == "POST"
    form = PapersForm(request.POST, request.FILES) if is_posted else PapersForm()
    if is_posted and form.is_valid():
        uploads = form.cleaned_data["uploads"]
        done = attempt(
            form,
            lambda: (
                services.hand_in_papers(actor=request.actor, item=item, uploads=uploads) or True
            ),
            {"upload": "uploads"},
        )
        if done is not None:
            messages.success(request, _("The papers are handed in."))
            return redirect("warranty:spot-check", number=number)
    heading = _("Papers of %(claim)s") % {"claim": item.claim.number}
    return _item_page(request, item, form, heading, _("Hand in"))


@require_safe
@page("spot_check.view")
def item_paper(request: ActorRequest, number: str, claim: str, public_id: UUID) -> FileResponse:
    """One of the papers."""
    return give(access.get_paper(request.actor, number, claim, public_id))


@require_http_methods(FORM_METHODS)
@page("spot_check.decide")
def item_verdict(request: ActorRequest, number: str, claim: str) -> HttpResponse:
    """What one claim came to; what is taken back becomes an adjustment."""
    item = access.get_item(request.actor, number, claim, to="spot_check.decide")
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(form, lambda: services.decide_item(actor=request.actor, item=item, **data))
        if done is not None:
            messages.success(
                request, _("The claim %(claim)s is decided.") % {"claim": item.claim.number}
            )
            return redirect("warranty:spot-check", number=number)
    heading = _("Verdict on %(claim)s") % {"claim": item.claim.number}
    return _item_page(request, item, form, heading, _("Save verdict"))


def _item_page(
    request: ActorRequest, item: SpotCheckItem, form: Any, heading: Any, verb: Any
) -> HttpResponse:
    check = item.spot_check
    context = {
        "item": next(each for each in queries.items_of(check) if each.pk == item.pk),
        "check": check,
        "form": form,
        "heading": heading,
        "verb": verb,
        "back_url": reverse("warranty:spot-check", args=[check.number]),
    }
    return render(request, "warranty/spotchecks/item.html", context, status=status_of(form))
