"""Who gets the ticket: offers and their answers, departments, back to the desk (R-019, R-020)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.states import locked, move
from core.tenancy import verb
from dealers.models import Dealer
from tickets.models import Offer, Ticket
from tickets.services import clocks, serving, story, telling
from tickets.states import (
    OFFER_MOVES,
    TICKET_MOVES,
    OfferState,
    Team,
    TicketState,
    Urgency,
    Visibility,
)

HOLDER: tuple[str, ...] = (
    "state",
    "team",
    "dealer",
    "assignee",
    "handed_over_at",
    "arranged_at",
    "visit_at",
)
HOLDER += ("technician_name", "technician_phone", "reassign_count")


class DealerInactive(DomainError):
    code = "ticket.dealer_inactive"
    field = "dealer"
    message = _("This dealer is not active and takes no tickets.")


@verb
def offer_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    dealer: Dealer,
    is_automatic: bool = False,
    at: datetime | None = None,
) -> Offer:
    """Offer a ticket to a dealer; its two hours to arrange begin now (R-020)."""
    return _offer(actor, locked(ticket), dealer, is_automatic, story.instant(at))


def _offer(actor: Actor, ticket: Ticket, dealer: Dealer, is_automatic: bool, at: datetime) -> Offer:
    if not dealer.is_active:
        raise DealerInactive
    before = ticket.state
    move(ticket, TICKET_MOVES, TicketState.OFFERED)
    if before == TicketState.HANDED_OVER:
        clocks.leave_receiver(actor, ticket, reason="offered", at=at)
        ticket.reassign_count += 1
    ticket.team, ticket.dealer, ticket.assignee = Team.DEALER, dealer, None
    ticket.handed_over_at = at
    offer = Offer.objects.create(
        ticket=ticket, dealer=dealer, is_automatic=is_automatic, offered_at=at
    )
    serving.begin(actor, ticket)
    people = telling.dealer_people(dealer.pk)
    event = "offered_by_rule" if is_automatic else "offered"
    told = {user.pk for user in people}
    story.keep(actor, ticket, event, HOLDER, at=at, told=told, dealer=str(dealer))
    clock = clocks.hand_over(actor, ticket, at=at)
    due_at = clock.due_at if clock else None
    urgent = ticket.urgency == Urgency.URGENT
    telling.tell(people, "offered", ticket, urgent=urgent, due_at=due_at)
    publish("ticket.offered", actor=actor, ticket=ticket, offer=offer)
    return offer


@verb
def withdraw_offer(
    *, actor: Actor, ticket: Ticket, reason: str, at: datetime | None = None
) -> Ticket:
    """Take an offer back before it is answered."""
    ticket = locked(ticket)
    if ticket.state != TicketState.OFFERED:
        raise WrongState
    needs_reason(reason)
    dealer = ticket.dealer
    back_to_desk(
        actor, ticket, OfferState.WITHDRAWN, "withdrawn", reason=reason, at=story.instant(at)
    )
    if dealer is not None:
        telling.tell(telling.dealer_people(dealer.pk), "withdrawn", ticket, reason=reason)
    return ticket


@verb
def accept_offer(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """A dealer takes the ticket; its clock runs on until it is arranged (R-020)."""
    ticket = locked(ticket)
    at = story.instant(at)
    move(ticket, TICKET_MOVES, TicketState.ACCEPTED)
    _answer(actor, ticket, OfferState.ACCEPTED, at=at)
    story.keep(actor, ticket, "accepted", ["state"], at=at, dealer=str(ticket.dealer))
    # What the customer was promised is in the dealer's hands from now on.
    clocks.pass_on(actor, ticket, ticket.team, at=at)
    clocks.answered(actor, ticket, "acceptance", at=at)
    publish("ticket.accepted", actor=actor, ticket=ticket)
    return ticket


@verb
def refuse_offer(
    *, actor: Actor, ticket: Ticket, reason: str, at: datetime | None = None
) -> Ticket:
    """Back to the desk with a reason; this dealer is not proposed again (R-020)."""
    ticket = locked(ticket)
    if ticket.state != TicketState.OFFERED:
        raise WrongState
    needs_reason(reason)
    dealer = str(ticket.dealer)
    back_to_desk(actor, ticket, OfferState.REFUSED, "refused", reason=reason, at=story.instant(at))
    people = telling.desk_people(ticket)
    telling.tell(people, "refused", ticket, dealer=dealer, reason=reason)
    publish("ticket.refused", actor=actor, ticket=ticket, reason=reason)
    return ticket


@verb
def time_out_offer(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Nobody answered in time: the mark stays with the dealer, the ticket is at the desk."""
    ticket = locked(ticket)
    if ticket.state != TicketState.OFFERED:
        raise WrongState
    dealer = str(ticket.dealer)
    back_to_desk(actor, ticket, OfferState.TIMED_OUT, "timed_out", reason="", at=story.instant(at))
    # The dealer's clock ended here with its ladder, so the supervisor is told here too.
    people = [*telling.desk_people(ticket), *telling.supervisors()]
    telling.tell(people, "timed_out", ticket, dealer=dealer)
    publish("ticket.timed_out", actor=actor, ticket=ticket)
    return ticket


