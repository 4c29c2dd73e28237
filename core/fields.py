"""Fields of our own: whose row it is, and the link between two rows of one tenant."""

from __future__ import annotations

from typing import Any

from django.db import models

from core.tenancy import current_tenant_id


class TenantField(models.ForeignKey):
    """The tenant of a row, filled in from the scope; a migration has no scope and no default."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {
            "to": "core.Tenant",
            "on_delete": models.PROTECT,
            "db_index": False,
            "editable": False,
            "related_name": "+",
            "default": current_tenant_id,
        }
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.ForeignKey", args, kwargs


class TenantForeignKey(models.ForeignKey):
    """A foreign key whose constraint is (tenant_id, x_id) -> (tenant_id, id).

    Django's own constraint and index are left out: `TenantModel` adds a `SameTenant` constraint
    and an index that starts with the tenant.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)
