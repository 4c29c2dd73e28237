"""The base of every tenant table: tenant column, walls, same-tenant links, leading indexes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.base import ModelBase

from core.fields import TenantField, TenantForeignKey
from core.rls import DealerWall, SameTenant, TenantWall


class TenantModelBase(ModelBase):
    """Adds to each concrete tenant model what no author may forget."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any
    ) -> Any:
        model: Any = super().__new__(mcs, name, bases, attrs, **kwargs)
        if model._meta.abstract or model._meta.proxy:
            return model
        _raise_walls(model)
        _lead_with_tenant(model)
        return model


def _raise_walls(model: Any) -> None:
    meta = model._meta
    table = meta.db_table
    walls: list[models.BaseConstraint] = [
        models.UniqueConstraint(fields=["tenant", "id"], name=f"{table}_id_in_tenant"),
        TenantWall(name=f"{table}_tenant_wall"),
    ]
    if model.dealer_wall != "open":
        walls.append(DealerWall(rule=model.dealer_wall, name=f"{table}_dealer_wall"))
    for field in meta.local_fields:
        if isinstance(field, TenantForeignKey):
            walls.append(SameTenant(field=field.name, name=f"{table}_{field.name}_in_tenant"))
    meta.constraints = [*meta.constraints, *walls]
    meta.original_attrs["constraints"] = meta.constraints


def _lead_with_tenant(model: Any) -> None:
    meta = model._meta
    leading = {tuple(index.fields[:2]) for index in meta.indexes}
    leading |= {
        tuple(rule.fields[:2])
        for rule in meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.condition is None
    }
    indexes = list(meta.indexes)
    for field in meta.local_fields:
        if isinstance(field, TenantForeignKey) and ("tenant", field.name) not in leading:
            index = models.Index(fields=["tenant", field.name])
            index.set_name_with_model(model)
            indexes.append(index)
    meta.indexes = indexes
    meta.original_attrs["indexes"] = meta.indexes


class TenantModel(models.Model, metaclass=TenantModelBase):
    """A row of one manufacturer's closed world.

    `dealer_wall` says what people of a dealer see of the table: "none" (the default),
    "own:dealer" (rows of their dealer), "with:ticket" (rows of a ticket they see) or "open"
    (the whole tenant's, such as product models).
    """

    dealer_wall: ClassVar[str] = "none"

    tenant = TenantField()

    class Meta:
        abstract = True
