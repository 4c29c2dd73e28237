"""Celery entrances of machines."""

from core.tasks import tenant_task
from machines.imports import services


@tenant_task(name="machines.read_import")
def read_import(*, job_id: int) -> None:
    services.read_import(job_id=job_id)


@tenant_task(name="machines.apply_import")
def apply_import(*, job_id: int) -> None:
    services.apply_import(job_id=job_id)
