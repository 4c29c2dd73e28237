"""The only gate to tickets: what an actor sees, and what their role may do with it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.roles import Role
from core.actor import Actor
from tickets.models import Ticket, TicketAttachment
from tickets.states import Team, Visibility

# What people of a department do with a ticket only while their department holds it.
TEAM_OF_ROLE: dict[str, str] = {
    Role.ENGINEER: Team.TECHNICAL,
    Role.TECHNICAL_MANAGER: Team.TECHNICAL,
    Role.FIELD_ENGINEER: Team.TECHNICAL,
    Role.SALES_REP: Team.SALES,
}
HOLDERS_WORK = frozenset(
    {
        "ticket.arrange",
        "ticket.report_done",
        "ticket.pause",
        "ticket.delay",
        "ticket.give_opinion",
    }
)


def visible(actor: Actor) -> QuerySet[Ticket]:
    """Tickets the actor may know of: dealers' people only those of their dealers (R-001)."""
    tickets = Ticket.objects.all()
    if actor.dealer_ids is not None:
        tickets = tickets.filter(dealer_id__in=actor.dealer_ids)
    return tickets


def may(actor: Actor, ticket: Ticket, permission: str) -> bool:
    """Whether the role grants it, and a department's people hold what they work on."""
    if not actor.may(permission):
        return False
    team = TEAM_OF_ROLE.get(actor.role)
    return team is None or permission not in HOLDERS_WORK or ticket.team == team


def get_ticket(actor: Actor, number: str, *, to: str = "ticket.view") -> Ticket:
    """The ticket of a number; unseen is 404, seen but not allowed is 403."""
    links = ("customer", "machine__model", "product_line", "symptom", "dealer", "assignee")
    ticket = get_object_or_404(visible(actor).select_related(*links), number=number)
    if not may(actor, ticket, to):
        raise PermissionDenied
    return ticket


def readable(actor: Actor) -> list[str]:
    """Whose lines of a story the actor may read: dealers never the internal ones."""
    everything = [Visibility.INTERNAL, Visibility.DEALER, Visibility.CUSTOMER]
    return [str(value) for value in (everything[1:] if actor.is_dealer else everything)]


def get_attachment(actor: Actor, public_id: UUID) -> TicketAttachment:
    """A file of a ticket that the actor sees, if it may be read by them."""
    if not actor.may("ticket.view"):
        raise PermissionDenied
    files = TicketAttachment.objects.filter(
        ticket__in=visible(actor), visibility__in=readable(actor)
    )
    return get_object_or_404(files.select_related("ticket"), public_id=public_id)
