"""What dealers owe for goods, by invoice: listed, booked, brought as a sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.forms import attempt, status_of
from core.money import yuan
from dealers.services import note_export
from ledger import queries, services
from ledger.receivable_forms import ReceivableForm, SheetForm

SHOWN = 300


@require_safe
@page("ledger.view")
def receivables(request: ActorRequest) -> HttpResponse:
    """Open invoices; finance books another one from here."""
    return _shown(request, _form(request), SheetForm(actor=request.actor))


@require_POST
@page("receivable.book")
def receivable_book(request: ActorRequest) -> HttpResponse:
    """Book one invoice."""
    form = ReceivableForm(request.POST, actor=request.actor)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: services.book_receivable(actor=request.actor, **data),
            {"amount": "cents"},
        )
        if made is not None:
            messages.success(request, _("The invoice is booked as %(entry)s.") % {"entry": made})
            return redirect("ledger:receivables")
    return _shown(request, form, SheetForm(actor=request.actor))


@require_POST
@page("receivable.book")
def receivables_import(request: ActorRequest) -> HttpResponse:
    """Book all invoices of a sheet, or none."""
    sheet = SheetForm(request.POST, request.FILES, actor=request.actor)
    if sheet.is_valid():
        rows = sheet.cleaned_data["upload"]
        count = attempt(sheet, lambda: services.book_receivables(actor=request.actor, rows=rows))
        if count is not None:
            messages.success(request, _("%(count)s invoices are booked.") % {"count": count})
            return redirect("ledger:receivables")
    return _shown(request, _form(request), sheet)


@require_safe
@page("ledger.export")
def receivables_export(request: ActorRequest) -> HttpResponse:
    """The open invoices as a file; the audit keeps who took it (R-006)."""
    rows = queries.open_invoices(request.actor, words=request.GET.get("q", "").strip())
    note_export(actor=request.actor, company=request.tenant, noun="receivable", rows=len(rows))
    head = [_("Dealer number"), _("Dealer"), _("Invoice number"), _("Invoice date"), _("Open")]
    cells = ([r.dealer.number, r.dealer.name, r.item, r.on, yuan(r.cents)] for r in rows)
    return sheets.answer(request.GET.get("format", ""), _("receivables"), head, cells)


def _form(request: ActorRequest) -> ReceivableForm:
    return ReceivableForm(actor=request.actor, initial={"on": timezone.localdate()})


def _shown(request: ActorRequest, form: ReceivableForm, sheet: SheetForm) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    rows = queries.open_invoices(request.actor, words=words)
    context = {
        "rows": rows[:SHOWN],
        "count": len(rows),
        "total": sum(row.cents for row in rows),
        "words": words,
        "form": form,
        "sheet": sheet,
        "may_book": request.actor.may("receivable.book"),
        "export_url": reverse("ledger:receivables-export")
        if request.actor.may("ledger.export")
        else "",
    }
    status = max(status_of(form), status_of(sheet))
    return render(request, "ledger/receivables.html", context, status=status)
