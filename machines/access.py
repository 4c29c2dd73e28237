"""The only gate to customers and machines."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from machines.models import Customer, DealerCustomer, Machine, Registration
from machines.rules import clean_serial


def _served(actor: Actor, customer: str) -> Exists:
    return Exists(
        DealerCustomer.objects.filter(
            customer_id=OuterRef(customer), dealer_id__in=actor.dealer_ids or ()
        )
    )


def every_customer(actor: Actor) -> QuerySet[Customer]:
    """What the actor may see, records that were merged into another included."""
    customers = Customer.objects.all()
    return customers if actor.dealer_ids is None else customers.filter(_served(actor, "pk"))


def visible_customers(actor: Actor) -> QuerySet[Customer]:
    """Living customer records: the tenant's, or those that the actor's dealers serve (R-006)."""
    return every_customer(actor).filter(merged_into=None)


def visible_machines(actor: Actor) -> QuerySet[Machine]:
    """The tenant's machines, or those that the actor's dealers sold or whose owner they serve."""
    machines = Machine.objects.all()
    if actor.dealer_ids is None:
        return machines
    return machines.filter(Q(dealer_id__in=actor.dealer_ids) | _served(actor, "customer_id"))


def get_customer(actor: Actor, number: str, to: str = "customer.view") -> Customer:
    """A customer by number, the surviving one when it was merged: unknown 404, not allowed 403."""
    found = every_customer(actor).select_related("merged_into")
    customer = get_object_or_404(found, number=number)
    if not actor.may(to):
        raise PermissionDenied
    return customer.merged_into or customer


def get_machine(actor: Actor, serial: str, to: str = "machine.view") -> Machine:
    """A machine by its serial number in any spelling: unknown 404, not allowed 403."""
    machines = visible_machines(actor).select_related("model__line", "customer", "dealer")
    machine = get_object_or_404(machines, serial_number=clean_serial(serial))
    if not actor.may(to):
        raise PermissionDenied
    return machine


def to_register(actor: Actor) -> QuerySet[Machine]:
    """Machines whose sale the actor may register: a dealer's own, and nobody else's."""
    machines = Machine.objects.select_related("model__line", "customer", "dealer")
    if actor.dealer_ids is None:
        return machines
    return machines.filter(dealer_id__in=actor.dealer_ids)


def visible_registrations(actor: Actor) -> QuerySet[Registration]:
    """The tenant's receipt cards, or those of the actor's own dealers."""
    cards = Registration.objects.all()
    if actor.dealer_ids is None:
        return cards
    return cards.filter(dealer_id__in=actor.dealer_ids)


def get_registration(actor: Actor, number: str, to: str = "registration.view") -> Registration:
    """A receipt card by its number: unknown 404, not allowed 403."""
    cards = visible_registrations(actor).select_related(
        "machine__model__line", "customer", "dealer", "plan__model", "plan__line"
    )
    card = get_object_or_404(cards, number=number.strip().upper())
    if not actor.may(to):
        raise PermissionDenied
    return card
