"""What a report must hold and what cannot be true: values in, flaws and warnings out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The clock of a telephone may be a little ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=10)
PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong or to be looked at, at its field: ("parts", 2, "quantity")."""

    path: tuple[str | int, ...]
    sentence: Any
    params: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return str(self.sentence) % self.params if self.params else str(self.sentence)

    @property
    def field(self) -> str:
        """The name of the field on the page: `parts-2-quantity`."""
        return "-".join(map(str, self.path))


# In the order in which they happen.
INSTANTS = ("reported_at", "arrived_at", "started_at", "finished_at")
NEEDED: dict[str, Any] = {
    "complaint": _("Write what the customer complained of."),
    "cause": _("Write what caused the fault."),
    "correction": _("Write what was done."),
    "started_at": _("Say when the work began."),
    "finished_at": _("Say when the work was finished."),
    "fault_on": _("Say on which day the fault came up."),
    "technician_name": _("Write who did the work."),
}


def time_flaws(facts: Mapping[str, Any], now: datetime) -> list[Flaw]:
    """Instants that lie ahead, or in an order that cannot be."""
    flaws = []
    for field in INSTANTS:
        at = facts.get(field)
        if at is not None and at > now + CLOCKS_DIFFER:
            flaws.append(Flaw((field,), _("This time lies in the future.")))
    started, finished = facts.get("started_at"), facts.get("finished_at")
    arrived = facts.get("arrived_at")
    if started and finished and finished < started:
        flaws.append(Flaw(("finished_at",), _("The work cannot end before it begins.")))
    if arrived and started and started < arrived:
        flaws.append(Flaw(("started_at",), _("The work cannot begin before the arrival.")))
    fault_on: date | None = facts.get("fault_on")
    if fault_on and fault_on > timezone.localdate(now):
        flaws.append(Flaw(("fault_on",), _("This day lies in the future.")))
    elif fault_on and finished and fault_on > timezone.localdate(finished):
        flaws.append(Flaw(("fault_on",), _("The fault came up before it was repaired.")))
    return flaws


def number_flaws(facts: Mapping[str, Any]) -> list[Flaw]:
    """Readings, ways and nights are never below zero; at least one person went."""
    fields = ("meter_reading", "distance_km", "map_km", "nights")
    below = [name for name in fields if (facts.get(name) or 0) < 0]
    flaws = [Flaw((name,), _("This is never below zero.")) for name in below]
    if facts.get("meter_unit") not in (None, "", "hours", "km"):
        flaws.append(Flaw(("meter_unit",), _("A meter counts hours or kilometres.")))
    if (people := facts.get("people")) is not None and not 1 <= people <= 50:
        flaws.append(Flaw(("people",), _("Between 1 and 50 people went there.")))
    return flaws


def money_flaws(facts: Mapping[str, Any]) -> list[Flaw]:
    """A charge to the user is told before the work, or it is a breach (R-071, K21)."""
    charged, told = facts.get("charged_cents") or 0, facts.get("charge_told_at")
    started = facts.get("started_at")
    if charged < 0:
        return [Flaw(("charged_cents",), _("A charge is never below zero."))]
    if told and not charged:
        return [Flaw(("charge_told_at",), _("Nothing is charged: leave this empty."))]
    if told and started and told > started:
        return [Flaw(("charge_told_at",), _("The price is told before the work begins."))]
    return []


def charge_warnings(facts: Mapping[str, Any]) -> list[Flaw]:
    if (facts.get("charged_cents") or 0) > 0 and not facts.get("charge_told_at"):
        sentence = _("A charge that was not told before the work counts as a breach.")
        return [Flaw(("charge_told_at",), sentence)]
    return []


def missing(facts: Mapping[str, Any]) -> list[Flaw]:
    """What a report needs before anybody signs it."""
    return [
        Flaw((field,), sentence)
        for field, sentence in NEEDED.items()
        if facts.get(field) in (None, "")
    ]


def is_too_fine(quantity: Decimal) -> bool:
    """Quantities have two decimals; a third is refused rather than rounded away."""
    return quantity != quantity.quantize(PLACES)


def earlier_reading(reading: Decimal | None, earlier: Iterable[Decimal]) -> Decimal | None:
    """The highest earlier reading that a new one is below, if any (K03 decides on it later)."""
    highest = max(earlier, default=None)
    return highest if reading is not None and highest is not None and reading < highest else None
