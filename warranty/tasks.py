"""Celery entrances of the guarantee."""

from __future__ import annotations

from celery import shared_task

from warranty.services.oldparts.sweeping import HEARTBEAT, sweep_all


@shared_task(name=HEARTBEAT)
def sweep_old_parts() -> None:
    """Warn of old parts, mark overdue ones, charge and scrap; a lost tick costs an hour."""
    sweep_all()
