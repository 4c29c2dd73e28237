"""Stores: what lies in them, what moved, and moving it (R-089)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import keyset, sheets
from core.forms import attempt
from core.lists import chips, newest_first
from core.money import yuan
from dealers.services import note_export
from parts import access, queries, services
from parts.filters import MoveFilter, StockFilter
from parts.forms.others import OVER, MoveForm, StoreForm
from parts.models import StockMove, Store
from parts.views.pages import FORM_METHODS, form_page


@require_safe
@page("stock.view")
def store_list(request: ActorRequest) -> HttpResponse:
    """The stores with what each is worth; a company has a handful."""
    stores = list(access.visible_stores(request.actor))
    for store, worth in queries.worths(stores):
        vars(store)["worth"] = worth
    return render(request, "parts/stores.html", {"stores": stores})


@require_safe
@page("stock.view")
def store_detail(request: ActorRequest, code: str) -> HttpResponse:
    """What lies in a store: pieces and value, part by part."""
    store = access.get_store(request.actor, code)
    found = StockFilter(request.GET, queries.stock_rows(store), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""))
    context = {
        "store": store,
        "worth": queries.worth_of(store),
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("parts:stock_export", args=[store.code])
        if request.actor.may("stock.export")
        else "",
    }
    return render(request, "parts/store.html", context)


@require_safe
@page("stock.export")
def stock_export(request: ActorRequest, code: str) -> HttpResponse:
    """The stock of a store as a file; the audit keeps who took it (R-006)."""
    store = access.get_store(request.actor, code, to="stock.export")
    found = StockFilter(request.GET, queries.stock_rows(store), request=request)
    rows = list(sheets.at_most(found.qs.order_by("number")))
    note_export(actor=request.actor, company=request.tenant, noun="stock", rows=len(rows))
    head = [
        _("Part number"),
        _("Name"),
        _("Unit"),
        _("Shelf"),
        _("Quantity"),
        pgettext("stock", "Value"),
    ]
    cells = (
        [part.number, part.name, part.get_unit_display(), part.shelf]
        + [vars(part)["held"], yuan(vars(part)["held_cents"])]
        for part in rows
    )
    name = _("stock of %(store)s") % {"store": store.name}
    return sheets.answer(request.GET.get("format", ""), name, head, cells)


@require_safe
@page("stock.view")
def store_moves(request: ActorRequest, code: str) -> HttpResponse:
    """What came into a store and left it, newest first."""
    store = access.get_store(request.actor, code)
    found = MoveFilter(request.GET, queries.move_list(request.actor, store), request=request)
    listed = keyset.page(found.qs, after=request.GET.get("after", ""), instant="at")
    context = {
        "store": store,
        # Two bare days would say little on a phone; they come by links.
        "fields": [found.form["part"], found.form["way"]],
        "chips": chips(found.form),
        "listed": listed,
    }
    return render(request, "parts/moves.html", context)


@require_http_methods(FORM_METHODS)
@page("stock.move")
def move_new(request: ActorRequest, code: str) -> HttpResponse:
    """Move pieces in, out, or over to another store."""
    store = access.get_store(request.actor, code, to="stock.move")
    initial = {"part": queries.part_by_number(request.GET.get("part", ""))}
    form = MoveForm(request.POST or None, store=store, initial=initial)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: _moved(request, store, form))
        if moved is not None:
            messages.success(request, _("The move is booked."))
            return redirect("parts:store", code=store.code)
    heading = _("Move stock: %(store)s") % {"store": store.name}
    return form_page(request, form, heading, _("Book the move"), thing=store)


def _moved(request: ActorRequest, store: Store, form: MoveForm) -> StockMove:
    data = form.cleaned_data
    if data["way"] == OVER:
        out, _come = services.transfer_stock(
            actor=request.actor,
            store=store,
            to_store=data["to_store"],
            part=data["part"],
            quantity=data["quantity"],
            reason=data["reason"],
        )
        return out
    return services.book_stock(
        actor=request.actor,
        store=store,
        part=data["part"],
        quantity=form.signed,
        value_cents=form.signed_cents,
        reason=data["reason"],
    )


@require_http_methods(FORM_METHODS)
@page("store.edit")
def store_new(request: ActorRequest) -> HttpResponse:
    """Open a store."""
    form = StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: services.create_store(actor=request.actor, **data))
        if made is not None:
            messages.success(request, _("Store %(name)s is saved.") % {"name": made.name})
            return redirect("parts:store", code=made.code)
    up = (reverse("parts:stores"), _("Stores"))
    return form_page(request, form, _("New store"), _("Save store"), up=up)


@require_http_methods(FORM_METHODS)
@page("store.edit")
def store_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Rename or close a store; its code and kind stay."""
    store = access.get_store(request.actor, code, to="store.edit")
    initial = {"name": store.name, "is_active": store.is_active}
    form = StoreForm(request.POST or None, initial=initial)
    del form.fields["code"]
    del form.fields["kind"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.edit_store(actor=request.actor, store=store, **data)):
            messages.success(request, _("The changes are saved."))
            return redirect("parts:store", code=store.code)
    return form_page(request, form, _("Edit store %(name)s") % {"name": store.name}, thing=store)
