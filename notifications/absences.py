"""What people hear of absences: a deputy that he stands in (R-014)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import Absence
from core.actor import Actor
from core.tenancy import verb
from notifications.services import notify


@verb
def tell_deputy(*, actor: Actor, absence: Absence, **_more: Any) -> None:
    """On "absence.deputy_named": for whom, and from when until when."""
    deputy = absence.deputy
    if deputy is None or deputy.user_id == actor.user_id:
        return
    notify(
        user=deputy.user,
        event="absence.deputy",
        params={
            "name": absence.user.name,
            "from_at": absence.starts_at.isoformat(),
            "until_at": absence.ends_at.isoformat(),
        },
        cause=f"absence:{absence.pk}:deputy:{deputy.pk}",
        url=reverse("accounts:absences"),
    )
