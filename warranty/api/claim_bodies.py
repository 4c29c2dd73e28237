"""What the API of claims and pre-authorisations takes and answers. Money in yuan, as text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.bodies import Body, is_storable
from core.money import cents
from dealers.terms_api import YuanField
from warranty.models import Claim, PreAuthorisation
from warranty.queries.claim_pages import ShownLine
from warranty.queries.claims import Expected, Said
from warranty.rules.decisions import WORDS_LONGEST, Decision
from warranty.states.claims import LineOutcome

AMOUNT: dict[str, Any] = {"max_digits": 13, "decimal_places": 2, "min_value": Decimal(0)}
PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "min_value": Decimal(0)}


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A row of the list; what a reviewer looks at twice is never told to a dealer."""

    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    machine = serializers.CharField(source="machine.serial_number")
    claimed = YuanField(source="claimed_cents")
    computed = YuanField(source="computed_cents")
    approved = YuanField(source="approved_cents", allow_null=True)

    class Meta:
        model = Claim
        fields: tuple[str, ...] = (
            "number",
            "type",
            "state",
            "dealer",
            "machine",
            "repaired_on",
            "file_by",
            "submitted_at",
            "decide_by",
            "correct_by",
            "decided_at",
            "appeal_until",
            "accepted_at",
            "claimed",
            "computed",
            "approved",
        )


class DecidedSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=LineOutcome.choices)
    approved = YuanField(source="approved_cents")
    reason = serializers.CharField(source="reason.code", default=None, allow_null=True)
    words = serializers.CharField()


class ClaimLineSerializer(serializers.Serializer[ShownLine]):
    """A line with what was decided of it; `appeal` holds the dealer's words."""

    position = serializers.IntegerField(source="line.position")
    kind = serializers.CharField(source="line.kind")
    what = serializers.CharField()
    part = serializers.CharField(source="line.part.number", default=None, allow_null=True)
    operation = serializers.CharField(source="line.operation.code", default=None, allow_null=True)
    quantity = serializers.DecimalField(source="line.quantity", max_digits=10, decimal_places=2)
    invoice_number = serializers.CharField(source="line.invoice_number")
    claimed = YuanField(source="line.claimed_cents")
    computed = YuanField(source="line.computed_cents")
    decision = DecidedSerializer(allow_null=True)
    appeal = serializers.CharField(source="appeal.words", default=None, allow_null=True)
    is_open_to_appeal = serializers.BooleanField(source="is_open")


class FindingSerializer(serializers.Serializer[Said]):
    """What a check said, in the reader's language; `line` is a position."""

    code = serializers.CharField()
    outcome = serializers.CharField()
    line = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField()


class ExpectedSerializer(serializers.Serializer[Expected]):
    """The money to expect, and in words how it stands."""

    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    words = serializers.CharField()
    is_late = serializers.BooleanField()


class ClaimDetailSerializer(ClaimSerializer):
    """One claim with the lines of its newest filing, its checks, and what may be done with it."""

    payee = serializers.CharField(source="payee.number", default=None, allow_null=True)
    customer = serializers.CharField(source="customer.number", default=None, allow_null=True)
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True)
    report = serializers.CharField(source="report.number", default=None, allow_null=True)
    pre_authorisation = serializers.CharField(
        source="pre_authorisation.number", default=None, allow_null=True
    )
    version = serializers.IntegerField(source="version_count")
    draft = serializers.JSONField()
    level = serializers.IntegerField(source="shown_level", allow_null=True)
    risk_flags = serializers.ListField(child=serializers.CharField(), source="shown_risks")
    expected = ExpectedSerializer()
    lines = ClaimLineSerializer(many=True, source="shown_lines")
    findings = FindingSerializer(many=True, source="shown_findings")
    steps = serializers.ListField(child=serializers.CharField(), source="shown_steps")

    class Meta(ClaimSerializer.Meta):
        fields = (
            *ClaimSerializer.Meta.fields,
            "payee",
            "customer",
            "ticket",
            "report",
            "pre_authorisation",
            "version",
            "late_reason",
            "goodwill_reason",
            "returned_reason",
            "void_reason",
            "draft",
            "level",
            "risk_flags",
            "expected",
            "lines",
            "findings",
            "steps",
        )


