"""The part master: what a part is, what it fits, what it costs from when, which pieces exist."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.money import yuan
from core.search import SearchTrigger
from dealers.models import Dealer
from machines.models import Layer, ProductModel
from parts.models.suppliers import Supplier


class PartKind(models.TextChoices):
    """What the three guarantees promise of it (R-084)."""

    GUARANTEE = "guarantee", _("Guarantee part")
    WEAR = "wear", _("Wear part")
    OTHER = "other", pgettext_lazy("part kind", "Other")


class Unit(models.TextChoices):
    PIECE = "piece", pgettext_lazy("unit", "piece")
    SET = "set", pgettext_lazy("unit", "set")
    LITRE = "litre", pgettext_lazy("unit", "litre")
    KILOGRAM = "kilogram", pgettext_lazy("unit", "kilogram")
    METRE = "metre", pgettext_lazy("unit", "metre")


class ReturnDuty(models.TextChoices):
    """What becomes of the failed piece."""

    DEALER_SCRAPS = "dealer_scraps", _("The dealer scraps it")
    SUPERVISED = "supervised", _("Scrapped under supervision")
    RETURN_TO_FACTORY = "return_to_factory", _("Return to the factory")


class Gate(models.TextChoices):
    """What the money for a line waits for."""

    NONE = "none", _("Pay at once")
    BEFORE_PAYABLE = "before_payable", _("Pay when the old part is approved")
    DEDUCT = "deduct", _("Pay at once, deduct if the old part does not come")


class PriceKind(models.TextChoices):
    DEALER = "dealer", _("Dealer price")
    RETAIL = "retail", _("Retail price")


@history()
class Part(TenantModel):
    """An exact kind of part, by its number (R-084, R-092); its number is kept folded."""

    dealer_wall: ClassVar[str] = "open"

    number = models.CharField(_("part number"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=PartKind, default=PartKind.GUARANTEE)
    layer = models.CharField(
        _("term of coverage"), max_length=10, choices=Layer, default=Layer.WHOLE
    )
    # The main component that it belongs to, in the words of the terms, such as "engine".
    component = models.CharField(_("component"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit, default=Unit.PIECE)
    is_common = models.BooleanField(_("common part"), default=True)
    is_watched = models.BooleanField(_("watched for batch faults"), default=False)
    is_serialised = models.BooleanField(_("each piece has a serial number"), default=False)
    supplier = TenantForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="parts"
    )
    return_duty = models.CharField(
        _("old part"), max_length=20, choices=ReturnDuty, default=ReturnDuty.DEALER_SCRAPS
    )
    gate = models.CharField(_("payment"), max_length=20, choices=Gate, default=Gate.BEFORE_PAYABLE)
    replaces = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    shelf = models.CharField(_("shelf"), max_length=40, blank=True)
    keep_for_supplier = models.BooleanField(_("keep for the supplier"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="part_number_once"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[^[:space:][:lower:]]+$"), name="part_number_is_folded"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="part_replaces_another"
            ),
        ]
        ordering = ["number"]
        triggers = [SearchTrigger(kind="part", columns=["number", "name", "name_en"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PartFit(TenantModel):
    """A part belongs to a model; a part without any such row belongs to all (R-084)."""

    dealer_wall: ClassVar[str] = "open"

    part = TenantForeignKey(Part, models.CASCADE, related_name="fits")
    model = TenantForeignKey(ProductModel, models.PROTECT, related_name="+")
    per_machine = models.DecimalField(
        _("per machine"), max_digits=8, decimal_places=2, default=Decimal(1)
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "part", "model"], name="part_fits_a_model_once"
            ),
            models.CheckConstraint(condition=Q(per_machine__gt=0), name="part_fits_in_some_number"),
        ]


@history()
class PartPrice(TenantModel):
    """What a part costs from a day until the next row of its kind; whole cents."""

    dealer_wall: ClassVar[str] = "open"

    part = TenantForeignKey(Part, models.PROTECT, related_name="prices")
    kind = models.CharField(_("price"), max_length=10, choices=PriceKind, default=PriceKind.DEALER)
    cents = models.BigIntegerField(_("amount"))
    from_on = models.DateField(_("from"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "part", "kind", "from_on"], name="part_price_once_per_day"
            ),
            models.CheckConstraint(condition=Q(cents__gte=0), name="part_price_not_below_zero"),
        ]

    @property
    def amount(self) -> Decimal:
        """The price in yuan."""
        return yuan(self.cents)


class PartSerial(TenantModel):
    """One piece of a serialised part, its batch, and the dealer to whom it was sold."""

    dealer_wall: ClassVar[str] = "own:dealer"

    part = TenantForeignKey(Part, models.PROTECT, related_name="serials")
    serial_number = models.CharField(_("serial number"), max_length=40)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, blank=True, related_name="+")
    sold_on = models.DateField(_("sold on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "part", "serial_number"], name="part_serial_once"
            ),
            models.CheckConstraint(
                condition=Q(serial_number__regex=r"^[^[:space:][:lower:]]+$"),
                name="part_serial_is_folded",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "serial_number"], name="part_serial_by_number"),
            models.Index(fields=["tenant", "part", "batch"], name="part_serial_by_batch"),
        ]

    def __str__(self) -> str:
        return self.serial_number
