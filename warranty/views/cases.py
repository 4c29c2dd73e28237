"""Replace-or-return matters of users: listed, looked at, moved on, printed."""

from __future__ import annotations

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
from machines import access as machines
from machines.papers import language_of, strokes_as_svg
from machines.views.registrations import pdf_answer
from warranty.access import cases as access
from warranty.afterwards_words import options_said, told
from warranty.filters.cases import CaseFilter
from warranty.forms.cases import CarryOutForm, ChoiceForm, ReasonForm
from warranty.forms.steps import StepForm
from warranty.models import StatutoryCase
from warranty.papers import cases as papers
from warranty.queries import cases as queries
from warranty.queries.two_answers import TwoAnswers, answers_of, answers_then
from warranty.services import cases as services
from warranty.states.cases import CASE_ACTIONS, OPEN_CASES
from warranty.views.step_page import Step, Steps

STEPS = Steps(
    "case",
    "case",
    access.get_case,
    CASE_ACTIONS,
    (
        Step(
            "choose",
            _("Record the user's choice"),
            "case.record_choice",
            ChoiceForm,
            services.record_choice,
            ("choose",),
            _("The choice is recorded. Management has to approve it."),
            _("The user chooses among what the law offers; a later choice replaces this one."),
            is_main=True,
        ),
        Step(
            "approve",
            pgettext_lazy("verb", "Approve"),
            "case.approve",
            StepForm,
            services.approve_case,
            ("approve",),
            _("Approved. It can be carried out now."),
            _("The seller then carries out what the user chose."),
            is_main=True,
        ),
        Step(
            "refuse",
            _("Do not approve…"),
            "case.approve",
            ReasonForm,
            services.refuse_case,
            ("refuse",),
            _("Not approved. The user's right stays; another choice can be recorded."),
            _("The user's right stays: only this choice is not carried out."),
        ),
        Step(
            "carry-out",
            _("Carried out…"),
            "case.carry_out",
            CarryOutForm,
            services.carry_out_case,
            ("carry_out",),
            _("Carried out."),
            is_main=True,
        ),
        Step(
            "recover",
            _("Cost got back…"),
            "case.carry_out",
            ReasonForm,
            services.recover_case,
            ("recover",),
            _("The cost is back."),
            _("Say from whom and how."),
        ),
        Step(
            "drop",
            _("Drop…"),
            "case.drop",
            ReasonForm,
            services.drop_case,
            ("drop",),
            _("The case is dropped; new facts open a new one."),
        ),
    ),
)


@require_safe
@page("case.view")
def case_list(request: ActorRequest) -> HttpResponse:
    """Cases, newest first: by state, dealer and model."""
    found = CaseFilter(request.GET, queries.case_list(request.actor), request=request)
    names = ["q", "state", "model"]
    if not request.actor.is_dealer:
        names.insert(2, "dealer")
    listed = newest_first(found.qs, request.GET.get("after", ""))
    for case in listed.rows:
        vars(case)["options_said"] = options_said(case.answered.get("options", []))
    context = {
        "fields": [found.form[name] for name in names],
        "chips": chips(found.form),
        "listed": listed,
        "many_dealers": not request.actor.is_dealer or len(request.actor.dealer_ids or ()) > 1,
        "export_url": reverse("warranty:cases-export") if request.actor.may("case.export") else "",
    }
    return render(request, "warranty/cases/list.html", context)


@require_safe
@page("case.export")
def cases_export(request: ActorRequest) -> HttpResponse:
    """The filtered cases as a file; the audit keeps who took it (R-006)."""
    found = CaseFilter(request.GET, queries.case_list(request.actor), request=request)
    cases = list(sheets.at_most(found.qs.order_by("-pk")))
    note_export(actor=request.actor, company=request.tenant, noun="case", rows=len(cases))
    head = [_("Case"), _("State"), _("Serial number"), _("Model"), _("Dealer"), _("Customer")]
    head += [_("May demand"), _("Articles"), _("Law"), _("Warned"), _("Since"), _("Choice")]
    head += [_("Chosen"), _("Approved"), _("Approved by"), _("Carried out"), _("New machine")]
    head += [_("Money back"), _("Reason")]
    return sheets.answer(
        request.GET.get("format", ""), str(_("replace-or-return")), head, map(_cells, cases)
    )


def _cells(case: StatutoryCase) -> list[object]:
    answered = case.answered
    return [
        case.number,
        case.get_state_display(),
        case.machine.serial_number,
        case.machine.model.code,
        case.dealer.name if case.dealer else "",
        case.customer.name if case.customer else "",
        "; ".join(options_said(answered.get("options", []))),
        ", ".join(answered.get("articles", [])),
        answered.get("law", ""),
        case.warned_at,
        case.triggered_at,
        case.get_choice_display() if case.choice else "",
        case.chosen_at,
        case.approved_at,
        case.approved_label,
        case.carried_out_at,
        case.replacement_serial,
        None if case.refund_cents is None else yuan(case.refund_cents),
        case.reason,
    ]


def _answers(case: StatutoryCase) -> TwoAnswers | None:
    """Open cases as of today, those that are over as they were asked."""
    if case.state in OPEN_CASES and (today := answers_of(case.machine, case)):
        return today
    return answers_then(case)


@require_safe
@page("case.view")
def case_detail(request: ActorRequest, number: str) -> HttpResponse:
    """One case: what the user may demand and why, what was chosen, what happened."""
    case = access.get_case(request.actor, number)
    context = {
        "case": case,
        "answers": _answers(case),
        "then": options_said(case.answered.get("options", [])),
        "strokes": strokes_as_svg(case.choice_signature),
        "buttons": STEPS.buttons(request.actor, case),
        "paper_url": reverse("warranty:case-paper", args=[case.number]),
        "paper_label": _("Evidence pack"),
        "story": told(queries.events_of(case)),
    }
    return render(request, "warranty/cases/detail.html", context)


@require_safe
@page("case.view")
def case_paper(request: ActorRequest, number: str) -> HttpResponse:
    """The evidence pack as PDF: dates, repairs, articles, the choice."""
    case = access.get_case(request.actor, number)
    language = language_of(request.GET.get("language") or get_language())
    content = papers.evidence_pack(case, _answers, tenant=request.tenant, language=language)
    return pdf_answer(content, f"{case.number}.pdf")


@require_safe
@page("case.view")
def machine_panel(request: ActorRequest) -> HttpResponse:
    """`?serial=`: what the user of a machine may demand today, as a part of other pages."""
    machine = machines.get_machine(request.actor, request.GET.get("serial", ""))
    rows = access.visible(request.actor).filter(machine=machine, state__in=OPEN_CASES)
    case = rows.first()
    context = {"answers": answers_of(machine, case), "case": case, "is_panel": True}
    return render(request, "warranty/cases/_answers.html", context)
