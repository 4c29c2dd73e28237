"""What a new company starts with: the official regions and the usual grades of dealers."""

from __future__ import annotations

from core.actor import Actor
from core.models import Tenant
from dealers import regions, services


def install_defaults(*, tenant: Tenant) -> None:
    """Bring regions and grades; what is there already stays. Runs in the company's scope."""
    regions.load_regions()
    services.install_levels(actor=Actor.system(tenant.pk))
