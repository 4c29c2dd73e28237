"""Celery entrances of the guarantee."""

from __future__ import annotations

from celery import shared_task

from warranty.services import money_sweep
from warranty.services.oldparts.sweeping import HEARTBEAT, sweep_all


@shared_task(name=HEARTBEAT)
def sweep_old_parts() -> None:
    """Warn of old parts, mark overdue ones, charge and scrap; a lost tick costs an hour."""
    sweep_all()


@shared_task(name=money_sweep.HEARTBEAT)
def sweep_money() -> None:
    """End objection times, remind of notices, deem silence a yes; a lost tick costs an hour."""
    money_sweep.sweep_all()
