"""The clock of the receipt card: 20 days from the sale, reminders, and who hears of a miss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import Actor
from core.options import option
from core.tenancy import verb
from machines.models import Machine, Registration, RegistrationState
from notifications import services as notifications
from notifications.services import Told
from sla import queries as sla_queries
from sla import services as sla
from sla.firing import Firing
from sla.models import Clock
from sla.services.clocks import targets_for
from sla.states import HolderKind, Promise, StepAction

SUBJECT = "machine"
# A sale that becomes known later than this (old lists, for example) is past every reminder; the
# card is missing all the same, and compliance counts it.
KNOWN_WITHIN = timedelta(days=60)
SALE_CHANGED = gettext_noop("The sale was changed")
CARD_VOID = gettext_noop("The receipt card is void")
MINUTES_A_DAY = 24 * 60
TOLD = {StepAction.WARN, StepAction.REMIND, StepAction.BREACH, StepAction.ESCALATE}


def midnight_after(day: date) -> datetime:
    """The end of a day in the company's zone: the day of the sale is not counted."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def follow_sale(actor: Actor, machine: Machine) -> None:
    """Start the clock of a machine that is sold and has no card; run it from the present sale."""
    sla.cancel_clocks(actor=actor, subject=SUBJECT, subject_id=machine.pk, reason=str(SALE_CHANGED))
    sold_on = machine.sold_on
    if sold_on is None or timezone.localdate() - sold_on > KNOWN_WITHIN:
        return
    if Registration.objects.filter(machine=machine, state=RegistrationState.REGISTERED).exists():
        return
    start = midnight_after(sold_on)
    said = facts_of([machine.pk]).get(machine.pk, {})
    if not targets_for([Promise.RECEIPT_CARD], said, at=start):
        return
    dealer = machine.dealer
    sla.start_clock(
        actor=actor,
        subject=SUBJECT,
        subject_id=machine.pk,
        subject_number=machine.serial_number,
        promise=Promise.RECEIPT_CARD,
        holder_kind=HolderKind.DEALER if dealer else HolderKind.DESK,
        holder_label=dealer.name if dealer else str(HolderKind.DESK.label),
        holder_dealer_id=dealer.pk if dealer else None,
        facts=said,
        at=start,
        # One setting says how long it is, for the clock and for what a late card costs.
        minutes=option("registration.days") * MINUTES_A_DAY,
    )


def keep(actor: Actor, machine: Machine, sold_on: date, received_at: datetime) -> None:
    """The card came in, late or in time."""
    sla.meet_clock(
        actor=actor,
        subject=SUBJECT,
        subject_id=machine.pk,
        promise=Promise.RECEIPT_CARD,
        at=max(received_at, midnight_after(sold_on)),
    )


def running(actor: Actor, machine: Machine) -> Clock | None:
    """The clock of a sale whose card is still to come."""
    found = sla_queries.clocks_of(actor, SUBJECT, machine.pk)
    return next((clock for clock in found if clock.is_live), None)


def facts_of(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """What a policy may ask of machines, in one query."""
    rows = Machine.objects.filter(pk__in=list(ids)).select_related("model__line", "customer")
    return {
        machine.pk: {
            "product_line": machine.model.line.code,
            "province": machine.region_code[:2],
            "region": machine.region_code,
            "customer_class": machine.customer.customer_class if machine.customer else "",
        }
        for machine in rows
    }


@verb
def cards_fired(*, firings: Sequence[Firing], at: datetime) -> None:
    """Reminders go to the dealer; a missed card goes to the dealer and up the ladder (R-065)."""
    notifications.notify_all(
        told=[
            Told(
                user,
                _event(firing),
                {
                    "serial": firing.clock.subject_number,
                    "holder": firing.clock.holder_label,
                    "due_at": firing.clock.due_at,
                },
                cause=f"step:{firing.step.pk}",
                url=reverse("machines:machine", args=[firing.clock.subject_number]),
                bundle="sla" if firing.is_late else "",
            )
            for firing in firings
            if firing.clock.subject == SUBJECT and firing.step.action in TOLD
            for user in firing.recipients
        ]
    )


def _event(firing: Firing) -> str:
    is_before = firing.step.action in (StepAction.WARN, StepAction.REMIND)
    return "card.due" if is_before else "card.missed"


def card_page(number: str) -> str:
    return reverse("machines:registration", args=[number])


def scan_address(serial_number: str) -> str:
    """What the QR code on a machine says."""
    return settings.BASE_URL + reverse("machines:machine_scan", args=[serial_number])
