"""What is promised to whom: policies and their targets (R-018)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from sla.models.calendars import Calendar
from sla.states import Promise


@history()
class Policy(TenantModel):
    """Promised times for the tickets that its conditions catch; the first that fits counts."""

    dealer_wall: ClassVar[str] = "open"

    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"))
    # {"kind": ["repair"], "urgency": ["urgent"]}: every named fact must be one of the listed.
    conditions = models.JSONField(_("conditions"), default=dict)
    calendar = TenantForeignKey(Calendar, models.PROTECT, related_name="policies")
    is_active = models.BooleanField(default=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="policy_code_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Target(TenantModel):
    """How long one promise of a policy may take, and the ladder behind it."""

    dealer_wall: ClassVar[str] = "open"

    policy = TenantForeignKey(Policy, models.CASCADE, related_name="targets")
    promise = models.CharField(max_length=20, choices=Promise)
    minutes = models.PositiveIntegerField(_("minutes"))
    warn_percent = models.PositiveSmallIntegerField(_("remind at %"), default=75)
    # [{"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"}]: working minutes
    # after the due time, and the role told then.
    ladder = models.JSONField(_("ladder"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "promise"], name="one_target_per_promise"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_target_has_minutes"),
            models.CheckConstraint(
                condition=Q(warn_percent__gt=0, warn_percent__lt=100),
                name="a_reminder_comes_before_the_due_time",
            ),
        ]
