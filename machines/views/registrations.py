"""Receipt cards: registered, listed, looked at, waived, printed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import once, sheets
from core.downloads import attachment_header
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.options import option
from dealers.fields import DayField
from dealers.services import note_export
from machines import access, card_queries, papers, services
from machines.card_filters import RegistrationFilter, last_months
from machines.card_forms import RegistrationForm, VoidForm, WaiverForm, unknown_serial
from machines.card_rules import days_late, due_day, eligibility
from machines.filters import page_fields
from machines.models import Registration, RegistrationChannel
from machines.rules import clean_serial
from machines.views.machines import FORM_METHODS

# What a dealer's page may say of itself; the desk chooses whether a paper or a caller told it.
CHANNELS = {RegistrationChannel.PORTAL, RegistrationChannel.QR}
# A service's argument and the field of the form, where they differ.
NAMES = {"name": "customer_name", "phone": "customer_phone"}


@require_safe
@page("registration.view")
def registration_list(request: ActorRequest) -> HttpResponse:
    """Receipt cards, newest first: late, waived, by dealer and month of sale."""
    rows = card_queries.registration_list(request.actor)
    found = RegistrationFilter(request.GET, rows, request=request)
    names = ["q", "lateness", "month", "channel"]
    if not request.actor.is_dealer:
        names.insert(2, "dealer")
    context = {
        "fields": page_fields(found, *names),
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "months": last_months(today=timezone.localdate()),
        "export_url": reverse("machines:registrations_export")
        if request.actor.may("registration.export")
        else "",
    }
    return render(request, "machines/registrations.html", context)


@require_safe
@page("registration.export")
def registrations_export(request: ActorRequest) -> HttpResponse:
    """The filtered cards as a file; the audit keeps who took it (R-006)."""
    rows = card_queries.registration_list(request.actor)
    found = RegistrationFilter(request.GET, rows, request=request)
    cards = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="registration", rows=len(cards))
    head = [_("Card number"), _("Serial number"), _("Model"), _("Dealer number"), _("Dealer")]
    head += [_("Customer"), _("Invoice date"), _("Invoice number"), _("Received"), _("Due on")]
    head += [_("Days late"), _("Waived by"), _("Reason"), _("Channel"), _("State")]
    cells = (
        [c.number, c.machine.serial_number, c.machine.model.code, c.dealer.number, c.dealer.name]
        + [c.customer.name, c.invoice_on, c.invoice_number, c.received_at, c.due_on]
        + [c.days_late, c.waived_label, c.waiver_reason, c.get_channel_display()]
        + [c.get_state_display()]
        for c in cards
    )
    return sheets.answer(request.GET.get("format", ""), _("receipt-cards"), head, cells)


@require_safe
@page("registration.view")
def compliance(request: ActorRequest) -> HttpResponse:
    """Cards in time per machine sold, of each dealer; a dealer sees its own (R-065)."""
    days = {name: _day(request.GET.get(name, "")) for name in ("since", "until")}
    context = {
        "rows": card_queries.compliances(request.actor, **days),
        "since": days["since"] or timezone.localdate() - card_queries.LOOK_BACK,
        "until": days["until"] or timezone.localdate(),
        "days": option("registration.days"),
    }
    return render(request, "machines/compliance.html", context)


@require_safe
@page("registration.view")
def not_registered(request: ActorRequest) -> HttpResponse:
    """Machines sold without a receipt card: overdue first."""
    rows = list(card_queries.not_registered(request.actor)[: card_queries.MOST_MISSING])
    today, days = timezone.localdate(), option("registration.days")
    for machine in rows:
        due_on = due_day(machine.sold_on or today, days)
        vars(machine).update(due_on=due_on, days_late=days_late(today, due_on))
    context = {"rows": rows, "most": card_queries.MOST_MISSING}
    return render(request, "machines/not_registered.html", context)


def _day(text: str) -> Any:
    """A day as people write it; None for none and for what is no day."""
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None


@require_safe
@page("registration.create")
def registration_look(request: ActorRequest) -> HttpResponse:
    """What a serial number and an invoice date mean, while the form is filled in."""
    return render(request, "machines/_registration_look.html", _look(request, request.GET))


@require_http_methods(FORM_METHODS)
@page("registration.create")
def registration_new(request: ActorRequest) -> HttpResponse:
    """Register a sale; `?serial=` comes from the machine or its QR code."""
    actor = request.actor
    initial = {
        "serial_number": request.GET.get("serial", "")[:40],
        "channel": request.GET.get("channel", "")[:10],
        once.FIELD: once.new_token(),
    }
    if request.method != "POST":
        # A sale that is known already need not be typed again.
        known = _look(request, initial)["machine"]
        initial["invoice_on"] = str(known.sold_on or "") if known else ""
    form = RegistrationForm(request.POST or None, actor=actor, initial=initial)
    look = _look(request, request.POST or initial)
    if request.method == "POST" and form.is_valid():
        if look["days_late"] and not form.cleaned_data["is_late_seen"]:
            form.add_error("is_late_seen", look["sentence"])
        else:
            number = attempt(form, lambda: _registered(request, form))
            if number:
                messages.success(
                    request, _("Receipt card %(number)s is saved.") % {"number": number}
                )
                return redirect("machines:registration", number=number)
    if not look["days_late"]:
        form.fields.pop("is_late_seen", None)
    context = {"form": form, **look}
    return render(request, "machines/registration_form.html", context, status=status_of(form))


def _registered(request: ActorRequest, form: RegistrationForm) -> str:
    """The number of the card, made once however often the button is pressed."""
    actor = request.actor

    def made() -> str:
        card = services.register_machine(
            actor=actor,
            customer=form.owner(),
            channel=_channel(request, form.cleaned_data["channel"]),
            **form.services_facts(),
        )
        return card.number

    # What a refusal leaves behind (a new customer) is taken back with it.
    with transaction.atomic():
        return once.create_once(actor=actor, path=request.path, data=request.POST, create=made)


def _channel(request: ActorRequest, said: str) -> str:
    if request.actor.is_dealer:
        return said if said in CHANNELS else RegistrationChannel.PORTAL
    return said or RegistrationChannel.DESK


def _look(request: ActorRequest, data: Any) -> dict[str, Any]:
    """The machine behind a serial, its card if it has one, and how late a card would be."""
    serial = clean_serial(str(data.get("serial_number") or data.get("serial") or ""))
    found: dict[str, Any] = {"machine": None, "card": None, "days_late": 0, "sentence": ""}
    found |= {"serial": serial, "unknown": ""}
    if serial:
        machine = access.to_register(request.actor).filter(serial_number=serial).first()
        found["machine"] = machine
        if machine is None:
            found["unknown"] = unknown_serial(request.actor)
        else:
            found["card"] = card_queries.live_card(machine)
    sold_on = _day(str(data.get("invoice_on") or ""))
    if sold_on:
        due_on = due_day(sold_on, option("registration.days"))
        received = _day(str(data.get("received_on") or "")) or timezone.localdate()
        if request.actor.is_dealer:
            received = timezone.localdate()
        late = days_late(received, due_on)
        found |= {"due_on": due_on, "days_late": late}
        if late:
            found["sentence"] = _("%(days)s days late: claims will be refused until a waiver.") % {
                "days": late
            }
    return found


@require_safe
@page("registration.view")
def registration_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One receipt card: what was said, what it covers, whether claims are recognised."""
    card = access.get_registration(request.actor, number)
    context = {
        "card": card,
        "coverage": [
            row for row in card_queries.coverage_of(card.machine) if row.registration_id == card.pk
        ],
        "eligibility": eligibility(card),
        "strokes": papers.strokes_as_svg(card.signature),
        "may_waive": _may_waive(request, card),
    }
    return render(request, "machines/registration.html", context)


