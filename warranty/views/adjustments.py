"""Pages of adjustments: listed, written, approved, objected to, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.queries import audit_of
from core import sheets
from core.forms import attempt, status_of
from core.lists import chips, newest_first
from core.money import yuan
from dealers.services import note_export
from machines.filters import page_fields
from warranty import settlement_words
from warranty.access import adjustments as access
from warranty.filters_settlements import AdjustmentFilter
from warranty.forms.adjustments import AdjustmentForm, AnswerForm, ObjectionForm
from warranty.models import Adjustment
from warranty.queries import money_work
from warranty.services import adjustments as services
from warranty.services.moving import may_take
from warranty.states.settlements import ADJUSTMENT_ACTIONS


@require_safe
@page("adjustment.view")
def adjustment_list(request: ActorRequest) -> HttpResponse:
    """Adjustments, newest first."""
    found = AdjustmentFilter(request.GET, money_work.adjustment_list(request.actor))
    context = {
        "fields": page_fields(found, "q", "state", "kind"),
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "may_create": request.actor.may("adjustment.create"),
        "export_url": reverse("warranty:adjustments-export")
        if request.actor.may("settlement.export")
        else "",
    }
    return render(request, "warranty/adjustments/list.html", context)


@require_safe
@page("settlement.export")
def adjustments_export(request: ActorRequest) -> HttpResponse:
    """The filtered adjustments as a file; the audit keeps who took it (R-006)."""
    found = AdjustmentFilter(request.GET, money_work.adjustment_list(request.actor))
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="adjustment", rows=len(rows))
    head = [_("Number"), _("Dealer number"), _("Dealer"), _("Kind"), _("State"), _("Amount")]
    head += [_("Reason"), _("In words"), _("Dealer told"), _("Objection until"), _("Objection")]
    cells = (
        [each.number, each.dealer.number, each.dealer.name, each.get_kind_display()]
        + [each.get_state_display(), yuan(each.cents), str(each.reason or ""), each.words]
        + [each.notified_at, each.object_until, each.objection]
        for each in rows
    )
    return sheets.answer(request.GET.get("format", ""), _("adjustments"), head, cells)


@require_http_methods(["GET", "HEAD", "POST"])
@page("adjustment.create")
def adjustment_new(request: ActorRequest) -> HttpResponse:
    """Write an adjustment; somebody else approves it before the dealer is told."""
    form = AdjustmentForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.create_adjustment(actor=request.actor, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("Adjustment %(number)s is saved.") % {"number": made})
            return redirect("warranty:adjustment", number=made.number)
    context = {"form": form}
    return render(request, "warranty/adjustments/new.html", context, status=status_of(form))


@require_safe
@page("adjustment.view")
def adjustment(request: ActorRequest, number: str) -> HttpResponse:
    """One adjustment: why, how much, what the dealer said, what became of it."""
    return _shown(request, access.get_adjustment(request.actor, number))


def _shown(
    request: ActorRequest, found: Adjustment, wrong: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    may = may_take(actor, found, ADJUSTMENT_ACTIONS)
    if found.object_until is not None and found.object_until < today:
        may.discard("object")
    named = dict([wrong]) if wrong else {}
    line = found.settlement_lines.filter(is_live=True).select_related("settlement").first()
    seen = line is not None and (not actor.is_dealer or line.settlement.edition > 0)
    context = {
        "adjustment": found,
        "may": may,
        "objection": named.get("object") or ObjectionForm(auto_id="id_object_%s"),
        "uphold": named.get("uphold") or AnswerForm(auto_id="id_uphold_%s"),
        "drop": named.get("drop") or AnswerForm(auto_id="id_drop_%s"),
        "notify": named.get("approve"),
        "may_drop": bool(may & {"drop", "drop_draft"}),
        "settlement": line.settlement if seen and line else None,
        "history": []
        if actor.is_dealer
        else [settlement_words.told(event) for event in audit_of(actor, found)],
    }
    status = 422 if wrong else 200
    return render(request, "warranty/adjustments/one.html", context, status=status)


def _step(
    name: str, permission: str, form_class: type[forms.Form], service: Callable[..., Any], done: str
) -> Callable[..., HttpResponse]:
    @require_POST
    @page(permission)
    def take_step(request: ActorRequest, number: str) -> HttpResponse:
        found = access.get_adjustment(request.actor, number, to=permission)
        form = form_class(request.POST, auto_id=f"id_{name}_%s")
        if form.is_valid():
            data = form.cleaned_data
            moved = attempt(form, lambda: service(actor=request.actor, adjustment=found, **data))
            if moved is not None:
                messages.success(request, _(done))
                return redirect("warranty:adjustment", number=number)
        fresh = access.get_adjustment(request.actor, number)
        return _shown(request, fresh, ("drop" if name == "withdraw" else name, form))

    return take_step


approve = _step(
    "approve",
    "adjustment.approve",
    forms.Form,
    services.approve_adjustment,
    gettext_noop("The dealer is told."),
)
object_to = _step(
    "object",
    "adjustment.object",
    ObjectionForm,
    services.object_to_adjustment,
    gettext_noop("Your objection is recorded."),
)
uphold = _step(
    "uphold",
    "adjustment.approve",
    AnswerForm,
    services.uphold_adjustment,
    gettext_noop("The adjustment stays; the dealer is told."),
)
drop = _step(
    "drop",
    "adjustment.approve",
    AnswerForm,
    services.drop_adjustment,
    gettext_noop("The adjustment is dropped."),
)
# Who writes them drops a draft of the house; only an approver drops what the dealer was told of.
withdraw = _step(
    "withdraw",
    "adjustment.create",
    AnswerForm,
    services.drop_adjustment,
    gettext_noop("The draft is dropped."),
)
