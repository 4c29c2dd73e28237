"""The work itself: who goes and when, waiting, delays, done (R-020, R-026 to R-028)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.states import locked, move
from core.tenancy import verb
from sla import services as sla
from sla.states import PauseReason, Promise
from tickets.models import Ticket
from tickets.rules import goes_on_as
from tickets.services import clocks, story, telling
from tickets.services.intake import normal_phone
from tickets.states import OPEN, TICKET_MOVES, Team, TicketKind, TicketState, Visibility

LONGEST_TEXT = 5000


@verb
def arrange(
    *,
    actor: Actor,
    ticket: Ticket,
    technician_name: str,
    visit_at: datetime,
    technician_phone: str = "",
    technician: User | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Name who goes and when; this alone stops the receiver's clock, and the customer is told."""
    ticket = locked(ticket)
    at = story.instant(at)
    if not technician_name.strip():
        raise DomainError(_("Name who goes."), field="technician_name")
    if visit_at < ticket.reported_at:
        raise DomainError(_("The visit cannot be before the call came in."), field="visit_at")
    phone = normal_phone(technician_phone, field="technician_phone")
    again = ticket.arranged_at is not None
    if ticket.state == TicketState.WAITING:
        clocks.go_on(actor, ticket, at=at)
    move(ticket, TICKET_MOVES, TicketState.ARRANGED)
    ticket.technician_name, ticket.technician_phone = technician_name.strip(), phone
    ticket.visit_at, ticket.arranged_at = visit_at, ticket.arranged_at or at
    ticket.assignee = technician or ticket.assignee
    story.keep(
        actor,
        ticket,
        "rearranged" if again else "arranged",
        ["state", "technician_name", "technician_phone", "visit_at", "arranged_at", "assignee"],
        at=at,
        technician=ticket.technician_name,
        visit_at=visit_at,
    )
    clocks.meet(actor, ticket, Promise.ARRANGE, at=at)
    clocks.answered(actor, ticket, "arrangement", at=at)
    if technician is not None and technician.pk != actor.user_id:
        telling.tell([technician], "assigned", ticket)
    telling.customer(
        ticket,
        "arranged",
        technician=ticket.technician_name,
        phone=phone,
        visit_at=visit_at,
    )
    publish("ticket.arranged", actor=actor, ticket=ticket, technician=technician)
    return ticket


