"""What happens to claims by themselves, in every company."""

from __future__ import annotations

import structlog
from django.utils import timezone

from core.actor import Actor
from core.models import Heartbeat, Tenant
from core.tenancy import tenant_scope
from warranty.services.claims.ending import expire_returned
from warranty.services.reviews.finishing import ready_claims

log = structlog.get_logger(__name__)
HEARTBEAT = "warranty.ready_claims"


def sweep_all() -> None:
    """Hand decided claims to finance whose time of appeal is over; end what is not corrected.

    Doubled, nothing is left to do.
    """
    handled = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                actor = Actor.system(tenant.pk)
                handled += ready_claims(actor=actor) + expire_returned(actor=actor)
        except Exception:
            # One company's trouble must not keep the others' money.
            log.exception("claims_not_readied", tenant_id=tenant.pk)
    Heartbeat.objects.update_or_create(
        name=HEARTBEAT, defaults={"at": timezone.now(), "lag_seconds": 0, "handled": handled}
    )
