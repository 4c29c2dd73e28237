"""Settlement (结算单), its frozen notice, the dealer's answer; adjustments (扣补单)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.base import TenantModel
from core.fields import TenantForeignKey
from core.guards import Guard, append_only, refuse
from core.models import StoredFile
from core.states import guard
from dealers.models import Dealer, PayMode
from warranty.models.checks import CutReason
from warranty.models.claims import Claim, ClaimLine
from warranty.models.oldparts import OldPartReturn
from warranty.models.people import label, person
from warranty.states.settlements import (
    ADJUSTMENT_ACTIONS,
    INVOICE_ACTIONS,
    SETTLEMENT_ACTIONS,
    AdjustmentKind,
    AdjustmentState,
    ConfirmedBy,
    InvoiceState,
    SettlementLineKind,
    SettlementState,
)

# Once the notice is out its lines stay; a disputed line only leaves, while the notice is open.
LINE_STAYS = f"""
IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'is_live' <> to_jsonb(NEW) - 'is_live' THEN
    IF (SELECT state FROM warranty_settlement WHERE tenant_id = OLD.tenant_id
        AND id = OLD.settlement_id) NOT IN ('draft', 'void') THEN
        {refuse("settlement_lines_stay", "the lines of a checked settlement never change")}
    END IF;
END IF;
RETURN coalesce(NEW, OLD);
"""  # noqa: S608 - the names are our own


class Adjustment(TenantModel):
    """Money taken from or given to a dealer beside its claims, each with reason and words."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("number"), max_length=30)
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="+")
    payee = TenantForeignKey(Dealer, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=AdjustmentKind)
    state = models.CharField(
        _("state"), max_length=14, choices=AdjustmentState, default=AdjustmentState.DRAFT
    )
    # Below zero: taken from the dealer.
    cents = models.BigIntegerField(_("amount"))
    reason = TenantForeignKey(CutReason, models.PROTECT, null=True, related_name="+")
    words = models.TextField(_("in words"))
    claim_line = TenantForeignKey(ClaimLine, models.PROTECT, null=True, related_name="+")
    old_part = TenantForeignKey(
        OldPartReturn, models.PROTECT, null=True, related_name="adjustments"
    )
    # What else caused it, such as ("spot_check_item", 7) or ("settlement", 3).
    source_kind = models.CharField(max_length=20, blank=True)
    source_id = models.BigIntegerField(null=True)
    notified_at = models.DateTimeField(null=True)
    object_until = models.DateField(_("objection until"), null=True)
    objection = models.TextField(_("objection"), blank=True)
    objected_by = person()
    objected_label = label()
    answer = models.TextField(_("answer"), blank=True)
    created_by = person()
    created_label = label()
    created_at = models.DateTimeField(auto_now_add=True)
    approved_by = person()
    approved_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="adjustment_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "source_kind", "source_id", "kind"],
                condition=~Q(source_kind="") & ~Q(state=AdjustmentState.DROPPED),
                name="adjustment_once_per_source",
            ),
            models.UniqueConstraint(
                fields=["tenant", "old_part", "kind"],
                condition=Q(old_part__isnull=False) & ~Q(state=AdjustmentState.DROPPED),
                name="old_part_adjusted_once_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["deduction", "penalty"], cents__lt=0)
                | Q(kind__in=["addition", "reward"], cents__gt=0),
                name="adjustment_goes_its_way",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="adjustment_has_words"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("created_by")),
                name="adjustment_takes_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "payee", "state"], name="adjustments_of_payee"),
            models.Index(fields=["tenant", "state", "object_until"], name="adjustments_by_state"),
        ]
        triggers = [guard("adjustment_moves", ADJUSTMENT_ACTIONS.moves())]

    def __str__(self) -> str:
        return self.number


class Settlement(TenantModel):
    """What a dealer is owed for a period, from the draft to the closed books."""

    dealer_wall: ClassVar[str] = "own:dealer"

    number = models.CharField(_("settlement number"), max_length=30)
    # The payee: a level-1 dealer; level-2 dealers stand on the lines.
    dealer = TenantForeignKey(Dealer, models.PROTECT, related_name="settlements")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    state = models.CharField(
        _("state"), max_length=10, choices=SettlementState, default=SettlementState.DRAFT
    )
    pay_mode = models.CharField(_("pay mode"), max_length=12, choices=PayMode)
    net_cents = models.BigIntegerField(_("net"), default=0)
    edition = models.PositiveSmallIntegerField(_("edition of the notice"), default=0)
    confirm_by = models.DateField(_("to be confirmed by"), null=True)
    reminded_at = models.DateTimeField(null=True)
    invoice_state = models.CharField(
        _("invoice"), max_length=10, choices=InvoiceState, default=InvoiceState.NOT_NEEDED
    )
    invoice_number = models.CharField(_("invoice number"), max_length=40, blank=True)
    invoice_on = models.DateField(_("invoice date"), null=True)
    drafted_by = person()
    drafted_label = label()
    drafted_at = models.DateTimeField(auto_now_add=True)
    checked_by = person()
    checked_label = label()
    checked_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = person()
    issued_label = label()
    confirmed_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    posted_by = person()
    posted_label = label()
    closed_at = models.DateTimeField(null=True)
    reversed_by = person()
    reversed_label = label()
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="settlement_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "dealer"],
                condition=Q(state=SettlementState.DRAFT),
                name="one_draft_settlement_per_dealer",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="settlement_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=(Q(checked_by=None) | ~Q(checked_by=F("drafted_by")))
                & (Q(posted_by=None) | ~Q(posted_by=F("drafted_by"))),
                name="settlement_takes_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "dealer", "-id"], name="settlements_of_dealer"),
            models.Index(fields=["tenant", "state", "confirm_by"], name="settlements_by_state"),
        ]
        triggers = [
            guard("settlement_moves", SETTLEMENT_ACTIONS.moves()),
            guard("invoice_moves", INVOICE_ACTIONS.moves(), field="invoice_state"),
        ]

    def __str__(self) -> str:
        return self.number


