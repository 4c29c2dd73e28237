"""Pages of callbacks, and the visits of a ticket."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import sheets, words
from core.forms import attempt, status_of
from core.lists import chips
from core.phones import display
from tickets import queries as ticket_queries
from tickets.access import get_ticket
from tickets.links import page_of
from tickets.wording import sentence
from visits import access, lists, presence, queries, script, services
from visits.filters import CallbackFilter
from visits.forms import NO, SCORES, YES, CallForm, CancelForm, FinishForm
from visits.models import Callback
from visits.states import CallbackState

# The newest lines of a ticket's story beside the call.
STORY = 8
IN_PARTIAL = 6


# The queue


@require_safe
@page("callback.view")
def callbacks(request: ActorRequest) -> HttpResponse:
    """The queue: to be called now, later, made."""
    tab = lists.tab_of(request.GET.get("tab", ""))
    chosen, rows = _filtered(request, tab)
    shown = lists.page_of(rows, tab, request.GET.get("after", ""))
    counts = queries.queue_counts(request.actor)
    version = lists.version_of(tab, counts, shown.rows)
    if request.headers.get("X-Live-Version") == version:
        return HttpResponse(status=204)
    context = {
        "tab": tab,
        "tabs": lists.tabs(tab, counts, _kept(request.GET)),
        "counts": counts,
        "filter": chosen,
        "chips": chips(chosen.form),
        "dealers": queries.dealers_asked_about(request.actor),
        "dealer": request.GET.get("dealer", ""),
        "scores": SCORES,
        "chosen_scores": request.GET.getlist("score"),
        "columns": lists.columns(tab),
        "rows": lists.rows_of(request.actor, shown.rows),
        "next_after": shown.next_after,
        "version": version,
        "export": f"{reverse('visits:callbacks_export')}?{request.GET.urlencode()}",
    }
    return render(request, "visits/callbacks.html", context)


@require_safe
@page("callback.view")
def export(request: ActorRequest) -> HttpResponse:
    """Exactly what the list shows, as a file."""
    tab = lists.tab_of(request.GET.get("tab", ""))
    _chosen, rows = _filtered(request, tab)
    return sheets.answer(
        request.GET.get("format", ""),
        "callbacks",
        lists.EXPORT_HEAD,
        map(lists.export_row, sheets.at_most(rows)),
    )


def _filtered(request: ActorRequest, tab: str) -> tuple[CallbackFilter, QuerySet[Callback]]:
    chosen = CallbackFilter(request.GET, lists.TABS[tab].rows(request.actor))
    return chosen, chosen.qs


def _kept(query: QueryDict) -> QueryDict:
    """The filters, to be carried from tab to tab."""
    kept = query.copy()
    for name in ("tab", "after"):
        kept.pop(name, None)
    return kept


@require_safe
@page("callback.view")
def callbacks_now(request: ActorRequest) -> HttpResponse:
    """The calls for now, for the clerk's home."""
    counts = queries.queue_counts(request.actor)
    nearest = list(queries.callbacks_now(request.actor)[:IN_PARTIAL])
    version = lists.version_of("home", counts, nearest)
    if request.headers.get("X-Live-Version") == version:
        return HttpResponse(status=204)
    context = {
        "counts": counts,
        "rows": lists.rows_of(request.actor, nearest),
        "version": version,
    }
    return render(request, "visits/_callbacks_now.html", context)


# One call


@require_safe
@page("callback.view")
def callback(request: ActorRequest, number: str) -> HttpResponse:
    """What to say, what is known, and the form for the answer."""
    found = access.get_callback(request.actor, number)
    form = None
    if found.state == CallbackState.SCHEDULED and request.actor.may("callback.call"):
        form = CallForm()
    return _callback_page(request, found, form)


@require_POST
@page("callback.call")
def call(request: ActorRequest, number: str) -> HttpResponse:
    """Keep what came of a call, and go on to the next one."""
    found = access.get_callback(request.actor, number, to="callback.call")
    form = CallForm(request.POST)
    done = None
    if form.is_valid():
        done = attempt(form, lambda: _save(request, found, form))
    if done is None:
        found.refresh_from_db()
        return _callback_page(request, found, form)
    presence.leave(request.actor, done)
    messages.success(request, _said(done))
    following = queries.next_callback(request.actor, after=done)
    if following is None:
        return redirect("visits:callbacks")
    return redirect("visits:callback", following.number)


