"""Pages of imports: send a file, watch it, look at what it would do, say yes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.actor import Actor
from core.errors import DomainError
from core.forms import attempt, status_of
from core.models import Job, JobState
from machines.imports import services
from machines.imports.registry import kinds, kinds_for
from machines.imports.template import template

SHOWN_JOBS = 50


class ImportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is in it"),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel (.xlsx) or CSV, at most 20 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.name, kind.label) for kind in kinds_for(actor).values()]


@require_safe
@page("import.run")
def import_list(request: ActorRequest) -> HttpResponse:
    """The last imports, newest first."""
    jobs = list(
        Job.objects.filter(kind__startswith=services.PREFIX)
        .select_related("requested_by")
        .order_by("-pk")[:SHOWN_JOBS]
    )
    for job in jobs:
        vars(job).update(_told(job))
    return render(request, "imports/list.html", {"jobs": jobs})


@require_http_methods(["GET", "HEAD", "POST"])
@page("import.run")
def import_new(request: ActorRequest) -> HttpResponse:
    """Send a file; a worker reads it."""
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        actor=request.actor,
        initial={"kind": request.GET.get("kind")},
    )
    if request.method == "POST" and form.is_valid():
        kind, upload = form.cleaned_data["kind"], form.cleaned_data["file"]
        job = attempt(
            form, lambda: services.start_import(actor=request.actor, kind=kind, upload=upload)
        )
        if job is not None:
            return redirect("imports:detail", public_id=job.public_id)
    offered = [(kind.name, kind.label) for kind in kinds_for(request.actor).values()]
    context = {"form": form, "kinds": offered}
    return render(request, "imports/new.html", context, status=status_of(form))


@require_safe
@page("import.run")
def import_template(request: ActorRequest, kind: str) -> HttpResponse:
    """The sheet to start from."""
    if kind not in kinds():
        raise Http404
    response = HttpResponse(template(kinds()[kind]), content_type=sheets.TYPES[sheets.XLSX])
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response


@require_safe
@page("import.run")
def import_detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One import: how far it is, what it would do or did, and what is wrong, row by row."""
    job = _job(public_id)
    context = {"job": job, **_told(job)}
    if request.headers.get("X-Live-Version") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "imports/detail.html", context)


@require_POST
@page("import.run")
def import_confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Carry it out."""
    job = _job(public_id)
    try:
        services.confirm_import(actor=request.actor, job=job, only_good="only_good" in request.POST)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("imports:detail", public_id=public_id)


@require_POST
@page("import.run")
def import_again(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Wake a worker once more."""
    services.send_again(actor=request.actor, job=_job(public_id))
    messages.info(request, _("A worker was told again."))
    return redirect("imports:detail", public_id=public_id)


def _job(public_id: UUID) -> Job:
    job = services.job_of(public_id)
    if job is None:
        raise Http404
    return job


def _told(job: Job) -> dict[str, object]:
    """What a page says about a job."""
    done, total = services.progress_of(job)
    checked = job.state == JobState.WAITING and bool(job.total)
    busy = job.state == JobState.RUNNING or (job.state == JobState.WAITING and not checked)
    return {
        "kind_label": kinds()[job.kind.removeprefix(services.PREFIX)].label,
        "is_checked": checked,
        "is_busy": busy,
        "progress_done": done,
        "progress_total": total,
        "share": round(100 * done / total) if total else 0,
        "version": f"{job.state}.{checked}.{done}.{total}",
    }
