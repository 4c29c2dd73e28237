"""Celery entrances of the guarantee."""

from __future__ import annotations

import structlog
from celery import shared_task

from core.actor import Actor
from core.health import beat
from core.models import Tenant
from core.tasks import tenant_task
from core.tenancy import current_tenant_id, tenant_scope
from machines.models import Machine
from tickets.models import Ticket
from warranty.services import cases, money_sweep
from warranty.services.cases import watching
from warranty.services.claims import sweeping as claims
from warranty.services.oldparts import sweeping as old_parts
from warranty.services.reviews import sweeping as reviews

log = structlog.get_logger(__name__)


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


@tenant_task(name="warranty.watch_machine")
def watch_machine(*, machine_id: int, ticket_id: int | None = None) -> None:
    """Ask the law about a machine after a fault or a repair."""
    machine = Machine.objects.select_related("model__line", "customer").get(pk=machine_id)
    ticket = Ticket.objects.get(pk=ticket_id) if ticket_id else None
    cases.watch_machine(actor=Actor.system(current_tenant_id()), machine=machine, ticket=ticket)


@shared_task(name="warranty.watch_all")
def watch_all() -> None:
    """Days count by themselves: every machine in repair, once a night."""
    handled = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                handled += watching.sweep()
        except Exception:
            # One sick company must not cost the others their warning.
            log.exception("warranty.machines_not_watched", sick_tenant=tenant.pk)
    beat("warranty.watch_all", handled=handled)
