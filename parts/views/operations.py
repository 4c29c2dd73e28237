"""Labour operations: their standard times, by model too, and what they include."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from dealers.services import note_export
from machines.models import ProductModel
from parts import access, queries, services
from parts.filters import OperationFilter
from parts.forms.others import IncludeForm, OperationForm, TimeForm
from parts.models import LabourOperation
from parts.rules import fold
from parts.services.labour import OPERATION_FIELDS
from parts.views.pages import FORM_METHODS, form_page


@require_safe
@page("part.view")
def operation_list(request: ActorRequest) -> HttpResponse:
    """Operations by code, words and model; newest first."""
    found = OperationFilter(request.GET, queries.operation_list(request.actor), request=request)
    listed = newest_first(found.qs, request.GET.get("after", ""), key="code")
    may_export = request.actor.may("part.export")
    context = {
        "fields": list(found.form),
        "chips": chips(found.form),
        "listed": listed,
        "export_url": reverse("parts:operations_export") if may_export else "",
    }
    return render(request, "parts/operations.html", context)


@require_safe
@page("part.view")
def operation_options(request: ActorRequest) -> HttpResponse:
    """Operations that fit what is typed, for a `<datalist>`."""
    keys = ("q", "operation", "included")
    typed = next((request.GET[key] for key in keys if key in request.GET), "")
    rows = LabourOperation.objects.filter(is_active=True)
    found = OperationFilter({"q": typed}, rows, request=request).qs.order_by("code")[:12]
    return render(request, "parts/_operation_options.html", {"found": found})


@require_safe
@page("part.export")
def operations_export(request: ActorRequest) -> HttpResponse:
    """The filtered operations as a file, a row for each model's time."""
    found = OperationFilter(request.GET, queries.operation_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="operation", rows=len(rows))
    head = [_("Operation code"), _("Name"), _("English name"), _("Model")]
    head += [_("Standard time, minutes"), _("Group of parts")]
    head += [_("Only for dealers of a higher level"), _("In use")]
    cells = (cells for row in rows for cells in _cells(row))
    return sheets.answer(request.GET.get("format", ""), _("operations"), head, cells)


def _cells(row: LabourOperation) -> list[list[object]]:
    fits = list(row.fits.all())
    times = [(fit.model.code if fit.model else "", fit.minutes) for fit in fits]
    flags = [_("yes") if flag else _("no") for flag in (row.is_restricted, row.is_active)]
    return [
        [row.code, row.name, row.name_en, model, minutes, row.part_group, *flags]
        for model, minutes in times or [("", row.standard_minutes)]
    ]


@require_safe
@page("part.view")
def operation_detail(request: ActorRequest, code: str) -> HttpResponse:
    """One operation: its time, by model too, and the operations that it holds."""
    return _page(request, access.get_operation(request.actor, code))


@require_http_methods(FORM_METHODS)
@page("operation.edit")
def operation_new(request: ActorRequest) -> HttpResponse:
    """Add an operation."""
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: services.create_operation(actor=request.actor, **data))
        if made is not None:
            messages.success(request, _("Operation %(code)s is saved.") % {"code": made.code})
            return redirect("parts:operation", code=made.code)
    up = (reverse("parts:operations"), _("Labour operations"))
    return form_page(request, form, _("New labour operation"), _("Save operation"), up=up)


@require_http_methods(FORM_METHODS)
@page("operation.edit")
def operation_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change an operation; its code stays."""
    operation = access.get_operation(request.actor, code, to="operation.edit")
    initial = {name: getattr(operation, name) for name in OPERATION_FIELDS}
    form = OperationForm(request.POST or None, initial=initial)
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form, lambda: services.edit_operation(actor=request.actor, operation=operation, **data)
        )
        if done is not None:
            return _saved(request, operation)
    heading = _("Edit operation %(code)s") % {"code": operation.code}
    return form_page(request, form, heading, thing=operation)


@require_POST
@page("operation.edit")
def operation_time(request: ActorRequest, code: str) -> HttpResponse:
    """Set the time on a model, or on every other one."""
    operation = access.get_operation(request.actor, code, to="operation.edit")
    form = TimeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        services.time_operation(actor=request.actor, operation=operation, **data)
        return _saved(request, operation)
    return _page(request, operation, time_form=form)


@require_POST
@page("operation.edit")
def operation_untime(request: ActorRequest, code: str) -> HttpResponse:
    """Take the time on a model away."""
    operation = access.get_operation(request.actor, code, to="operation.edit")
    named = request.POST.get("model", "")
    model = get_object_or_404(ProductModel, code=named) if named else None
    services.untime_operation(actor=request.actor, operation=operation, model=model)
    return _saved(request, operation)


@require_POST
@page("operation.edit")
def operation_include(request: ActorRequest, code: str) -> HttpResponse:
    """Say that the operation holds another one."""
    operation = access.get_operation(request.actor, code, to="operation.edit")
    form = IncludeForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        row = attempt(
            form,
            lambda: services.include_operation(actor=request.actor, operation=operation, **data),
        )
        if row is not None:
            return _saved(request, operation)
    return _page(request, operation, include_form=form)


@require_POST
@page("operation.edit")
def operation_exclude(request: ActorRequest, code: str) -> HttpResponse:
    """Take an included operation out again."""
    operation = access.get_operation(request.actor, code, to="operation.edit")
    included = LabourOperation.objects.filter(code=fold(request.POST.get("included", ""))).first()
    if included is None:
        raise Http404
    services.exclude_operation(actor=request.actor, operation=operation, included=included)
    return _saved(request, operation)


def _saved(request: ActorRequest, operation: LabourOperation) -> HttpResponse:
    messages.success(request, _("The changes are saved."))
    return redirect("parts:operation", code=operation.code)


def _page(
    request: ActorRequest,
    operation: LabourOperation,
    *,
    time_form: TimeForm | None = None,
    include_form: IncludeForm | None = None,
) -> HttpResponse:
    """The page of an operation with the two small forms, one of which may have been filled in."""
    may_edit = request.actor.may("operation.edit")
    sent = time_form or include_form
    context = {
        "operation": operation,
        "fits": list(operation.fits.select_related("model").order_by("model__code")),
        "included": queries.included_in(operation),
        "events": queries.events_of(request.actor, operation),
        "time_form": time_form or (TimeForm() if may_edit else None),
        "include_form": include_form or (IncludeForm() if may_edit else None),
    }
    status = 200 if sent is None else status_of(sent)
    return render(request, "parts/operation.html", context, status=status)
