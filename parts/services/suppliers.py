"""Writes of the supplier directory (R-085)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.phones import normalise
from core.states import locked
from core.tenancy import verb
from parts.models import Supplier
from parts.services.saving import created, edited, folded

SUPPLIER_FIELDS = frozenset(
    {
        "name",
        "contact_name",
        "phone",
        "claims_address",
        "terms",
        "duty_percent",
        "is_active",
    }
)


@verb
def create_supplier(*, actor: Actor, code: str, name: str, **facts: Any) -> Supplier:
    """Open a supplier's entry; whoever writes it down has just made sure of it."""
    _normal(facts)
    supplier = Supplier(
        code=folded(code), name=name, confirmed_on=timezone.localdate(), **_known(facts)
    )
    made: Supplier = created(actor, "supplier", supplier)
    return made


@verb
def edit_supplier(*, actor: Actor, supplier: Supplier, **changes: Any) -> Supplier:
    """Change a supplier's entry; its code stays."""
    _normal(changes)
    done: Supplier = edited(actor, supplier, changes, SUPPLIER_FIELDS)
    return done


@verb
def confirm_supplier(*, actor: Actor, supplier: Supplier) -> Supplier:
    """Note that the entry has been looked at today and is exact."""
    supplier = locked(supplier)
    supplier.confirmed_on = timezone.localdate()
    supplier.save(update_fields=["confirmed_on"])
    audit.record(actor, "supplier.confirmed", supplier)
    return supplier


def _normal(facts: dict[str, Any]) -> None:
    if facts.get("phone"):
        facts["phone"] = normalise(facts["phone"])


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - SUPPLIER_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    return facts
