"""The work itself: who goes and when, waiting, done (R-020, R-026)."""

from __future__ import annotations

from datetime import datetime

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
from tickets.services import clocks, story, telling
from tickets.services.intake import normal_phone
from tickets.states import TICKET_MOVES, Team, TicketState


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
    again = ticket.state in (TicketState.ARRANGED, TicketState.WAITING)
    if ticket.state == TicketState.WAITING:
        sla.resume_clocks(actor=actor, subject=clocks.SUBJECT, subject_id=ticket.pk, at=at)
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
    clocks.meet(actor, ticket, Promise.ARRANGE, Promise.FIRST_ANSWER, at=at)
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
    at: datetime | None = None,
) -> Ticket:
    """The work waits for something named; the promise of a solution stands still (R-026)."""
    ticket = locked(ticket)
    at = story.instant(at)
    if reason not in PauseReason.values:
        raise DomainError(_("Say what the work waits for."), field="reason")
    move(ticket, TICKET_MOVES, TicketState.WAITING)
    story.keep(actor, ticket, "paused", ["state"], at=at, pause=str(reason), note=note)
    # The desk's own check waits for nobody.
    sla.pause_clocks(
        actor=actor,
        subject=clocks.SUBJECT,
        subject_id=ticket.pk,
        reason=reason,
        note=note,
        promises=[Promise.ARRANGE, Promise.SOLUTION],
        at=at,
    )
    publish("ticket.paused", actor=actor, ticket=ticket)
    return ticket


@verb
def resume_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Nothing is waited for any more; the old arrangement holds."""
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.state != TicketState.WAITING:
        raise WrongState
    move(ticket, TICKET_MOVES, TicketState.ARRANGED)
    story.keep(actor, ticket, "resumed", ["state"], at=at)
    sla.resume_clocks(actor=actor, subject=clocks.SUBJECT, subject_id=ticket.pk, at=at)
    publish("ticket.resumed", actor=actor, ticket=ticket)
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
    at_desk = ticket.state == TicketState.NEW
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
    if at_desk:
        clocks.meet(actor, ticket, Promise.DISPATCH, at=at)
    clocks.meet(actor, ticket, Promise.FIRST_ANSWER, Promise.SOLUTION, at=at)
    clocks.end(actor, ticket, reason="done", at=at)
    if ticket.team != Team.DESK:
        telling.tell(telling.desk_people(ticket), "done", ticket)
    telling.customer(ticket, "done")
    publish("ticket.done", actor=actor, ticket=ticket)
    return ticket
