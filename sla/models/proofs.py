"""What the nightly proof found: clocks whose stored times are not the computed ones."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.base import TenantModel
from core.fields import TenantForeignKey
from sla.models.clocks import Clock
from sla.states import DifferenceKind


class ProofRun(TenantModel):
    """One night's proof of a company: how many clocks were computed again, how many differ."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    checked = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="proof_newest")]


class ClockDifference(TenantModel):
    """One thing of a clock that is stored otherwise than it is computed; shown, never mended."""

    public_id = models.UUIDField(default=uuid4, editable=False)
    clock = TenantForeignKey(Clock, models.CASCADE, related_name="differences")
    what = models.CharField(max_length=20, choices=DifferenceKind)
    stored = models.CharField(max_length=80, blank=True)
    computed = models.CharField(max_length=80, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # by the latest proof that still found it
    settled_at = models.DateTimeField(null=True)
    settled_label = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock", "what"],
                condition=Q(settled_at=None),
                name="a_difference_is_open_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "public_id"], name="difference_public_id_once"
            ),
        ]

    @property
    def stored_at(self) -> datetime | None:
        """The stored instant, where the difference is one of instants."""
        return _instant(self.stored)

    @property
    def computed_at(self) -> datetime | None:
        return _instant(self.computed)


def _instant(kept: str) -> datetime | None:
    try:
        return datetime.fromisoformat(kept)
    except ValueError:
        return None
