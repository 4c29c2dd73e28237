"""What a new company starts with: the official regions, grades of dealers, standard rates."""

from __future__ import annotations

from core.actor import Actor
from core.models import Tenant
from dealers import regions, services


def install_defaults(*, tenant: Tenant) -> None:
    """Bring regions, grades and rates; what is there stays. Runs in the company's scope."""
    actor = Actor.system(tenant.pk)
    regions.load_regions()
    services.install_levels(actor=actor)
    services.install_rates(actor=actor)