def _save(request: ActorRequest, found: Callback, form: CallForm) -> Callback:
    data = form.cleaned_data
    if form.is_reached:
        return services.complete_callback(
            actor=request.actor,
            callback=found,
            score=data["score"],
            is_resolved=data["is_resolved"] == YES,
            opinion=data["opinion"],
        )
    return services.record_attempt(
        actor=request.actor,
        callback=found,
        outcome=data["outcome"],
        note=data["note"],
        call_again_at=data["call_again_at"],
    )


def _said(done: Callback) -> str:
    """What the answer led to, in one sentence."""
    facts = {"number": done.number, "ticket": done.ticket.number}
    if done.state == CallbackState.SCHEDULED:
        facts["at"] = words.moment(done.next_attempt_at)
        return _("%(number)s: not reached, to be called again %(at)s.") % facts
    if done.ticket.state == "closed":
        return _("%(number)s is noted; ticket %(ticket)s is closed.") % facts
    if done.ticket.state == "done":
        return _("%(number)s is noted; ticket %(ticket)s still lacks its cause.") % facts
    return _("%(number)s is noted; ticket %(ticket)s is open again at the desk.") % facts


def _callback_page(request: ActorRequest, found: Callback, form: CallForm | None) -> HttpResponse:
    ticket = get_ticket(request.actor, found.ticket.number)
    colleague = presence.call(request.actor, found) if form is not None else ""
    tenant = request.tenant
    context: dict[str, Any] = {
        "callback": found,
        "ticket": ticket,
        "form": form,
        "yes": YES,
        "no": NO,
        "clock": queries.clocks_of(request.actor, [found]).get(found.pk),
        "colleague": colleague,
        "phones": [(phone, display(phone)) for phone in queries.phones_of(ticket)],
        "script": script.lines(
            ticket,
            company=tenant.name,
            hotline=tenant.hotline,
            day=words.day(ticket.done_at) if ticket.done_at else "",
        ),
        "attempts": list(queries.attempts(found)),
        "others": queries.recent_tickets(request.actor, ticket),
        "story": [
            (entry, sentence(entry))
            for entry in ticket_queries.timeline(request.actor, ticket)[:STORY]
        ],
        "waiting": queries.queue_counts(request.actor),
    }
    status = status_of(form) if form is not None else 200
    return render(request, "visits/callback.html", context, status=status)


# The visits of a ticket


@require_safe
@page("visit.view")
def of_ticket(request: ActorRequest, number: str) -> HttpResponse:
    """Visits and callbacks of one ticket, as a part of its page."""
    return _ticket_part(request, number)


@require_POST
@page("visit.edit")
def check_in(request: ActorRequest, number: str) -> HttpResponse:
    """The technician has arrived."""
    visit = access.get_visit(request.actor, number, to="visit.edit")
    services.check_in(actor=request.actor, visit=visit)
    return _after_visit(request, visit.ticket.number, _("Arrival noted."))


@require_POST
@page("visit.edit")
def finish(request: ActorRequest, number: str) -> HttpResponse:
    """The trip is over."""
    visit = access.get_visit(request.actor, number, to="visit.edit")
    form = FinishForm(request.POST)
    if form.is_valid():
        services.finish_visit(actor=request.actor, visit=visit, **form.cleaned_data)
    return _after_visit(request, visit.ticket.number, _("The visit is finished."))


@require_POST
@page("visit.edit")
def cancel(request: ActorRequest, number: str) -> HttpResponse:
    """The trip does not take place."""
    visit = access.get_visit(request.actor, number, to="visit.edit")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _ticket_part(request, visit.ticket.number, refused=(visit.number, form), status=422)
    services.cancel_visit(actor=request.actor, visit=visit, **form.cleaned_data)
    return _after_visit(request, visit.ticket.number, _("The visit is cancelled."))


def _after_visit(request: ActorRequest, ticket_number: str, text: str) -> HttpResponse:
    """The part again for a script; the ticket's page for everybody else."""
    if request.htmx:
        return _ticket_part(request, ticket_number)
    messages.success(request, text)
    return redirect(page_of(ticket_number))


def _ticket_part(
    request: ActorRequest,
    number: str,
    *,
    refused: tuple[str, CancelForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    if not actor.may("visit.view"):
        raise PermissionDenied
    ticket = get_ticket(actor, number)
    calls = list(queries.callbacks_of(actor, ticket)) if actor.may("callback.view") else []
    running = queries.clocks_of(actor, calls)
    visits = [
        (visit, refused[1] if refused and refused[0] == visit.number else None)
        for visit in queries.visits_of(actor, ticket)
    ]
    context = {
        "ticket": ticket,
        "visits": visits,
        "calls": [(each, running.get(each.pk)) for each in calls],
        "may_edit": actor.may("visit.edit"),
    }
    return render(request, "visits/_of_ticket.html", context, status=status)
