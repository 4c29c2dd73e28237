"""Coverage of a machine: what moves its last days; the machine's label and what it leads to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.forms import attempt, status_of
from machines import access, card_queries, papers, services
from machines.card_forms import CoverageEventForm
from machines.rules import clean_serial
from machines.views.machines import FORM_METHODS
from machines.views.registrations import pdf_answer


@require_http_methods(FORM_METHODS)
@page("coverage.extend")
def coverage_extend(request: ActorRequest, serial_number: str, place: int) -> HttpResponse:
    """Move the last day of one coverage of a machine: the `place`-th of its list."""
    machine = access.get_machine(request.actor, serial_number, to="coverage.extend")
    rows = card_queries.coverage_of(machine)
    if not 1 <= place <= len(rows):
        raise Http404
    coverage = rows[place - 1]
    form = CoverageEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        event = attempt(
            form,
            lambda: services.extend_coverage(actor=request.actor, coverage=coverage, **data),
        )
        if event is not None:
            messages.success(request, _("The last day is moved; the reason stays on record."))
            return redirect("machines:machine", serial_number=machine.serial_number)
    context = {"machine": machine, "coverage": coverage, "form": form}
    return render(request, "machines/coverage_extend.html", context, status=status_of(form))


@require_safe
@page("machine.view")
def machine_label(request: ActorRequest, serial_number: str) -> HttpResponse:
    """The label with the machine's QR code, as a small PDF."""
    machine = access.get_machine(request.actor, serial_number)
    language = papers.language_of(request.GET.get("language") or get_language())
    content = papers.label(machine, tenant=request.tenant, language=language)
    return pdf_answer(content, f"{machine.serial_number}-label.pdf")


@require_safe
@page("machine.view")
def machine_scan(request: ActorRequest, serial_number: str) -> HttpResponse:
    """Where the QR code leads: to the form while there is no card, else to the machine."""
    actor = request.actor
    serial = clean_serial(serial_number)
    machine = access.to_register(actor).filter(serial_number=serial).first()
    may_register = machine is not None and actor.may("registration.create")
    if may_register and machine is not None and card_queries.live_card(machine) is None:
        asked = urlencode({"serial": machine.serial_number, "channel": "qr"})
        return redirect(f"{reverse('machines:registration_new')}?{asked}")
    known = access.get_machine(actor, serial)
    return redirect("machines:machine", serial_number=known.serial_number)
