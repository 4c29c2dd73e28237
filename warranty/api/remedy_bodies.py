"""What `POST /remedies/assess/` takes and answers, for OpenAPI.

The bodies are read by `warranty.remedies.reading`, as files of examples are, so that both refuse
the same things with the same sentences; a test holds the names here and there together.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from core.bodies import Body
from warranty.remedies.dealer import OldPart, Outcome
from warranty.remedies.fields import MOST_EVENTS
from warranty.remedies.reading import CHANNELS
from warranty.remedies.register import LAWS
from warranty.remedies.values import EventType, Exclusion, Kind, Layer, Option, Severity

PAYERS = ("seller", "producer", "user")
OUTCOMES = [each.name.lower() for each in Outcome]

SEVERITIES = [each.value for each in Severity]


def _optional(**kwargs: Any) -> dict[str, Any]:
    return {"required": False, "allow_null": True, **kwargs}


def _values(kind: Any) -> list[str]:
    return [each.value for each in kind]


class NumberField(serializers.FloatField):
    """A JSON number; text is not read as one."""


class RemedyEventBody(Body):
    """A recorded fact, in the order in which things happened. Repairs and faults need `code`."""

    type = serializers.ChoiceField(choices=_values(EventType))
    date = serializers.CharField(help_text="YYYY-MM-DD, or YYYY-MM-DDThh:mm, time of China")
    code = serializers.CharField(**_optional(max_length=200), help_text="same code, same problem")
    severity = serializers.ChoiceField(choices=SEVERITIES, **_optional())
    component = serializers.CharField(**_optional(max_length=200))
    km = NumberField(**_optional(min_value=0))
    kind = serializers.ChoiceField(choices=_values(Kind), **_optional())
    reason = serializers.ChoiceField(choices=_values(Exclusion), **_optional())
    safety = serializers.BooleanField(**_optional())
    busy_season = serializers.BooleanField(**_optional())
    inside_service_network = serializers.BooleanField(**_optional())


class RemedyTermsBody(Body):
    """Better promises of the certificate; the legal minimum stands beside them."""

    whole_months = serializers.IntegerField(**_optional(min_value=0, max_value=600))
    main_months = serializers.IntegerField(**_optional(min_value=0, max_value=600))
    wear_months = serializers.IntegerField(**_optional(min_value=0, max_value=600))
    repair_months = serializers.IntegerField(**_optional(min_value=0, max_value=600))
    sanbao_months = serializers.IntegerField(**_optional(min_value=0, max_value=600))
    repair_km = NumberField(**_optional(min_value=0))
    sanbao_km = NumberField(**_optional(min_value=0))


class ClaimBody(Body):
    """The dealer's side; it never changes what the user may demand."""

    receipt_card_on = serializers.DateField(**_optional())
    waived_by = serializers.CharField(**_optional(max_length=200))
    is_signed = serializers.BooleanField(**_optional(), help_text="left out: signed")
    old_part = serializers.ChoiceField(choices=_values(OldPart), **_optional())
    is_dealers_fault = serializers.BooleanField(**_optional())
    is_factory_part = serializers.BooleanField(**_optional())
    is_late = serializers.BooleanField(**_optional())
    late_reason = serializers.CharField(**_optional(max_length=200))
    is_duplicate = serializers.BooleanField(**_optional())
    is_over_limit = serializers.BooleanField(**_optional())
    is_beyond_certificate = serializers.BooleanField(**_optional())
    is_sent_on = serializers.BooleanField(**_optional())
    carried_out = serializers.ChoiceField(choices=_values(Option), **_optional())
    approved_by = serializers.CharField(**_optional(max_length=200))
    goodwill_by = serializers.CharField(**_optional(max_length=200))


class PayerBody(Body):
    liable_to_user = serializers.ChoiceField(choices=PAYERS, **_optional())
    recourse_against = serializers.ChoiceField(choices=PAYERS, **_optional())
    user_pays = serializers.BooleanField(**_optional())
    return_freight = serializers.ChoiceField(choices=PAYERS, **_optional())


