"""Pages of the check table, the reasons of cuts and the review levels."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from warranty.forms.check_rules import LevelsForm, ReasonForm, RuleForm
from warranty.models import CutReason
from warranty.queries import check_rules as queries
from warranty.services import check_rules as services

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("claim.rules")
def rules(request: ActorRequest) -> HttpResponse:
    """What every filing is asked, today and from coming days on."""
    context = {
        "rules": queries.rules_today(request.actor),
        "levels": queries.level_list(),
    }
    return render(request, "warranty/rules/list.html", context)


@require_safe
@page("claim.rules")
def rule(request: ActorRequest, code: str) -> HttpResponse:
    """One check with every row that it ever had."""
    rows = queries.rule_history(request.actor, code)
    if not rows:
        raise Http404
    return render(request, "warranty/rules/detail.html", {"rules": rows, "code": code})


@require_http_methods(FORM_METHODS)
@page("claim.rules")
def rule_new(request: ActorRequest, code: str) -> HttpResponse:
    """A new row of a check from a day on."""
    rows = queries.rule_history(request.actor, code)
    if not rows:
        raise Http404
    newest = rows[0].row
    names = ("outcome", "softened", "level", "reason", "dealer_level", "is_active")
    usual = {name: getattr(newest, name) for name in names} | newest.parameters
    form = RuleForm(
        request.POST or None, code=code, initial={**usual, "from_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.add_rule(actor=request.actor, code=code, **form.values())
        )
        if made is not None:
            messages.success(request, _("The new row of %(code)s is saved.") % {"code": code})
            return redirect("warranty:rule", code=code)
    heading = _("New row of %(code)s") % {"code": code}
    back = reverse("warranty:rule", args=[code])
    return _form(request, form, heading, back, rows[0].question)


@require_safe
@page("claim.rules")
def reasons(request: ActorRequest) -> HttpResponse:
    """Why less is approved than claimed: the same sentences for every dealer."""
    return render(request, "warranty/rules/reasons.html", {"reasons": queries.reason_list()})


@require_http_methods(FORM_METHODS)
@page("claim.rules")
def reason_new(request: ActorRequest) -> HttpResponse:
    """Write a new reason."""
    form = ReasonForm(request.POST or None)
    return _reason(request, form, None)


@require_http_methods(FORM_METHODS)
@page("claim.rules")
def reason_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change the words of a reason, or take it off the list."""
    found = get_object_or_404(CutReason, code=code)
    initial = {"name": found.name, "name_en": found.name_en, "is_active": found.is_active}
    form = ReasonForm(request.POST or None, is_new=False, initial=initial)
    return _reason(request, form, found)


def _reason(request: ActorRequest, form: ReasonForm, found: CutReason | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.save_reason(actor=request.actor, reason=found, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("The reason is saved."))
            return redirect("warranty:cut-reasons")
    heading = _("Reason %(code)s") % {"code": found.code} if found else _("New reason")
    return _form(request, form, heading, reverse("warranty:cut-reasons"))


@require_http_methods(FORM_METHODS)
@page("claim.rules")
def levels(request: ActorRequest) -> HttpResponse:
    """Who decides up to which amount."""
    form = LevelsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {"last": "cents_1", "roles": "role_1", "amounts": "cents_1"}
        made = attempt(
            form, lambda: services.set_levels(actor=request.actor, levels=form.values()), names
        )
        if made is not None:
            messages.success(request, _("The review levels are saved."))
            return redirect("warranty:rules")
    return _form(request, form, _("Review levels"), reverse("warranty:rules"))


def _form(
    request: ActorRequest, form: Any, heading: str, back: str, subtitle: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back, "subtitle": subtitle}
    return render(request, "warranty/rules/form.html", context, status=status_of(form))
