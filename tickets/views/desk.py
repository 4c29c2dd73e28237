"""The clerk's first page: checks due, offers that came back, callbacks, what is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from dealers.queries import name_regions
from sla.queries import clocks_of_many
from tickets import queries
from tickets.models import Ticket
from tickets.states import OPEN, OfferState, TicketState
from tickets.views.answer import built, is_unchanged, version_of

SHOWN = 20
# Checks are shown this long before they are due: one call may settle several.
AHEAD = timedelta(minutes=30)
CAME_BACK = [OfferState.REFUSED, OfferState.TIMED_OUT]


@page("ticket.check")
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What waits for the desk, in the order in which it is done."""
    context = _waiting(request)
    if is_unchanged(request, context["version"]):
        return HttpResponse(status=204)
    template = "tickets/_desk.html" if request.htmx else "tickets/desk.html"
    return render(request, template, context)


def _waiting(request: ActorRequest) -> dict[str, Any]:
    actor, now = request.actor, timezone.now()
    checks = list(queries.checks_due(until=now + AHEAD)[:SHOWN])
    at_desk = queries.ticket_list(actor).filter(state=TicketState.NEW)
    back = list(at_desk.filter(offers__state__in=CAME_BACK).distinct()[:SHOWN])
    fresh = list(at_desk.exclude(offers__state__in=CAME_BACK).order_by("reported_at", "id")[:SHOWN])
    shown = {ticket.pk for ticket in [*back, *fresh]} | {check.ticket_id for check in checks}
    late = list(
        queries.ticket_list(actor)
        .filter(queries.has_late_clock(now), state__in=OPEN)
        .exclude(pk__in=shown)
        .order_by("reported_at", "id")[:SHOWN]
    )
    tickets = [*back, *fresh, *late, *(check.ticket for check in checks)]
    with_clocks(request, tickets)
    return {
        "checks": checks,
        "back": back,
        "fresh": fresh,
        "late": late,
        "callbacks_url": built("visits:callbacks_now"),
        "version": version_of(
            [(c.pk, c.due_at <= now) for c in checks],
            [(t.pk, t.version, mark(t)) for t in [*back, *fresh, *late]],
        ),
        "now": now,
    }


def with_clocks(request: ActorRequest, tickets: list[Ticket]) -> None:
    """Give each ticket its `clock`, the running one that is due first, `region` and `place`."""
    clocks = clocks_of_many(request.actor, "ticket", [ticket.pk for ticket in tickets])
    for ticket in tickets:
        live = [clock for clock in clocks.get(ticket.pk, []) if clock.is_live]
        vars(ticket)["clock"] = min(live, key=lambda clock: clock.due_at, default=None)
    name_regions(tickets)


def mark(ticket: Ticket) -> Any:
    """What of a row's clock makes the row another one."""
    clock = vars(ticket).get("clock")
    return clock and (clock.pk, clock.state, clock.due_at, clock.missed_at)
