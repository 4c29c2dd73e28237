"""Product lines and models, and the regions that dealers answer for by line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import menu
from core.forms import attempt, status_of
from dealers.access import get_dealer
from dealers.services import add_territory
from machines import products, queries
from machines.forms import LineForm, ModelForm, TerritoryForm
from machines.models import ProductLine, ProductModel

FORM_METHODS = ["GET", "HEAD", "POST"]
MODEL_FIELDS = ("name", "coverage_months", "product_class", "power_kw")


@require_safe
@page("machine.view")
def product_list(request: ActorRequest) -> HttpResponse:
    """Lines with their models."""
    context: dict[str, Any] = {"lines": queries.product_lines()}
    context["symptoms_url"] = menu.address("knowledge:symptoms")
    return render(request, "machines/products.html", context)


@require_http_methods(FORM_METHODS)
@page("product.edit")
def line_new(request: ActorRequest) -> HttpResponse:
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: products.create_line(actor=request.actor, **data)):
            return _saved(request)
    return _form(request, form, _("New product line"))


@require_http_methods(FORM_METHODS)
@page("product.edit")
def line_edit(request: ActorRequest, code: str) -> HttpResponse:
    line = get_object_or_404(ProductLine, code=code)
    names = ("name", "name_en", "is_bought_in")
    form = LineForm(request.POST or None, initial={name: getattr(line, name) for name in names})
    # The code stands in territories and clocks; it stays.
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: products.edit_line(actor=request.actor, line=line, **data)):
            return _saved(request)
    return _form(request, form, _("Edit product line %(name)s") % {"name": line})


@require_http_methods(FORM_METHODS)
@page("product.edit")
def model_new(request: ActorRequest) -> HttpResponse:
    form = ModelForm(request.POST or None, initial={"line": request.GET.get("line", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: products.create_model(actor=request.actor, **data)):
            return _saved(request)
    return _form(request, form, _("New model"))


@require_http_methods(FORM_METHODS)
@page("product.edit")
def model_edit(request: ActorRequest, code: str) -> HttpResponse:
    model = get_object_or_404(ProductModel, code=code)
    initial = {"line": model.line.code, "name": model.name}
    form = ModelForm(
        request.POST or None,
        initial=initial | {name: getattr(model, name) for name in MODEL_FIELDS},
    )
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: products.edit_model(actor=request.actor, model=model, **data)):
            return _saved(request)
    return _form(request, form, _("Edit model %(name)s") % {"name": model})


@require_http_methods(FORM_METHODS)
@page("dealer.edit")
def territory_new(request: ActorRequest, number: str) -> HttpResponse:
    """Let a dealer answer for a region; here because lines are known on this floor first."""
    dealer = get_dealer(request.actor, number, to="dealer.edit")
    form = TerritoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: add_territory(actor=request.actor, dealer=dealer, **data)):
            messages.success(request, _("The region is saved."))
            return redirect("dealers:detail", number=dealer.number)
    heading = _("A region that %(name)s answers for") % {"name": dealer}
    context = {"form": form, "heading": heading, "verb": _("Save"), "dealer": dealer}
    return render(request, "dealers/form.html", context, status=status_of(form))


def _saved(request: ActorRequest) -> HttpResponse:
    messages.success(request, _("The changes are saved."))
    return redirect("machines:products")


def _form(request: ActorRequest, form: Any, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "verb": _("Save"), "is_product": True}
    return render(request, "machines/form.html", context, status=status_of(form))
