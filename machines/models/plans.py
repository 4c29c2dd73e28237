"""Coverage plans (三包条款版本): what is promised on a model, by dated versions (R-067)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.base import TenantModel
from core.fields import TenantForeignKey
from machines.models.products import ProductLine, ProductModel


def percent_field(label: Any, **kwargs: Any) -> models.DecimalField[Any, Any]:
    """A share from 0 to 100 %, with two places."""
    return models.DecimalField(label, max_digits=5, decimal_places=2, **kwargs)


class Layer(models.TextChoices):
    """What of a machine a term covers."""

    WHOLE = "whole", _("Whole machine")
    MAIN = "main", _("Main component")
    WEAR = "wear", _("Wear part")


class UseUnit(models.TextChoices):
    """What a machine's meter counts."""

    HOURS = "hours", _("hours")
    KM = "km", _("km")


class StartRule(models.TextChoices):
    """The day on which Coverage starts."""

    INVOICE = "invoice", pgettext_lazy("coverage starts", "Invoice date")
    DELIVERY = "delivery", pgettext_lazy("coverage starts", "Delivery")
    INSTALLATION = "installation", pgettext_lazy("coverage starts", "Installation")
    ACCEPTANCE = "acceptance", pgettext_lazy("coverage starts", "Acceptance")


class CoveragePlan(TenantModel):
    """One version of the promise for a model, else for a line, else for the whole tenant."""

    dealer_wall: ClassVar[str] = "open"

    model = TenantForeignKey(ProductModel, models.PROTECT, null=True, related_name="plans")
    line = TenantForeignKey(ProductLine, models.PROTECT, null=True, related_name="plans")
    version = models.PositiveIntegerField(_("version"), default=1)
    from_on = models.DateField(_("in force from"))
    # The last day, itself included; the next version sets it.
    until_on = models.DateField(_("in force until"), null=True, blank=True)
    start_rule = models.CharField(
        _("starts on"), max_length=12, choices=StartRule, default=StartRule.INVOICE
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    author_label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "model", "line", "from_on"],
                nulls_distinct=False,
                name="one_plan_starts_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["tenant", "model", "line", "version"],
                nulls_distinct=False,
                name="plan_version_once",
            ),
            models.CheckConstraint(
                condition=Q(model=None) | Q(line=None), name="a_plan_has_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="a_plan_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        scope = self.model.code if self.model else self.line.code if self.line else "*"
        return f"{scope} v{self.version}"


class CoverageTerm(TenantModel):
    """One row of a plan: a layer, or a component of it by name, and how long and how much.

    `labour_months` and `travel_months` say otherwise than `months` where labour or travel is
    paid for a shorter time. `tiers` are rows of the months' steps, each
    {"until_month": 6, "answer": "new"}; the legal floor stands beside the promise.
    """

    dealer_wall: ClassVar[str] = "open"

    plan = TenantForeignKey(CoveragePlan, models.CASCADE, related_name="terms")
    layer = models.CharField(_("layer"), max_length=5, choices=Layer)
    component = models.CharField(_("component"), max_length=60, blank=True)
    months = models.PositiveSmallIntegerField(_("months"))
    labour_months = models.PositiveSmallIntegerField(_("labour, months"), null=True, blank=True)
    travel_months = models.PositiveSmallIntegerField(_("travel, months"), null=True, blank=True)
    use_limit = models.PositiveIntegerField(_("use limit"), null=True, blank=True)
    use_unit = models.CharField(_("measured in"), max_length=5, choices=UseUnit, blank=True)
    parts_percent = percent_field(_("parts, %"), default=100)
    labour_percent = percent_field(_("labour, %"), default=100)
    travel_percent = percent_field(_("travel, %"), default=100)
    legal_months = models.PositiveSmallIntegerField(_("legal floor, months"), null=True, blank=True)
    legal_use_limit = models.PositiveIntegerField(_("legal use limit"), null=True, blank=True)
    tiers = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "layer", "component"], name="plan_term_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    parts_percent__range=(0, 100),
                    labour_percent__range=(0, 100),
                    travel_percent__range=(0, 100),
                ),
                name="term_percents_are_percents",
            ),
        ]
