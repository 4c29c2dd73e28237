"""One ticket: what it is, what is promised, what to do next, and its story."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.actor import Actor
from dealers.queries import place, region_name
from sla import queries as sla_queries
from tickets import access, intake, presence, queries, services
from tickets.actions import ACTIONS, Action, next_of, possible
from tickets.forms import ActorForm
from tickets.models import Ticket
from tickets.panel import panel
from tickets.states import TicketState
from tickets.views.act import Side, action_view
from tickets.views.answer import UNPROCESSABLE, built, is_unchanged, version_of
from tickets.views.call import paper_links

# The desk's check is the next step from this long before it is due.
CHECK_AHEAD = timedelta(minutes=30)
WITH_OTHERS = frozenset({TicketState.OFFERED, TicketState.ACCEPTED, TicketState.HANDED_OVER})


@page("ticket.view")
@require_safe
def detail(request: ActorRequest, number: str) -> HttpResponse:
    """The whole page; dealers' people are shown their own one in the portal."""
    ticket = access.get_ticket(request.actor, number)
    portal = built("portal:job", ticket.number) if request.actor.is_dealer else None
    if portal:
        return redirect(portal)
    context = ticket_context(request, ticket, opened=request.GET.get("do", ""))
    return render(request, "tickets/detail.html", context)


@page("ticket.view")
@require_safe
def live(request: ActorRequest, number: str, part: str) -> HttpResponse:
    """One live part of the page again, or nothing when nothing is new."""
    ticket = access.get_ticket(request.actor, number)
    context = ticket_context(request, ticket)
    if is_unchanged(request, context[f"{part}_version"]):
        return HttpResponse(status=204)
    return render(request, f"tickets/_{part}.html", context)


def ticket_context(
    request: ActorRequest,
    ticket: Ticket,
    *,
    opened: str = "",
    form: ActorForm | None = None,
    sentence: str = "",
) -> dict[str, Any]:
    """What both sides show of a ticket: clocks, steps, facts, story."""
    actor = request.actor
    clocks = list(sla_queries.clocks_of(actor, "ticket", ticket.pk))
    check = queries.open_check(ticket)
    shown = panel(actor, clocks, now=timezone.now())
    steps = possible(
        actor, ticket, has_open_check=check is not None, has_delayable=shown.has_delayable
    )
    is_near = check is not None and check.due_at <= timezone.now() + CHECK_AHEAD
    following = next_of(actor, ticket, steps, is_check_near=is_near)
    story = list(queries.timeline(actor, ticket))
    others = presence.seen(actor, ticket)
    verbs = {step.verb for step in steps}
    if form is not None and opened not in verbs:
        # The step is gone with the state that it belonged to; its refusal is still said.
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
    proposed = queries.next_dealers(ticket) if "offer" in verbs else []
    facts = (ticket.version, ticket.updated_at, others, shown.version)
    wanted = request.GET.get("promise", "")
    return {
        "ticket": ticket,
        "address": reverse(SIDE.page, args=[ticket.number]),
        "place": place(region_name(ticket.region_code), ticket.address),
        "phone": phone_of(ticket),
        "live_clocks": [c for c in clocks if c.is_live],
        "panel": shown,
        "may_delay": "delay" in verbs,
        "check": check,
        "following": following and _shown(following, actor, ticket, opened, form, wanted),
        "others": others,
        "steps": [
            _shown(step, actor, ticket, opened, form, wanted)
            for step in steps
            if step is not following
        ],
        "proposed": proposed,
        "sentence": sentence,
        "story": story,
        "protection": ticket.machine and intake.protection(ticket.machine),
        "is_watched": queries.is_watching(actor, ticket),
        "main_version": version_of("main", *facts),
        "story_version": version_of("story", [entry.pk for entry in story]),
        "is_waiting_for": ticket.state in WITH_OTHERS,
        "papers": paper_links(ticket),
    }


def phone_of(ticket: Ticket) -> str:
    """The number to call back: the caller's, else the customer's first."""
    if ticket.caller_phone or ticket.customer is None:
        return ticket.caller_phone
    phone = ticket.customer.phones.order_by("-is_primary", "pk").first()
    return phone.number if phone else ""


def _shown(
    action: Action,
    actor: Actor,
    ticket: Ticket,
    opened: str,
    form: ActorForm | None,
    promise: str = "",
) -> dict[str, Any]:
    """An action as the template takes it: its form filled, open when asked for or refused."""
    is_open = opened == action.verb
    if is_open and form is not None:
        shown: ActorForm | None = form
    elif action.form is not None:
        shown = action.form(
            actor=actor,
            ticket=ticket,
            initial=_initial(action, ticket, promise),
            auto_id=f"id_{action.verb}_%s",
        )
    else:
        shown = None
    return {"action": action, "form": shown, "is_open": is_open}


EDITED = (
    "version",
    "kind",
    "urgency",
    "severity",
    "summary",
    "description",
    "caller_name",
    "caller_phone",
    "address",
    "wished_for",
)
ARRANGED = ("technician_name", "technician_phone", "visit_at")


def _initial(action: Action, ticket: Ticket, promise: str) -> dict[str, Any]:
    if action.verb == "delay":
        return {"promise": promise}
    if action.verb == "opinion":
        return {"opinion": ticket.opinion}
    if action.verb == "edit":
        facts = {name: getattr(ticket, name) for name in EDITED}
        return facts | {"region_code": region_name(ticket.region_code)}
    if action.verb == "arrange":
        return {name: getattr(ticket, name) for name in ARRANGED}
    if action.verb == "done":
        return {"cause": ticket.cause}
    return {}


def show_again(
    request: ActorRequest, ticket: Ticket, verb: str, form: ActorForm | None, sentence: str
) -> HttpResponse:
    """The page once more with what was typed and why it was refused."""
    context = ticket_context(request, ticket, opened=verb, form=form, sentence=sentence)
    return render(request, "tickets/detail.html", context, status=UNPROCESSABLE)


SIDE = Side(page="tickets:detail", home="tickets:list", show_again=show_again)
ACTION_VIEWS = {action.verb: action_view(action, SIDE) for action in ACTIONS}


@page("ticket.watch")
@require_POST
def watch(request: ActorRequest, number: str) -> HttpResponse:
    """Hear of each change, or no longer."""
    ticket = access.get_ticket(request.actor, number, to="ticket.watch")
    service = services.unwatch if request.POST.get("stop") else services.watch
    service(actor=request.actor, ticket=ticket)
    return redirect(SIDE.page_of(ticket))


@page("ticket.view")
@require_safe
def clocks(request: ActorRequest, number: str) -> HttpResponse:
    """How each due time of the ticket came about, step by step."""
    ticket = access.get_ticket(request.actor, number)
    rows = [
        {"clock": clock, "steps": sla_queries.explain(clock)}
        for clock in sla_queries.clocks_of(request.actor, "ticket", ticket.pk)
    ]
    return render(request, "tickets/clocks.html", {"ticket": ticket, "rows": rows})
