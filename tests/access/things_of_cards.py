"""Receipt cards and coverage for the access matrix; see `tests.access.things`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from core.numbering import next_numbers
from dealers.models import Dealer
from machines import services
from machines.models import Customer, Machine, Registration
from tests.cast import Cast

Kwargs = dict[str, Any]


def card(cast: Cast) -> Kwargs:
    return _card(cast, cast.machine, cast.dealer, cast.customer)


def neighbours_card(cast: Cast) -> Kwargs:
    return _card(cast, cast.neighbour_machine, cast.neighbour, cast.neighbour_customer)


def coverage(cast: Cast) -> Kwargs:
    card(cast)
    return {"serial_number": cast.machine.serial_number, "place": 1}


def _card(cast: Cast, machine: Machine, dealer: Dealer, customer: Customer) -> Kwargs:
    """A receipt card, late by now; the numbers of two companies are kept apart."""
    made = Registration.objects.filter(machine=machine, state="registered").first()
    if made is None:
        if cast.mark:
            next_numbers("RC", timezone.localdate(), 50)
        made = services.register_machine(
            actor=cast.system(),
            machine=machine,
            dealer=dealer,
            customer=customer,
            invoice_on=machine.sold_on or timezone.localdate(),
        )
    return {"number": made.number}
