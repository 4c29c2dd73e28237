"""Dealers, their outlets, areas, contracts and rates; the official regions of China."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.history import history
from core.search import SearchTrigger
from dealers.dated import Dated, NeverOverlap, stays_but_for_its_end


class Region(models.Model):
    """A province (2 digits), city (4) or county (6) by its official code; of no tenant."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=60)
    full_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name


class PayMode(models.TextChoices):
    """How a dealer gets the money of its settlements."""

    OFFSET = "offset", _("Offset against goods")
    CASH = "cash", _("Cash")
    PARTS_CREDIT = "parts_credit", _("Parts credit")


class OldPartGate(models.TextChoices):
    """What a claim line waits for; empty where the part itself says it."""

    BY_PART = "", _("As the part says")
    NONE = "none", _("Never waits for the old part")
    BEFORE_PAYABLE = "before_payable", _("Payable when the old part is approved")
    DEDUCT = "deduct", _("Paid now, deducted if the old part does not come")


class DealerLevel(TenantModel):
    """Grade of a dealer; sets rates and rights (R-043)."""

    dealer_wall: ClassVar[str] = "open"

    code = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=60)
    # Claims under it may pass without a reviewer; 0: none does.
    pass_limit_cents = models.BigIntegerField(_("passes without review under"), default=0)
    is_trusted = models.BooleanField(_("trusted"), default=False)
    may_do_restricted = models.BooleanField(_("may do restricted operations"), default=False)
    old_part_gate = models.CharField(
        _("old parts"), max_length=20, blank=True, default="", choices=OldPartGate
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="dealer_level_code_once"),
            models.CheckConstraint(
                condition=Q(pass_limit_cents__gte=0), name="dealer_level_limit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(old_part_gate__in=OldPartGate.values), name="dealer_level_gate_known"
            ),
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


class DealerContract(Dated, TenantModel):
    """The terms agreed with a dealer from a day on (R-039); never two of one day.

    Terms never change: new ones are a new contract. Only the end may be set or moved, while it
    is not past; an end on the eve of the beginning means it was never in force.
    """

    dealer_wall: ClassVar[str] = "own:dealer"

    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="contracts")
    number = models.CharField(_("contract number"), max_length=40)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    pay_mode = models.CharField(
        _("pay mode"), max_length=12, choices=PayMode, default=PayMode.OFFSET
    )
    is_deemed_confirmed = models.BooleanField(_("silence confirms a notice"), default=False)
    needs_invoice = models.BooleanField(_("needs the dealer's invoice"), default=False)
    claim_days = models.PositiveSmallIntegerField(_("days to file a claim"), default=30)
    note = models.CharField(_("note"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="contract_number_once"),
            models.CheckConstraint(
                condition=Q(pay_mode__in=PayMode.values), name="contract_pay_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(claim_days__range=(1, 365)), name="contract_claim_days_in_a_year"
            ),
            NeverOverlap(name="contract_one_a_day", scope=["dealer"]),
            *stays_but_for_its_end("dealers_dealercontract"),
        ]
        indexes = [
            models.Index(fields=["tenant", "dealer", "from_on"], name="contract_by_dealer_and_day")
        ]
        ordering = ["-from_on", "-pk"]

    def __str__(self) -> str:
        return self.number


class RateCard(Dated, TenantModel):
    """What work is paid, from a day on: a dealer's own, a grade's, or the company's standard.

    Figures never change: new ones are a new card of the same code. Only the end may be set or
    moved, while it is not past; an end on the eve of the beginning means it was never in force.
    """

    dealer_wall: ClassVar[str] = (
        "own:dealer;through:dealers_dealer.level_id=level_id;neither:dealer,level"
    )

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    level = TenantForeignKey(DealerLevel, models.PROTECT, null=True, related_name="rate_cards")
    dealer = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="rate_cards")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    labour_cents_per_hour = models.BigIntegerField(_("labour per hour"))
    travel_cents_per_km = models.BigIntegerField(_("travel per km"))
    night_cents = models.BigIntegerField(_("supplement per night"), default=0)
    diagnosis_cents = models.BigIntegerField(_("diagnosis"), default=0)
    # On the contract price of a part, in percent.
    parts_markup_percent = models.DecimalField(
        _("mark-up on parts, %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    # So much longer than the map may a trip be, in percent.
    km_tolerance_percent = models.DecimalField(
        _("tolerance of km, %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    # Freight and outside service above it need consent before the work.
    freight_limit_cents = models.BigIntegerField(_("freight without consent up to"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level=None) | Q(dealer=None), name="rate_card_of_a_level_or_a_dealer"
            ),
            models.CheckConstraint(
                condition=Q(
                    labour_cents_per_hour__gte=0,
                    travel_cents_per_km__gte=0,
                    night_cents__gte=0,
                    diagnosis_cents__gte=0,
                    freight_limit_cents__gte=0,
                ),
                name="rate_card_pays_nothing_negative",
            ),
            models.CheckConstraint(
                condition=Q(parts_markup_percent__gte=0, km_tolerance_percent__gte=0),
                name="rate_card_percents_not_negative",
            ),
            # Two at once would leave it to chance what an hour is paid.
            NeverOverlap(name="rate_card_one_a_day", scope=["dealer", "level"]),
            *stays_but_for_its_end("dealers_ratecard"),
        ]
        indexes = [models.Index(fields=["tenant", "code", "from_on"], name="rate_card_by_code")]
        ordering = ["code", "-from_on", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """What people say aloud."""
        return self.code
