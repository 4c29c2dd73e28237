"""Machines, and who owned them from when to when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.search import SearchTrigger
from dealers.models import Dealer
from machines.models.customers import Customer
from machines.models.products import ProductModel


@history()
class Machine(TenantModel):
    """One physical machine, by its serial number (R-064)."""

    dealer_wall: ClassVar[str] = (
        "own:dealer;through:machines_dealercustomer.customer_id=customer_id"
    )

    serial_number = models.CharField(_("serial number"), max_length=40)
    plate = models.CharField(_("plate"), max_length=20, blank=True)
    model = TenantForeignKey(ProductModel, models.PROTECT, related_name="machines")
    customer = TenantForeignKey(Customer, models.PROTECT, null=True, related_name="machines")
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    engine_number = models.CharField(_("engine or motor number"), max_length=40, blank=True)
    built_on = models.DateField(_("built on"), null=True, blank=True)
    sold_on = models.DateField(_("sold on"), null=True, blank=True)
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("where it stands"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "serial_number"], name="serial_number_once"),
        ]
        indexes = [models.Index(fields=["tenant", "plate"], name="machine_by_plate")]
        triggers = [
            SearchTrigger(kind="machine", columns=["serial_number", "plate", "engine_number"])
        ]

    def __str__(self) -> str:
        return self.serial_number


class Ownership(TenantModel):
    """Who owned a machine from when to when: a sold-on machine keeps its history."""

    dealer_wall: ClassVar[str] = "with:machine"

    machine = TenantForeignKey(Machine, models.CASCADE, related_name="ownerships")
    customer = TenantForeignKey(Customer, models.PROTECT, related_name="ownerships")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "machine"],
                condition=Q(until_on=None),
                name="a_machine_has_one_owner_at_a_time",
            ),
        ]
