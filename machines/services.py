"""Writes of customers, machines and who owned them; each with its audit event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
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
    Ownership,
    ProductModel,
)
from machines.rules import clean_name, clean_plate, clean_serial

CUSTOMER_FIELDS = frozenset(
    {"name", "kind", "customer_class", "region_code", "address", "language", "note"}
)
MACHINE_FIELDS = frozenset(
    {
        "serial_number",
        "plate",
        "model",
        "dealer",
        "engine_number",
        "built_on",
        "sold_on",
        "region_code",
        "address",
    }
)


class Phone(NamedTuple):
    """A telephone as somebody wrote it, and whose it is (son, driver, office)."""

    number: str
    label: str = ""


class SerialTaken(DomainError):
    code = "machine.serial_taken"
    message = _("A machine with this serial number is registered already.")
    field = "serial_number"


class NoSuchCustomer(DomainError):
    code = "customer.unknown"
    message = _("There is no customer with this number.")
    field = "customer"


class NoSuchModel(DomainError):
    code = "model.unknown"
    message = _("There is no model of this code.")
    field = "model"


class NoSuchLine(DomainError):
    code = "line.unknown"
    message = _("There is no product line of this code.")
    field = "line"


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
    return {
        "phones": source.phones.update(customer=target, is_primary=False),
        "machines": source.machines.update(customer=target),
    }


@verb
def create_machine(
    *,
    actor: Actor,
    serial_number: str,
    model: ProductModel,
    customer: Customer | None = None,
    dealer: Dealer | None = None,
    plate: str = "",
    engine_number: str = "",
    built_on: date | None = None,
    sold_on: date | None = None,
    region_code: str = "",
    address: str = "",
) -> Machine:
    """Register one machine by its serial number (R-064) and, when known, its first owner."""
    machine = Machine(
        serial_number=clean_serial(serial_number),
        plate=clean_plate(plate),
        model=model,
        customer=customer,
        dealer=dealer,
        engine_number=clean_serial(engine_number),
        built_on=built_on,
        sold_on=sold_on,
        region_code=resolve(region_code) if region_code else "",
        address=address.strip(),
    )
    _check_days(machine)
    _save_machine(machine)
    if customer is not None:
        _own(machine, customer, sold_on or timezone.localdate())
    audit.record(actor, "machine.created", machine, model=model.code)
    return machine


@verb
def edit_machine(*, actor: Actor, machine: Machine, **changes: Any) -> Machine:
    """Change a machine's record; its owner changes only by `sell_on`."""
    if unknown := set(changes) - MACHINE_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    machine = locked(machine)
    for field in ("serial_number", "engine_number"):
        if field in changes:
            changes[field] = clean_serial(changes[field])
    if "plate" in changes:
        changes["plate"] = clean_plate(changes["plate"])
    if changes.get("region_code"):
        changes["region_code"] = resolve(changes["region_code"])
    try:
        with transaction.atomic():
            apply_changes(actor, machine, changes)
    except IntegrityError as error:
        raise _as_sentence(error) from error
    _check_days(machine)
    if "dealer" in changes and machine.dealer and machine.customer:
        _serve(machine.dealer, machine.customer)
    return machine


@verb
def sell_on(
    *, actor: Actor, machine: Machine, customer: Customer, on: date | None = None
) -> Machine:
    """Give a machine to a new owner from a day on; who owned it before stays on record."""
    on = on or timezone.localdate()
    machine = locked(machine)
    if machine.customer_id == customer.pk:
        raise DomainError(_("The machine belongs to this customer already."), field="customer")
    if on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="on")
    current = machine.ownerships.select_for_update(of=("self",)).filter(until_on=None).first()
    if current is not None:
        if on < current.from_on:
            raise DomainError(
                _("The present owner has it since %(day)s; choose that day or a later one."),
                field="on",
                day=current.from_on.isoformat(),
            )
        current.until_on = on
        current.save(update_fields=["until_on"])
    before = machine.customer
    machine.customer = customer
    machine.save(update_fields=["customer"])
    Ownership.objects.create(machine=machine, customer=customer, from_on=on)
    audit.record(
        actor,
        "machine.sold_on",
        machine,
        old=before.number if before else "",
        new=customer.number,
        on=on,
    )
    return machine


@verb
def serve(*, actor: Actor, dealer: Dealer, customer: Customer) -> bool:
    """Let a dealer see a customer, because it holds a job of theirs; False if it did already."""
    is_new = _serve(dealer, customer)
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


def _own(machine: Machine, customer: Customer, from_on: date) -> None:
    Ownership.objects.create(machine=machine, customer=customer, from_on=from_on)
    if machine.dealer is not None:
        _serve(machine.dealer, customer)


def _serve(dealer: Dealer, customer: Customer) -> bool:
    _row, is_new = DealerCustomer.objects.get_or_create(dealer=dealer, customer=customer)
    return is_new


def _save_machine(machine: Machine) -> None:
    if not machine.serial_number:
        raise DomainError(_("A machine needs its serial number."), field="serial_number")
    try:
        with transaction.atomic():
            machine.save(force_insert=True)
    except IntegrityError as error:
        raise _as_sentence(error) from error


def _as_sentence(error: IntegrityError) -> Exception:
    return SerialTaken() if "serial_number_once" in str(error) else error


def _check_days(machine: Machine) -> None:
    if machine.sold_on and machine.sold_on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="sold_on")
    if machine.built_on and machine.sold_on and machine.sold_on < machine.built_on:
        raise DomainError(_("A machine is not sold before it is built."), field="sold_on")
