"""Celery's entrances."""

from __future__ import annotations

from celery import shared_task

from notifications.delivery import deliver_due
from notifications.webhooks.courier import call_due


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Send what waits in the outbox; a tick that is doubled or lost does no harm."""
    deliver_due()


@shared_task(name="notifications.call_webhooks")
def call_webhooks() -> None:
    """Call the webhooks that are due; beside the mails, which must not wait for a slow receiver."""
    call_due()
