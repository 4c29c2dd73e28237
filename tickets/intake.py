"""What the desk sees while somebody calls, and the one verb that saves the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import phones, search
from core.actor import Actor
from core.errors import DomainError
from core.options import option
from core.tenancy import verb
from dealers import regions
from dealers.models import Dealer
from dealers.queries import dealers_for, region_name
from knowledge.models import Severity, Symptom
from machines import services as machine_services
from machines.models import Customer, Machine, ProductModel
from machines.queries import (
    covered_until,
    customer_list,
    machine_list,
    matching_customers,
    matching_machines,
)
from machines.rules import clean_plate, clean_serial
from tickets import queries, rules, services
from tickets.models import Ticket
from tickets.states import Team, TicketChannel

NEW, NONE = "new", ""
MOST_SHOWN = 6
MOST_MACHINES = 12
MOST_DEALERS = 4
SHORTEST_SERIAL = 3


@dataclass(frozen=True)
class Protection:
    """Whether a machine is within its coverage months, counted from the day of sale."""

    machine: Machine
    sold_on: date | None
    months: int
    ends_on: date | None
    is_within: bool | None


@dataclass(frozen=True)
class Route:
    """One way to hand the ticket over, as a choice on the call page."""

    value: str
    label: str
    note: str = ""
    phone: str = ""


@dataclass
class Look:
    """Everything the page shows beside the typed words; built anew at each change."""

    phone: str = ""
    customers: list[Customer] = field(default_factory=list)
    customer: str = NEW
    chosen: Customer | None = None
    who_for: str = ""
    machines: list[Machine] = field(default_factory=list)
    machine: str = NONE
    chosen_machine: Machine | None = None
    machines_for: str = ""
    new_serial: str = ""
    model: ProductModel | None = None
    symptom: Symptom | None = None
    symptoms: list[Symptom] = field(default_factory=list)
    open_tickets: list[Ticket] = field(default_factory=list)
    protection: Protection | None = None
    region_code: str = ""
    region: str = ""
    address: str = ""
    routes: list[Route] = field(default_factory=list)
    route: str = "rule"


def look(actor: Actor, data: Mapping[str, Any]) -> Look:
    """Read what is known about a half-typed call; never fails on what is not there yet."""
    typed = {name: str(data.get(name) or "").strip() for name in _READ}
    seen = Look(phone=_phone(typed["caller_phone"]))
    by_serial, similar = _machines_named(actor, typed["serial"])
    _who(actor, seen, typed, by_serial)
    _which(actor, seen, typed, by_serial, similar)
    _what(seen, typed)
    _where(seen, typed)
    seen.open_tickets = queries.duplicates(
        actor, customer=seen.chosen, machine=seen.chosen_machine, phone=seen.phone
    )
    if seen.chosen_machine:
        seen.protection = protection(seen.chosen_machine)
    seen.routes = _routes(seen, typed)
    wanted = typed["route"] or "rule"
    seen.route = wanted if wanted in {r.value for r in seen.routes} else "rule"
    return seen


_READ = (
    "caller_phone",
    "caller_name",
    "customer",
    "who_for",
    "machine",
    "machines_for",
    "serial",
    "model",
    "symptom",
    "kind",
    "region_code",
    "address",
    "route",
)


def _phone(text: str) -> str:
    try:
        return phones.normalise(text) if text else ""
    except DomainError:
        return ""


def _who(actor: Actor, seen: Look, typed: dict[str, str], by_serial: Machine | None) -> None:
    people = customer_list(actor)
    if seen.phone:
        seen.customers = list(people.filter(phones__number=seen.phone)[:MOST_SHOWN])
    certain = seen.customers[0].number if len(seen.customers) == 1 else ""
    if by_serial and by_serial.customer and not seen.customers:
        # Somebody else's telephone, but the owner's machine.
        seen.customers = [by_serial.customer]
        certain = by_serial.customer.number
    if not seen.customers and len(typed["caller_name"]) >= search.SHORTEST:
        seen.customers = list(matching_customers(actor, people, typed["caller_name"])[:MOST_SHOWN])
    default = certain or NEW
    decided = typed["customer"]
    asked_for, _bar, offered = typed["who_for"].partition("|")
    is_own_choice = asked_for == typed["caller_phone"] and decided != offered
    if not typed["who_for"]:
        is_own_choice = bool(decided)  # a link that names the customer
    seen.customer = decided if is_own_choice else default
    if seen.customer not in (NEW, NONE):
        seen.chosen = next((c for c in seen.customers if c.number == seen.customer), None)
        if seen.chosen is None:
            seen.chosen = people.filter(number=seen.customer).first()
            if seen.chosen:
                seen.customers.insert(0, seen.chosen)
        if seen.chosen is None:
            seen.customer = default
    seen.who_for = f"{typed['caller_phone']}|{default}"


def _machines_named(actor: Actor, text: str) -> tuple[Machine | None, list[Machine]]:
    """The machine with exactly this serial or plate, and those that merely have it inside."""
    serial, plate = clean_serial(text), clean_plate(text)
    if not serial:
        return None, []
    machines = machine_list(actor)
    exact = machines.filter(serial_number=serial).first()
    exact = exact or machines.filter(plate=plate).first()
    if exact or len(serial) < SHORTEST_SERIAL:
        return exact, []
    return None, list(matching_machines(actor, machines, text)[:MOST_SHOWN])


def _which(
    actor: Actor,
    seen: Look,
    typed: dict[str, str],
    by_serial: Machine | None,
    similar: list[Machine],
) -> None:
    if seen.chosen:
        own = machine_list(actor).filter(customer=seen.chosen).order_by("-sold_on", "-pk")
        seen.machines = list(own[:MOST_MACHINES])
    for machine in [*([by_serial] if by_serial else []), *similar]:
        if machine not in seen.machines:
            seen.machines.append(machine)
    is_typed = bool(typed["serial"])
    seen.new_serial = typed["serial"] if is_typed and by_serial is None else ""
    if by_serial:
        default = by_serial.serial_number
    elif is_typed:
        default = NEW
    else:
        default = seen.machines[0].serial_number if len(seen.machines) == 1 else NONE
    asked_for, _bar, offered = typed["machines_for"].rpartition("|")
    now = f"{seen.customer}|{typed['serial']}"
    is_own_choice = asked_for == now and typed["machine"] != offered
    if not typed["machines_for"]:
        is_own_choice = bool(typed["machine"])
    seen.machine = typed["machine"] if is_own_choice else default
    by_number = {machine.serial_number: machine for machine in seen.machines}
    if seen.machine not in (NEW, NONE) and seen.machine not in by_number:
        named, _others = _machines_named(actor, seen.machine)
        if named:
            seen.machines.insert(0, named)
            by_number[named.serial_number] = named
            seen.machine = named.serial_number
        else:
            seen.machine = default
    seen.chosen_machine = by_number.get(seen.machine)
    seen.machines_for = f"{now}|{default}"
    if typed["model"] and seen.chosen_machine is None:
        models = ProductModel.objects.select_related("line")
        seen.model = models.filter(code=typed["model"]).first()


def _what(seen: Look, typed: dict[str, str]) -> None:
    line = seen.chosen_machine.model.line if seen.chosen_machine else None
    line = line or (seen.model.line if seen.model else None)
    known = Symptom.objects.filter(is_active=True)
    if line:
        known = known.filter(product_line_code__in=["", line.code])
    seen.symptoms = list(known)
    seen.symptom = symptom_named(seen.symptoms, typed["symptom"])


def symptom_named(known: list[Symptom], text: str) -> Symptom | None:
    """The agreed name that was typed, in either language or by its code."""
    wanted = phones.half_width(text).casefold()
    if not wanted:
        return None
    for symptom in known:
        if wanted in {s.casefold() for s in (symptom.name, symptom.name_en, symptom.code)}:
            return symptom
    return None


def _where(seen: Look, typed: dict[str, str]) -> None:
    """The place: as typed, else where the machine stands, else where the customer lives."""
    known = [thing for thing in (seen.chosen_machine, seen.chosen) if thing]
    if typed["region_code"]:
        try:
            seen.region_code = regions.resolve(typed["region_code"])
        except DomainError:
            seen.region_code = ""
    else:
        seen.region_code = next((thing.region_code for thing in known if thing.region_code), "")
    seen.address = typed["address"] or next((t.address for t in known if t.address), "")
    seen.region = region_name(seen.region_code)


def protection(machine: Machine, on: date | None = None) -> Protection:
    """The machine's coverage, else counted from the sale: a hint, no decision about a claim."""
    months, sold_on = machine.model.coverage_months, machine.sold_on
    ends_on = covered_until([machine]).get(machine.pk)
    is_within = None if ends_on is None else (on or timezone.localdate()) <= ends_on
    return Protection(machine, sold_on, months, ends_on, is_within)


