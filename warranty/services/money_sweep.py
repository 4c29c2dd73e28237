"""What money does by itself: objections end, notices are reminded of and, by contract, deemed."""

from __future__ import annotations

import structlog
from django.utils import timezone

from core.actor import Actor
from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope
from warranty.services.adjustments import finalise_due
from warranty.services.settlements import follow_notices

log = structlog.get_logger(__name__)
HEARTBEAT = "warranty.sweep_money"


def sweep_all() -> int:
    """All companies, each by itself; run again it finds nothing. Returns what was handled."""
    handled = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                actor, today = Actor.system(tenant.pk), timezone.localdate()
                handled += finalise_due(actor=actor, today=today)
                handled += follow_notices(actor=actor, today=today)
        except Exception:
            # One company's trouble must not hold up the others.
            log.exception("warranty.money_not_swept", sick_tenant=tenant.pk)
    Heartbeat.objects.update_or_create(
        name=HEARTBEAT, defaults={"at": timezone.now(), "handled": handled}
    )
    return handled
