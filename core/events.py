"""Upward talk: lower floors publish by name, `config.wiring` lists who is told."""

from __future__ import annotations

from functools import cache
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from core.tenancy import current_tenant_id


@cache
def _subscribers() -> dict[str, list[Any]]:
    table: dict[str, list[str]] = import_string(settings.SUBSCRIBERS)
    return {event: [import_string(path) for path in paths] for event, paths in table.items()}


def publish(event: str, **facts: Any) -> None:
    """Call every subscriber of an event now, inside the same transaction."""
    for service in _subscribers().get(event, []):
        service(**facts)


def after_commit(task: str, **ids: Any) -> None:
    """Send a Celery task, by name, once this transaction is in; the tenant goes with it."""
    ids["tenant_id"] = current_tenant_id()
    transaction.on_commit(lambda: current_app.send_task(task, kwargs=ids))
