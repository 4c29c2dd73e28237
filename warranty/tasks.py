"""Celery entrances of the guarantee."""

from __future__ import annotations

from celery import shared_task

from warranty.services import money_sweep
from warranty.services.claims import sweeping as claims
from warranty.services.oldparts import sweeping as old_parts
from warranty.services.reviews import sweeping as reviews


@shared_task(name=old_parts.HEARTBEAT)
def sweep_old_parts() -> None:
    """Warn of old parts, mark overdue ones, charge and scrap; a lost tick costs an hour."""
    old_parts.sweep_all()


@shared_task(name=money_sweep.HEARTBEAT)
def sweep_money() -> None:
    """End objection times, remind of notices, deem silence a yes; a lost tick costs an hour."""
    money_sweep.sweep_all()


@shared_task(name=claims.HEARTBEAT)
def expire_claims() -> None:
    """Remind of and end claims that were not corrected in time; a lost tick costs an hour."""
    claims.sweep_all()


@shared_task(name=reviews.HEARTBEAT)
def ready_claims() -> None:
    """Hand decided claims to finance whose time of appeal is over; a lost tick costs minutes."""
    reviews.sweep_all()
