"""With the signature the work is reported done: its words are those of the report."""

from __future__ import annotations

from core.actor import Actor
from core.tenancy import verb
from tickets import access as tickets
from tickets import services as ticket_services
from tickets.models import Ticket
from tickets.states import TicketState
from visits import services as visits
from visits.states import VisitState
from warranty.models import WorkReport

AT_WORK = frozenset({TicketState.HANDED_OVER, TicketState.ARRANGED, TicketState.WAITING})


def may_report_done(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor holds the work of a ticket that is still going on."""
    return ticket.state in AT_WORK and tickets.may(actor, ticket, "ticket.report_done")


@verb
def report_done(*, actor: Actor, report: WorkReport) -> None:
    """End the visit when the work ended, and the ticket with what was found and done."""
    ticket = report.ticket
    if ticket is None:
        return
    visit = report.visit
    is_there = visit is not None and visit.state == VisitState.ARRIVED
    if (
        visit is not None
        and is_there
        and visit.arrived_at is not None
        and report.finished_at is not None
    ):
        ended_at = max(report.finished_at, visit.arrived_at)
        visits.finish_visit(actor=actor, visit=visit, result=report.correction, at=ended_at)
    ticket_services.report_done(
        actor=actor, ticket=ticket, result=report.correction, cause=report.cause
    )
