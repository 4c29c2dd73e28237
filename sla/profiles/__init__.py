"""Ready profiles of promised times, as data: each figure with the rule that asks for it (R-018).

A profile other than the core comes before it in the order, so that it counts for the product
lines it is installed for; a policy that does not name a promise passes the question on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sla.profiles import machinery, project, software, vehicle
from sla.profiles.base import PolicyPlan


@dataclass(frozen=True, slots=True)
class Profile:
    """Policies that belong together."""

    code: str
    name: Any
    text: Any
    policies: tuple[PolicyPlan, ...]


CORE = Profile(
    "machinery",
    _("Machinery core"),
    _("Dealers do the work: dispatched in 2 hours, arranged in 2, checked after 4."),
    machinery.POLICIES,
)
PROFILES: dict[str, Profile] = {
    profile.code: profile
    for profile in (
        CORE,
        Profile(
            "software",
            _("Software"),
            _("Users call: answered within the hour, questions solved in 8 working hours."),
            software.POLICIES,
        ),
        Profile(
            "vehicle",
            _("Vehicles"),
            _("A workshop repairs: ready for pick-up in 48 hours, parts in 72."),
            vehicle.POLICIES,
        ),
        Profile(
            "project",
            _("Project goods"),
            _("A contract promises: every request answered in 24 hours, goods right in 7 days."),
            project.POLICIES,
        ),
    )
}
