"""From the period's draft to the closed books; deductions and additions (warranty-claims 7.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warranty.actions import Actions, action


class SettlementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("settlement", "Draft")
    CHECKED = "checked", pgettext_lazy("settlement", "Checked")
    ISSUED = "issued", pgettext_lazy("settlement", "Issued")
    DISPUTED = "disputed", pgettext_lazy("settlement", "Disputed")
    CONFIRMED = "confirmed", pgettext_lazy("settlement", "Confirmed")
    POSTED = "posted", pgettext_lazy("settlement", "Posted")
    OFFSET = "offset", pgettext_lazy("settlement", "Offset")
    PAID = "paid", pgettext_lazy("settlement", "Paid")
    CLOSED = "closed", pgettext_lazy("settlement", "Closed")
    REVERSED = "reversed", pgettext_lazy("settlement", "Reversed")
    VOID = "void", pgettext_lazy("settlement", "Void")


S = SettlementState
SETTLEMENT_ACTIONS = Actions(
    action("check", S.DRAFT, S.CHECKED, "settlement.check", not_by=("drafted_by_id",)),
    action("redraft", S.CHECKED, S.DRAFT, "settlement.check"),
    action("discard", S.DRAFT, S.VOID, "settlement.draft", by_system=True),
    action("issue", S.CHECKED, S.ISSUED, "settlement.check", not_by=("drafted_by_id",)),
    action("confirm", S.ISSUED, S.CONFIRMED, "settlement.confirm"),
    # The dealer answered on paper, or its contract takes silence for a yes.
    action("record_paper", S.ISSUED, S.CONFIRMED, "settlement.record_paper"),
    action("deem", S.ISSUED, S.CONFIRMED, by_system=True),
    action("dispute", S.ISSUED, S.DISPUTED, "settlement.confirm"),
    action("reissue", S.DISPUTED, S.ISSUED, "settlement.check", not_by=("drafted_by_id",)),
    # Every line was disputed: nothing is left to issue again.
    action("withdraw", S.DISPUTED, S.VOID, "settlement.check"),
    action("post", S.CONFIRMED, S.POSTED, "settlement.post", not_by=("drafted_by_id",)),
    action("offset", (S.POSTED, S.OFFSET), S.OFFSET, "settlement.offset"),
    action("pay", S.POSTED, S.PAID, "settlement.offset"),
    action("close", (S.POSTED, S.OFFSET, S.PAID), S.CLOSED, "settlement.offset", by_system=True),
    action(
        "reverse",
        (S.POSTED, S.OFFSET, S.PAID, S.CLOSED),
        S.REVERSED,
        "settlement.reverse",
        not_by=("posted_by_id",),
    ),
)
LIVE = (S.DRAFT, S.CHECKED, S.ISSUED, S.DISPUTED, S.CONFIRMED)
BOOKED = (S.POSTED, S.OFFSET, S.PAID, S.CLOSED)


class SettlementLineKind(models.TextChoices):
    PARTS = "parts", pgettext_lazy("settlement line", "Parts")
    LABOUR = "labour", pgettext_lazy("settlement line", "Labour")
    TRAVEL = "travel", pgettext_lazy("settlement line", "Travel")
    FREIGHT = "freight", pgettext_lazy("settlement line", "Freight")
    OTHER = "other", pgettext_lazy("settlement line", "Other")
    GOODWILL = "goodwill", pgettext_lazy("settlement line", "Goodwill")
    DEDUCTION = "deduction", pgettext_lazy("settlement line", "Deduction")
    ADDITION = "addition", pgettext_lazy("settlement line", "Addition")
    REWARD = "reward", pgettext_lazy("settlement line", "Reward")
    PENALTY = "penalty", pgettext_lazy("settlement line", "Penalty")
    CARRIED = "carried", pgettext_lazy("settlement line", "Carried forward")


class ConfirmedBy(models.TextChoices):
    """How the dealer agreed to the notice."""

    PORTAL = "portal", _("In the portal")
    PAPER = "paper", _("On paper")
    DEEMED = "deemed", _("Deemed confirmed by contract")


class InvoiceState(models.TextChoices):
    """The dealer's invoice (发票) is its own fact beside the settlement."""

    NOT_NEEDED = "not_needed", pgettext_lazy("invoice", "Not needed")
    AWAITED = "awaited", pgettext_lazy("invoice", "Awaited")
    REGISTERED = "registered", pgettext_lazy("invoice", "Registered")
    REFUSED = "refused", pgettext_lazy("invoice", "Refused")
    RED = "red", pgettext_lazy("invoice", "Cancelled by a red invoice")


I = InvoiceState  # noqa: E741 - one letter each, as in the other tables
INVOICE_ACTIONS = Actions(
    action("register", (I.AWAITED, I.REFUSED, I.RED), I.REGISTERED, "settlement.offset"),
    action("refuse", I.REGISTERED, I.REFUSED, "settlement.offset"),
    action("red", I.REGISTERED, I.RED, "settlement.offset"),
)


class AdjustmentState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("adjustment", "Draft")
    NOTIFIED = "notified", pgettext_lazy("adjustment", "Dealer told")
    OBJECTED = "objected", pgettext_lazy("adjustment", "Objected")
    FINAL = "final", pgettext_lazy("adjustment", "Final")
    IN_SETTLEMENT = "in_settlement", pgettext_lazy("adjustment", "In settlement")
    SETTLED = "settled", pgettext_lazy("adjustment", "Settled")
    DROPPED = "dropped", pgettext_lazy("adjustment", "Dropped")


A = AdjustmentState
ADJUSTMENT_ACTIONS = Actions(
    # What is drafted by hand is approved by another person; the system's own goes out at once.
    action(
        "notify",
        A.DRAFT,
        A.NOTIFIED,
        "adjustment.approve",
        by_system=True,
        not_by=("created_by_id",),
    ),
    action("drop_draft", A.DRAFT, A.DROPPED, "adjustment.create"),
    action("object", A.NOTIFIED, A.OBJECTED, "adjustment.object"),
    action("finalise", A.NOTIFIED, A.FINAL, by_system=True),
    action("uphold", A.OBJECTED, A.FINAL, "adjustment.approve", not_by=("created_by_id",)),
    action("drop", (A.NOTIFIED, A.OBJECTED), A.DROPPED, "adjustment.approve"),
    action("put_on", A.FINAL, A.IN_SETTLEMENT, "settlement.draft", by_system=True),
    action("take_off", A.IN_SETTLEMENT, A.FINAL, "settlement.draft", by_system=True),
    action("settle", A.IN_SETTLEMENT, A.SETTLED, by_system=True),
)


class AdjustmentKind(models.TextChoices):
    """Rewards and penalties are kinds of their own, never hidden in lines."""

    DEDUCTION = "deduction", pgettext_lazy("adjustment", "Deduction")
    ADDITION = "addition", pgettext_lazy("adjustment", "Addition")
    REWARD = "reward", pgettext_lazy("adjustment", "Reward")
    PENALTY = "penalty", pgettext_lazy("adjustment", "Penalty")


# Which way the money goes: what a kind takes from the dealer is stored below zero.
TAKES = (AdjustmentKind.DEDUCTION, AdjustmentKind.PENALTY)
