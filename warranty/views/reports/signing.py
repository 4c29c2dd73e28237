"""The customer's hand or code under a report; photos; versions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.downloads import give
from core.errors import DomainError
from core.forms import attempt, status_of
from warranty.access import reports as gate
from warranty.forms.reports import (
    CodeForm,
    CorrectForm,
    EvidenceForm,
    ReportForms,
    SignForm,
)
from warranty.models import WorkReport
from warranty.services import reports as services
from warranty.states.reports import ReportState
from warranty.views.reports.sheet import (
    FORM_METHODS,
    UNPROCESSABLE,
    may_close,
    show,
    state_of,
    told,
    wants_json,
)


@require_POST
@page("report.write")
def sign(request: ActorRequest, number: str) -> HttpResponse:
    """Freeze the report; with it the work is reported done, where that was ticked."""
    report = gate.get_report(request.actor, number, to="report.write")
    form = SignForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["code"].strip()
        if code:
            # Kept even when the code is wrong: the refusal below rolls back no more than itself.
            services.count_try(actor=request.actor, report=report)
        try:
            services.sign_report(
                actor=request.actor,
                report=report,
                signature=form.cleaned_data["signature"],
                code=code,
                signer_name=form.cleaned_data["signer_name"],
                signed_at=form.cleaned_data["signed_at"],
            )
        except DomainError as error:
            if wants_json(request):
                return told(request, error, report)
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _signed(request, report, is_done=form.cleaned_data["is_done"])
    elif wants_json(request):
        return JsonResponse({"errors": form.errors, "code": "report.flaws"}, status=UNPROCESSABLE)
    if report.state != ReportState.DRAFT:
        messages.error(request, " ".join(str(said[0]) for said in form.errors.values()))
        return redirect("warranty:report", report.number)
    forms = ReportForms(actor=request.actor, report=report)
    return show(request, forms, report, sign=form, status=UNPROCESSABLE)


def _signed(request: ActorRequest, report: WorkReport, *, is_done: bool) -> HttpResponse:
    report = gate.get_report(request.actor, report.number)
    if is_done and may_close(request, report.ticket):
        services.report_done(actor=request.actor, report=report)
    if wants_json(request):
        return JsonResponse(state_of(request, report))
    messages.success(request, _("%(number)s is signed.") % {"number": report.number})
    return redirect("warranty:report", report.number)


@require_POST
@page("report.write")
def send_code(request: ActorRequest, number: str) -> HttpResponse:
    """A code to the customer's telephone, for those who do not sign on glass."""
    report = gate.get_report(request.actor, number, to="report.write")
    form = CodeForm(request.POST, numbers=services.known_phones(report))
    if form.is_valid():
        sent = attempt(
            form,
            lambda: services.send_code(
                actor=request.actor, report=report, phone=form.cleaned_data["phone"]
            ),
        )
        if sent is not None:
            messages.success(request, _("The code is on its way. It is valid for 30 minutes."))
            return redirect("warranty:report-edit", report.number)
    if report.state != ReportState.DRAFT:
        return redirect("warranty:report", report.number)
    forms = ReportForms(actor=request.actor, report=report)
    return show(request, forms, report, code=form, status=UNPROCESSABLE)


@require_POST
@page("report.write")
def add_evidence(request: ActorRequest, number: str) -> HttpResponse:
    """A photo or paper; the same one sent twice is one."""
    report = gate.get_report(request.actor, number, to="report.write")
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        kept = attempt(
            form,
            lambda: services.attach_evidence(
                actor=request.actor, report=report, **form.cleaned_data
            ),
        )
        if kept is not None and wants_json(request):
            body = {"id": str(kept.public_id)}
            return JsonResponse(body | state_of(request, report))
        if kept is not None:
            messages.success(request, _("The photo is kept."))
            is_draft = report.state == ReportState.DRAFT
            return redirect("warranty:report-edit" if is_draft else "warranty:report", number)
    if wants_json(request):
        return JsonResponse({"errors": form.errors, "code": "file.refused"}, status=UNPROCESSABLE)
    if report.state == ReportState.DRAFT:
        forms = ReportForms(actor=request.actor, report=report)
        return show(request, forms, report, photo=form, status=UNPROCESSABLE)
    messages.error(request, " ".join(str(said[0]) for said in form.errors.values()))
    return redirect("warranty:report", report.number)


@require_safe
@page("report.view")
def evidence(request: ActorRequest, public_id: UUID) -> FileResponse:
    """A photo in the page, anything else as a download."""
    return give(gate.get_evidence(request.actor, public_id))


@require_POST
@page("report.write")
def remove_evidence(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a photo off a draft."""
    photo = gate.get_evidence(request.actor, public_id)
    report = photo.report
    if report is None:
        raise Http404
    services.remove_evidence(actor=request.actor, report=report, evidence=photo)
    return redirect("warranty:report-edit", report.number)


@require_http_methods(FORM_METHODS)
@page("report.write")
def correct(request: ActorRequest, number: str) -> HttpResponse:
    """A new version of a signed report, with its reason."""
    report = gate.get_report(request.actor, number, to="report.write")
    if report.state == ReportState.DRAFT:
        return redirect("warranty:report-edit", report.number)
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        copy = attempt(
            form,
            lambda: services.correct_report(
                actor=request.actor, report=report, **form.cleaned_data
            ),
        )
        if copy is not None:
            return redirect("warranty:report-edit", copy.number)
    context = {"form": form, "report": report}
    return render(request, "warranty/reports/correct.html", context, status=status_of(form))


@require_POST
@page("report.write")
def discard(request: ActorRequest, number: str) -> HttpResponse:
    """Throw a draft away."""
    report = gate.get_report(request.actor, number, to="report.write")
    services.discard_report(actor=request.actor, report=report)
    messages.success(request, _("%(number)s is discarded.") % {"number": report.number})
    return redirect("warranty:reports")