def _routes(seen: Look, typed: dict[str, str]) -> list[Route]:
    line = seen.chosen_machine.model.line if seen.chosen_machine else None
    line = line or (seen.model.line if seen.model else None)
    dealers = dealers_for(
        region_code=seen.region_code, product_line_code=line.code if line else ""
    )[:MOST_DEALERS]
    team = rules.first_holder(
        kind=typed["kind"] or "repair",
        is_unusual=bool(seen.symptom and seen.symptom.is_unusual),
        is_bought_in=bool(line and line.is_bought_in),
    )
    by_rule = _by_rule(team, dealers, seen)
    return [
        by_rule,
        *(
            Route(dealer.number, str(dealer), dealer.contact_name, dealer.phone)
            for dealer in dealers
            if str(dealer) != by_rule.label  # named first already
        ),
        Route(Team.TECHNICAL, str(Team.TECHNICAL.label)),
        Route(Team.SALES, str(Team.SALES.label)),
        Route(Team.DESK, _("Keep at the desk for now")),
    ]


def _by_rule(team: str, dealers: list[Dealer], seen: Look) -> Route:
    """What happens without a choice, said before it happens."""
    if team == Team.TECHNICAL:
        return Route("rule", str(Team.TECHNICAL.label), _("An unusual fault goes there."))
    if team == Team.SALES:
        return Route("rule", str(Team.SALES.label), _("Bought-in goods go there."))
    if team == Team.DESK:
        return Route("rule", str(Team.DESK.label), _("The desk settles this kind itself."))
    if not seen.region_code:
        return Route("rule", str(Team.DESK.label), _("Without a region no dealer is known."))
    if not dealers:
        return Route("rule", str(Team.DESK.label), _("No dealer answers for this region."))
    first = dealers[0]
    if not option("dispatch.auto_offer"):
        note = _("%(dealer)s is proposed; you offer it yourself.") % {"dealer": first}
        return Route("rule", str(Team.DESK.label), note)
    note = _("Answers for this region; offered at once.")
    return Route("rule", f"{first}", note, first.phone)