class NoBody(Body):
    """Nothing is needed."""


class DraftBody(Body):
    """The draft as it is typed; see the claim's own `draft` for its shape."""

    draft = serializers.DictField(child=serializers.JSONField())

    def validate_draft(self, draft: dict[str, Any]) -> dict[str, Any]:
        if not all(map(is_storable, texts_in(draft))):
            raise serializers.ValidationError([_("This holds characters that are none.")])
        return draft


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a JSON value, names as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


class ClaimWordsBody(Body):
    words = serializers.CharField(max_length=WORDS_LONGEST)


class LongWordsBody(Body):
    words = serializers.CharField(max_length=4000)


class ClaimNoteBody(Body):
    words = serializers.CharField(max_length=WORDS_LONGEST, required=False, allow_blank=True)


class DecisionBody(Body):
    """One line by its position; approved and rejected lines need no amount."""

    position = serializers.IntegerField(min_value=1, max_value=32767)
    outcome = serializers.ChoiceField(choices=LineOutcome.choices)
    approved = serializers.DecimalField(**AMOUNT, required=False)
    reason = serializers.CharField(max_length=20, required=False, allow_blank=True)
    words = serializers.CharField(max_length=WORDS_LONGEST, required=False, allow_blank=True)


class DecideBody(Body):
    decisions = DecisionBody(many=True, allow_empty=False)
    words = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AppealLineBody(Body):
    position = serializers.IntegerField(min_value=1, max_value=32767)
    words = serializers.CharField(max_length=4000)


class AppealBody(Body):
    lines = AppealLineBody(many=True, allow_empty=False)


def decision_of(said: dict[str, Any], line_id: int, claimed_cents: int) -> Decision:
    """A decision as the service takes it."""
    outcome = said["outcome"]
    if outcome == LineOutcome.APPROVE and "approved" not in said:
        approved = claimed_cents
    else:
        approved = cents(said.get("approved", Decimal(0)))
    return Decision(line_id, outcome, approved, said.get("reason", ""), said.get("words", ""))


class PreAuthorisationSerializer(serializers.ModelSerializer[PreAuthorisation]):
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    machine = serializers.CharField(source="machine.serial_number")
    ticket = serializers.CharField(source="ticket.number", default=None, allow_null=True)
    asked = YuanField(source="asked_cents")
    limit = YuanField(source="limit_cents", allow_null=True)

    class Meta:
        model = PreAuthorisation
        fields = (
            "number",
            "state",
            "dealer",
            "machine",
            "ticket",
            "asked_for",
            "asked",
            "part_numbers",
            "operation_codes",
            "is_goodwill",
            "factory_percent",
            "dealer_percent",
            "user_percent",
            "limit",
            "expires_on",
            "reason",
            "created_at",
            "decided_at",
        )


class SharesBody(Body):
    """Who bears a goodwill cost; the three make up the whole."""

    factory = serializers.DecimalField(**PERCENT)
    dealer = serializers.DecimalField(**PERCENT)
    user = serializers.DecimalField(**PERCENT)


class AskBody(Body):
    asked_for = serializers.CharField(max_length=4000)
    asked = serializers.DecimalField(**AMOUNT)
    part_numbers = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=50
    )
    operation_codes = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=50
    )
    is_goodwill = serializers.BooleanField(required=False)
    shares = SharesBody(required=False)


class NewAskBody(AskBody):
    machine = serializers.CharField(max_length=60)
    ticket = serializers.CharField(max_length=30, required=False)


class ApproveBody(Body):
    limit = serializers.DecimalField(**AMOUNT, required=False)
    expires_on = serializers.DateField(required=False)
    words = serializers.CharField(max_length=WORDS_LONGEST, required=False, allow_blank=True)
