"""Files and papers of a ticket: given out so that no browser runs what somebody uploaded."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.downloads import attachment_header, give
from tickets import access, documents, exports
from tickets.filters import TicketFilter


@require_safe
@page("ticket.view")
def attachment(request: ActorRequest, public_id: UUID) -> FileResponse:
    """A photo in the page, anything else as a download."""
    return give(access.get_attachment(request.actor, public_id))


@require_safe
@page("ticket.view")
def job_sheet(request: ActorRequest, number: str) -> HttpResponse:
    """维修任务单 of a ticket as PDF, in the language asked for or the reader's own."""
    ticket = access.get_ticket(request.actor, number)
    language = documents.language_of(request.GET.get("language") or get_language())
    return _pdf(
        documents.job_sheet(ticket, tenant=request.tenant, language=language),
        f"{ticket.number}-job-sheet.pdf",
    )


@require_safe
@page("ticket.view")
def service_register(request: ActorRequest) -> HttpResponse:
    """产品售后服务登记表: the rows of the filtered list as PDF."""
    language = documents.language_of(request.GET.get("language") or get_language())
    filtered = TicketFilter(
        request.GET, queryset=documents.register_rows(request.actor), actor=request.actor
    )
    content = documents.service_register(
        filtered.qs,
        tenant=request.tenant,
        language=language,
        period=documents.period_of(filtered),
    )
    return _pdf(content, "service-register.pdf")


@require_safe
@page("ticket.export")
def export_file(request: ActorRequest, public_id: UUID) -> FileResponse:
    """The finished file of one's own export."""
    return exports.get_file(request.actor, public_id)


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = attachment_header(name, inline=True)
    answer["Cache-Control"] = "private, no-store"
    return answer
