"""The sheet: begun from a ticket or machine, written at the machine, sent when there is a net.

Whoever asks for JSON is the page's own script, which keeps everything on the telephone until
it is answered; everybody else gets pages.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from machines.access import get_machine
from machines.models import Machine
from tickets.access import get_ticket
from tickets.models import Ticket
from warranty.access import reports as gate
from warranty.forms.reports import CodeForm, EvidenceForm, ReportForms, SignForm
from warranty.models import WorkReport
from warranty.queries import reports as queries
from warranty.services import reports as services
from warranty.services.reports import ReportFlaws
from warranty.states.reports import ReportState

UNPROCESSABLE, CONFLICT = 422, 409
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@page("report.write")
def new(request: ActorRequest) -> HttpResponse:
    """A sheet with what the ticket knows (`?ticket=`), or for a machine (`?machine=`)."""
    ticket, machine = _about(request)
    needs_machine = machine is None and (ticket is None or ticket.machine_id is None)
    if request.method == "POST":
        forms = ReportForms(request.POST, actor=request.actor, needs_machine=needs_machine)
        if forms.is_valid():
            report = _begin(request, forms, ticket, machine or forms.machine)
            if report is not None:
                return saved(request, report)
        return refused(request, forms, None, ticket=ticket, machine=machine)
    if ticket is not None:
        drafts = queries.reports_of_ticket(request.actor, ticket)
        running = next((each for each in drafts if each.state == ReportState.DRAFT), None)
        if running is not None:
            return redirect("warranty:report-edit", running.number)
    forms = ReportForms(
        actor=request.actor,
        needs_machine=needs_machine,
        initial=services.foreseen(request.actor, ticket, machine),
    )
    return show(request, forms, None, ticket=ticket, machine=machine)


@require_http_methods(FORM_METHODS)
@page("report.write")
def edit(request: ActorRequest, number: str) -> HttpResponse:
    """The draft of a report; a signed one is shown on its page."""
    report = gate.get_report(request.actor, number, to="report.write")
    if report.state != ReportState.DRAFT:
        if request.method == "POST" and wants_json(request):
            return told(request, services.IsSigned(), report)
        return redirect("warranty:report", report.number)
    if request.method != "POST":
        return show(request, ReportForms(actor=request.actor, report=report), report)
    forms = ReportForms(request.POST, actor=request.actor, report=report)
    if forms.is_valid():
        try:
            services.save_report(
                actor=request.actor,
                report=report,
                stamp=request.POST.get("stamp", ""),
                **forms.values(),
            )
            return saved(request, report)
        except ReportFlaws as error:
            forms.add_flaws(error.flaws)
        except DomainError as error:
            if wants_json(request):
                return told(request, error, report)
            forms.facts.add_error(None, str(error))
    return refused(request, forms, report)


def _about(request: ActorRequest) -> tuple[Ticket | None, Machine | None]:
    """What the report is of; a ticket that somebody else holds is not reported here."""
    actor = request.actor
    number, serial = request.GET.get("ticket", ""), request.GET.get("machine", "")
    if not number and not serial:
        return None, None
    machine = get_machine(actor, serial, to="report.write") if serial else None
    if not number:
        return None, machine
    ticket = get_ticket(actor, number, to="report.write")
    if not gate.may_report(actor, ticket):
        raise PermissionDenied
    return ticket, machine


def _begin(
    request: ActorRequest, forms: ReportForms, ticket: Ticket | None, machine: Machine | None
) -> WorkReport | None:
    """Begun and written in one step; a flaw leaves nothing behind but what was typed."""
    try:
        with transaction.atomic():
            report = services.start_report(
                actor=request.actor, ticket=ticket, machine=machine, client_key=key_of(request)
            )
            if report.state != ReportState.DRAFT:
                return report  # sent again after it was signed
            services.save_report(actor=request.actor, report=report, **forms.values())
            return report
    except ReportFlaws as error:
        forms.add_flaws(error.flaws)
    except DomainError as error:
        name = error.field if error.field in forms.facts.fields else None
        forms.facts.add_error(name, str(error))
    return None


def key_of(request: ActorRequest) -> UUID:
    """The key that the page was given; without one, each sending is its own."""
    try:
        return UUID(request.POST.get("client_key", ""))
    except ValueError:
        return uuid4()


def wants_json(request: ActorRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def saved(request: ActorRequest, report: WorkReport) -> HttpResponse:
    """Where to go on: the script hears addresses and warnings, a browser sees the sheet again."""
    if wants_json(request):
        return JsonResponse(state_of(request, report))
    messages.success(request, _("%(number)s is saved.") % {"number": report.number})
    if report.state != ReportState.DRAFT:
        return redirect("warranty:report", report.number)
    return redirect("warranty:report-edit", report.number)


def state_of(request: ActorRequest, report: WorkReport) -> dict[str, Any]:
    """What the script must know to go on sending."""
    report = gate.get_report(request.actor, report.number)
    warnings = services.warnings(request.actor, report)
    return {
        "number": report.number,
        "state": report.state,
        "stamp": services.stamp_of(report),
        "page": reverse("warranty:report", args=[report.number]),
        "edit": reverse("warranty:report-edit", args=[report.number]),
        "evidence": reverse("warranty:report-evidence", args=[report.number]),
        "sign": reverse("warranty:report-sign", args=[report.number]),
        "warnings": [{"field": each.field, "text": str(each)} for each in warnings],
    }


def told(request: ActorRequest, error: DomainError, report: WorkReport | None) -> HttpResponse:
    """A refusal for the script: at its field, or as a whole."""
    body: dict[str, Any] = {"errors": {error.field or "__all__": [str(error)]}, "code": error.code}
    if report is not None:
        body |= state_of(request, report)
    return JsonResponse(body, status=UNPROCESSABLE if error.field else CONFLICT)


def refused(
    request: ActorRequest, forms: ReportForms, report: WorkReport | None, **about: Any
) -> HttpResponse:
    if wants_json(request):
        body: dict[str, Any] = {"errors": forms.errors(), "code": "report.flaws"}
        if report is not None:
            body |= state_of(request, report)
        return JsonResponse(body, status=UNPROCESSABLE)
    return show(request, forms, report, status=UNPROCESSABLE, **about)


def show(
    request: ActorRequest,
    forms: ReportForms,
    report: WorkReport | None,
    *,
    ticket: Ticket | None = None,
    machine: Machine | None = None,
    status: int = 200,
    sign: SignForm | None = None,
    code: CodeForm | None = None,
    photo: EvidenceForm | None = None,
) -> HttpResponse:
    """The sheet, with lists of parts and operations so that they are found without a net."""
    ticket = ticket or (report.ticket if report else None)
    machine = machine or (report.machine if report else None)
    if machine is None and ticket is not None:
        machine = ticket.machine
    numbers = services.known_phones(report) if report else []
    context: dict[str, Any] = {
        "forms": forms,
        "report": report,
        "ticket": ticket,
        "machine": machine,
        "client_key": report.client_key if report else request.POST.get("client_key") or uuid4(),
        "stamp": services.stamp_of(report) if report else "",
        "warnings": services.warnings(request.actor, report) if report else [],
        "parts_known": queries.parts_for(machine),
        "operations_known": queries.operations_for(machine),
        "trips": queries.trips(request.actor, report) if report else [],
        "evidence": queries.evidence_of(report) if report else [],
        "sign": sign or SignForm(initial=_signer(report, ticket)),
        "code": code or (CodeForm(numbers=numbers) if numbers else None),
        "photo": photo or EvidenceForm(),
        "may_close": may_close(request, ticket),
    }
    return render(request, "warranty/reports/form.html", context, status=status)


def _signer(report: WorkReport | None, ticket: Ticket | None) -> dict[str, Any]:
    name = report.signer_name if report else ""
    if not name and ticket is not None:
        name = ticket.caller_name
    return {"signer_name": name, "is_done": True}


def may_close(request: ActorRequest, ticket: Ticket | None) -> bool:
    """Whether the work can be reported done together with the signature."""
    return ticket is not None and services.may_report_done(request.actor, ticket)
