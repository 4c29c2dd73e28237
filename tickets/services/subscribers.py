"""What tickets do when a clock runs out, a message is out, or two customers become one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.actor import Actor
from core.states import locked
from core.tenancy import current_tenant_id, verb
from machines.models import Customer
from notifications import services as notifications
from notifications.models import OutboxMessage
from notifications.services import Told
from notifications.wording import word
from sla.firing import Firing
from sla.models import Clock
from sla.states import Promise, StepAction
from tickets.models import EntryKind, Ticket
from tickets.services import clocks, dispatch, story, telling
from tickets.states import TicketState, Visibility

# What the story and the bell call each step of a clock.
EVENTS: dict[str, str] = {
    StepAction.WARN: "warned",
    StepAction.BREACH: "breached",
    StepAction.ESCALATE: "escalated",
    StepAction.REMIND: "reminded",
}

# What lines and bells say of a ticket; the rest of a wide row stays where it is.
NAMED = (
    "number",
    "summary",
    "caller_name",
    "customer",
    "visit_at",
    "technician_name",
    "technician_phone",
    "result",
    "state",
    "has_breach",
)


@verb
def clocks_fired(*, firings: Sequence[Firing], at: datetime) -> None:
    """Lines, bells and marks of all tickets whose clocks fired, in a few statements (R-030).

    An offer that nobody answered ends, and the desk has the ticket again (R-020).
    """
    ours = [
        firing
        for firing in firings
        if firing.clock.subject == clocks.SUBJECT and firing.step.action in EVENTS
    ]
    tickets = _tickets_of(ours)
    ours = [firing for firing in ours if firing.clock.subject_id in tickets]
    if not ours:
        return
    lines, told, late = [], [], {}
    for firing in ours:
        ticket = tickets[firing.clock.subject_id]
        lines.append(_line(ticket, firing))
        told += _bells(ticket, firing)
        if firing.step.action == StepAction.BREACH:
            late[ticket.pk] = ticket
    story.write_all(_system(), lines, at=at)
    notifications.notify_all(told=told)
    unmarked = [pk for pk, ticket in late.items() if not ticket.has_breach]
    Ticket.objects.filter(pk__in=unmarked).update(has_breach=True, updated_at=timezone.now())
    for firing in ours:
        ticket = tickets[firing.clock.subject_id]
        if _ends_an_offer(ticket, firing):
            dispatch.time_out_offer(actor=_system(), ticket=ticket, at=at)


@verb
def clock_reapplied(
    *, actor: Actor, clock: Clock, previous_due_at: datetime, at: datetime, **_more: Any
) -> None:
    """The story says that a promise now follows the policy of today (R-002)."""
    ticket = Ticket.objects.filter(pk=clock.subject_id).first()
    if clock.subject != clocks.SUBJECT or ticket is None:
        return
    if clock.promise == Promise.CHECK:
        ticket.checks.filter(checked_at=None, is_cancelled=False).update(due_at=clock.due_at)
    policy = clock.policy
    story.write(
        actor,
        ticket,
        "reapplied",
        at=at,
        visibility=Visibility.INTERNAL,
        promise=clock.promise,
        policy=f"{policy.name} {clock.policy_version}" if policy else "",
        previous_at=previous_due_at,
        due_at=clock.due_at,
    )


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


def _tickets_of(firings: Sequence[Firing]) -> dict[int, Ticket]:
    """The tickets, locked in the order of all who lock many; the sweep has them already."""
    ids = {firing.clock.subject_id for firing in firings}
    rows = Ticket.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    named = rows.select_related("customer").only(*NAMED, "customer__name")
    return {ticket.pk: ticket for ticket in named}


def _event(firing: Firing) -> str:
    return "waited" if firing.step.is_wait else EVENTS[firing.step.action]


def _line(ticket: Ticket, firing: Firing) -> dict[str, Any]:
    clock, event = firing.clock, _event(firing)
    # A dealer's technician is the dealer's man: it reads what becomes of his time.
    of_dealer = clock.holder_dealer_id is not None and event != "escalated"
    return {
        "ticket_id": ticket.pk,
        "event": event,
        "visibility": Visibility.DEALER if of_dealer else Visibility.INTERNAL,
        "params": {
            "promise": clock.promise,
            "holder": clock.holder_label,
            "told": firing.step.told,
        },
    }


def _bells(ticket: Ticket, firing: Firing) -> list[Told]:
    """Whom the ladder names; what comes late comes with others and leaves as one letter."""
    clock, event = firing.clock, _event(firing)
    # All that stands still with a ticket is waited for together: one bell for the wait.
    wait = f"wait:{ticket.pk}:{firing.step.at.isoformat()}"
    return telling.told(
        firing.recipients,
        event,
        ticket,
        family="sla",
        urgent=event == "escalated" and not firing.is_late,
        bundle="sla" if firing.is_late else "",
        cause=wait if firing.step.is_wait else f"step:{firing.step.pk}",
        promise=Promise(clock.promise).label,
        holder=clock.holder_label,
        due_at=clock.due_at,
    )


def _ends_an_offer(ticket: Ticket, firing: Firing) -> bool:
    is_unanswered = (
        firing.step.action == StepAction.BREACH and firing.clock.promise == Promise.ARRANGE
    )
    return is_unanswered and ticket.state == TicketState.OFFERED


def _system() -> Actor:
    return Actor.system(current_tenant_id())
