"""Operations of labour: how long a repair takes by the book, and what it includes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from machines.models import ProductModel


class LabourOperation(TenantModel):
    """One named piece of repair work and its standard time in minutes."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(_("operation code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    standard_minutes = models.PositiveIntegerField(_("standard time, minutes"))
    part_group = models.CharField(_("group of parts"), max_length=40, blank=True)
    # Only dealers whose level allows it may do the work.
    is_restricted = models.BooleanField(_("only for dealers of a higher level"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="operation_code_once"),
            models.CheckConstraint(
                condition=Q(standard_minutes__gt=0), name="operation_takes_time"
            ),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OperationFit(TenantModel):
    """The time on one model, or on every other (no model); no rows at all: fits every model."""

    dealer_wall: ClassVar[str] = "open"

    operation = TenantForeignKey(LabourOperation, models.CASCADE, related_name="fits")
    model = TenantForeignKey(ProductModel, models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "operation", "model"],
                nulls_distinct=False,
                name="operation_fits_a_model_once",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0), name="operation_takes_time_on_a_model"
            ),
        ]


class OperationIncludes(TenantModel):
    """An operation holds another: both on one claim are paid once."""

    dealer_wall: ClassVar[str] = "open"

    operation = TenantForeignKey(LabourOperation, models.CASCADE, related_name="includes")
    included = TenantForeignKey(LabourOperation, models.CASCADE, related_name="included_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "operation", "included"], name="operation_includes_once"
            ),
            models.CheckConstraint(
                condition=~Q(operation=F("included")), name="operation_includes_another"
            ),
        ]
