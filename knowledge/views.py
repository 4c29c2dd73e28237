"""Pages of agreed symptoms: gate, form, service, answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from knowledge import services
from knowledge.filters import SymptomFilter
from knowledge.forms import SymptomForm
from knowledge.models import Symptom

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("knowledge.view")
def symptom_list(request: ActorRequest) -> HttpResponse:
    """Symptoms by words, line and severity."""
    found = SymptomFilter(request.GET, Symptom.objects.all(), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""), key="code", size=200)
    context = {"fields": list(found.form), "chips": chips(found.form), "listed": listed}
    return render(request, "knowledge/symptoms.html", context)


@require_http_methods(FORM_METHODS)
@page("knowledge.edit")
def symptom_new(request: ActorRequest) -> HttpResponse:
    """Agree on a new symptom."""
    form = SymptomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.create_symptom(actor=request.actor, **data)):
            return _saved(request)
    return _form(request, form, _("New symptom"))


@require_http_methods(FORM_METHODS)
@page("knowledge.edit")
def symptom_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a symptom; its code stays."""
    symptom = get_object_or_404(Symptom, code=code)
    initial = {name: getattr(symptom, name) for name in services.FIELDS}
    form = SymptomForm(request.POST or None, initial=initial)
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form, lambda: services.edit_symptom(actor=request.actor, symptom=symptom, **data)
        ):
            return _saved(request)
    return _form(request, form, _("Edit symptom %(code)s") % {"code": code})


def _saved(request: ActorRequest) -> HttpResponse:
    messages.success(request, _("The changes are saved."))
    return redirect("knowledge:symptoms")


def _form(request: ActorRequest, form: Any, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "verb": _("Save")}
    return render(request, "knowledge/form.html", context, status=status_of(form))
