"""Writes of customers, each with its audit event; and which dealers serve them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.numbering import next_number
from core.phones import normalise
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from dealers.regions import resolve
from dealers.services import apply_changes
from machines.models import (
    Customer,
    CustomerClass,
    CustomerKind,
    CustomerPhone,
    DealerCustomer,
    Machine,
)
from machines.rules import clean_name

CUSTOMER_FIELDS = frozenset(
    {"name", "kind", "customer_class", "region_code", "address", "language", "note"}
)


class Phone(NamedTuple):
    """A telephone as somebody wrote it, and whose it is (son, driver, office)."""

    number: str
    label: str = ""


class NoSuchCustomer(DomainError):
    code = "customer.unknown"
    message = _("There is no customer with this number.")
    field = "customer"


class SameCustomer(DomainError):
    code = "customer.merge_with_itself"
    message = _("Choose another record: a customer cannot be merged with itself.")
    field = "target"


class AlreadyMerged(DomainError):
    code = "customer.already_merged"
    message = _("This record was merged into another one already.")


@verb
def create_customer(
    *,
    actor: Actor,
    name: str,
    phones: Sequence[Phone | str],
    kind: str = CustomerKind.PERSON,
    customer_class: str = CustomerClass.ORDINARY,
    region_code: str = "",
    address: str = "",
    language: str = "zh-hans",
    note: str = "",
    number: str = "",
) -> Customer:
    """Open a customer's file (R-060); the first telephone is the one to call.

    A dealer's people open it for their own dealer, which then serves the customer.
    """
    customer = Customer.objects.create(
        number=number or next_number("CU", timezone.localdate()),
        name=clean_name(name),
        kind=kind,
        customer_class=customer_class,
        region_code=resolve(region_code) if region_code else "",
        address=address.strip(),
        language=language,
        note=note,
    )
    _keep_phones(customer, phones)
    if actor.dealer_id is not None:
        DealerCustomer.objects.create(dealer_id=actor.dealer_id, customer=customer)
    audit.record(actor, "customer.created", customer, name=customer.name)
    return customer


@verb
def edit_customer(
    *,
    actor: Actor,
    customer: Customer,
    phones: Sequence[Phone | str] | None = None,
    **changes: Any,
) -> Customer:
    """Change a customer's file; `phones`, when given, are all its telephones from now on."""
    if unknown := set(changes) - CUSTOMER_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    customer = locked(customer)
    if customer.merged_into_id is not None:
        raise AlreadyMerged
    if "name" in changes:
        changes["name"] = clean_name(changes["name"])
    if changes.get("region_code"):
        changes["region_code"] = resolve(changes["region_code"])
    apply_changes(actor, customer, changes)
    if phones is not None:
        before = list(customer.phones.order_by("-is_primary", "pk").values_list("number", "label"))
        after = _keep_phones(customer, phones)
        if before != after:
            audit.record(
                actor,
                "customer.phones_edited",
                customer,
                old=[number for number, _label in before],
                new=[number for number, _label in after],
            )
    return customer


def _keep_phones(customer: Customer, phones: Sequence[Phone | str]) -> list[tuple[str, str]]:
    """Make these the telephones of a customer, the first one primary; as they are kept."""
    wanted: dict[str, str] = {}
    for phone in phones:
        written, label = (phone, "") if isinstance(phone, str) else phone
        wanted.setdefault(normalise(written), label.strip())
    if not wanted:
        raise DomainError(_("A customer needs at least one telephone."), field="phone")
    customer.phones.exclude(number__in=wanted).delete()
    # One primary at a time is a rule of the table: the old one steps down first.
    customer.phones.update(is_primary=False)
    have = {phone.number: phone for phone in customer.phones.all()}
    for place, (number, label) in enumerate(wanted.items()):
        row = have.get(number) or CustomerPhone(customer=customer, number=number)
        row.label, row.is_primary = label, place == 0
        row.save()
    return list(wanted.items())


@verb
def merge_customers(*, actor: Actor, source: Customer, target: Customer) -> Customer:
    """Make two records of one customer into one: `source` goes into `target`, which lives on.

    Telephones, machines, owners' history and the dealers that serve it move; higher floors
    move what is theirs (tickets) on "customer.merged". `source` stays, pointing to `target`.
    """
    if source.pk == target.pk:
        raise SameCustomer
    # Always in the same order, so that two merges never wait for each other.
    first, second = (locked(c) for c in sorted((source, target), key=lambda c: c.pk))
    source, target = (first, second) if first.pk == source.pk else (second, first)
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise AlreadyMerged
    moved = _move_parts(source, target)
    for field in ("region_code", "address"):
        if not getattr(target, field):
            setattr(target, field, getattr(source, field))
    if source.note and source.note not in target.note:
        target.note = "\n".join(filter(None, [target.note, source.note]))
    if source.customer_class == CustomerClass.KEY:
        target.customer_class = CustomerClass.KEY
    target.save()
    source.merged.update(merged_into=target)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    audit.record(actor, "customer.merged", source, into=target.number, **moved)
    audit.record(actor, "customer.absorbed", target, record=source.number, **moved)
    publish("customer.merged", actor=actor, source=source, target=target)
    return target


def _move_parts(source: Customer, target: Customer) -> dict[str, int]:
    have = target.phones.values_list("number", flat=True)
    source.phones.filter(number__in=have).delete()
    served = target.served_by.values_list("dealer_id", flat=True)
    source.served_by.filter(dealer_id__in=served).delete()
    source.served_by.update(customer=target)
    source.ownerships.update(customer=target)
    source.registrations.update(customer=target)
    return {
        "phones": source.phones.update(customer=target, is_primary=False),
        "machines": source.machines.update(customer=target),
    }


@verb
def serve(*, actor: Actor, dealer: Dealer, customer: Customer) -> bool:
    """Let a dealer see a customer, because it holds a job of theirs; False if it did already."""
    is_new = serve_quietly(dealer, customer)
    if is_new:
        audit.record(actor, "customer.served", customer, dealer=dealer.number)
    return is_new


@verb
def stop_serving(*, actor: Actor, dealer: Dealer, customer: Customer) -> bool:
    """Take a customer from a dealer's sight, unless it sold them a machine that they still own."""
    if Machine.objects.filter(dealer=dealer, customer=customer).exists():
        return False
    gone, _each = DealerCustomer.objects.filter(dealer=dealer, customer=customer).delete()
    if gone:
        audit.record(actor, "customer.no_longer_served", customer, dealer=dealer.number)
    return bool(gone)


def serve_quietly(dealer: Dealer, customer: Customer) -> bool:
    """Let a dealer see a customer without a line in the audit: a sale says so itself."""
    _row, is_new = DealerCustomer.objects.get_or_create(dealer=dealer, customer=customer)
    return is_new
