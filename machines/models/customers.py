"""Customers, their telephones, and the dealers that serve them."""

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