class RemedyCaseBody(Body):
    """One case in the schema of the worked examples. What is expected of it may come along and
    is then compared."""

    id = serializers.CharField(**_optional(max_length=200))
    regulation = serializers.ChoiceField(choices=list(LAWS))
    product_class = serializers.CharField(max_length=200)
    component_class = serializers.ChoiceField(choices=_values(Layer))
    sale_date = serializers.DateField(help_text="day of the purchase invoice")
    ask_date = serializers.DateField(help_text="what is known on this day counts")
    events = serializers.ListField(child=RemedyEventBody(), max_length=MOST_EVENTS)
    first_season_start = serializers.DateField(**_optional())
    delivery_date = serializers.DateField(**_optional())
    power_kw = NumberField(**_optional())
    price = NumberField(**_optional(min_value=0), help_text="yuan, at most two places")
    usage_coefficient = NumberField(**_optional(min_value=0, max_value=1))
    channel = serializers.ChoiceField(choices=CHANNELS, **_optional())
    terms = RemedyTermsBody(**_optional())
    claim = ClaimBody(**_optional())
    expected_options = serializers.ListField(
        child=serializers.ChoiceField(choices=_values(Option)), **_optional()
    )
    expected_payer = PayerBody(**_optional())
    expected_dates = serializers.DictField(**_optional())
    expected_amounts = serializers.DictField(child=NumberField(), **_optional())
    article = serializers.ListField(child=serializers.CharField(), **_optional())
    confidence = serializers.CharField(**_optional(max_length=2_000))
    basis = serializers.CharField(**_optional(max_length=2_000))
    note = serializers.CharField(**_optional(max_length=2_000))


class ReasonAnswer(serializers.Serializer[Any]):
    """One rule that spoke; `holds` false: looked at closely, a condition is not met."""

    code = serializers.CharField()
    law = serializers.CharField()
    articles = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField()
    problem = serializers.CharField()
    options = serializers.ListField(child=serializers.ChoiceField(choices=_values(Option)))
    holds = serializers.BooleanField()
    is_certain = serializers.BooleanField(help_text="false: to be confirmed")


class PayerAnswer(serializers.Serializer[Any]):
    liable_to_user = serializers.CharField(allow_null=True)
    recourse_against = serializers.CharField(allow_null=True)
    user_pays = serializers.BooleanField()
    return_freight = serializers.CharField(allow_null=True)


class TestedAnswer(serializers.Serializer[Any]):
    row = serializers.CharField()
    problem = serializers.CharField()
    outcome = serializers.CharField()


class EntitlementAnswer(serializers.Serializer[Any]):
    """What the user may demand from the seller on the day of asking."""

    options = serializers.ListField(child=serializers.ChoiceField(choices=_values(Option)))
    payer = PayerAnswer()
    dates = serializers.DictField(help_text="days as YYYY-MM-DD; total_repair_days as a number")
    amounts = serializers.DictField(child=serializers.FloatField(), help_text="yuan")
    articles = serializers.ListField(child=serializers.CharField())
    reasons = ReasonAnswer(many=True)
    warnings = ReasonAnswer(many=True)
    provisional = serializers.ListField(
        child=serializers.CharField(), help_text="dates in a year without a holiday notice"
    )
    is_certain = serializers.BooleanField()
    trace = TestedAnswer(many=True)


class ClaimFindingAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    pays_parts = serializers.BooleanField()
    is_breach = serializers.BooleanField()
    text = serializers.CharField()


class VerdictAnswer(serializers.Serializer[Any]):
    """Whether the manufacturer refunds the dealer."""

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    is_payable = serializers.BooleanField()
    pays_parts = serializers.BooleanField()
    findings = ClaimFindingAnswer(many=True)


class DifferenceAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    expected = serializers.CharField()
    found = serializers.CharField()


class RemedyAnswer(serializers.Serializer[Any]):
    """Two answers, never mixed; `agrees` is null when nothing was expected."""

    id = serializers.CharField()
    entitlement = EntitlementAnswer()
    claim = VerdictAnswer(allow_null=True)
    agrees = serializers.BooleanField(allow_null=True)
    differences = DifferenceAnswer(many=True)


EXAMPLES = [
    OpenApiExample(
        "A combine in repair for more than 30 working days",
        request_only=True,
        value={
            "regulation": "AGRI-2010",
            "product_class": "combine_harvester",
            "component_class": "whole_machine",
            "sale_date": "2025-11-03",
            "price": 128000.0,
            "events": [
                {
                    "type": "fault",
                    "date": "2026-01-26",
                    "code": "hydraulic_lift_dead",
                    "severity": "general",
                },
                {"type": "sent_for_repair", "date": "2026-01-26", "code": "hydraulic_lift_dead"},
            ],
            "ask_date": "2026-03-14",
        },
    ),
    OpenApiExample(
        "The same fault, and the dealer's claim without a receipt card",
        request_only=True,
        value={
            "regulation": "AGRI-2010",
            "product_class": "combine_harvester",
            "component_class": "whole_machine",
            "sale_date": "2025-05-20",
            "events": [
                {
                    "type": "fault",
                    "date": "2026-05-20",
                    "code": "header_drive_chain_broken",
                    "severity": "general",
                }
            ],
            "ask_date": "2026-05-20",
            "claim": {"carried_out": "REPAIR_FREE", "old_part": "returned"},
        },
    ),
]
