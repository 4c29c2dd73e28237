"""Product lines and models: what a machine is a machine of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey


class ProductLine(TenantModel):
    """A family of products; says whom its faults are routed to (R-099)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    is_bought_in = models.BooleanField(_("bought in from a supplier"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="product_line_code_once")
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ProductModel(TenantModel):
    """An exact type of machine (R-063)."""

    dealer_wall: ClassVar[str] = "open"

    line = TenantForeignKey(ProductLine, models.PROTECT, related_name="models")
    code = models.CharField(_("model"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    # What the law calls it (`tractor_large_medium`); empty: no class of its own.
    product_class = models.CharField(_("class in law"), max_length=40, blank=True)
    power_kw = models.DecimalField(
        _("power, kW"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    coverage_months = models.PositiveSmallIntegerField(_("coverage, months"), default=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="product_model_code_once")
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
