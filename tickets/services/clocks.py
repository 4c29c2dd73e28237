"""The ticket's promises, as clocks of sla, which knows no ticket (R-019 to R-024)."""

from __future__ import annotations

from datetime import datetime

from core.actor import Actor
from sla import services as sla
from sla.models import Clock
from sla.states import HolderKind, Promise
from tickets.models import SupervisionCheck, Ticket
from tickets.states import Team

SUBJECT = "ticket"

HOLDERS: dict[str, HolderKind] = {
    Team.DESK: HolderKind.DESK,
    Team.DEALER: HolderKind.DEALER,
    Team.TECHNICAL: HolderKind.TECHNICAL,
    Team.SALES: HolderKind.SALES,
}
# Departments on a clock, in the words of the source: each reader gets his own language from
# `core.words.named`. The same words are the labels of `tickets.states.Team`.
DESK_LABEL = "Service desk"
DEPARTMENTS = {
    Team.DESK: DESK_LABEL,
    Team.TECHNICAL: "Technical department",
    Team.SALES: "Sales representative",
}


def facts(ticket: Ticket) -> dict[str, str]:
    """What a policy may ask of a ticket."""
    return {
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "severity": ticket.severity,
        "channel": ticket.channel,
        "team": ticket.team,
        "region": ticket.region_code[:2],
        "product_line": ticket.product_line.code if ticket.product_line else "",
        "customer_class": ticket.customer.customer_class if ticket.customer else "",
    }


def start(
    actor: Actor, ticket: Ticket, promise: Promise, *, at: datetime, by_desk: bool = False
) -> Clock | None:
    """Start a promise of whoever holds the ticket now, or of the desk."""
    team = Team.DESK if by_desk else ticket.team
    return sla.start_clock(
        actor=actor,
        subject=SUBJECT,
        subject_id=ticket.pk,
        subject_number=ticket.number,
        promise=promise,
        holder_kind=HOLDERS[team],
        holder_label=holder_label(ticket, team),
        holder_dealer_id=ticket.dealer_id if team == Team.DEALER else None,
        facts=facts(ticket),
        at=at,
    )


def holder_label(ticket: Ticket, team: str) -> str:
    """The name of whoever holds it, as it is kept on clocks and checks."""
    if team == Team.DEALER and ticket.dealer:
        return str(ticket.dealer)
    if team != Team.DESK and ticket.assignee:
        return ticket.assignee.name
    return DEPARTMENTS[Team(team)]


def meet(actor: Actor, ticket: Ticket, *promises: Promise, at: datetime) -> None:
    for promise in promises:
        sla.meet_clock(actor=actor, subject=SUBJECT, subject_id=ticket.pk, promise=promise, at=at)


def cancel(actor: Actor, ticket: Ticket, *promises: Promise, reason: str, at: datetime) -> None:
    """Cancel some promises, or all that still run."""
    sla.cancel_clocks(
        actor=actor,
        subject=SUBJECT,
        subject_id=ticket.pk,
        promises=list(promises) or None,
        reason=reason,
        at=at,
    )


def begin_at_desk(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """A new or reopened ticket: the desk's hours run, and the customer waits for an answer."""
    start(actor, ticket, Promise.DISPATCH, at=at, by_desk=True)
    start(actor, ticket, Promise.FIRST_ANSWER, at=at, by_desk=True)
    start(actor, ticket, Promise.SOLUTION, at=at, by_desk=True)


def hand_over(actor: Actor, ticket: Ticket, *, at: datetime) -> Clock | None:
    """The receiver's two hours begin, and the desk's own check is due four hours later."""
    meet(actor, ticket, Promise.DISPATCH, at=at)
    arrange = start(actor, ticket, Promise.ARRANGE, at=at)
    check = start(actor, ticket, Promise.CHECK, at=at, by_desk=True)
    if check is not None:
        SupervisionCheck.objects.create(
            ticket=ticket,
            holder_label=holder_label(ticket, ticket.team),
            due_at=check.due_at,
        )
    return arrange


def leave_receiver(actor: Actor, ticket: Ticket, *, reason: str, at: datetime) -> None:
    """Whoever held it holds it no longer: their promise and the check on them end."""
    cancel(actor, ticket, Promise.ARRANGE, Promise.CHECK, reason=reason, at=at)
    _drop_check(ticket)


def back_at_desk(actor: Actor, ticket: Ticket, *, reason: str, at: datetime) -> None:
    """Refused, timed out or taken back: the desk's dispatch clock starts anew."""
    leave_receiver(actor, ticket, reason=reason, at=at)
    start(actor, ticket, Promise.DISPATCH, at=at, by_desk=True)


def end(actor: Actor, ticket: Ticket, *, reason: str, at: datetime) -> None:
    """Nothing is owed any more."""
    cancel(actor, ticket, reason=reason, at=at)
    _drop_check(ticket)


def _drop_check(ticket: Ticket) -> None:
    ticket.checks.filter(checked_at=None, is_cancelled=False).update(is_cancelled=True)