@verb
def hand_over(
    *,
    actor: Actor,
    ticket: Ticket,
    team: str,
    assignee: User | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Give the ticket to the technical department or the sales representative (R-099)."""
    ticket = locked(ticket)
    at = story.instant(at)
    if team not in (Team.TECHNICAL, Team.SALES):
        raise DomainError(_("Choose a department."), field="team")
    if ticket.state != TicketState.NEW:
        raise WrongState
    move(ticket, TICKET_MOVES, TicketState.HANDED_OVER)
    ticket.team, ticket.assignee, ticket.dealer = team, assignee, None
    ticket.handed_over_at = at
    people = [assignee] if assignee else telling.department(team)
    told = {user.pk for user in people}
    event, person = "handed_over", {}
    if assignee:
        event, person = "handed_over_to", {"person": assignee.name}
    story.keep(actor, ticket, event, HOLDER, at=at, told=told, team=str(team), **person)
    clocks.hand_over(actor, ticket, at=at)
    telling.tell(people, "assigned", ticket, urgent=ticket.urgency == Urgency.URGENT)
    publish("ticket.handed_over", actor=actor, ticket=ticket)
    return ticket


@verb
def take_back(*, actor: Actor, ticket: Ticket, reason: str, at: datetime | None = None) -> Ticket:
    """The desk takes the ticket back from whoever holds it, with a reason."""
    ticket = locked(ticket)
    if ticket.state in (TicketState.DONE, TicketState.CLOSED):
        raise WrongState  # that is reopening, which keeps other things
    needs_reason(reason)
    dealer = ticket.dealer
    back_to_desk(
        actor, ticket, OfferState.WITHDRAWN, "taken_back", reason=reason, at=story.instant(at)
    )
    if dealer is not None:
        telling.tell(telling.dealer_people(dealer.pk), "withdrawn", ticket, reason=reason)
    publish("ticket.taken_back", actor=actor, ticket=ticket, reason=reason)
    return ticket


@dataclass
class Bulk:
    """What became of each ticket of a bulk step."""

    done: list[Ticket] = field(default_factory=list)
    refused: list[tuple[Ticket, str]] = field(default_factory=list)


@verb
def assign_tickets(
    *,
    actor: Actor,
    tickets: Sequence[Ticket],
    dealer: Dealer | None = None,
    team: str | None = None,
) -> Bulk:
    """Offer or hand over many at once; one that cannot says why and holds up no other."""
    if (dealer is None) == (team is None):
        raise DomainError(_("Choose a dealer or a department."), field="dealer")
    bulk = Bulk()
    # Always in the same order, so that two bulk steps never wait for each other in a circle.
    for ticket in sorted(tickets, key=lambda each: each.pk):
        try:
            with transaction.atomic():
                if dealer is not None:
                    offer_ticket(actor=actor, ticket=ticket, dealer=dealer)
                else:
                    hand_over(actor=actor, ticket=ticket, team=team or "")
            bulk.done.append(ticket)
        except DomainError as error:
            bulk.refused.append((ticket, str(error)))
    return bulk


def needs_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("Give a reason."), field="reason")


def back_to_desk(
    actor: Actor, ticket: Ticket, answer: str, event: str, *, reason: str, at: datetime
) -> None:
    """A locked ticket leaves whoever held it; the desk's clock starts anew."""
    dealer = str(ticket.dealer or "")
    was_waiting = ticket.state == TicketState.WAITING
    move(ticket, TICKET_MOVES, TicketState.NEW)
    end_offer(actor, ticket, answer, reason=reason, at=at)
    clear_holder(actor, ticket)
    ticket.reassign_count += 1
    story.keep(
        actor,
        ticket,
        event,
        HOLDER,
        at=at,
        # The dealer no longer sees the ticket; what it said is for the desk.
        visibility=Visibility.INTERNAL,
        dealer=dealer,
        reason=reason,
    )
    clocks.back_at_desk(actor, ticket, reason=event, was_waiting=was_waiting, at=at)


def clear_holder(actor: Actor, ticket: Ticket) -> None:
    serving.end(actor, ticket)
    ticket.team, ticket.dealer, ticket.assignee = Team.DESK, None, None
    ticket.handed_over_at = ticket.arranged_at = ticket.visit_at = None
    ticket.technician_name = ticket.technician_phone = ""


def end_offer(actor: Actor, ticket: Ticket, state: str, *, reason: str, at: datetime) -> None:
    """End the live offer, if there is one."""
    if ticket.offers.filter(state__in=[OfferState.OFFERED, OfferState.ACCEPTED]).exists():
        _answer(actor, ticket, state, reason=reason, at=at)


def _answer(actor: Actor, ticket: Ticket, state: str, *, at: datetime, reason: str = "") -> None:
    offer = ticket.offers.filter(state__in=[OfferState.OFFERED, OfferState.ACCEPTED]).first()
    if offer is None:
        raise WrongState
    move(offer, OFFER_MOVES, state)
    offer.answered_at = at
    offer.answered_by_label = actor.label
    offer.reason = reason[:200]
    offer.save(update_fields=["state", "answered_at", "answered_by_label", "reason"])
