"""After the money: spot checks (抽查) of settled claims, and what suppliers pay back (追偿)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.states import guard
from dealers.models import Dealer
from parts.models import Supplier
from warranty.models.claims import Claim
from warranty.models.oldparts import OldPartReturn
from warranty.models.people import label, person
from warranty.models.settlements import Adjustment
from warranty.states.cases import (
    RECOVERY_ACTIONS,
    SPOT_CHECK_ACTIONS,
    RecoveryState,
    SpotCheckState,
    Verdict,
)


class SpotCheck(TenantModel):
    """A sample of a dealer's settled claims since the last one; the seed makes it repeatable."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("spot check"), max_length=30)
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=SpotCheckState, default=SpotCheckState.DRAWN
    )
    seed = models.BigIntegerField()
    settled_from = models.DateField(_("settled from"))
    settled_until = models.DateField(_("settled until"))
    population = models.PositiveIntegerField(_("claims to draw from"))
    papers_by = models.DateField(_("papers by"))
    drawn_at = models.DateTimeField(auto_now_add=True)
    drawn_by = person()
    drawn_label = label()
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="spot_check_once"),
            models.UniqueConstraint(
                fields=["tenant", "dealer"],
                condition=~Q(state=SpotCheckState.DECIDED),
                name="one_open_spot_check_per_dealer",
            ),
        ]
        triggers = [guard("spot_check_moves", SPOT_CHECK_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class SpotCheckItem(TenantModel):
    """One claim of the sample: who was asked, what was found, and what follows."""

    dealer_wall: ClassVar[str] = "with:spot_check"

    spot_check = TenantForeignKey(SpotCheck, models.PROTECT, related_name="items")
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="spot_check_items")
    papers_at = models.DateTimeField(null=True)
    asked_user = models.TextField(_("what the user said"), blank=True)
    facts = models.TextField(_("facts"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    adjustment = TenantForeignKey(Adjustment, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "spot_check", "claim"], name="claim_drawn_once_per_check"
            )
        ]


class RecoveryClaim(TenantModel):
    """The same cost claimed from the supplier of the causal part (R-158); no dealer sees it."""

    dealer_wall: ClassVar[str] = "none"

    number = models.CharField(_("number"), max_length=30)
    supplier = TenantForeignKey(Supplier, models.PROTECT, related_name="+")
    claim = TenantForeignKey(Claim, models.PROTECT, related_name="+")
    old_part = TenantForeignKey(OldPartReturn, models.PROTECT, null=True, related_name="recoveries")
    state = models.CharField(
        _("state"), max_length=10, choices=RecoveryState, default=RecoveryState.FOUND
    )
    cost_cents = models.BigIntegerField(_("cost"))
    percent = models.DecimalField(_("supplier's share, %"), max_digits=5, decimal_places=2)
    claimed_cents = models.BigIntegerField(_("claimed"))
    accepted_cents = models.BigIntegerField(_("accepted"), null=True)
    words = models.TextField(_("in words"), blank=True)
    answer = models.TextField(_("supplier's answer"), blank=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = person()
    claimed_label = label()
    answered_at = models.DateTimeField(null=True)
    debited_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="recovery_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "old_part"],
                condition=Q(old_part__isnull=False),
                name="one_recovery_per_piece",
            ),
            models.CheckConstraint(
                condition=Q(claimed_cents__gte=0, claimed_cents__lte=F("cost_cents"))
                & (
                    Q(accepted_cents=None)
                    | Q(accepted_cents__gte=0, accepted_cents__lte=F("claimed_cents"))
                ),
                name="recovered_is_at_most_claimed",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "supplier", "state"], name="recoveries_by_supplier")
        ]
        triggers = [guard("recovery_moves", RECOVERY_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number
