"""How Celery wakes the sweep; what is due stands in PostgreSQL, a lost tick costs seconds."""

from __future__ import annotations

from celery import shared_task

from core.health import note_sweep
from sla.proof import prove_all
from sla.reapply_jobs import run_reapply
from sla.sweep import sweep_all
from sla.yearalarm import tell_all


@shared_task(name="sla.sweep")
def sweep() -> None:
    """Fire the due steps of every tenant; any number of these may run at once."""
    sweep_all()
    note_sweep()


@shared_task(name="sla.prove")
def prove() -> None:
    """Compute every running clock again and show what differs; at night, when it is quiet."""
    prove_all()


@shared_task(name="sla.tell_missing_lists")
def tell_missing_lists() -> None:
    """Say of every tenant which list of holidays it lacks; the same week says nothing twice."""
    tell_all()


@shared_task(name="sla.reapply")
def reapply(*, tenant_id: int, job_id: int) -> None:
    """Have the chosen clocks follow their policy; each batch is a transaction of its own."""
    run_reapply(tenant_id=tenant_id, job_id=job_id)
