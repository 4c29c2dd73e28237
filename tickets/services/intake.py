"""Taking a call in: numbered, answered, its clocks started, routed (R-094, R-099, R-100)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core import audit, phones
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.models import Tenant
from core.numbering import next_number
from core.options import option
from core.states import locked
from core.tenancy import current_tenant_id, verb
from dealers.models import Dealer
from knowledge.models import Severity, Symptom
from machines.models import Customer, Machine, ProductLine
from tickets import queries, rules
from tickets.models import Offer, Ticket
from tickets.services import clocks, dispatch, story, telling, urgent
from tickets.states import (
    OfferState,
    Team,
    TicketChannel,
    TicketState,
    Urgency,
    Visibility,
)


@verb
def register_ticket(
    *,
    actor: Actor,
    kind: str,
    summary: str,
    channel: str = TicketChannel.PHONE,
    urgency: str = Urgency.NORMAL,
    severity: str = Severity.GENERAL,
    customer: Customer | None = None,
    machine: Machine | None = None,
    product_line: ProductLine | None = None,
    symptom: Symptom | None = None,
    description: str = "",
    caller_name: str = "",
    caller_phone: str = "",
    region_code: str = "",
    address: str = "",
    wished_for: str = "",
    reported_at: datetime | None = None,
    route: bool = True,
) -> Ticket:
    """One numbered ticket; what the machine and the customer already say is not asked again.

    A dealer's own intake is filed with us in the same step and held by that dealer (R-100).
    """
    if not summary.strip():
        raise DomainError(_("Say in a few words what it is about."), field="summary")
    at = story.instant(reported_at)
    if machine is not None:
        customer = customer or machine.customer
        product_line = product_line or machine.model.line
    ticket = Ticket(
        number=next_number("T", _local_date(at)),
        kind=kind,
        summary=summary.strip(),
        channel=TicketChannel.DEALER if actor.is_dealer else channel,
        urgency=urgency,
        severity=severity,
        customer=customer,
        machine=machine,
        product_line=product_line,
        symptom=symptom,
        description=description.strip(),
        caller_name=caller_name.strip() or (customer.name if customer else ""),
        caller_phone=normal_phone(caller_phone),
        region_code=region_code or _known("region_code", machine, customer),
        address=address.strip() or _known("address", machine, customer),
        wished_for=wished_for.strip(),
        reported_at=at,
        created_by_id=actor.user_id,
    )
    if actor.dealer_id is not None:
        _file_own_intake(actor, ticket, at)
    else:
        ticket.save()
        story.write(actor, ticket, "registered", at=at, kind_of=ticket.kind)
    audit.record(actor, "ticket.registered", ticket, kind=kind, urgency=urgency)
    telling.customer(ticket, "registered")
    if actor.dealer_id is None:
        clocks.begin_at_desk(actor, ticket, at=at)
    if urgency == Urgency.URGENT:
        report_upward(actor, ticket, at=at)
    publish("ticket.registered", actor=actor, ticket=ticket)
    if route and actor.dealer_id is None:
        ticket = route_ticket(actor=actor, ticket=ticket, at=at)
    return ticket


@verb
def route_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Send a ticket at the desk where the rule says (R-099), or propose a dealer."""
    ticket = locked(ticket)
    at = story.instant(at)
    holder = rules.first_holder(
        kind=ticket.kind,
        is_unusual=bool(ticket.symptom and ticket.symptom.is_unusual),
        is_bought_in=bool(ticket.product_line and ticket.product_line.is_bought_in),
    )
    if ticket.state != TicketState.NEW or holder == Team.DESK:
        return ticket
    if holder != Team.DEALER:
        return dispatch.hand_over(actor=actor, ticket=ticket, team=holder, at=at)
    proposed = queries.next_dealers(ticket)
    if not proposed:
        story.write(actor, ticket, "no_dealer", at=at, visibility=Visibility.INTERNAL)
        return ticket
    if option("dispatch.auto_offer"):
        offer = dispatch.offer_ticket(
            actor=actor, ticket=ticket, dealer=proposed[0], is_automatic=True, at=at
        )
        return offer.ticket
    story.write(
        actor,
        ticket,
        "proposed",
        at=at,
        visibility=Visibility.INTERNAL,
        dealer=str(proposed[0]),
    )
    return ticket


def report_upward(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """An urgent case goes up at once, to management and the technical lead together (R-022)."""
    story.write(actor, ticket, "urgent", at=at, visibility=Visibility.INTERNAL)
    people = [*telling.management(), *telling.department(Team.TECHNICAL)]
    telling.tell(people, "urgent", ticket, urgent=True)
    urgent.ask_for_acknowledgement(actor, ticket, at=at)


def normal_phone(typed: str, *, field: str = "caller_phone") -> str:
    """The caller's number as it is stored; what cannot be one is said at its field."""
    if not typed.strip():
        return ""
    try:
        return phones.normalise(typed)
    except DomainError as error:
        error.field = field
        raise


def _file_own_intake(actor: Actor, ticket: Ticket, at: datetime) -> None:
    dealer = Dealer.objects.get(pk=actor.dealer_id or 0)
    ticket.state = TicketState.ACCEPTED
    ticket.team = Team.DEALER
    ticket.dealer = dealer
    ticket.handed_over_at = at
    ticket.save()
    Offer.objects.create(
        ticket=ticket,
        dealer=dealer,
        state=OfferState.ACCEPTED,
        offered_at=at,
        answered_at=at,
        answered_by_label=actor.label,
    )
    story.write(actor, ticket, "filed", at=at, dealer=str(dealer))
    clocks.begin_with_dealer(actor, ticket, at=at)
    telling.tell(telling.desk_people(ticket), "filed", ticket, dealer=str(dealer))


def _local_date(at: datetime) -> date:
    zone = Tenant.objects.values_list("time_zone", flat=True).get(pk=current_tenant_id())
    return at.astimezone(ZoneInfo(zone)).date()


def _known(name: str, machine: Machine | None, customer: Customer | None) -> str:
    """The first of machine and customer that knows it."""
    return next((value for thing in (machine, customer) if (value := getattr(thing, name, ""))), "")
