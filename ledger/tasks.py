"""How Celery wakes the nightly check of the books."""

from __future__ import annotations

from celery import shared_task

from ledger.check import check_all


@shared_task(name="ledger.check")
def check() -> None:
    """Re-add the books of every company; doubled or lost, the next night does the same."""
    check_all()
