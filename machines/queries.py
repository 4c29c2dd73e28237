"""Reads of customers and machines, narrowed to who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from core import search
from core.actor import Actor
from core.errors import DomainError
from core.models import AuditEvent
from core.phones import digits_of, normalise
from dealers.models import Dealer
from machines import wording
from machines.access import every_customer, visible_customers, visible_machines
from machines.card_queries import (
    claim_eligible,
    compliance,
    cover_for,
    coverage_of,
    coverage_on,
    covered_until,
    repair_guaranteed_until,
)
from machines.models import (
    Customer,
    CustomerPhone,
    DealerCustomer,
    Machine,
    Ownership,
    ProductLine,
)

__all__ = [
    "claim_eligible",
    "compliance",
    "cover_for",
    "coverage_of",
    "coverage_on",
    "covered_until",
    "repair_guaranteed_until",
]

MOST_FOUND = 20
# The search knows no dealer's wall: a dealer's own few may stand far down.
SEARCHED, SEARCHED_BY_DEALERS = 200, 5000


@dataclass(frozen=True, slots=True)
class Found:
    """What a question on the call page finds, best first."""

    customers: list[Customer] = field(default_factory=list)
    machines: list[Machine] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.customers or self.machines)


def customer_list(actor: Actor) -> QuerySet[Customer]:
    """Living customers with their telephones."""
    return visible_customers(actor).prefetch_related(
        Prefetch("phones", CustomerPhone.objects.order_by("-is_primary", "pk"))
    )


def machine_list(actor: Actor) -> QuerySet[Machine]:
    """Machines with model, owner and dealer."""
    return visible_machines(actor).select_related("model__line", "customer", "dealer")


def with_machines(actor: Actor, customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The customers with those of their machines that the actor may see."""
    return customers.prefetch_related(
        Prefetch("machines", machine_list(actor).order_by("-sold_on", "-pk"))
    )


def callers(actor: Actor, phone: str) -> list[Customer]:
    """Who has this telephone, each with telephones and machines; nobody for what is no number."""
    try:
        number = normalise(phone)
    except DomainError:
        return []
    found = customer_list(actor).filter(phones__number=number)
    return list(with_machines(actor, found).order_by("-pk")[:MOST_FOUND])


def find(actor: Actor, question: str, at_most: int = MOST_FOUND) -> Found:
    """Customers and machines by telephone (any spelling, or a part), serial, plate or name."""
    customers = matching_customers(actor, customer_list(actor), question)
    machines = matching_machines(actor, machine_list(actor), question)
    return Found(
        list(with_machines(actor, customers)[:at_most]),
        list(machines[:at_most]),
    )


def matching_customers(
    actor: Actor, customers: QuerySet[Customer], question: str
) -> QuerySet[Customer]:
    """Narrow a list of customers to a question, newest first; a merged record finds its heir."""
    ids = _ids(actor, question, "customer")
    heirs = every_customer(actor).filter(pk__in=ids).exclude(merged_into=None)
    merged = dict(heirs.values_list("pk", "merged_into_id")) if ids else {}
    return _in_order(customers, [merged.get(pk, pk) for pk in ids])


def matching_machines(
    actor: Actor, machines: QuerySet[Machine], question: str
) -> QuerySet[Machine]:
    """Narrow a list of machines to a question, newest first."""
    return _in_order(machines, _ids(actor, question, "machine"))


def _ids(actor: Actor, question: str, kind: str) -> list[int]:
    at_most = SEARCHED_BY_DEALERS if actor.is_dealer else SEARCHED
    ids: list[int] = []
    for words in wordings(question) if kind == "customer" else [question]:
        ids += search.find(words, kinds=[kind], at_most=at_most).get(kind, [])
    return list(dict.fromkeys(ids))


def wordings(question: str) -> list[str]:
    """The question as typed and, where it may be a telephone, as telephones are kept."""
    return list(dict.fromkeys([question, digits_of(question) or question]))


def _in_order(rows: QuerySet[Any], ids: Iterable[int]) -> QuerySet[Any]:
    places = list(dict.fromkeys(ids))
    if not places:
        return rows.none()
    return rows.filter(pk__in=places).order_by("-pk")


def ownerships(actor: Actor, machine: Machine) -> list[Ownership]:
    """Who owned a machine, newest first; a dealer reads only the names of customers it serves."""
    rows = machine.ownerships.select_related("customer").order_by("-from_on", "-pk")
    if actor.is_dealer:
        rows = rows.filter(customer__in=every_customer(actor))
    return list(rows)


def owned_before(actor: Actor, customer: Customer) -> list[Ownership]:
    """Machines that a customer had and sold on, last sold first."""
    past = customer.ownerships.exclude(until_on=None).filter(machine__in=visible_machines(actor))
    return list(past.select_related("machine__model").order_by("-until_on", "-pk"))


def serving_dealers(actor: Actor, customer: Customer) -> list[Dealer]:
    """The dealers that see a customer, for the manufacturer's people."""
    if not actor.may("dealer.view"):
        return []
    serving = DealerCustomer.objects.filter(customer=customer).values("dealer_id")
    return list(Dealer.objects.filter(pk__in=serving).order_by("number"))


def events_of(actor: Actor, thing: Customer | Machine, at_most: int = 30) -> list[AuditEvent]:
    """What was done to a record, newest first; the manufacturer's own people read it."""
    if actor.is_dealer:
        return []
    noun = thing._meta.model_name
    rows = AuditEvent.objects.filter(noun=noun, object_id=thing.pk)
    events = list(rows.order_by("-pk")[:at_most])
    for event in events:
        vars(event).update(title=wording.title_of(event), details=wording.details_of(event))
    return events


def merge_preview(source: Customer, target: Customer) -> dict[str, Any]:
    """What a merge will move, in the words that the page needs."""
    have = set(target.phones.values_list("number", flat=True))
    phones = [phone.number for phone in source.phones.order_by("pk")]
    return {
        "phones": [number for number in phones if number not in have],
        "same_phones": [number for number in phones if number in have],
        "machines": list(source.machines.select_related("model").order_by("pk")[:100]),
        "fields": [
            field
            for field in ("region_code", "address", "note")
            if getattr(source, field) and not getattr(target, field)
        ],
    }


def line_choices() -> list[tuple[str, str]]:
    """Code and name of every product line, for selects of other apps."""
    lines = ProductLine.objects.order_by("code")
    return [(line.code, f"{line.code} {line}") for line in lines]


def product_lines() -> QuerySet[ProductLine]:
    """Lines with their models, by code."""
    return ProductLine.objects.prefetch_related("models").order_by("code")
