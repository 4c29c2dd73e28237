"""How a ticket ends, and how it comes back: closed, cancelled, merged, reopened (R-095, R-105)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.states import locked, move
from core.tenancy import verb
from tickets import rules
from tickets.models import Ticket, TicketAttachment, TicketWatch
from tickets.services import clocks, dispatch, story, telling
from tickets.states import OPEN, TICKET_MOVES, OfferState, TicketState, Visibility

MISSING = {
    "result": _("A ticket closes only with its result in the register."),
    "cause": _("A complaint closes only when its cause is found and written down."),
}


@verb
def close_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """The result is confirmed; without one it stays open (R-095), a complaint's cause too."""
    ticket = locked(ticket)
    at = story.instant(at)
    move(ticket, TICKET_MOVES, TicketState.CLOSED)
    missing = rules.missing_for_close(kind=ticket.kind, result=ticket.result, cause=ticket.cause)
    if missing:
        raise DomainError(MISSING[missing], field=missing)
    ticket.closed_at = at
    story.keep(actor, ticket, "closed", ["state", "closed_at"], at=at)
    clocks.end(actor, ticket, reason="closed", at=at)
    publish("ticket.closed", actor=actor, ticket=ticket)
    return ticket


@verb
def reopen_ticket(
    *, actor: Actor, ticket: Ticket, reason: str, at: datetime | None = None
) -> Ticket:
    """The same number is open again; its story stays, its promises start anew (R-105)."""
    ticket = locked(ticket)
    at = story.instant(at)
    if ticket.state not in (TicketState.DONE, TicketState.CLOSED):
        raise WrongState
    dispatch.needs_reason(reason)
    move(ticket, TICKET_MOVES, TicketState.NEW)
    former = ticket.dealer
    dispatch.end_offer(actor, ticket, OfferState.WITHDRAWN, reason=reason, at=at)
    dispatch.clear_holder(actor, ticket)
    ticket.reopen_count += 1
    # What was found stays in the story; closing asks for a result of the new work.
    ticket.result, ticket.done_at, ticket.closed_at = "", None, None
    story.keep(
        actor,
        ticket,
        "reopened",
        [*dispatch.HOLDER, "result", "done_at", "closed_at", "reopen_count"],
        at=at,
        reason=reason,
        dealer=str(former or ""),
    )
    clocks.begin_at_desk(actor, ticket, at=at)
    telling.tell(telling.desk_people(ticket), "reopened", ticket, reason=reason)
    telling.customer(ticket, "reopened")
    publish("ticket.reopened", actor=actor, ticket=ticket, reason=reason)
    return ticket


@verb
def cancel_ticket(
    *, actor: Actor, ticket: Ticket, reason: str, at: datetime | None = None
) -> Ticket:
    """Nobody needs it any more; the reason stays in the register."""
    ticket = locked(ticket)
    at = story.instant(at)
    dispatch.needs_reason(reason)
    move(ticket, TICKET_MOVES, TicketState.CANCELLED)
    ticket.cancel_reason = reason.strip()[:200]
    _leave(actor, ticket, reason, at)
    story.keep(actor, ticket, "cancelled", ["state", "cancel_reason"], at=at, reason=reason)
    telling.customer(ticket, "cancelled", reason=reason)
    publish("ticket.cancelled", actor=actor, ticket=ticket, reason=reason)
    return ticket


@verb
def merge_ticket(
    *, actor: Actor, ticket: Ticket, into: Ticket, at: datetime | None = None
) -> Ticket:
    """Two tickets of one matter become one; files and watchers move, both stories stay."""
    if ticket.pk == into.pk:
        raise DomainError(_("A ticket cannot be merged into itself."), field="into")
    # In one order always, so that two merges never wait for each other in a circle.
    first, second = sorted([ticket, into], key=lambda each: each.pk)
    by_id = {each.pk: each for each in (locked(first), locked(second))}
    ticket, into = by_id[ticket.pk], by_id[into.pk]
    at = story.instant(at)
    if into.state not in OPEN:
        raise DomainError(_("Merge into a ticket that is still open."), field="into")
    move(ticket, TICKET_MOVES, TicketState.MERGED)
    ticket.merged_into = into
    clocks.merge(actor, ticket, into, at=at)
    _leave(actor, ticket, f"→ {into.number}", at)
    # Two hops are too many to follow: what was merged into this one points on.
    Ticket.objects.filter(merged_into=ticket).update(merged_into=into)
    TicketAttachment.objects.filter(ticket=ticket).update(ticket=into)
    for user_id in ticket.watches.values_list("user_id", flat=True):
        TicketWatch.objects.get_or_create(ticket=into, user_id=user_id)
    story.keep(
        actor,
        ticket,
        "merged",
        ["state", "merged_into"],
        at=at,
        visibility=Visibility.INTERNAL,
        into=into.number,
    )
    story.keep(
        actor,
        into,
        "merged_from",
        [],
        at=at,
        visibility=Visibility.INTERNAL,
        other=ticket.number,
    )
    publish("ticket.merged", actor=actor, ticket=ticket, into=into)
    return ticket


def _leave(actor: Actor, ticket: Ticket, reason: str, at: datetime) -> None:
    """Whoever held it is told, the offer and all promises end; the holder stays on record."""
    dispatch.end_offer(actor, ticket, OfferState.WITHDRAWN, reason=reason, at=at)
    clocks.end(actor, ticket, reason=ticket.state, at=at)
    if ticket.dealer_id is not None:
        people = telling.dealer_people(ticket.dealer_id)
        telling.tell(people, "cancelled", ticket, reason=reason)