@verb
def pause_ticket(
    *,
    actor: Actor,
    ticket: Ticket,
    reason: str,
    note: str = "",
    until: datetime | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The work waits for something named, perhaps until a planned end (R-026, R-029).

    Which promises stand still meanwhile says the table of `tickets.promises`.
    """
    ticket = locked(ticket)
    at = story.instant(at)
    if reason not in PauseReason.values:
        raise DomainError(_("Say what the work waits for."), field="reason")
    if until is not None and until <= at:
        raise DomainError(_("The planned end of the wait lies ahead."), field="until")
    move(ticket, TICKET_MOVES, TicketState.WAITING)
    planned: dict[str, Any] = {"until_at": until} if until else {}
    story.keep(
        actor,
        ticket,
        "paused_until" if until else "paused",
        ["state"],
        at=at,
        pause=str(reason),
        note=note,
        **planned,
    )
    clocks.wait(actor, ticket, reason=reason, note=note, until=until, at=at)
    publish("ticket.paused", actor=actor, ticket=ticket)
    return ticket


@verb
def resume_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Nothing is waited for any more; work goes on where it stood, an old arrangement holds."""
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.state != TicketState.WAITING:
        raise WrongState
    move(ticket, TICKET_MOVES, goes_on_as(ticket.team, is_arranged=ticket.visit_at is not None))
    story.keep(actor, ticket, "resumed", ["state"], at=at)
    clocks.go_on(actor, ticket, at=at)
    publish("ticket.resumed", actor=actor, ticket=ticket)
    return ticket


@verb
def note_arrival(
    *, actor: Actor, ticket: Ticket, technician: str, at: datetime | None = None
) -> Ticket:
    """Somebody stands at the machine: the arrival is kept, the repair is promised (R-025)."""
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.state not in OPEN:
        return ticket
    if ticket.state == TicketState.WAITING:
        # Whoever is there waits no longer.
        ticket = resume_ticket(actor=actor, ticket=ticket, at=at)
    story.write(actor, ticket, "arrived", at=at, technician=technician)
    story.touch(ticket)
    clocks.arrived(actor, ticket, technician=technician, at=at)
    return ticket


@verb
def note_departure(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """The technician has left before the work was done: it is the receiver's time again."""
    ticket = locked(ticket)
    if ticket.state in OPEN:
        clocks.pass_on(actor, ticket, ticket.team, at=story.instant(at))
    return ticket


@verb
def give_opinion(
    *, actor: Actor, ticket: Ticket, opinion: str, at: datetime | None = None
) -> Ticket:
    """Tell the complainant the verdict and what is done about it (R-027, R-106).

    A second opinion replaces the first; both stay in the story. It is an answer, too.
    """
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.kind != TicketKind.COMPLAINT:
        raise DomainError(_("Only a complaint is given an opinion."))
    if ticket.state not in OPEN:
        raise WrongState
    if not opinion.strip():
        raise DomainError(_("Write down the opinion."), field="opinion")
    if len(opinion.strip()) > LONGEST_TEXT:
        raise DomainError(_("At most 5,000 characters."), field="opinion")
    ticket.opinion, ticket.opinion_at = opinion.strip(), at
    story.keep(
        actor,
        ticket,
        "opinion",
        ["opinion", "opinion_at"],
        at=at,
        visibility=Visibility.CUSTOMER,
        opinion=ticket.opinion,
    )
    clocks.meet(actor, ticket, Promise.OPINION, at=at)
    clocks.answered(actor, ticket, "note", at=at)
    publish("ticket.opinion_given", actor=actor, ticket=ticket)
    return ticket


@verb
def announce_delay(
    *,
    actor: Actor,
    ticket: Ticket,
    promise: str,
    agreed_due_at: datetime,
    cause: str,
    consent: str,
    at: datetime | None = None,
) -> Ticket:
    """A promise that cannot be kept gets the later time that the customer agreed to (R-028).

    Only before its due time, only for what the customer was promised, and only by who sees the
    clock: the house, or the dealer that holds it.
    """
    ticket = locked(ticket)
    at = story.instant(at)
    clock = clocks.delayable(actor, ticket).filter(promise=promise).first()
    if clock is None:
        raise DomainError(_("Choose a promise that still runs."), field="promise")
    previous = clock.due_at
    sla.announce_delay(
        actor=actor,
        clock=clock,
        agreed_due_at=agreed_due_at,
        cause=cause.strip(),
        consent=consent.strip(),
        at=at,
    )
    story.keep(
        actor,
        ticket,
        "delayed",
        [],
        at=at,
        promise=str(promise),
        previous_at=previous,
        agreed_at=agreed_due_at,
        cause=cause.strip(),
        consent=consent.strip(),
    )
    telling.customer(ticket, "delayed", agreed_at=agreed_due_at, cause=cause.strip())
    publish("ticket.delayed", actor=actor, ticket=ticket, clock=clock)
    return ticket


@verb
def report_done(
    *,
    actor: Actor,
    ticket: Ticket,
    result: str,
    cause: str = "",
    at: datetime | None = None,
) -> Ticket:
    """The work is done, with its result; also a matter that the desk settled on the telephone."""
    ticket = locked(ticket)
    at = story.instant(at)
    if not result.strip():
        raise DomainError(_("Write down the result."), field="result")
    move(ticket, TICKET_MOVES, TicketState.DONE)
    ticket.result, ticket.done_at = result.strip(), at
    ticket.cause = cause.strip() or ticket.cause
    story.keep(
        actor,
        ticket,
        "done",
        ["state", "result", "cause", "done_at"],
        at=at,
        result=ticket.result,
    )
    clocks.kept_by_result(actor, ticket, at=at)
    clocks.end(actor, ticket, reason="done", at=at)
    if ticket.team != Team.DESK:
        telling.tell(telling.desk_people(ticket), "done", ticket)
    telling.customer(ticket, "done")
    publish("ticket.done", actor=actor, ticket=ticket)
    return ticket
