"""What tickets do when a clock runs out, a message is out, or two customers become one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from core.actor import Actor
from core.states import locked
from core.tenancy import current_tenant_id, verb
from machines.models import Customer
from notifications.models import OutboxMessage
from notifications.wording import word
from sla.models import Clock, Step
from sla.states import HolderKind, Promise
from tickets.models import EntryKind, Ticket
from tickets.services import clocks, dispatch, story, telling
from tickets.states import TicketState, Visibility


@verb
def clock_warned(
    *, clock: Clock, step: Step, at: datetime, recipients: Iterable[User], **_more: Any
) -> None:
    """Remind whoever holds a promise before it falls due."""
    _clock_says("warned", clock, step, at, list(recipients))


@verb
def clock_breached(
    *, clock: Clock, step: Step, at: datetime, recipients: Iterable[User], **_more: Any
) -> None:
    """Mark the ticket; an offer nobody answered ends, and the desk has it again (R-020)."""
    ticket = _clock_says("breached", clock, step, at, list(recipients))
    if ticket is None:
        return
    if not ticket.has_breach:
        ticket.has_breach = True
        ticket.save(update_fields=["has_breach", "updated_at"])
    if clock.promise == Promise.ARRANGE and ticket.state == TicketState.OFFERED:
        dispatch.time_out_offer(actor=_system(), ticket=ticket, at=at)


@verb
def clock_escalated(
    *, clock: Clock, step: Step, at: datetime, recipients: Iterable[User], **_more: Any
) -> None:
    """Tell the next person up the ladder (R-030)."""
    _clock_says("escalated", clock, step, at, list(recipients))


@verb
def customer_merged(*, actor: Actor, source: Customer, target: Customer, **_more: Any) -> None:
    """Tickets of the record that is no more belong to the one that lives on."""
    for ticket in Ticket.objects.filter(customer=source).order_by("pk"):
        ticket = locked(ticket)
        ticket.customer = target
        story.keep(
            actor,
            ticket,
            "moved",
            ["customer"],
            at=story.instant(None),
            visibility=Visibility.INTERNAL,
            customer=target.number,
        )


@verb
def message_sent(*, message: OutboxMessage, **_more: Any) -> None:
    """What the customer was written stands in the story of the ticket it was about."""
    noun, _colon, ticket_id = message.subject.partition(":")
    if noun != clocks.SUBJECT:
        return
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None:
        return
    story.write(
        _system(),
        ticket,
        "message",
        at=story.instant(message.sent_at),
        kind=EntryKind.MESSAGE,
        text=word(message.event, message.params).body,
        address=message.address,
    )


def _clock_says(
    event: str, clock: Clock, step: Step, at: datetime, recipients: list[User]
) -> Ticket | None:
    """The line in the story and the bells of those the ladder names."""
    if clock.subject != clocks.SUBJECT:
        return None
    ticket = Ticket.objects.filter(pk=clock.subject_id).first()
    if ticket is None:
        return None
    ticket = locked(ticket)
    of_dealer = clock.holder_kind == HolderKind.DEALER and event != "escalated"
    story.write(
        _system(),
        ticket,
        event,
        at=at,
        visibility=Visibility.DEALER if of_dealer else Visibility.INTERNAL,
        promise=clock.promise,
        holder=clock.holder_label,
        told=[user.name for user in recipients],
    )
    telling.tell(
        recipients,
        event,
        ticket,
        family="sla",
        urgent=event == "escalated",
        cause=f"step:{step.pk}",
        promise=Promise(clock.promise).label,
        holder=clock.holder_label,
        due_at=clock.due_at,
    )
    return ticket


def _system() -> Actor:
    return Actor.system(current_tenant_id())
