"""Claims on suppliers: listed, claimed, answered, debited, printed; no dealer comes here."""

from __future__ import annotations

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets
from core.lists import chips, newest_first
from core.money import yuan
from dealers.services import note_export
from machines.papers import language_of
from machines.views.registrations import pdf_answer
from warranty.access import recoveries as access
from warranty.afterwards_words import told
from warranty.filters.recoveries import RecoveryFilter
from warranty.forms.recoveries import AnswerForm, ClaimForm, WordsForm
from warranty.forms.steps import StepForm
from warranty.models import RecoveryClaim
from warranty.papers import recoveries as papers
from warranty.queries import recoveries as queries
from warranty.queries.cases import events_of
from warranty.services import recoveries as services
from warranty.states.cases import RECOVERY_ACTIONS
from warranty.views.step_page import Step, Steps

STEPS = Steps(
    "recovery",
    "recovery",
    access.get_recovery,
    RECOVERY_ACTIONS,
    (
        Step(
            "claim",
            _("Claim from the supplier"),
            "recovery.edit",
            ClaimForm,
            services.claim_recovery,
            ("claim",),
            _("Claimed. Print the paper and send it with the piece."),
            is_main=True,
        ),
        Step(
            "answer",
            _("Record the answer"),
            "recovery.edit",
            AnswerForm,
            services.answer_recovery,
            ("accept", "accept_partly", "refuse"),
            _("The answer is recorded."),
            is_main=True,
        ),
        Step(
            "debit",
            pgettext_lazy("recovery", "Debit"),
            "recovery.debit",
            StepForm,
            services.debit_recovery,
            ("debit",),
            _("Debited: the supplier's account shows it."),
            _("What was accepted is booked on the supplier's account, once."),
            is_main=True,
        ),
        Step(
            "parts",
            _("Parts instead of money…"),
            "recovery.edit",
            WordsForm,
            services.take_parts_instead,
            ("take_parts",),
            _("Noted: parts come instead of money."),
            _("Say which parts came, how many, and by which delivery note."),
        ),
        Step(
            "close",
            _("Close…"),
            "recovery.edit",
            WordsForm,
            services.close_recovery,
            ("close",),
            _("The matter is closed."),
        ),
    ),
)


@require_safe
@page("recovery.view")
def recovery_list(request: ActorRequest) -> HttpResponse:
    """Claims on suppliers, newest first, with the sums of what the filter found."""
    found = RecoveryFilter(request.GET, queries.recovery_list(request.actor), request=request)
    context = {
        "fields": [found.form[name] for name in ("q", "state", "supplier")],
        "chips": chips(found.form),
        "listed": newest_first(found.qs, request.GET.get("after", "")),
        "sums": found.qs.order_by().aggregate(
            claimed=Sum("claimed_cents"), accepted=Sum("accepted_cents")
        ),
        "export_url": reverse("warranty:recoveries-export")
        if request.actor.may("recovery.export")
        else "",
    }
    return render(request, "warranty/recoveries/list.html", context)


@require_safe
@page("recovery.export")
def recoveries_export(request: ActorRequest) -> HttpResponse:
    """The filtered claims as a file; the audit keeps who took it (R-006)."""
    found = RecoveryFilter(request.GET, queries.recovery_list(request.actor), request=request)
    rows = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="recovery", rows=len(rows))
    head = [_("Number"), _("Supplier number"), _("Supplier"), _("State"), _("Claim")]
    head += [_("Old part"), _("Part number"), _("Serial number"), _("Cost"), _("Share, %")]
    head += [
        pgettext_lazy("amount", "Claimed"),
        pgettext_lazy("amount", "Accepted"),
        _("Claimed on"),
        _("Answered on"),
        _("Debited on"),
    ]
    return sheets.answer(
        request.GET.get("format", ""), str(_("supplier-recoveries")), head, map(_cells, rows)
    )


def _cells(row: RecoveryClaim) -> list[object]:
    piece = row.old_part
    return [
        row.number,
        row.supplier.code,
        row.supplier.name,
        row.get_state_display(),
        row.claim.number,
        piece.number if piece else "",
        piece.part.number if piece else "",
        row.claim.machine.serial_number,
        yuan(row.cost_cents),
        row.percent,
        yuan(row.claimed_cents),
        None if row.accepted_cents is None else yuan(row.accepted_cents),
        row.claimed_at,
        row.answered_at,
        row.debited_at,
    ]


@require_safe
@page("recovery.view")
def recovery_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One claim on a supplier: what failed, what it cost, what came back."""
    recovery = access.get_recovery(request.actor, number)
    context = {
        "recovery": recovery,
        "buttons": STEPS.buttons(request.actor, recovery),
        "paper_url": reverse("warranty:recovery-paper", args=[recovery.number]),
        "paper_label": _("Paper for the supplier"),
        "story": told(events_of(recovery)),
    }
    return render(request, "warranty/recoveries/detail.html", context)


@require_safe
@page("recovery.view")
def recovery_paper(request: ActorRequest, number: str) -> HttpResponse:
    """供应商追偿单 as PDF."""
    recovery = access.get_recovery(request.actor, number)
    language = language_of(request.GET.get("language") or get_language())
    content = papers.recovery_claim(recovery, tenant=request.tenant, language=language)
    return pdf_answer(content, f"{recovery.number}.pdf")
