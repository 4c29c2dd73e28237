"""Row history of the tables that matter, by triggers: bulk writes and raw SQL are caught too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory

from core.rls import DealerWall, TenantWall

M = TypeVar("M", bound=type)


def history(*, exclude: list[str] | None = None) -> Callable[[M], M]:
    """Track a tenant model into `<Model>Event`: append-only, behind the same tenant wall."""

    def decorate(model: M) -> M:
        meta: Any = getattr(model, "_meta")  # noqa: B009 - a plain type to the checker
        table = f"{meta.db_table}event"
        tracker = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(condition=pghistory.AnyChange()),
            pghistory.DeleteEvent(),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            append_only=True,
            exclude=exclude,
            meta={
                "constraints": [
                    TenantWall(name=f"{table}_tenant_wall"),
                    DealerWall(rule="none", name=f"{table}_dealer_wall"),
                ]
            },
        )
        tracked: M = tracker(model)
        return tracked

    return decorate
