"""Taking a promise on, and what went up the ladder: pages of R-030."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets, words
from core.errors import DomainError
from core.forms import attempt, status_of
from core.keyset import page as keyset_page
from core.lists import chips
from sla import access, services, subjects
from sla.escalations import dressed, ladder_steps
from sla.filters import EscalationFilter
from sla.forms.ladder import LiabilityForm, NoteForm
from sla.models import Step
from sla.states import StepState


@require_POST
@page("ticket.view")
def acknowledge(request: ActorRequest, subject: str, number: str, promise: str) -> HttpResponse:
    """Nobody further up is told; who may is said by the clock's gate."""
    clock = access.get_clock_to_acknowledge(request.actor, subject, number, promise)
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        taken = services.acknowledge(actor=request.actor, clock=clock, note=note)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        sentence = _("%(number)s, %(promise)s: acknowledged by %(name)s. Nobody further is told.")
        who = {"number": number, "promise": taken.name, "name": taken.acknowledged_label}
        messages.success(request, sentence % who)
    return redirect(_back(request, subject, number))


@require_safe
@page("clock.acknowledge")
def escalations(request: ActorRequest) -> HttpResponse:
    """What went up the ladder, to whom, taken on or not, newest first."""
    found = _filtered(request)
    listed = keyset_page(found.qs, after=request.GET.get("after", ""), instant="at")
    context = {
        "fields": list(found.form),
        # What is chosen without asking cannot be taken off.
        "chips": [chip for chip in chips(found.form) if chip.name in request.GET],
        "rows": dressed(listed.rows),
        "next_after": listed.next_after,
        "export_url": reverse("sla:escalations-export"),
    }
    return render(request, "sla/escalations.html", context)


@require_safe
@page("clock.acknowledge")
def escalations_export(request: ActorRequest) -> HttpResponse:
    """The filtered rungs as a file; the audit keeps who took it (R-006)."""
    rows = dressed(sheets.at_most(_filtered(request).qs.order_by("-at", "-id")))
    services.note_export(actor=request.actor, company=request.tenant, rows=len(rows))
    head = [_("Number"), _("Promise"), _("Holder"), _("Due"), _("Step"), _("Role told")]
    head += [_("At"), _("Told"), _("State"), _("Reason"), _("Acknowledged by")]
    head += [_("Acknowledged at"), _("At fault"), _("Decision"), _("Decided by")]
    return sheets.answer(request.GET.get("format", ""), _("escalations"), head, map(_cells, rows))


def _cells(step: Step) -> list[object]:
    clock, decision = step.clock, vars(step)["decision"]
    return [
        clock.subject_number,
        clock.name,
        words.named(clock.missed_label or clock.holder_label),
        clock.due_at,
        step.get_action_display(),
        step.role_label,
        step.at,
        words.told(step.told),
        step.get_state_display(),
        vars(step)["why"],
        clock.acknowledged_label,
        clock.acknowledged_at,
        words.named(decision.at_fault) or decision.get_fault_display() if decision else "",
        decision.decision if decision else "",
        decision.decided_label if decision else "",
    ]


def _filtered(request: ActorRequest) -> EscalationFilter:
    """Only what fired, until something else is asked for."""
    asked = request.GET.copy()
    asked.setdefault("state", StepState.FIRED)
    return EscalationFilter(asked, ladder_steps(request.actor))


@require_http_methods(["GET", "HEAD", "POST"])
@page("liability.settle")
def liability(
    request: ActorRequest, subject: str, number: str, promise: str, turn: int
) -> HttpResponse:
    """Whose fault a breach was (责任处理): the decision that counts, and those before it."""
    clock = access.get_clock_to_settle(request.actor, subject, number, promise, turn)
    form = LiabilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        settled = attempt(
            form,
            lambda: services.settle_liability(
                actor=request.actor, clock=clock, **form.cleaned_data
            ),
        )
        if settled is not None:
            messages.success(request, _("The decision is kept."))
            return redirect(request.path)
    context = {
        "clock": clock,
        "form": form,
        "address": subjects.address(subject, number),
        "decisions": clock.liabilities.order_by("-is_current", "-id"),
    }
    return render(request, "sla/liability.html", context, status=status_of(form))


def _back(request: ActorRequest, subject: str, number: str) -> str:
    """Where the button stood; else the page of the subject."""
    wished = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wished, None) and wished.startswith("/"):
        return wished
    return subjects.address(subject, number) or "/"
