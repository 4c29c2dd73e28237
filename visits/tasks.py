"""Celery entrances of visits."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import connection

from core.actor import Actor
from core.health import beat
from core.tasks import tenant_task
from core.tenancy import current_tenant_id, tenant_scope
from tickets.models import Ticket
from visits import services

log = structlog.get_logger(__name__)


@tenant_task(name="visits.schedule_callback")
def schedule_callback(*, ticket_id: int) -> None:
    """Plan the call after a finished ticket."""
    actor = Actor.system(current_tenant_id())
    services.schedule_callback(actor=actor, ticket=Ticket.objects.get(pk=ticket_id))


@shared_task(name="visits.schedule_missing")
def schedule_missing() -> None:
    """Catch finished tickets whose message to us was lost with the queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, ticket_id FROM visits_tickets_without_callback()")
        lost = cursor.fetchall()
    for tenant_id, ticket_id in lost:
        try:
            with tenant_scope(tenant_id):
                services.schedule_callback(
                    actor=Actor.system(tenant_id), ticket=Ticket.objects.get(pk=ticket_id)
                )
        except Exception:
            # One sick ticket must not cost the others their call; it is tried again.
            log.exception("visits.callback_not_scheduled", tenant_id=tenant_id, ticket_id=ticket_id)
    beat("visits.schedule_missing", handled=len(lost))
