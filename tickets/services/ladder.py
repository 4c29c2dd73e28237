"""What rungs of a ladder do to a ticket: raise it, take it back; and who takes it on (R-030)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.events import publish
from core.states import locked
from core.tenancy import current_tenant_id, verb
from dealers.models import Dealer
from sla.firing import Firing
from sla.models import Clock
from sla.states import Promise, StepAction
from tickets import queries
from tickets.models import Ticket
from tickets.services import clocks, dispatch, intake, story, telling
from tickets.states import OPEN, OfferState, TicketState, Urgency, Visibility

NEXT_URGENCY: dict[str, Urgency] = {
    Urgency.NORMAL: Urgency.HIGH,
    Urgency.HIGH: Urgency.URGENT,
}
# A receiver has it and has settled nothing yet: from there it can be taken back.
UNARRANGED = (TicketState.OFFERED, TicketState.ACCEPTED, TicketState.HANDED_OVER)


@verb
def ladder_fired(*, firings: Sequence[Firing], at: datetime) -> None:
    """Do what the rungs say that are more than a message."""
    for firing in firings:
        deed = DEEDS.get(StepAction(firing.step.action))
        if deed is None or firing.clock.subject != clocks.SUBJECT:
            continue
        ticket = Ticket.objects.filter(pk=firing.clock.subject_id).first()
        if ticket is not None:
            deed(Actor.system(current_tenant_id()), locked(ticket), firing, at)


def raise_urgency(actor: Actor, ticket: Ticket, firing: Firing, at: datetime) -> None:
    """One degree up; what becomes urgent goes to management at once (R-022)."""
    higher = NEXT_URGENCY.get(ticket.urgency)
    if higher is None or ticket.state not in OPEN:
        return
    ticket.urgency = higher
    promise = firing.clock.promise
    story.keep(actor, ticket, "raised", ["urgency"], at=at, urgency=str(higher), promise=promise)
    if higher == Urgency.URGENT:
        intake.report_upward(actor, ticket, at=at)
    publish("ticket.edited", actor=actor, ticket=ticket, changed=["urgency"])


def reassign(actor: Actor, ticket: Ticket, firing: Firing, at: datetime) -> None:
    """Take it back from a receiver who settled nothing, and offer it to the next one.

    Without a next one the desk decides; supervisors hear of both.
    """
    if firing.clock.promise != Promise.ARRANGE or ticket.state not in UNARRANGED:
        return
    before, dealer = ticket.state, ticket.dealer
    answer = OfferState.TIMED_OUT if before == TicketState.OFFERED else OfferState.WITHDRAWN
    holder = clocks.holder_label(ticket, ticket.team)
    dispatch.back_to_desk(actor, ticket, answer, "reassigned", reason=holder, at=at)
    if dealer is not None:
        telling.tell(telling.dealer_people(dealer.pk), "withdrawn", ticket, reason="")
    following = _next_dealer(ticket) if dealer is not None else None
    people = [*telling.desk_people(ticket), *telling.supervisors()]
    telling.tell(people, "reassigned", ticket, holder=holder, dealer=str(following or ""))
    publish("ticket.taken_back", actor=actor, ticket=ticket, reason="reassigned")
    if following is not None:
        dispatch.offer_ticket(
            actor=actor, ticket=ticket, dealer=following, is_automatic=True, at=at
        )


def _next_dealer(ticket: Ticket) -> Dealer | None:
    """The best dealer who never had this ticket: two must not pass it to and fro."""
    had = set(ticket.offers.values_list("dealer_id", flat=True))
    return next((each for each in queries.next_dealers(ticket) if each.pk not in had), None)


Deed = Callable[[Actor, Ticket, Firing, datetime], None]
DEEDS: dict[StepAction, Deed] = {
    StepAction.RAISE: raise_urgency,
    StepAction.REASSIGN: reassign,
}


@verb
def clock_acknowledged(
    *, actor: Actor, clock: Clock, note: str, at: datetime, **_more: Any
) -> None:
    """Who takes a promise on stands in the ticket's story."""
    if clock.subject != clocks.SUBJECT:
        return
    ticket = Ticket.objects.filter(pk=clock.subject_id).first()
    if ticket is not None:
        story.write(
            actor,
            ticket,
            "acknowledged_with" if note else "acknowledged",
            at=at,
            visibility=Visibility.INTERNAL,
            promise=clock.promise,
            person=actor.label,
            note=note,
        )
