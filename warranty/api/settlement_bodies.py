"""What the API of settlements and adjustments takes and answers. Money in yuan, as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.bodies import Body
from dealers.terms_api import YuanField
from warranty.models import Adjustment, Settlement, SettlementLine, SettlementNotice
from warranty.states.settlements import AdjustmentKind

AMOUNT: dict[str, Any] = {"max_digits": 13, "decimal_places": 2, "min_value": Decimal("0.01")}


SETTLEMENT_FIELDS = (
    "number",
    "dealer",
    "from_on",
    "until_on",
    "state",
    "pay_mode",
    "net",
    "edition",
    "confirm_by",
    "invoice_state",
    "invoice_number",
    "invoice_on",
    "drafted_at",
    "issued_at",
    "confirmed_at",
    "posted_at",
    "closed_at",
)


class SettlementSerializer(serializers.ModelSerializer[Settlement]):
    dealer = serializers.CharField(source="dealer.number")
    net = YuanField(source="net_cents")

    class Meta:
        model = Settlement
        fields: tuple[str, ...] = SETTLEMENT_FIELDS


class SettlementLineSerializer(serializers.ModelSerializer[SettlementLine]):
    claim = serializers.CharField(source="claim.number", default=None, allow_null=True)
    adjustment = serializers.CharField(source="adjustment.number", default=None, allow_null=True)
    carried_from = serializers.CharField(
        source="carried_from.number", default=None, allow_null=True
    )
    behalf = serializers.CharField(source="behalf.number", default=None, allow_null=True)
    amount = YuanField(source="cents")

    class Meta:
        model = SettlementLine
        fields = (
            "id",
            "position",
            "kind",
            "claim",
            "adjustment",
            "carried_from",
            "behalf",
            "words",
            "amount",
        )


class NoticeSerializer(serializers.ModelSerializer[SettlementNotice]):
    class Meta:
        model = SettlementNotice
        fields = ("number", "edition", "digest", "issued_at")


class SettlementDetailSerializer(SettlementSerializer):
    """With its live lines and the editions of its notice."""

    left = YuanField(source="left_cents")
    lines = SettlementLineSerializer(many=True, source="live_lines")
    notices = NoticeSerializer(many=True)

    class Meta:
        model = Settlement
        fields = (*SETTLEMENT_FIELDS, "left", "lines", "notices")


class AdjustmentSerializer(serializers.ModelSerializer[Adjustment]):
    dealer = serializers.CharField(source="dealer.number")
    payee = serializers.CharField(source="payee.number")
    amount = YuanField(source="cents")
    reason = serializers.CharField(source="reason.code", default=None, allow_null=True)

    class Meta:
        model = Adjustment
        fields = (
            "number",
            "dealer",
            "payee",
            "kind",
            "state",
            "amount",
            "reason",
            "words",
            "notified_at",
            "object_until",
            "objection",
            "answer",
            "created_at",
        )


class DraftBody(Body):
    dealer = serializers.CharField(max_length=20)
    from_on = serializers.DateField()
    until_on = serializers.DateField()


class NothingBody(Body):
    """A step that asks nothing."""


class ReasonBody(Body):
    reason = serializers.CharField(max_length=400)


class TakeOffBody(ReasonBody):
    lines = serializers.ListField(child=serializers.IntegerField(), max_length=5_000)


class ConfirmBody(Body):
    """`digest` is that of the notice which was read; signed by the printed code or strokes."""

    digest = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=80)
    code = serializers.CharField(max_length=8, required=False, allow_blank=True)
    signature = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        required=False,
        max_length=200,
    )


class PaperBody(Body):
    digest = serializers.CharField(max_length=64, help_text="The digest, or the printed code.")
    name = serializers.CharField(max_length=80)
    document = serializers.CharField(max_length=120)


class DisputedLineBody(Body):
    id = serializers.IntegerField()
    words = serializers.CharField(max_length=400)


class DisputeBody(Body):
    digest = serializers.CharField(max_length=64)
    lines = DisputedLineBody(many=True)


class PostBody(Body):
    on = serializers.DateField(required=False)


class ReverseBody(ReasonBody):
    on = serializers.DateField(required=False)


class UseBody(Body):
    item = serializers.CharField(max_length=60)
    amount = serializers.DecimalField(**AMOUNT)


class OffsetBody(Body):
    amounts = UseBody(many=True)


class PayBody(Body):
    reference = serializers.CharField(max_length=60)
    paid_on = serializers.DateField()


class InvoiceBody(Body):
    step = serializers.ChoiceField(choices=["register", "refuse", "red"])
    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    on = serializers.DateField(required=False)


class AdjustmentBody(Body):
    dealer = serializers.CharField(max_length=20)
    kind = serializers.ChoiceField(choices=AdjustmentKind.choices)
    amount = serializers.DecimalField(**AMOUNT)
    reason = serializers.CharField(max_length=20, required=False, allow_blank=True)
    words = serializers.CharField(max_length=1_000)


class MoneyWordsBody(Body):
    words = serializers.CharField(max_length=2_000)


class AnswerBody(Body):
    answer = serializers.CharField(max_length=2_000)
