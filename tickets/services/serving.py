"""A dealer sees a customer while it holds a job of theirs (R-006)."""

from __future__ import annotations

from core.actor import Actor
from machines import services as machines
from tickets.models import Ticket


def begin(actor: Actor, ticket: Ticket) -> None:
    """The dealer that a ticket is offered to sees its customer and their machines."""
    if ticket.customer is not None and ticket.dealer is not None:
        machines.serve(actor=actor, dealer=ticket.dealer, customer=ticket.customer)


def end(actor: Actor, ticket: Ticket) -> None:
    """It sees them no longer, unless it sold to them or has another ticket of theirs."""
    if ticket.customer is None or ticket.dealer is None:
        return
    others = Ticket.objects.filter(customer=ticket.customer, dealer=ticket.dealer)
    if not others.exclude(pk=ticket.pk).exists():
        machines.stop_serving(actor=actor, dealer=ticket.dealer, customer=ticket.customer)
