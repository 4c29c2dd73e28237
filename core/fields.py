"""Fields of our own: the link between two rows of one tenant."""

from __future__ import annotations

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignKey):
    """A foreign key whose constraint is (tenant_id, x_id) -> (tenant_id, id).

    Django's own constraint and index are left out: `TenantModel` adds a `SameTenant` constraint
    and an index that starts with the tenant.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)