@verb
def take_call(*, actor: Actor, seen: Look, typed: Mapping[str, Any]) -> Ticket:
    """Save a call whole: a new customer and machine where needed, the ticket, its route.

    `typed` is the cleaned data of the form; raises DomainError with the field it belongs to.
    """
    customer = seen.chosen
    region_code = typed["region_code"] or seen.region_code
    address = typed["address"] or seen.address
    if seen.customer == NEW:
        customer = machine_services.create_customer(
            actor=actor,
            name=typed["caller_name"],
            region_code=region_code,
            address=address,
            phones=[typed["caller_phone"]] if typed["caller_phone"] else [],
        )
    machine = seen.chosen_machine
    if seen.machine == NEW:
        if seen.model is None:
            raise DomainError(
                _("No machine has this number. Choose its model to add it, or one of the list."),
                field="model",
            )
        machine = machine_services.create_machine(
            actor=actor,
            serial_number=seen.new_serial,
            model=seen.model,
            customer=customer,
            sold_on=typed["sold_on"],
            region_code=region_code,
            address=address,
        )
    model = machine.model if machine else seen.model
    symptom = seen.symptom
    ticket = services.register_ticket(
        actor=actor,
        kind=typed["kind"],
        summary=_summary(symptom, typed["symptom"]),
        channel=typed.get("channel", TicketChannel.DEALER),
        urgency=typed["urgency"],
        customer=customer,
        machine=machine,
        product_line=model.line if model else None,
        symptom=symptom,
        description=typed["description"],
        caller_name=typed["caller_name"] or (customer.name if customer else ""),
        caller_phone=typed["caller_phone"],
        region_code=region_code,
        address=address,
        wished_for=typed["wished_for"],
        route=seen.route == "rule",
        severity=symptom.severity if symptom else Severity.GENERAL,
    )
    return _hand_over(actor, ticket, seen.route)


def _hand_over(actor: Actor, ticket: Ticket, route: str) -> Ticket:
    if route in (Team.TECHNICAL, Team.SALES):
        return services.hand_over(actor=actor, ticket=ticket, team=route)
    if route not in ("rule", Team.DESK):
        dealer = Dealer.objects.get(number=route)
        services.offer_ticket(actor=actor, ticket=ticket, dealer=dealer)
        ticket.refresh_from_db()
    return ticket


def _summary(symptom: Symptom | None, text: str) -> str:
    """Agreed names stand in the tenant's own language, however they were typed."""
    return symptom.name if symptom else text


def said(symptom: Symptom) -> str:
    """The agreed name in the reader's language."""
    if symptom.name_en and not (get_language() or "").startswith("zh"):
        return symptom.name_en
    return symptom.name


def filed_sentence(number: str) -> str:
    return _("%(number)s is registered and filed. Now name who goes and when.") % {"number": number}
