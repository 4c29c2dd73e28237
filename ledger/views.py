"""Pages of the books: gate, form, service, answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.forms import attempt, status_of
from ledger import access, queries, services
from ledger.forms import DaysForm, MonthForm, ReopenForm
from ledger.models import JournalEntry, Period


@require_safe
@page("ledger.view")
def accounts(request: ActorRequest) -> HttpResponse:
    """The accounts with their balances; a dealer sees its own."""
    words = request.GET.get("q", "").strip()
    found = queries.account_list(request.actor, words=words)
    rows, next_after = queries.accounts_page(found, request.GET.get("after", ""))
    context = {
        "rows": rows,
        "next_after": next_after,
        "words": words,
        "checked": None if request.actor.is_dealer else queries.last_check(),
    }
    return render(request, "ledger/accounts.html", context)


@require_safe
@page("ledger.view")
def account(request: ActorRequest, code: str) -> HttpResponse:
    """The statement of an account (对账单): opening, lines, the balance after each."""
    found = access.get_account(request.actor, code)
    form = DaysForm(request.GET)
    days = form.days()
    shown = queries.statement(
        request.actor,
        found,
        since=days["since"],
        until=days["until"],
        after=request.GET.get("after", ""),
    )
    context = {"account": found, "statement": shown, "form": form}
    return render(request, "ledger/statement.html", context, status=status_of(form))


@require_safe
@page("ledger.export")
def export(request: ActorRequest, code: str) -> HttpResponse:
    """A statement as a file; the audit keeps who took it (R-006)."""
    found = access.get_account(request.actor, code, to="ledger.export")
    days = DaysForm(request.GET).days()
    since, until = days["since"], days["until"]
    lines = list(sheets.at_most(queries.all_lines(request.actor, found, since, until)))
    services.note_export(actor=request.actor, account=found, rows=len(lines))
    head = [_("Date"), _("Entry"), _("Source"), _("Narration"), _("Invoice")]
    head += [_("In the name of"), _("Debit"), _("Credit"), _("Balance")]
    cells = queries.export_rows(found, iter(lines), queries.opening(found, since))
    return sheets.answer(request.GET.get("format", ""), _("statement"), head, cells)


@require_safe
@page("ledger.view")
def entry(request: ActorRequest, number: str) -> HttpResponse:
    """One entry: where it comes from, its lines, what reverses it."""
    found = access.get_entry(request.actor, number)
    lines = access.visible_lines(request.actor).filter(entry=found)
    context = {
        "entry": found,
        "lines": lines.select_related("account__dealer", "behalf").order_by("position"),
        "reversal": JournalEntry.objects.filter(reverses=found).first(),
    }
    return render(request, "ledger/entry.html", context)


@require_safe
@page("period.view")
def periods(request: ActorRequest) -> HttpResponse:
    """The months of the books, and the next one to close."""
    return _periods(request, ReopenForm())


@require_POST
@page("period.close")
def period_close(request: ActorRequest) -> HttpResponse:
    """Close a month that is over."""
    form = MonthForm(request.POST)
    if form.is_valid():
        month = form.cleaned_data["month"]
        closed = attempt(form, lambda: services.close_period(actor=request.actor, month=month))
        if closed is not None:
            messages.success(request, _("%(month)s is closed.") % {"month": closed})
            return redirect("ledger:periods")
    return _periods(request, form)


@require_POST
@page("period.reopen")
def period_reopen(request: ActorRequest) -> HttpResponse:
    """Open the last closed month again, with a reason."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        period = get_object_or_404(Period, month=form.cleaned_data["month"])
        reason = form.cleaned_data["reason"]
        opened = attempt(
            form,
            lambda: services.reopen_period(actor=request.actor, period=period, reason=reason),
        )
        if opened is not None:
            messages.success(request, _("%(month)s is open again.") % {"month": opened})
            return redirect("ledger:periods")
    return _periods(request, form)


def _periods(request: ActorRequest, form: MonthForm) -> HttpResponse:
    context = {"months": queries.months(), "form": form}
    return render(request, "ledger/periods.html", context, status=status_of(form))
