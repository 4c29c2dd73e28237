"""How a Celery task enters: it names its tenant, and refuses to run without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task

from core.tenancy import tenant_scope


def tenant_task(*, name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A task that runs inside `tenant_scope(tenant_id)`; all arguments are ids, by keyword."""

    def decorate(work: Callable[..., Any]) -> Any:
        def run(*, tenant_id: int, **ids: Any) -> Any:
            with (
                structlog.contextvars.bound_contextvars(tenant_id=tenant_id),
                tenant_scope(tenant_id),
            ):
                return work(**ids)

        run.__doc__ = work.__doc__
        run.__name__ = work.__name__
        run.__module__ = work.__module__
        return shared_task(name=name, **options)(run)

    return decorate
