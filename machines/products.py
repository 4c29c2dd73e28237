"""Writes of product lines and models; each is one transaction with its audit event."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from dealers.services import apply_changes
from machines.models import ProductLine, ProductModel


class CodeTaken(DomainError):
    code = "product.code_taken"
    message = _("This code is in use already.")
    field = "code"


@verb
def create_line(
    *, actor: Actor, code: str, name: str, name_en: str = "", is_bought_in: bool = False
) -> ProductLine:
    """Add a family of products."""
    line = ProductLine(
        code=code.strip().upper(), name=name, name_en=name_en, is_bought_in=is_bought_in
    )
    return _created(actor, line)


@verb
def edit_line(*, actor: Actor, line: ProductLine, **changes: Any) -> ProductLine:
    """Change a family's name or mark; its code stands in territories and stays."""
    line = locked(line)
    apply_changes(actor, line, {k: v for k, v in changes.items() if k != "code"})
    return line


@verb
def create_model(
    *,
    actor: Actor,
    line: ProductLine,
    code: str,
    name: str,
    coverage_months: int = 12,
    product_class: str = "",
    power_kw: Decimal | None = None,
) -> ProductModel:
    """Add an exact type of machine (R-063)."""
    model = ProductModel(
        line=line,
        code=code.strip().upper(),
        name=name,
        coverage_months=coverage_months,
        product_class=product_class,
        power_kw=power_kw,
    )
    return _created(actor, model)


@verb
def edit_model(*, actor: Actor, model: ProductModel, **changes: Any) -> ProductModel:
    """Change a type; machines sold already keep their coverage. Its code stays."""
    model = locked(model)
    apply_changes(actor, model, {k: v for k, v in changes.items() if k != "code"})
    return model


def _created(actor: Actor, thing: Any) -> Any:
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError as error:
        raise CodeTaken from error
    audit.record(actor, f"{thing._meta.model_name}.created", thing, code=thing.code)
    return thing
