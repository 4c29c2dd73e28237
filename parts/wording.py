"""What the audit of parts says to people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import AuditEvent
from parts.models import (
    LabourOperation,
    Part,
    PriceKind,
    Supplier,
)

TITLES: dict[str, Any] = {
    "part.created": _("Part added"),
    "part.edited": _("Record changed"),
    "part.fitted": _("Fits a model"),
    "part.unfitted": _("No longer fits a model"),
    "part.priced": _("Price set"),
    "part.serials_recorded": _("Serial numbers recorded"),
    "stock.moved": _("Stock moved"),
    "supplier.created": _("Supplier added"),
    "supplier.edited": _("Record changed"),
    "supplier.confirmed": _("Entry confirmed as exact"),
    "store.created": _("Store opened"),
    "store.edited": _("Record changed"),
    "operation.created": _("Operation added"),
    "labouroperation.edited": _("Record changed"),
    "operation.timed": _("Time on a model set"),
    "operation.untimed": _("Time on a model taken away"),
    "operation.included": _("Includes another operation"),
    "operation.excluded": _("No longer includes an operation"),
}
FIELDS: dict[str, Any] = {
    **{
        field.name: field.verbose_name
        for model in (Supplier, LabourOperation, Part)
        for field in model._meta.fields
        if field.name not in {"id", "tenant", "created_at"}
    },
    "supplier": _("Supplier"),
    "replaces": _("Replaces"),
    "model": _("Model"),
    "per_machine": _("per machine"),
    "minutes": _("minutes"),
    "included": _("Operation"),
    "store": _("Store"),
    "quantity": _("quantity"),
    "value": _("value"),
    "batch": _("batch"),
    "dealer": _("Dealer"),
    "numbers": _("Serial numbers"),
    "count": pgettext_lazy("of serial numbers", "How many"),
    "from_on": _("from"),
    "old": _("Before"),
    "new": _("After"),
    "reason": _("reason"),
}
CODES = {str(kind): kind.label for kind in PriceKind}


def title_of(event: AuditEvent) -> str:
    """The event in words; a verb that has none yet, as it is."""
    return str(TITLES.get(event.verb, event.verb))


def details_of(event: AuditEvent) -> str:
    """`Name: 机油滤 → 机油滤清器; …`: old and new values, or the facts beside the event."""
    return _g("; ").join(
        f"{FIELDS.get(name, name)}: {_value(event, name, value)}"
        for name, value in event.data.items()
        if value not in ("", [], 0)
    )


def _value(event: AuditEvent, name: str, value: Any) -> str:
    if isinstance(value, list) and len(value) == 2 and event.verb.endswith(".edited"):
        return " → ".join(_said(event, name, each) for each in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(CODES.get(str(value), value)) if name == "kind" else str(value)


def _said(event: AuditEvent, name: str, text: str) -> str:
    """A stored choice or yes and no as people say it."""
    if text in {"True", "False"}:
        return _g("yes") if text == "True" else _g("no")
    if event.noun == "part":
        field: Any = Part._meta.get_field(name)
        choices = dict(field.flatchoices)
        return str(choices.get(text, text)) or "—"
    return text or "—"
