"""What the audit of customers and machines says to people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent

TITLES: dict[str, Any] = {
    "customer.created": _("File opened"),
    "customer.edited": _("File changed"),
    "customer.phones_edited": _("Telephones changed"),
    "customer.merged": _("Merged into another record"),
    "customer.absorbed": _("Another record merged into this one"),
    "customer.served": _("A dealer now serves this customer"),
    "customer.no_longer_served": _("A dealer no longer serves this customer"),
    "machine.created": _("Machine registered"),
    "machine.edited": _("Record changed"),
    "machine.sold_on": _("Machine sold on to a new owner"),
    "machine.card_received": _("Receipt card received"),
    "coverage.opened": _("Coverage of a fitted component opened"),
    "coverage.moved": _("Last day of coverage moved"),
    "registration.created": _("Receipt card registered"),
    "registration.waived": _("Lateness waived"),
    "registration.voided": _("Receipt card made void"),
}
FIELDS: dict[str, Any] = {
    "name": _("Name"),
    "kind": _("Kind"),
    "customer_class": _("Class"),
    "region_code": _("Region"),
    "address": _("Address"),
    "language": _("Language of messages"),
    "note": _("Note"),
    "serial_number": _("Serial number"),
    "plate": _("Plate"),
    "model": _("Model"),
    "dealer": _("Dealer"),
    "engine_number": _("Engine or motor number"),
    "built_on": _("Built on"),
    "sold_on": _("Sold on"),
    "component": _("Component"),
    "ends_on": _("Ends on"),
    "reason": _("Reason"),
    "document": _("Document"),
    "invoice_on": _("Invoice date"),
    "days_late": _("Days late"),
    "machine": _("Machine"),
    "into": _("Into"),
    "record": _("Record"),
    "on": _("Since"),
    "old": _("Before"),
    "new": _("After"),
    "phones": _("Telephones"),
    "machines": _("Machines"),
}
PLACES = {name: place for place, name in enumerate(FIELDS)}


def title_of(event: AuditEvent) -> str:
    """The event in words; a verb that has none yet, as it is."""
    return str(TITLES.get(event.verb, event.verb))


def details_of(event: AuditEvent) -> str:
    """`Name: 王建国 → 王建军; …`: old and new values, or the facts beside the event."""
    return _g("; ").join(
        f"{FIELDS.get(name, name)}: {_value(value)}"
        for name, value in sorted(event.data.items(), key=lambda item: PLACES.get(item[0], 99))
        if value not in ("", [], 0)
    )


def _value(value: Any) -> str:
    is_change = isinstance(value, list) and len(value) == 2
    if is_change:
        return f"{value[0] or '—'} → {value[1] or '—'}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
