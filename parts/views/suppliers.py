"""The supplier directory: found, kept exact, confirmed each quarter (R-085)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.forms import attempt
from core.lists import chips, newest_first
from core.options import option
from core.phones import display
from dealers.services import note_export
from parts import access, queries, services
from parts.filters import SupplierFilter
from parts.forms.others import SupplierForm
from parts.models import Supplier
from parts.rules import is_confirmation_due
from parts.services.suppliers import SUPPLIER_FIELDS
from parts.views.pages import FORM_METHODS, form_page

SHOWN_PARTS = 50


def _up() -> tuple[str, str]:
    return reverse("parts:suppliers"), _("Suppliers")


def _mark_due(suppliers: list[Supplier]) -> None:
    """Tell the page whose entry is to be confirmed again."""
    today, days = timezone.localdate(), option(queries.CONFIRM_AFTER)
    for supplier in suppliers:
        is_due = is_confirmation_due(supplier.confirmed_on, today, days)
        vars(supplier)["is_due"] = supplier.is_active and is_due


@require_safe
@page("supplier.view")
def supplier_list(request: ActorRequest) -> HttpResponse:
    """Suppliers by name and by whether their entry is still confirmed."""
    found = SupplierFilter(request.GET, queries.supplier_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""), key="code")
    _mark_due(listed.rows)
    may_export = request.actor.may("supplier.export")
    context = {
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("parts:suppliers_export") if may_export else "",
    }
    return render(request, "parts/suppliers.html", context)


@require_safe
@page("supplier.export")
def suppliers_export(request: ActorRequest) -> HttpResponse:
    """The filtered suppliers as a file; the audit keeps who took it (R-006)."""
    found = SupplierFilter(request.GET, queries.supplier_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="supplier", rows=len(rows))
    head = [_("Supplier code"), _("Name"), _("Contact person"), _("Telephone")]
    head += [_("Address for claims"), _("Share of the cost, percent"), _("Terms")]
    head += [_("Confirmed on"), _("In use")]
    cells = (
        [row.code, row.name, row.contact_name, display(row.phone) if row.phone else ""]
        + [row.claims_address, row.duty_percent, row.terms, row.confirmed_on]
        + [_("yes") if row.is_active else _("no")]
        for row in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("suppliers"), head, cells)


@require_safe
@page("supplier.view")
def supplier_detail(request: ActorRequest, code: str) -> HttpResponse:
    """One supplier: how to reach it, what it bears, which parts it delivers."""
    supplier = access.get_supplier(request.actor, code)
    _mark_due([supplier])
    parts = list(supplier.parts.order_by("number")[: SHOWN_PARTS + 1])
    context = {
        "supplier": supplier,
        "parts": parts[:SHOWN_PARTS],
        "has_more": len(parts) > SHOWN_PARTS,
        "events": queries.events_of(request.actor, supplier),
    }
    return render(request, "parts/supplier.html", context)


@require_http_methods(FORM_METHODS)
@page("supplier.edit")
def supplier_new(request: ActorRequest) -> HttpResponse:
    """Open a supplier's entry."""
    form = SupplierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        made = attempt(form, lambda: services.create_supplier(actor=request.actor, **data))
        if made is not None:
            messages.success(request, _("Supplier %(name)s is saved.") % {"name": made.name})
            return redirect("parts:supplier", code=made.code)
    return form_page(request, form, _("New supplier"), _("Save supplier"), up=_up())


@require_http_methods(FORM_METHODS)
@page("supplier.edit")
def supplier_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a supplier's entry; its code stays."""
    supplier = access.get_supplier(request.actor, code, to="supplier.edit")
    initial = {name: getattr(supplier, name) for name in SUPPLIER_FIELDS}
    form = SupplierForm(request.POST or None, initial=initial)
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        done = attempt(
            form, lambda: services.edit_supplier(actor=request.actor, supplier=supplier, **data)
        )
        if done is not None:
            messages.success(request, _("The changes are saved."))
            return redirect("parts:supplier", code=supplier.code)
    heading = _("Edit supplier %(name)s") % {"name": supplier.name}
    return form_page(request, form, heading, thing=supplier)


@require_POST
@page("supplier.edit")
def supplier_confirm(request: ActorRequest, code: str) -> HttpResponse:
    """Note that somebody has made sure of the entry today."""
    supplier = access.get_supplier(request.actor, code, to="supplier.edit")
    services.confirm_supplier(actor=request.actor, supplier=supplier)
    messages.success(request, _("The entry is confirmed as of today."))
    return redirect("parts:supplier", code=supplier.code)
