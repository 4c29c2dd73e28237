"""Reports as a list and a file, one report with its versions, its paper, and a ticket's part."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.downloads import attachment_header
from core.lists import chips, newest_first
from dealers.services import note_export
from machines.filters import page_fields
from machines.papers import language_of, strokes_as_svg
from tickets.access import get_ticket
from warranty.access import reports as gate
from warranty.filters.reports import ReportFilter
from warranty.forms.reports import EvidenceForm
from warranty.models import WorkReport
from warranty.papers import reports as papers
from warranty.queries import reports as queries
from warranty.services import reports as services
from warranty.services.moving import may_take
from warranty.states.reports import REPORT_ACTIONS, ReportState

NAMES = ("q", "state", "is_claimed", "dealer", "finished_from", "finished_until")


@require_safe
@page("report.view")
def report_list(request: ActorRequest) -> HttpResponse:
    """Reports by number, machine, state and day; newest first."""
    found = ReportFilter(request.GET, queries.report_list(request.actor), request=request)
    names = [name for name in NAMES if name != "dealer" or not request.actor.is_dealer]
    context = {
        "fields": page_fields(found, *names),
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "export_url": reverse("warranty:reports-export"),
        "may_write": request.actor.may("report.write"),
    }
    return render(request, "warranty/reports/list.html", context)


@require_safe
@page("report.view")
def export(request: ActorRequest) -> HttpResponse:
    """Exactly what the list shows, a row per report; the audit keeps who took it."""
    found = ReportFilter(request.GET, queries.report_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="report", rows=len(rows))
    head = [_("Report number"), _("Version"), _("State"), _("Ticket"), _("Dealer")]
    head += [_("Customer"), _("Serial number"), _("Model"), _("Fault"), _("Finished")]
    head += [
        _("Meter reading"),
        pgettext("report", "Complaint"),
        pgettext("report", "Cause"),
        pgettext("report", "Correction"),
        _("Technician"),
    ]
    head += [_("Distance, km"), _("Signed by"), _("Signed")]
    return sheets.answer(request.GET.get("format", ""), _("work-reports"), head, map(_cells, rows))


def _cells(report: WorkReport) -> list[object]:
    return [
        *[report.number, report.version, report.get_state_display()],
        report.ticket.number if report.ticket else "",
        str(report.dealer or ""),
        report.customer.name if report.customer else "",
        *[report.machine.serial_number, report.machine.model.code],
        *[report.fault_on, report.finished_at, report.meter_reading],
        *[report.complaint, report.cause, report.correction, report.technician_name],
        *[report.distance_km, report.signer_name, report.signed_at],
    ]


@require_safe
@page("report.view")
def detail(request: ActorRequest, number: str, version: int | None = None) -> HttpResponse:
    """One report as it was signed, or as far as it is written."""
    report = gate.get_report(request.actor, number, version=version)
    actions = may_take(request.actor, report, REPORT_ACTIONS)
    may_write = request.actor.may("report.write")
    versions = queries.versions_of(request.actor, report)
    running = next((each for each in versions if each.state == ReportState.DRAFT), None)
    claim = queries.claim_of(report) if request.actor.may("claim.view") else None
    is_theirs = request.actor.is_dealer or report.dealer_id is None
    may_claim = claim is None and is_theirs and request.actor.may("claim.submit")
    context = {
        "report": report,
        "claim": claim,
        "may_claim": may_claim and report.state == ReportState.SIGNED,
        "parts": queries.parts_of(report),
        "labour": queries.labour_of(report),
        "evidence": queries.evidence_of(report),
        "strokes": strokes_as_svg(report.signature),
        "versions": versions,
        "running": running,
        "warnings": services.warnings(request.actor, report),
        "events": queries.events_of(request.actor, report),
        "may_edit": may_write and report.state == ReportState.DRAFT,
        "may_discard": "discard" in actions,
        "may_correct": "replace" in actions and running is None,
        "may_attach": may_write and report.state in (ReportState.DRAFT, ReportState.SIGNED),
        "photo": EvidenceForm(),
    }
    return render(request, "warranty/reports/detail.html", context)


@require_safe
@page("report.view")
def paper(request: ActorRequest, number: str, version: int | None = None) -> HttpResponse:
    """三包维修记录 as PDF, in the language asked for or the reader's own."""
    report = gate.get_report(request.actor, number, version=version)
    language = language_of(request.GET.get("language") or get_language())
    content = papers.work_report(report, tenant=request.tenant, language=language)
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"{report.number}-{report.version}.pdf"
    answer["Content-Disposition"] = attachment_header(name, inline=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@page("report.view")
def of_ticket(request: ActorRequest, number: str) -> HttpResponse:
    """The reports of a ticket, as a part of its page."""
    ticket = get_ticket(request.actor, number)
    reports = queries.reports_of_ticket(request.actor, ticket)
    has_draft = any(each.state == ReportState.DRAFT for each in reports)
    context = {
        "ticket": ticket,
        "reports": reports,
        "may_begin": gate.may_report(request.actor, ticket) and not has_draft,
    }
    return render(request, "warranty/reports/_of_ticket.html", context)
