"""What a dealer's people need on a telephone: today, new offers, one job in one column."""

from __future__ import annotations

from operator import itemgetter
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core import once
from machines.card_queries import not_registered
from tickets import access, queries
from tickets import intake as desk_intake
from tickets.actions import ACTIONS, DESK
from tickets.forms import ActorForm, MatterForm
from tickets.models import Ticket
from tickets.states import TicketState
from tickets.views.act import Side, action_view
from tickets.views.answer import UNPROCESSABLE, back_to, is_unchanged, version_of
from tickets.views.call import model_choices, save_intake
from tickets.views.desk import mark, with_clocks
from tickets.views.detail import ticket_context

SHOWN = 50
# Everything that a dealer still owes something on.
AT_WORK = [
    TicketState.OFFERED,
    TicketState.ACCEPTED,
    TicketState.ARRANGED,
    TicketState.WAITING,
]


@page("portal.view")
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """New offers first, then what must be arranged, today's visits, later ones."""
    context = _jobs(request)
    if is_unchanged(request, context["version"]):
        return HttpResponse(status=204)
    if request.htmx:
        return render(request, "portal/_home.html", context)
    # Said before the first claim, not with it: these cards are still to come.
    context["cards_missing"] = not_registered(request.actor).count()
    return render(request, "portal/home.html", context)


def _jobs(request: ActorRequest) -> dict[str, Any]:
    actor = request.actor
    tickets = list(queries.ticket_list(actor).filter(state__in=AT_WORK)[:SHOWN])
    with_clocks(request, tickets)
    by_state: dict[str, list[Ticket]] = {state: [] for state in AT_WORK}
    for ticket in reversed(tickets):  # who has waited longest stands first
        by_state[ticket.state].append(ticket)
    day = timezone.localdate()
    planned = [(t.visit_at, t.pk, t) for t in by_state[TicketState.ARRANGED] if t.visit_at]
    visits = [ticket for _at, _pk, ticket in sorted(planned, key=itemgetter(0, 1))]
    offers = by_state[TicketState.OFFERED] if actor.may("offer.answer") else []
    return {
        "offers": offers,
        "to_arrange": by_state[TicketState.ACCEPTED],
        "today": [t for t in visits if timezone.localdate(t.visit_at) <= day],
        "later": [t for t in visits if timezone.localdate(t.visit_at) > day],
        "waiting": by_state[TicketState.WAITING],
        "day": day,
        "version": version_of(day, [(t.pk, t.version, mark(t)) for t in tickets]),
    }


@page("portal.view")
@require_safe
def job(request: ActorRequest, number: str) -> HttpResponse:
    """One job in one column: call, navigate, arrange, note, photo, done."""
    ticket = access.get_ticket(request.actor, number)
    context = _job_context(request, ticket, opened=request.GET.get("do", ""))
    return render(request, "portal/job.html", context)


@page("portal.view")
@require_safe
def live(request: ActorRequest, number: str) -> HttpResponse:
    """The job again, or nothing when nothing is new."""
    ticket = access.get_ticket(request.actor, number)
    context = _job_context(request, ticket)
    if is_unchanged(request, context["job_version"]):
        return HttpResponse(status=204)
    return render(request, "portal/_job.html", context)


def _job_context(request: ActorRequest, ticket: Ticket, **shown: Any) -> dict[str, Any]:
    context = ticket_context(request, ticket, **shown)
    context["map_url"] = map_url(context["place"].replace(" ", ""))
    context["job_version"] = f"{context['main_version']}.{context['story_version']}"
    context["prefix"] = "portal"
    context["address"] = reverse("portal:job", args=[ticket.number])
    return context


def map_url(place: str) -> str:
    """An address for Amap, which opens the app on a telephone and the map elsewhere."""
    return f"https://uri.amap.com/search?keyword={quote(place)}&callnative=1" if place else ""


def _show_again(
    request: ActorRequest, ticket: Ticket, verb: str, form: ActorForm | None, sentence: str
) -> HttpResponse:
    context = _job_context(request, ticket, opened=verb, form=form, sentence=sentence)
    return render(request, "portal/job.html", context, status=UNPROCESSABLE)


SIDE = Side("portal:job", "portal:home", _show_again, for_dealers=True)
ACTION_VIEWS = {action.verb: action_view(action, SIDE) for action in ACTIONS if action.who != DESK}


@page("ticket.create")
@require_http_methods(["GET", "POST"])
def intake(request: ActorRequest) -> HttpResponse:
    """A dealer's own intake: filed with the technical department in the same step (R-100)."""
    if not request.actor.is_dealer:
        return redirect("tickets:call")
    typed = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        form = MatterForm(typed, actor=request.actor, models=model_choices())
        number = save_intake(request, form)
        if number is not None:
            said = desk_intake.filed_sentence(number)
            return back_to(request, reverse("portal:job", args=[number]), said)
    else:
        initial = {name: typed[name] for name in MatterForm.base_fields if name in typed}
        form = MatterForm(initial=initial, actor=request.actor, models=model_choices())
    context = {
        "form": form,
        "seen": desk_intake.look(request.actor, typed),
        "once": form.data.get(once.FIELD) or once.new_token(),
    }
    template = "portal/_intake_form.html" if request.htmx else "portal/intake.html"
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, template, context, status=status)