def _may_waive(request: ActorRequest, card: Registration) -> bool:
    actor = request.actor
    is_open = card.is_late and not card.is_waived and card.state == "registered"
    return is_open and actor.may("registration.waive") and actor.user_id != card.registered_by_id


@require_http_methods(FORM_METHODS)
@page("registration.waive")
def registration_waive(request: ActorRequest, number: str) -> HttpResponse:
    """Recognise the claims of a late card, with a reason (R-066)."""
    card = access.get_registration(request.actor, number, to="registration.waive")
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: services.waive_lateness(actor=request.actor, registration=card, **data),
        ):
            messages.success(request, _("Waived. The dealer is told."))
            return redirect("machines:registration", number=card.number)
    heading = _("Waive the lateness of %(number)s") % {"number": card.number}
    return _small_form(request, card, form, heading, _("Waive"))


@require_http_methods(FORM_METHODS)
@page("registration.void")
def registration_void(request: ActorRequest, number: str) -> HttpResponse:
    """Take back a card that was filled in wrongly, with a reason."""
    card = access.get_registration(request.actor, number, to="registration.void")
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(
            form,
            lambda: services.void_registration(actor=request.actor, registration=card, **data),
        ):
            messages.success(request, _("The card is void; the machine can be registered anew."))
            return redirect("machines:registration", number=card.number)
    heading = _("Make %(number)s void") % {"number": card.number}
    return _small_form(request, card, form, heading, _("Make void"))


def _small_form(
    request: ActorRequest, card: Registration, form: Any, heading: str, verb: str
) -> HttpResponse:
    context = {"card": card, "form": form, "heading": heading, "verb": verb}
    return render(request, "machines/registration_step.html", context, status=status_of(form))


@require_safe
@page("registration.view")
def registration_paper(request: ActorRequest, number: str) -> HttpResponse:
    """三包回执卡 as PDF."""
    card = access.get_registration(request.actor, number)
    content = papers.receipt_card(card, tenant=request.tenant, language=_language(request))
    return pdf_answer(content, f"{card.number}-card.pdf")


@require_safe
@page("registration.view")
def registration_certificate(request: ActorRequest, number: str) -> HttpResponse:
    """三包凭证 as PDF: the terms that the machine was sold with (R-145)."""
    card = access.get_registration(request.actor, number)
    content = papers.certificate(card, tenant=request.tenant, language=_language(request))
    return pdf_answer(content, f"{card.number}-certificate.pdf")


def _language(request: ActorRequest) -> str:
    return papers.language_of(request.GET.get("language") or get_language())


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = attachment_header(name, inline=True)
    return answer
