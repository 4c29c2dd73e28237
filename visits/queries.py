"""Reads of visits and callbacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.actor import Actor
from dealers.models import Dealer
from machines.models import CustomerPhone
from sla import queries as sla
from sla.models import Clock
from tickets import access as tickets
from tickets.models import Ticket
from tickets.services import facts
from visits import presence
from visits.access import visible_callbacks, visible_visits
from visits.models import Callback, CallbackAttempt, Visit
from visits.states import CallbackState

# So many of the queue are looked at for the next call that nobody else is making.
NEAREST = 50
RECENT = 5


def late_now(at: datetime | None = None) -> Q:
    """Calls that are still to be made and later than promised."""
    return Q(state=CallbackState.SCHEDULED, late_at__lte=at or timezone.now())


def with_facts(callbacks: QuerySet[Callback]) -> QuerySet[Callback]:
    """What lists and exports show of each, in one query."""
    return callbacks.select_related(
        "ticket__customer", "ticket__machine__model", "dealer", "called_by"
    )


def callbacks_now(actor: Actor, *, at: datetime | None = None) -> QuerySet[Callback]:
    """Calls to be made now, those that are late soonest first."""
    due = visible_callbacks(actor).filter(
        state=CallbackState.SCHEDULED, next_attempt_at__lte=at or timezone.now()
    )
    return with_facts(due).order_by("late_at", "id")


def callbacks_later(actor: Actor, *, at: datetime | None = None) -> QuerySet[Callback]:
    """Calls whose day or next attempt has not come yet."""
    later = visible_callbacks(actor).filter(
        state=CallbackState.SCHEDULED, next_attempt_at__gt=at or timezone.now()
    )
    return with_facts(later).order_by("next_attempt_at", "id")


def callbacks_made(actor: Actor) -> QuerySet[Callback]:
    """Calls that are over, answered or given up, the newest first."""
    made = visible_callbacks(actor).filter(
        state__in=[CallbackState.DONE, CallbackState.GIVEN_UP], called_at__isnull=False
    )
    return with_facts(made).order_by("-called_at", "-id")


def queue_counts(actor: Actor, *, at: datetime | None = None) -> dict[str, int]:
    """How many wait now, how many of them late, how many later: one query."""
    now = at or timezone.now()
    return (
        visible_callbacks(actor)
        .filter(state=CallbackState.SCHEDULED)
        .aggregate(
            now=Count("id", filter=Q(next_attempt_at__lte=now)),
            late=Count("id", filter=Q(late_at__lte=now)),
            later=Count("id", filter=Q(next_attempt_at__gt=now)),
        )
    )


def next_callback(actor: Actor, *, after: Callback | None = None) -> Callback | None:
    """The next one to call that no colleague is calling, for the clerk who has finished one."""
    waiting = callbacks_now(actor)
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    nearest = list(waiting[:NEAREST])
    taken = presence.callers(actor, nearest)
    return next((callback for callback in nearest if callback.pk not in taken), None)


def attempts(callback: Callback) -> QuerySet[CallbackAttempt]:
    return CallbackAttempt.objects.filter(callback=callback).order_by("-at", "-id")


def clocks_of(actor: Actor, callbacks: Iterable[Callback]) -> dict[int, Clock]:
    """The running promise of each callback that is still to be made, in one query."""
    ids = [callback.pk for callback in callbacks if callback.state == CallbackState.SCHEDULED]
    found = sla.clocks_of_many(actor, "callback", ids) if ids else {}
    return {pk: clock for pk, clocks in found.items() for clock in clocks if clock.is_live}


def phones_of(ticket: Ticket) -> list[str]:
    """The numbers to call: who called us first, then the customer's own, each once."""
    numbers = [ticket.caller_phone] if ticket.caller_phone else []
    if ticket.customer_id:
        known = CustomerPhone.objects.filter(customer_id=ticket.customer_id)
        numbers += known.order_by("-is_primary", "id").values_list("number", flat=True)
    return list(dict.fromkeys(numbers))


def recent_tickets(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """The other recent tickets of the same customer, to have them at hand in the talk."""
    if not ticket.customer_id:
        return []
    others = tickets.visible(actor).filter(customer_id=ticket.customer_id).exclude(pk=ticket.pk)
    return list(others.select_related("machine").order_by("-reported_at", "-id")[:RECENT])


def dealers_asked_about(actor: Actor) -> list[Dealer]:
    """Dealers with callbacks, for the filter."""
    asked = visible_callbacks(actor).filter(dealer__isnull=False).values("dealer_id")
    return list(Dealer.objects.filter(pk__in=asked).order_by("name"))


def visits_of(actor: Actor, ticket: Ticket) -> QuerySet[Visit]:
    return visible_visits(actor).filter(ticket=ticket).order_by("-planned_at", "-id")


def visit_list(actor: Actor) -> QuerySet[Visit]:
    """Visits with what lists show of them, the newest first."""
    return visible_visits(actor).select_related("ticket", "dealer")


def callbacks_of(actor: Actor, ticket: Ticket) -> QuerySet[Callback]:
    """The calls about a ticket; a dealer's people see none of them."""
    calls = visible_callbacks(actor).filter(ticket=ticket)
    return calls.select_related("called_by").order_by("-created_at", "-id")


def facts_of(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """What a policy may ask of callbacks: the facts of their tickets."""
    calls = dict(Callback.objects.filter(pk__in=list(ids)).values_list("pk", "ticket_id"))
    said = facts.facts_of(set(calls.values()))
    return {pk: said[ticket_id] for pk, ticket_id in calls.items() if ticket_id in said}
