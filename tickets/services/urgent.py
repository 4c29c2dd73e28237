"""An urgent case: management and the technical lead must say that they know of it (R-022)."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from core.states import locked
from core.tenancy import verb
from sla import services as sla
from sla.models import Clock
from sla.states import LIVE, HolderKind, Promise
from tickets.models import Ticket
from tickets.services import clocks

# As departments are: kept in the words of the source (see `core.words.named`).
MANAGEMENT_LABEL = "Management"


def ask_for_acknowledgement(actor: Actor, ticket: Ticket, *, at: datetime) -> Clock | None:
    """Start the promise that management acknowledges, where a policy names it."""
    return sla.start_clock(
        actor=actor,
        subject=clocks.SUBJECT,
        subject_id=ticket.pk,
        subject_number=ticket.number,
        promise=Promise.ACKNOWLEDGE,
        holder_kind=HolderKind.MANAGEMENT,
        holder_label=MANAGEMENT_LABEL,
        facts=clocks.facts(ticket),
        at=at,
    )


@verb
def acknowledge_urgent(
    *, actor: Actor, ticket: Ticket, note: str = "", at: datetime | None = None
) -> Ticket:
    """Somebody of those told knows of the urgent case; a second time changes nothing."""
    ticket = locked(ticket)
    waiting = Clock.objects.filter(
        subject=clocks.SUBJECT,
        subject_id=ticket.pk,
        promise=Promise.ACKNOWLEDGE,
        state__in=LIVE,
    ).first()
    if waiting is not None:
        sla.acknowledge(actor=actor, clock=waiting, note=note, at=at)
    return ticket
