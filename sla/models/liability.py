"""Whose fault a breach was, as a supervisor or manager decided it (R-030)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.base import TenantModel
from core.fields import TenantForeignKey
from sla.models.clocks import Clock


class Fault(models.TextChoices):
    """At whose door a missed promise is laid."""

    HOLDER = "holder", pgettext_lazy("at fault", "Whoever held it")
    OTHER = "other", pgettext_lazy("at fault", "Somebody else of us")
    CUSTOMER = "customer", pgettext_lazy("at fault", "The customer")
    NOBODY = "nobody", pgettext_lazy("at fault", "Nobody: force majeure")


class Liability(TenantModel):
    """A decision (责任处理) on one breach; a later one replaces it, and both stay on record."""

    dealer_wall: ClassVar[str] = "none"

    clock = TenantForeignKey(Clock, models.CASCADE, related_name="liabilities")
    fault = models.CharField(_("at fault"), max_length=10, choices=Fault)
    # The department, dealer or person at fault, as it was named then.
    at_fault = models.CharField(_("name"), max_length=120, blank=True)
    decision = models.CharField(_("decision"), max_length=500)
    decided_at = models.DateTimeField()
    decided_label = models.CharField(max_length=120)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "clock"],
                condition=models.Q(is_current=True),
                name="one_decision_on_a_breach_counts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.clock)
