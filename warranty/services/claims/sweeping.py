"""What becomes of returned claims by themselves, in every company."""

from __future__ import annotations

import structlog
from django.utils import timezone

from core.actor import Actor
from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope
from warranty.services.claims.ending import expire_returned

log = structlog.get_logger(__name__)
HEARTBEAT = "warranty.expire_claims"


def sweep_all() -> None:
    """Remind of and end returned claims whose time runs out; doubled, nothing is left."""
    handled = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                handled += expire_returned(actor=Actor.system(tenant.pk))
        except Exception:
            # One company's trouble must not cost the others their reminder.
            log.exception("claims_not_expired", tenant_id=tenant.pk)
    Heartbeat.objects.update_or_create(
        name=HEARTBEAT, defaults={"at": timezone.now(), "lag_seconds": 0, "handled": handled}
    )
