"""Customers and their machines, and who sold and owned them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.search import SearchTrigger
from dealers.models import Dealer


class CustomerKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("customer kind", "Person")
    COMPANY = "company", pgettext_lazy("customer kind", "Company")


class CustomerClass(models.TextChoices):
    """Sets service strategy (R-061)."""

    KEY = "key", _("Key")
    ORDINARY = "ordinary", _("Ordinary")


@history()
class Customer(TenantModel):
    """End owner of machines (R-060). A merged record points to the one that lives on."""

    dealer_wall: ClassVar[str] = "through:machines_dealercustomer.customer_id=id"

    number = models.CharField(_("customer number"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON
    )
    customer_class = models.CharField(
        _("class"), max_length=10, choices=CustomerClass, default=CustomerClass.ORDINARY
    )
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    note = models.TextField(_("note"), blank=True)
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="customer_number_once"),
        ]
        indexes = [models.Index(fields=["tenant", "region_code"], name="customer_by_region")]
        triggers = [SearchTrigger(kind="customer", columns=["number", "name", "address"])]

    def __str__(self) -> str:
        return self.name


class CustomerPhone(TenantModel):
    """One telephone of a customer, normalised to digits with country code (+86…)."""

    dealer_wall: ClassVar[str] = "with:customer"

    customer = TenantForeignKey(Customer, models.CASCADE, related_name="phones")
    number = models.CharField(_("telephone"), max_length=20)
    label = models.CharField(_("whose"), max_length=40, blank=True)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "number"], name="phone_once_per_customer"
            ),
            models.UniqueConstraint(
                fields=["tenant", "customer"],
                condition=Q(is_primary=True),
                name="one_primary_phone",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "number"], name="phone_by_number")]
        triggers = [SearchTrigger(kind="customer", columns=["number"], object_id="customer_id")]


class DealerCustomer(TenantModel):
    """A dealer serves a customer: it sold to them, or holds a job of theirs (R-006)."""

    dealer_wall: ClassVar[str] = "own:dealer"

    dealer = TenantForeignKey(Dealer, models.CASCADE, related_name="+")
    customer = TenantForeignKey(Customer, models.CASCADE, related_name="served_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "dealer"],
                name="dealer_serves_customer_once",
            )
        ]
        indexes = [models.Index(fields=["tenant", "dealer"], name="customers_of_dealer")]


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
    coverage_months = models.PositiveSmallIntegerField(_("coverage, months"), default=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="product_model_code_once")
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


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
