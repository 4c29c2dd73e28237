"""Writes of machines and who owned them; each with its audit event."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from dealers.regions import resolve
from dealers.services import apply_changes
from machines import clocks
from machines.models import Customer, Machine, Ownership, ProductModel, RegistrationState
from machines.rules import clean_plate, clean_serial
from machines.services.customers import serve_quietly

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


class SerialTaken(DomainError):
    code = "machine.serial_taken"
    message = _("A machine with this serial number is registered already.")
    field = "serial_number"


class NoSuchModel(DomainError):
    code = "model.unknown"
    message = _("There is no model of this code.")
    field = "model"


class NoSuchLine(DomainError):
    code = "line.unknown"
    message = _("There is no product line of this code.")
    field = "line"


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
        own(machine, customer, sold_on or timezone.localdate())
    audit.record(actor, "machine.created", machine, model=model.code)
    if sold_on is not None:
        clocks.follow_sale(actor, machine)
    return machine


@verb
def edit_machine(*, actor: Actor, machine: Machine, **changes: Any) -> Machine:
    """Change a machine's record; its owner changes only by `sell_on`."""
    if unknown := set(changes) - MACHINE_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    machine = locked(machine)
    sale = (machine.sold_on, machine.dealer_id)
    _follow_card(machine, changes)
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
        serve_quietly(machine.dealer, machine.customer)
    if sale != (machine.sold_on, machine.dealer_id):
        clocks.follow_sale(actor, machine)
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


def own(machine: Machine, customer: Customer, from_on: date) -> None:
    """Write down the first owner; the dealer that sold the machine serves them from now on."""
    Ownership.objects.create(machine=machine, customer=customer, from_on=from_on)
    if machine.dealer is not None:
        serve_quietly(machine.dealer, customer)


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


def _follow_card(machine: Machine, changes: dict[str, Any]) -> None:
    """Once a receipt card says when a machine was sold, nobody edits that day by hand."""
    if changes.get("sold_on", machine.sold_on) == machine.sold_on:
        return
    card = machine.registrations.filter(state=RegistrationState.REGISTERED).first()
    if card is not None:
        raise DomainError(
            _("Receipt card %(number)s says when it was sold."), field="sold_on", number=card.number
        )


def _check_days(machine: Machine) -> None:
    if machine.sold_on and machine.sold_on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="sold_on")
    if machine.built_on and machine.sold_on and machine.sold_on < machine.built_on:
        raise DomainError(_("A machine is not sold before it is built."), field="sold_on")
