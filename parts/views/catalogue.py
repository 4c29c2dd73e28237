"""Parts: found, added, changed, priced, fitted; the file of the list."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.money import yuan
from dealers.services import note_export
from machines.models import ProductModel
from parts import access, queries, services
from parts.filters import PartFilter, SerialFilter
from parts.forms.catalogue import FitForm, PartForm, PriceForm, SerialsForm
from parts.models import Part
from parts.services.catalogue import PART_FIELDS
from parts.views.pages import FORM_METHODS, form_page

SHOWN_SERIALS = 10


@require_safe
@page("part.view")
def part_list(request: ActorRequest) -> HttpResponse:
    """Parts by number, name, model and kind; newest first."""
    found = PartFilter(request.GET, queries.part_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""))
    names = ("q", "model", "kind", "is_watched", "is_active")
    may_export = request.actor.may("part.export")
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("parts:export") if may_export else "",
    }
    return render(request, "parts/list.html", context)


@require_safe
@page("part.view")
def part_options(request: ActorRequest) -> HttpResponse:
    """Parts that fit what is typed, for a `<datalist>`."""
    keys = ("q", "part", "replaces")
    typed = next((request.GET[key] for key in keys if key in request.GET), "")
    found = queries.matching_parts(access.visible_parts(request.actor), typed)
    return render(request, "parts/_options.html", {"found": found.order_by("number")[:12]})


@require_safe
@page("part.export")
def part_export(request: ActorRequest) -> HttpResponse:
    """The filtered parts with today's dealer price; the audit keeps who took them (R-006)."""
    found = PartFilter(request.GET, queries.part_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="part", rows=len(rows))
    head = [_("Part number"), _("Name"), _("English name"), _("Kind"), _("Term of coverage")]
    head += [_("Component"), _("Unit"), _("Dealer price"), _("Old part"), _("Payment")]
    head += [_("Watched for batch faults"), _("Replaces"), _("Shelf"), _("Supplier"), _("In use")]
    cells = (_cells(part) for part in rows)
    return sheets.answer(request.GET.get("format", ""), _("parts"), head, cells)


def _cells(part: Part) -> list[object]:
    cents = vars(part)["cents"]
    return [
        *[part.number, part.name, part.name_en, part.get_kind_display(), part.get_layer_display()],
        *[part.component, part.get_unit_display(), "" if cents is None else yuan(cents)],
        *[part.get_return_duty_display(), part.get_gate_display(), _said(part.is_watched)],
        *[part.replaces.number if part.replaces else "", part.shelf],
        *[part.supplier.name if part.supplier else "", _said(part.is_active)],
    ]


def _said(flag: bool) -> str:
    return _("yes") if flag else _("no")


@require_safe
@page("part.view")
def part_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One part: what it fits, costs and replaces, which pieces there are and where they lie."""
    part = access.get_part(request.actor, number)
    may_stock = request.actor.may("stock.view")
    serials = list(
        queries.serial_list(request.actor, part).order_by("-pk")[: SHOWN_SERIALS + 1]
        if part.is_serialised
        else []
    )
    context = {
        "part": part,
        "supplier": part.supplier if request.actor.may("supplier.view") else None,
        "fits": queries.fits_with_models(part),
        "prices": queries.prices_of(request.actor, part),
        "serials": serials[:SHOWN_SERIALS],
        "has_more_serials": len(serials) > SHOWN_SERIALS,
        "stock": queries.stock_in(part) if may_stock else None,
        "replaced_by": queries.replaced_by(part),
        "events": queries.events_of(request.actor, part),
    }
    return render(request, "parts/detail.html", context)


@require_http_methods(FORM_METHODS)
@page("part.edit")
def part_new(request: ActorRequest) -> HttpResponse:
    """Add a part to the catalogue."""
    form = PartForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        part = attempt(form, lambda: services.create_part(actor=request.actor, **data))
        if part is not None:
            messages.success(request, _("Part %(number)s is saved.") % {"number": part.number})
            return redirect("parts:detail", number=part.number)
    return form_page(request, form, _("New part"), _("Save part"))


@require_http_methods(FORM_METHODS)
@page("part.edit")
def part_edit(request: ActorRequest, number: str) -> HttpResponse:
    """Change a part; its number stays."""
    part = access.get_part(request.actor, number, to="part.edit")
    initial = {name: getattr(part, name) for name in PART_FIELDS}
    initial["supplier"] = part.supplier.code if part.supplier else ""
    form = PartForm(request.POST or None, actor=request.actor, is_new=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.edit_part(actor=request.actor, part=part, **data)):
            return _saved(request, part)
    return form_page(request, form, _("Edit part %(number)s") % {"number": part.number}, part=part)


@require_http_methods(FORM_METHODS)
@page("part.price")
def part_price(request: ActorRequest, number: str) -> HttpResponse:
    """Give a part a price from a day on."""
    part = access.get_part(request.actor, number, to="part.price")
    form = PriceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.set_price(actor=request.actor, part=part, **data)):
            messages.success(request, _("The price is saved."))
            return redirect("parts:detail", number=part.number)
    heading = _("Price of %(part)s") % {"part": part}
    return form_page(request, form, heading, _("Save price"), part=part)


@require_http_methods(FORM_METHODS)
@page("part.edit")
def part_fits(request: ActorRequest, number: str) -> HttpResponse:
    """The models that have the part, and how many of it each."""
    part = access.get_part(request.actor, number, to="part.edit")
    form = FitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.fit_part(actor=request.actor, part=part, **data)):
            messages.success(request, _("The model is saved."))
            return redirect("parts:fits", number=part.number)
    context = {"part": part, "form": form, "fits": queries.fits_with_models(part)}
    return render(request, "parts/fits.html", context, status=status_of(form))


@require_POST
@page("part.edit")
def part_unfit(request: ActorRequest, number: str) -> HttpResponse:
    """Take a model from the part."""
    part = access.get_part(request.actor, number, to="part.edit")
    model = get_object_or_404(ProductModel, code=request.POST.get("model", ""))
    services.unfit_part(actor=request.actor, part=part, model=model)
    messages.success(request, _("The model is taken from this part."))
    return redirect("parts:fits", number=part.number)


@require_safe
@page("part.view")
def part_serials(request: ActorRequest, number: str) -> HttpResponse:
    """The pieces of a part by serial and batch; a dealer sees those sold to it."""
    part = access.get_part(request.actor, number)
    rows = queries.serial_list(request.actor, part)
    found = SerialFilter(request.GET, rows, request=request)
    listed = queries.serial_page(found.qs, request.GET.get("after", ""))
    context = {
        "part": part,
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
    }
    return render(request, "parts/serials.html", context)


@require_http_methods(FORM_METHODS)
@page("part.edit")
def part_serials_new(request: ActorRequest, number: str) -> HttpResponse:
    """Keep pieces: their batch, and the dealer that they were sold to."""
    part = access.get_part(request.actor, number, to="part.edit")
    form = SerialsForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = attempt(form, lambda: services.record_serials(actor=request.actor, part=part, **data))
        if new is not None:
            told = {"new": new, "count": len(data["numbers"])}
            messages.success(request, _("%(count)s pieces saved, %(new)s of them new.") % told)
            return redirect("parts:serials", number=part.number)
    heading = _("Serial numbers of %(part)s") % {"part": part}
    return form_page(request, form, heading, part=part)


def _saved(request: ActorRequest, part: Part) -> HttpResponse:
    messages.success(request, _("The changes are saved."))
    return redirect("parts:detail", number=part.number)
