"""Who delivers parts to the manufacturer, and how much of a failure is theirs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.history import history


@history()
class Supplier(TenantModel):
    """A company whose parts are bought in (R-085); no dealer ever sees it."""

    dealer_wall: ClassVar[str] = "none"

    code = models.CharField(_("supplier code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    claims_address = models.CharField(_("address for claims"), max_length=200, blank=True)
    terms = models.TextField(_("terms"), blank=True)
    duty_percent = models.DecimalField(
        _("share of the cost, percent"), max_digits=5, decimal_places=2, default=100
    )
    # The last day on which somebody made sure that the entry is exact: once a quarter.
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="supplier_code_once"),
            models.CheckConstraint(
                condition=Q(duty_percent__gte=0, duty_percent__lte=100),
                name="supplier_bears_at_most_all",
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
