"""Dealers, their outlets and the areas they answer for; the official regions of China."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.search import SearchTrigger


class Region(models.Model):
    """A province (2 digits), city (4) or county (6) by its official code; of no tenant."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name


class DealerLevel(TenantModel):
    """Grade of a dealer; sets rates and rights (R-043)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="dealer_level_code_once")
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@history()
class Dealer(TenantModel):
    """A company that sells and repairs; a sub-dealer works under its parent (R-001, R-039)."""

    dealer_wall: ClassVar[str] = "own:id"

    number = models.CharField(_("dealer number"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    level = TenantForeignKey(DealerLevel, models.PROTECT, related_name="dealers")
    parent = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subs")
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=20)
    region_code = models.CharField(_("region"), max_length=6)
    address = models.CharField(_("address"), max_length=200, blank=True)
    agreement_ends_on = models.DateField(_("agreement ends on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="dealer_number_once")
        ]
        indexes = [models.Index(fields=["tenant", "region_code"], name="dealer_by_region")]
        triggers = [SearchTrigger(kind="dealer", columns=["number", "name", "short_name", "phone"])]

    def __str__(self) -> str:
        return self.short_name or self.name


class Outlet(TenantModel):
    """A place that does repairs (R-049)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="outlets")
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    region_code = models.CharField(_("region"), max_length=6)
    address = models.CharField(_("address"), max_length=200, blank=True)
    radius_km = models.PositiveSmallIntegerField(_("service radius, km"), null=True, blank=True)
    is_active = models.BooleanField(default=True)


class Territory(TenantModel):
    """The area a dealer answers for: a region by code, for one product line or all."""

    dealer_wall: ClassVar[str] = "own:dealer"

    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="territories")
    # 2, 4 or 6 digits: the longest code that fits a ticket's region wins.
    region_code = models.CharField(_("region"), max_length=6)
    product_line_code = models.CharField(_("product line"), max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "region_code", "product_line_code", "dealer"],
                name="territory_once_per_dealer",
            ),
            models.CheckConstraint(
                condition=Q(region_code__regex=r"^(\d{2}|\d{4}|\d{6})$"),
                name="territory_is_a_region_code",
            ),
        ]
