"""Machines: found, registered, changed, sold on, exported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import menu, sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from dealers.queries import name_regions
from dealers.services import note_export
from machines import access, clocks, queries, services
from machines.filters import MachineFilter, page_fields
from machines.forms import MachineForm, SellOnForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@page("machine.view")
def machine_list(request: ActorRequest) -> HttpResponse:
    """Machines by serial, plate, model, region and dealer; newest first."""
    found = MachineFilter(request.GET, queries.machine_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""), key="serial_number")
    name_regions(listed.rows)
    context = {
        "fields": page_fields(found, "q", "line", "model", "region"),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("machines:machines_export")
        if request.actor.may("machine.export")
        else "",
        "parts_url": menu.address("parts:list"),
    }
    return render(request, "machines/machines.html", context)


@require_safe
@page("machine.export")
def machines_export(request: ActorRequest) -> HttpResponse:
    """The filtered machines as a file; the audit keeps who took it (R-006)."""
    found = MachineFilter(request.GET, queries.machine_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    name_regions(rows)
    note_export(actor=request.actor, company=request.tenant, noun="machine", rows=len(rows))
    head = [_("Serial number"), _("Plate"), _("Product line"), _("Model"), _("Engine number")]
    head += [_("Owner"), _("Dealer"), _("Built on"), _("Sold on"), _("Region"), _("Address")]
    cells = (
        [m.serial_number, m.plate, m.model.line.name, m.model.code, m.engine_number]
        + [m.customer.name if m.customer else "", m.dealer.name if m.dealer else ""]
        + [m.built_on, m.sold_on, vars(m)["region"], m.address]
        for m in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("machines"), head, cells)


@require_safe
@page("machine.view")
def machine_detail(request: ActorRequest, serial_number: str) -> HttpResponse:
    """One machine: its record, who owned it when, and its tickets where that app is there."""
    machine = access.get_machine(request.actor, serial_number)
    name_regions([machine])
    listing = menu.address("tickets:list")
    eligibility = queries.claim_eligible(machine)
    card = eligibility.registration
    actor = request.actor
    sellable = access.to_register(actor).filter(pk=machine.pk)
    context = {
        "machine": machine,
        "coverage": queries.coverage_of(machine),
        "eligibility": eligibility,
        "card_is_mine": card is not None and access.visible_registrations(actor).contains(card),
        "card_clock": None if card else clocks.running(actor, machine),
        "may_register": card is None and actor.may("registration.create") and sellable.exists(),
        "ownerships": queries.ownerships(request.actor, machine),
        "events": queries.events_of(request.actor, machine),
        "tickets_part": f"{listing}?machine={machine.serial_number}" if listing else "",
        "call_url": menu.address("tickets:call"),
        "remedies_part": menu.address("warranty:machine-remedies")
        if actor.may("case.view")
        else None,
    }
    return render(request, "machines/machine.html", context)


@require_http_methods(FORM_METHODS)
@page("machine.edit")
def machine_new(request: ActorRequest) -> HttpResponse:
    """Register a machine; `?customer=` is its owner, `?partial=1` answers without the frame."""
    initial = {key: request.GET.get(key, "") for key in ("serial_number", "customer")}
    form = MachineForm(request.POST or None, actor=request.actor, initial=initial)
    partial = "partial" in request.GET
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        machine = attempt(form, lambda: services.create_machine(actor=request.actor, **data))
        if machine is not None and partial:
            return render(request, "machines/_machine_card.html", {"machine": machine}, status=201)
        if machine is not None:
            messages.success(
                request, _("Machine %(serial)s is saved.") % {"serial": machine.serial_number}
            )
            return redirect("machines:machine", serial_number=machine.serial_number)
    heading, verb = _("New machine"), _("Save machine")
    return _form(request, {"form": form, "heading": heading, "verb": verb, "partial": partial})


@require_http_methods(FORM_METHODS)
@page("machine.edit")
def machine_edit(request: ActorRequest, serial_number: str) -> HttpResponse:
    """Change a machine's record; the owner changes by selling on."""
    machine = access.get_machine(request.actor, serial_number, to="machine.edit")
    initial = {name: getattr(machine, name) for name in services.MACHINE_FIELDS}
    form = MachineForm(
        request.POST or None,
        actor=request.actor,
        is_new=False,
        initial=initial | {"model": machine.model.code},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        edited = attempt(
            form, lambda: services.edit_machine(actor=request.actor, machine=machine, **data)
        )
        if edited is not None:
            messages.success(request, _("The changes are saved."))
            return redirect("machines:machine", serial_number=edited.serial_number)
    heading = _("Edit machine %(serial)s") % {"serial": serial_number}
    return _form(request, {"form": form, "heading": heading, "verb": _("Save"), "machine": machine})


@require_http_methods(FORM_METHODS)
@page("machine.edit")
def machine_sell_on(request: ActorRequest, serial_number: str) -> HttpResponse:
    """Give a machine to a new owner."""
    machine = access.get_machine(request.actor, serial_number, to="machine.edit")
    form = SellOnForm(
        request.POST or None, actor=request.actor, initial={"on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: services.sell_on(actor=request.actor, machine=machine, **data)):
            messages.success(request, _("The machine has a new owner; its history stays."))
            return redirect("machines:machine", serial_number=machine.serial_number)
    heading = _("Sell on machine %(serial)s") % {"serial": machine.serial_number}
    return _form(
        request, {"form": form, "heading": heading, "verb": _("Sell on"), "machine": machine}
    )


def _form(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    name = "machines/_machine_form.html" if context.get("partial") else "machines/form.html"
    return render(request, name, context, status=status_of(context["form"]))
