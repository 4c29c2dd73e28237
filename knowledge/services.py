"""Writes of agreed symptoms; each is one transaction with its audit event."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from dealers.services import apply_changes
from knowledge.models import Symptom

FIELDS = ("name", "name_en", "product_line_code", "severity", "is_unusual", "is_active")


class CodeTaken(DomainError):
    code = "symptom.code_taken"
    message = _("Another symptom has this code already.")
    field = "code"


@verb
def create_symptom(*, actor: Actor, code: str, **facts: Any) -> Symptom:
    """Agree on a new symptom; its code is what statistics count by."""
    symptom = Symptom(code=code.strip().upper(), **facts)
    try:
        with transaction.atomic():
            symptom.save(force_insert=True)
    except IntegrityError as error:
        raise CodeTaken from error
    audit.record(actor, "symptom.created", symptom, code=symptom.code)
    return symptom


@verb
def edit_symptom(*, actor: Actor, symptom: Symptom, **changes: Any) -> Symptom:
    """Change the words or the route of a symptom; its code stays, since tickets count by it."""
    if unknown := set(changes) - set(FIELDS):
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    symptom = locked(symptom)
    apply_changes(actor, symptom, changes)
    return symptom