class SettlementLine(TenantModel):
    """One amount on a settlement: an approved claim line, an adjustment, or what was carried."""

    dealer_wall: ClassVar[str] = "with:settlement"

    settlement = TenantForeignKey(Settlement, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=SettlementLineKind)
    claim = TenantForeignKey(Claim, models.PROTECT, null=True, related_name="settlement_lines")
    claim_line = TenantForeignKey(
        ClaimLine, models.PROTECT, null=True, related_name="settlement_lines"
    )
    adjustment = TenantForeignKey(
        Adjustment, models.PROTECT, null=True, related_name="settlement_lines"
    )
    carried_from = TenantForeignKey(
        Settlement, models.PROTECT, null=True, related_name="carried_lines"
    )
    # The dealer that did the work, where it is not the payee.
    behalf = TenantForeignKey(Dealer, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    cents = models.BigIntegerField(_("amount"))
    # False once it left: disputed, taken off, or its settlement void or reversed.
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "settlement", "position"], name="settlement_line_has_its_place"
            ),
            models.UniqueConstraint(
                fields=["tenant", "claim_line"],
                condition=Q(is_live=True, claim_line__isnull=False),
                name="claim_line_on_one_live_settlement",
            ),
            models.UniqueConstraint(
                fields=["tenant", "adjustment"],
                condition=Q(is_live=True, adjustment__isnull=False),
                name="adjustment_on_one_live_settlement",
            ),
            models.UniqueConstraint(
                fields=["tenant", "carried_from"],
                condition=Q(is_live=True, carried_from__isnull=False),
                name="settlement_carried_once",
            ),
            Guard(
                name="warranty_settlement_line_stays",
                at="BEFORE UPDATE OR DELETE",
                body=LINE_STAYS,
            ),
        ]
        indexes = [models.Index(fields=["tenant", "claim"], name="settlement_lines_of_claim")]
        ordering = ["position"]


class SettlementNotice(StoredFile):
    """The frozen paper (三包费用核销通知): body, its SHA-256, and the PDF. Never changed."""

    dealer_wall: ClassVar[str] = "with:settlement"

    settlement = TenantForeignKey(Settlement, models.PROTECT, related_name="notices")
    number = models.CharField(_("notice number"), max_length=30)
    edition = models.PositiveSmallIntegerField(_("edition"))
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = person()
    issued_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "public_id"], name="notice_id_once"),
            models.UniqueConstraint(
                fields=["tenant", "number", "edition"], name="notice_once_per_edition"
            ),
            *append_only("warranty_settlementnotice"),
        ]
        ordering = ["edition"]


class DealerConfirmation(TenantModel):
    """The dealer's yes to one hash (经销商确认). Never changed."""

    dealer_wall: ClassVar[str] = "with:notice"

    notice = TenantForeignKey(SettlementNotice, models.PROTECT, related_name="confirmations")
    digest = models.CharField(max_length=64)
    how = models.CharField(max_length=8, choices=ConfirmedBy)
    name = models.CharField(_("confirmed by"), max_length=80)
    signature = models.JSONField(null=True)
    document = models.CharField(_("paper"), max_length=120, blank=True)
    at = models.DateTimeField()
    by = person()
    by_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "notice"], name="notice_confirmed_once"),
            *append_only("warranty_dealerconfirmation"),
        ]


class Dispute(TenantModel):
    """A line of a notice that the dealer does not accept, in its words. Never changed."""

    dealer_wall: ClassVar[str] = "with:notice"

    notice = TenantForeignKey(SettlementNotice, models.PROTECT, related_name="disputes")
    line = TenantForeignKey(SettlementLine, models.PROTECT, related_name="disputes")
    words = models.TextField(_("why"))
    at = models.DateTimeField()
    by = person()
    by_label = label()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "notice", "line"], name="line_disputed_once"),
            models.CheckConstraint(condition=~Q(words=""), name="dispute_says_why"),
            *append_only("warranty_dispute"),
        ]


class Payment(TenantModel):
    """Money that left the bank for a settlement, by the bank's own reference."""

    dealer_wall: ClassVar[str] = "with:settlement"

    settlement = TenantForeignKey(Settlement, models.PROTECT, related_name="payments")
    cents = models.BigIntegerField(_("amount"))
    paid_on = models.DateField(_("paid on"))
    reference = models.CharField(_("bank reference"), max_length=60)
    by = person()
    by_label = label()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="payment_once"),
            models.CheckConstraint(condition=Q(cents__gt=0), name="payment_is_above_zero"),
            *append_only("warranty_payment"),
        ]
