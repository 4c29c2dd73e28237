"""The filtered list as a file: ordered here, made by a worker, watched and fetched here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from tickets import exports
from tickets.views.answer import is_unchanged, version_of
from tickets.views.lists import filters_of


@page("ticket.export")
@require_POST
def start(request: ActorRequest) -> HttpResponse:
    """Order the file of exactly what is filtered."""
    query = filters_of(QueryDict(request.POST.get("query", "")[:2000]))
    file_type = "csv" if request.POST.get("type") == "csv" else "xlsx"
    job = exports.start_export(actor=request.actor, query=query, file_type=file_type)
    return redirect("tickets:export", job.public_id)


@page("ticket.export")
@require_safe
def progress(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far the file is, and the file once it is there."""
    job = exports.get_job(request.actor, public_id)
    version = version_of(job.state, job.done, job.total)
    if is_unchanged(request, version):
        return HttpResponse(status=204)
    share = 100 * job.done // job.total if job.total else 0
    context = {"job": job, "share": share, "version": version}
    return render(request, "tickets/export.html", context)
