"""Receipt cards: a sale is registered, a late card waived, a wrong one made void (R-065, R-066)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import people_of_dealer
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.numbering import next_number
from core.options import option
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from machines import clocks
from machines.card_rules import START_FIELDS, days_late, due_day, start_day
from machines.models import (
    Customer,
    Machine,
    Registration,
    RegistrationChannel,
    RegistrationState,
)
from machines.services.coverage import snapshot
from machines.services.customers import serve_quietly
from machines.services.machines import own
from machines.services.plans import plan_for
from notifications import services as notifications
from notifications.services import Told

MOST_STROKES, MOST_POINTS = 200, 20_000
DEALERS_DESK = (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK)


class AlreadyRegistered(DomainError):
    code = "registration.already"
    message = _("This machine has the receipt card %(number)s already.")
    field = "serial_number"


class WaiverRefused(DomainError):
    code = "registration.waiver_refused"


@verb
def register_machine(
    *,
    actor: Actor,
    machine: Machine,
    dealer: Dealer,
    customer: Customer,
    invoice_on: date,
    delivered_on: date | None = None,
    installed_on: date | None = None,
    accepted_on: date | None = None,
    invoice_number: str = "",
    channel: str = RegistrationChannel.DESK,
    is_trial_run: bool = False,
    is_trained: bool = False,
    signature: list[list[int]] | None = None,
    signed_name: str = "",
    received_at: datetime | None = None,
) -> Registration:
    """Register a sale; Coverage is frozen now from the plan in force on the invoice date.

    A late card is kept and marked: the user is covered all the same, the dealer's claims wait
    for a waiver. `received_at` is when a paper card came in; a dealer's person cannot say it.
    """
    machine = locked(machine)
    live = Registration.objects.filter(machine=machine, state=RegistrationState.REGISTERED)
    if (existing := live.first()) is not None:
        raise AlreadyRegistered(number=existing.number)
    if actor.is_dealer and received_at is not None:
        raise DomainError(_("The day of receipt is set by the manufacturer."), field="received_on")
    now = timezone.now()
    received_at = received_at or now
    days = {
        "invoice_on": invoice_on,
        "delivered_on": delivered_on or invoice_on,
        "installed_on": installed_on,
        "accepted_on": accepted_on,
    }
    _check_days(machine, days, received_at, now)
    _check_people(actor, machine, dealer, customer)
    plan = plan_for(actor, machine.model, invoice_on)
    start_field = START_FIELDS[plan.start_rule]
    starts_on = start_day(start_field, days)
    if starts_on is None:
        raise DomainError(
            _("Coverage of this model starts on this day: it is needed."), field=start_field
        )
    due_on = due_day(invoice_on, option("registration.days"))
    registration = Registration(
        number=next_number("RC", timezone.localdate()),
        machine=machine,
        dealer=dealer,
        customer=customer,
        plan=plan,
        **days,
        invoice_number=invoice_number.strip(),
        received_at=received_at,
        channel=channel,
        due_on=due_on,
        days_late=days_late(timezone.localdate(received_at), due_on),
        is_trial_run=is_trial_run,
        is_trained=is_trained,
        signature=checked_signature(signature),
        signed_name=signed_name.strip(),
        registered_by_id=actor.user_id,
        registered_label=actor.label,
    )
    _insert(registration)
    _follow(actor, registration)
    snapshot(registration, starts_on)
    audit.record(
        actor,
        "registration.created",
        registration,
        machine=machine.serial_number,
        invoice_on=invoice_on,
        days_late=registration.days_late,
    )
    audit.record(actor, "machine.card_received", machine, record=registration.number)
    clocks.keep(actor, machine, invoice_on, received_at)
    publish("machine.registered", actor=actor, registration=registration)
    return registration


@verb
def waive_lateness(
    *, actor: Actor, registration: Registration, reason: str, document: str = ""
) -> Registration:
    """Recognise the claims of a late card: a named person of the manufacturer says why (R-066).

    Never somebody of a dealer, and never who registered the machine.
    """
    registration = locked(registration)
    if registration.state != RegistrationState.REGISTERED:
        raise WrongState
    if not registration.is_late:
        raise WaiverRefused(_("This card came in time: there is nothing to waive."))
    if registration.is_waived:
        raise WaiverRefused(_("%(who)s has waived it already."), who=registration.waived_label)
    if actor.is_dealer or actor.user_id is None:
        raise WaiverRefused(_("A waiver is given by a named person of the manufacturer."))
    if actor.user_id == registration.registered_by_id:
        raise WaiverRefused(_("You registered this machine: somebody else must waive it."))
    if not reason.strip():
        raise DomainError(_("Write why: the dealer reads the reason."), field="reason")
    registration.waived_at = timezone.now()
    registration.waived_by_id = actor.user_id
    registration.waived_label = actor.label
    registration.waiver_reason = reason.strip()
    registration.waiver_document = document.strip()
    registration.save(
        update_fields=[
            "waived_at",
            "waived_by",
            "waived_label",
            "waiver_reason",
            "waiver_document",
        ]
    )
    audit.record(
        actor,
        "registration.waived",
        registration,
        reason=registration.waiver_reason,
        document=registration.waiver_document,
    )
    _tell_dealer(registration)
    publish("registration.waived", actor=actor, registration=registration)
    return registration


@verb
def void_registration(*, actor: Actor, registration: Registration, reason: str) -> Registration:
    """Take back a card that was filled in for the wrong machine or sale; its number stays.

    The clock of the machine's sale runs again.
    """
    machine = locked(registration.machine)
    registration = locked(registration)
    if registration.state != RegistrationState.REGISTERED:
        raise WrongState
    if actor.is_dealer:
        raise WaiverRefused(_("Only the manufacturer makes a card void."))
    if not reason.strip():
        raise DomainError(_("Write why: the reason stays on record."), field="reason")
    registration.state, registration.void_reason = RegistrationState.VOID, reason.strip()
    registration.save(update_fields=["state", "void_reason"])
    audit.record(actor, "registration.voided", registration, reason=registration.void_reason)
    clocks.follow_sale(actor, machine)
    publish("registration.voided", actor=actor, registration=registration)
    return registration


def checked_signature(strokes: Any) -> list[list[int]] | None:
    """Pen strokes as whole numbers x, y, x, y …; None for an empty field."""
    if not strokes:
        return None
    wrong = DomainError(_("The signature cannot be read; sign once more."), field="signature")
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        raise wrong
    points = 0
    for stroke in strokes:
        if not isinstance(stroke, list) or len(stroke) < 2 or len(stroke) % 2:
            raise wrong
        points += len(stroke)
        if points > MOST_POINTS or not all(
            type(place) is int and 0 <= place <= 600 for place in stroke
        ):
            raise wrong
    return strokes


def _check_days(
    machine: Machine, days: dict[str, date | None], received_at: datetime, now: datetime
) -> None:
    for field, day in days.items():
        if day is None:
            continue
        if day > timezone.localdate(now):
            raise DomainError(_("The day lies in the future."), field=field)
        if machine.built_on and day < machine.built_on:
            raise DomainError(
                _("The machine was built on %(day)s, after this day."),
                field=field,
                day=machine.built_on.isoformat(),
            )
    if received_at > now:
        raise DomainError(_("The day lies in the future."), field="received_on")
    sold_on = days["invoice_on"]
    if sold_on and timezone.localdate(received_at) < sold_on:
        raise DomainError(_("A card does not come in before the sale."), field="received_on")


def _check_people(actor: Actor, machine: Machine, dealer: Dealer, customer: Customer) -> None:
    if actor.is_dealer and dealer.pk not in (actor.dealer_ids or ()):
        raise DomainError(_("Register for your own dealer."), field="dealer")
    if machine.customer_id is not None and machine.customer_id != customer.pk:
        raise DomainError(
            _("On record this machine belongs to another customer; the desk corrects the owner."),
            field="customer",
        )


def _insert(registration: Registration) -> None:
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError as error:
        if "a_machine_has_one_live_card" in str(error):
            raise AlreadyRegistered(number="") from error
        raise


def _follow(actor: Actor, registration: Registration) -> None:
    """The machine's record follows the card: sold when, by whom, to whom."""
    machine, changes = registration.machine, {}
    for field, value in (
        ("sold_on", registration.invoice_on),
        ("dealer", registration.dealer),
    ):
        before = getattr(machine, field)
        if before != value:
            changes[field] = [str(before or ""), str(value)]
            setattr(machine, field, value)
    is_first = machine.customer_id is None
    if is_first:
        machine.customer = registration.customer
    customer = registration.customer
    if is_first and not machine.region_code:
        machine.region_code, machine.address = customer.region_code, customer.address
    machine.save()
    if is_first:
        own(machine, customer, registration.invoice_on)
    else:
        serve_quietly(registration.dealer, customer)
    if changes:
        audit.record(actor, "machine.edited", machine, **changes)


def _tell_dealer(registration: Registration) -> None:
    notifications.notify_all(
        told=[
            Told(
                user,
                "card.waived",
                {
                    "number": registration.number,
                    "serial": registration.machine.serial_number,
                    "reason": registration.waiver_reason,
                },
                cause=f"registration:{registration.pk}:waived",
                url=clocks.card_page(registration.number),
            )
            for user in people_of_dealer(registration.dealer_id, DEALERS_DESK)
        ]
    )
