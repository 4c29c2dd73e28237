"""Pages of settlements: lists, one settlement on one page, its papers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.queries import audit_of
from core import downloads, sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.money import yuan
from dealers.access import visible as visible_dealers
from dealers.services import note_export
from machines.filters import page_fields
from warranty import settlement_words
from warranty.access import settlements as access
from warranty.filters_settlements import SettlementFilter
from warranty.forms.settlements import DisputeForm, DraftForm, LinesForm
from warranty.models import DealerConfirmation, Dispute, Settlement
from warranty.queries import money_work
from warranty.queries import settlements as queries
from warranty.rules import settlement as rules
from warranty.rules.settlement import Amount
from warranty.services import settlements as services
from warranty.services.moving import may_take
from warranty.states.settlements import SETTLEMENT_ACTIONS, SettlementLineKind, SettlementState
from warranty.views.settlement_table import offered, step_forms

FORM_METHODS = ["GET", "HEAD", "POST"]
LINES_SHOWN = 100


@require_safe
@page("settlement.view")
def settlement_list(request: ActorRequest) -> HttpResponse:
    """Settlements, newest first."""
    found = SettlementFilter(request.GET, money_work.settlement_list(request.actor))
    listed = newest_first(found.qs, request.GET.get("after", ""))
    used = queries.used_of(listed.rows)
    for row in listed.rows:
        vars(row)["left_cents"] = rules.left(row.net_cents, [used[row.pk]])
    context = {
        "fields": page_fields(found, "q", "state", "invoice_state"),
        "chips": chips(found.form),
        "listed": listed,
        "may_draft": request.actor.may("settlement.draft"),
        "export_url": reverse("warranty:settlements-export")
        if request.actor.may("settlement.export")
        else "",
    }
    return render(request, "warranty/settlements/list.html", context)


@require_safe
@page("settlement.export")
def settlements_export(request: ActorRequest) -> HttpResponse:
    """The filtered settlements as a file; the audit keeps who took it (R-006)."""
    found = SettlementFilter(request.GET, money_work.settlement_list(request.actor))
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="settlement", rows=len(rows))
    used = queries.used_of(rows)
    head = [_("Settlement number"), _("Dealer number"), _("Dealer"), _("From"), _("Until")]
    head += [
        _("State"),
        _("Net"),
        _("Used"),
        _("Pay mode"),
        _("The dealer's invoice"),
        _("Invoice number"),
    ]
    cells = (
        [each.number, each.dealer.number, each.dealer.name, each.from_on, each.until_on]
        + [each.get_state_display(), yuan(each.net_cents), yuan(used[each.pk])]
        + [each.get_pay_mode_display(), each.get_invoice_state_display(), each.invoice_number]
        for each in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("settlements"), head, cells)


@require_http_methods(FORM_METHODS)
@page("settlement.draft")
def settlements_waiting(request: ActorRequest) -> HttpResponse:
    """The dealers whose money waits, and a draft for one of them."""
    first, last = money_work.usual_period(timezone.localdate())
    initial = {"from_on": first, "until_on": last, "dealer": request.GET.get("dealer", "")}
    form = DraftForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.draft_settlement(actor=request.actor, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("Settlement %(number)s is drafted.") % {"number": made})
            return redirect("warranty:settlement", number=made.number)
    context = {"rows": queries.waiting(visible_dealers(request.actor)), "form": form}
    return render(request, "warranty/settlements/waiting.html", context, status=status_of(form))


@require_safe
@page("settlement.view")
def settlement(request: ActorRequest, number: str) -> HttpResponse:
    """One settlement: what it comes to, its lines, the dealer's answer, the books."""
    return shown(request, access.get_settlement(request.actor, number))


def shown(
    request: ActorRequest, found: Settlement, wrong: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    """The page of a settlement; `wrong` is a step's form that came back with a question."""
    actor = request.actor
    lines = found.lines.select_related("claim", "adjustment", "carried_from", "behalf")
    is_over = found.state in (SettlementState.VOID, SettlementState.REVERSED)
    if not is_over:
        lines = lines.filter(is_live=True)
    amounts = [Amount(kind, cents) for kind, cents in lines.values_list("kind", "cents")]
    after = request.GET.get("after", "")
    beyond = lines.filter(position__gt=int(after)) if after.isdecimal() else lines
    rows = list(beyond.order_by("position")[: LINES_SHOWN + 1])
    forms_of = step_forms(actor, found) | (dict([wrong]) if wrong else {})
    may = may_take(actor, found, SETTLEMENT_ACTIONS)
    notices = list(found.notices.order_by("-edition"))
    context = {
        "settlement": found,
        "rows": rows[:LINES_SHOWN],
        "next_after": str(rows[LINES_SHOWN - 1].position) if len(rows) > LINES_SHOWN else "",
        "sums": [
            (SettlementLineKind(kind).label, cents)
            for kind, cents in rules.by_kind(amounts).items()
        ],
        "line_count": len(amounts),
        "left": queries.left_of(found),
        "notices": notices,
        "digest": notices[0].digest if notices else "",
        "confirmation": DealerConfirmation.objects.filter(notice__settlement=found).last(),
        "disputes": Dispute.objects.filter(notice__settlement=found).select_related("line"),
        "entries": [] if not actor.may("ledger.view") else list(queries.entries_of(found)),
        "payments": list(found.payments.order_by("pk")),
        "steps": offered(forms_of),
        "may_dispute": "dispute" in may,
        "may_take_off": found.state == SettlementState.DRAFT and actor.may("settlement.draft"),
        "today": timezone.localdate(),
        "history": []
        if actor.is_dealer
        else [settlement_words.told(event) for event in audit_of(actor, found)],
    }
    status = 422 if wrong else 200
    return render(request, "warranty/settlements/one.html", context, status=status)


@require_http_methods(FORM_METHODS)
@page("settlement.draft")
def settlement_lines(request: ActorRequest, number: str) -> HttpResponse:
    """Take lines off a draft: they wait for the next settlement."""
    found = access.get_settlement(request.actor, number, to="settlement.draft")
    lines = list(queries.live_lines(found).select_related("claim", "adjustment", "behalf"))
    form = LinesForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: services.take_off_lines(
                actor=request.actor,
                settlement=found,
                line_ids=data["line_ids"],
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, _("The lines wait for another settlement."))
            return redirect("warranty:settlement", number=number)
    context = {"settlement": found, "rows": lines, "form": form}
    template = "warranty/settlements/lines.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(FORM_METHODS)
@page("settlement.confirm")
def settlement_dispute(request: ActorRequest, number: str) -> HttpResponse:
    """The dealer says of each line that is wrong why it is."""
    found = access.get_settlement(request.actor, number, to="settlement.confirm")
    lines = list(queries.live_lines(found).select_related("claim", "adjustment", "behalf"))
    digest = services.latest_notice(found).digest
    form = DisputeForm(request.POST or None, lines=lines, digest=digest)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.dispute_settlement(
                actor=request.actor, settlement=found, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, _("Your words are on their way. The rest comes anew."))
            return redirect("warranty:settlement", number=number)
    context = {"settlement": found, "form": form, "rows": form.rows()}
    template = "warranty/settlements/dispute.html"
    return render(request, template, context, status=status_of(form))


@require_safe
@page("settlement.view")
def settlement_notice(request: ActorRequest, number: str, edition: int) -> FileResponse:
    """The paper of an edition, as it was frozen."""
    return downloads.give(access.get_notice(request.actor, number, edition))
