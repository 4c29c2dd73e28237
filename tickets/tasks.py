"""Where Celery enters; the work stands elsewhere."""

from __future__ import annotations

import structlog
from celery import shared_task

from tickets import exports


@shared_task(name="tickets.export")
def export(*, tenant_id: int, job_id: int) -> None:
    """Make the file of an export; opens the tenant's scope anew for each piece of it."""
    with structlog.contextvars.bound_contextvars(tenant_id=tenant_id):
        exports.run_export(tenant_id, job_id)
