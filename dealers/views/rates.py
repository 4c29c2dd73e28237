"""Pages of rate cards and grades: what work is paid from a day on, what a grade may."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from core.lists import chips
from dealers import access, queries, rules, services
from dealers.filters import RateCardFilter
from dealers.forms import EndForm, FiguresForm, LevelForm, RateCardForm
from dealers.models import DealerLevel, RateCard

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("rate.view")
def cards(request: ActorRequest) -> HttpResponse:
    """Who is paid by which rates today: one row per card, whatever its versions."""
    found = RateCardFilter(request.GET, queries.card_list(request.actor), request=request)
    on = found.form.cleaned_data.get("on") if found.is_valid() else None
    today = timezone.localdate()
    listed = queries.cards_page(found.qs, on or today, request.GET.get("after", ""))
    context = {
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
        "today": today,
        "may_edit": request.actor.may("rate.edit"),
    }
    return render(request, "dealers/rates.html", context)


@require_safe
@page("rate.view")
def card(request: ActorRequest, code: str) -> HttpResponse:
    """One card with all its versions, the newest first."""
    versions = access.get_cards(request.actor, code)
    today = timezone.localdate()
    in_force = next((each for each in versions if rules.is_in_force(each, today)), None)
    context = {
        "card": in_force or versions[0],
        "versions": versions,
        "in_force": in_force,
        "today": today,
        "may_edit": request.actor.may("rate.edit"),
    }
    return render(request, "dealers/rate_card.html", context)


@require_http_methods(FORM_METHODS)
@page("rate.edit")
def card_new(request: ActorRequest) -> HttpResponse:
    """Open a card for a grade, a dealer or everybody."""
    usual = {"from_on": timezone.localdate(), **services.STANDARD}
    form = RateCardForm(request.POST or None, actor=request.actor, initial=usual)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.new_rate_card(actor=request.actor, **form.cleaned_data)
        )
        if made is not None:
            return _saved(request, made)
    return _form(request, form, _("New rate card"), _("Save rate card"))


@require_http_methods(FORM_METHODS)
@page("rate.edit")
def version_new(request: ActorRequest, code: str) -> HttpResponse:
    """Pay by new figures from a day on; who is paid by the card stays."""
    newest = access.get_cards(request.actor, code, to="rate.edit")[0]
    names = ("name", *services.STANDARD)
    usual = {name: getattr(newest, name) for name in names}
    form = FiguresForm(
        request.POST or None,
        actor=request.actor,
        initial={**usual, "from_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.new_rate_card(
                actor=request.actor,
                code=newest.code,
                level=newest.level,
                dealer=newest.dealer,
                **form.cleaned_data,
            ),
        )
        if made is not None:
            return _saved(request, made)
    heading = _("New version of %(name)s") % {"name": newest.name}
    return _form(request, form, heading, _("Save version"), code)


@require_http_methods(FORM_METHODS)
@page("rate.edit")
def version_end(request: ActorRequest, code: str, from_on: str) -> HttpResponse:
    """Say the last day of a version, or withdraw one to come."""
    found = access.get_card(request.actor, code, _day(from_on), to="rate.edit")
    form = EndForm(request.POST or None, initial={"until_on": found.until_on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.end_rate_card(actor=request.actor, card=found, **data)):
            messages.success(request, _("The end of the version is saved."))
            return redirect("dealers:rate_card", code=code)
    heading = _("End %(name)s") % {"name": found.name}
    return _form(request, form, heading, _("Save the end"), code)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _saved(request: ActorRequest, card: RateCard) -> HttpResponse:
    messages.success(request, _("Rate card %(code)s is saved.") % {"code": card.code})
    return redirect("dealers:rate_card", code=card.code)


@require_safe
@page("rate.edit")
def levels(request: ActorRequest) -> HttpResponse:
    """The grades and what each may."""
    active = Count("dealers", filter=Q(dealers__is_active=True))
    context = {"levels": DealerLevel.objects.annotate(active=active).order_by("code")}
    return render(request, "dealers/levels.html", context)


@require_http_methods(FORM_METHODS)
@page("rate.edit")
def level(request: ActorRequest, code: str) -> HttpResponse:
    """Change what a grade may."""
    found = get_object_or_404(DealerLevel, code=code)
    initial = {name: getattr(found, name) for name in services.LEVEL_FIELDS}
    form = LevelForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.edit_level(actor=request.actor, level=found, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("dealers:levels")
    heading = _("Grade %(name)s") % {"name": found.name}
    return _form(request, form, heading, _("Save"), back=reverse("dealers:levels"))


def _form(
    request: ActorRequest, form: Any, heading: str, verb: str, code: str = "", back: str = ""
) -> HttpResponse:
    cards = reverse("dealers:rate_card", args=[code]) if code else reverse("dealers:rate_cards")
    context = {"form": form, "heading": heading, "verb": verb, "back": back or cards}
    return render(request, "dealers/form.html", context, status=status_of(form))
