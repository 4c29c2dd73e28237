"""What clients send and get of work reports. Money in yuan; instants with their zone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.bodies import Body
from dealers.terms_api import YuanField
from knowledge.models import Severity, Symptom
from machines.models import UseUnit
from warranty.models import Evidence, WorkReport, WorkReportLabour, WorkReportPart
from warranty.queries import reports as queries
from warranty.services import reports as services
from warranty.states.reports import EvidenceKind, FittedBy, PartSource

TEXT: dict[str, Any] = {"max_length": 4000, "required": False, "allow_blank": True}
INSTANT: dict[str, Any] = {"required": False, "allow_null": True}
STROKES = "Pen strokes x, y, x, y … on a field of 600 × 200."


def tenths(digits: int) -> dict[str, Any]:
    return {"max_digits": digits, "decimal_places": 1, "min_value": 0, **INSTANT}


class PartLine(serializers.ModelSerializer[WorkReportPart]):
    part = serializers.CharField(source="part.number")
    name = serializers.CharField(source="part.name")

    class Meta:
        model = WorkReportPart
        fields = (
            "part",
            "name",
            "quantity",
            "source",
            "old_serial",
            "new_serial",
            "old_batch",
            "is_causal",
            "fitted_by",
        )


class LabourLine(serializers.ModelSerializer[WorkReportLabour]):
    operation = serializers.CharField(source="operation.code")
    name = serializers.CharField(source="operation.name")

    class Meta:
        model = WorkReportLabour
        fields = ("operation", "name", "minutes")


class EvidenceLine(serializers.ModelSerializer[Evidence]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="original_name")

    class Meta:
        model = Evidence
        fields = (
            "id",
            "kind",
            "name",
            "content_type",
            "size",
            "sha256",
            "original_sha256",
            "taken_at",
            "uploaded_at",
        )


class WarningLine(serializers.Serializer[Any]):
    """What may be true and looks odd; the checks of the claim decide."""

    field = serializers.CharField()
    text = serializers.CharField(source="__str__")


class ReportSerializer(serializers.ModelSerializer[WorkReport]):
    """A report as lists show it."""

    ticket = serializers.CharField(source="ticket.number", default=None)
    dealer = serializers.CharField(source="dealer.number", default=None)
    machine = serializers.CharField(source="machine.serial_number")
    model = serializers.CharField(source="machine.model.code")
    customer = serializers.CharField(source="customer.number", default=None)

    class Meta:
        model = WorkReport
        fields: tuple[str, ...] = (
            "number",
            "version",
            "state",
            "client_key",
            "ticket",
            "dealer",
            "machine",
            "model",
            "customer",
            "technician_name",
            "fault_on",
            "finished_at",
            "complaint",
            "signer_name",
            "signed_at",
            "created_at",
        )


class ReportDetailSerializer(ReportSerializer):
    """All of it, with its rows, photos, warnings, and the stamp that a change must name."""

    visit = serializers.CharField(source="visit.number", default=None)
    symptom = serializers.CharField(source="symptom.code", default=None)
    charged = YuanField(source="charged_cents")
    parts = serializers.SerializerMethodField()
    labour = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    stamp = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (
            *ReportSerializer.Meta.fields,
            "visit",
            "reported_at",
            "arrived_at",
            "started_at",
            "meter_reading",
            "meter_unit",
            "cause",
            "correction",
            "symptom",
            "severity",
            "fault_place",
            "is_repeat",
            "is_trial_run",
            "trip_key",
            "distance_km",
            "map_km",
            "people",
            "nights",
            "charged",
            "charge_told_at",
            "signer_phone",
            "signed_by_code",
            "sealed_at",
            "device_at",
            "arrived_here_at",
            "digest",
            "correction_reason",
            "stamp",
            "parts",
            "labour",
            "evidence",
            "warnings",
        )

    @extend_schema_field(PartLine(many=True))
    def get_parts(self, report: WorkReport) -> list[Any]:
        rows: Any = PartLine(queries.parts_of(report), many=True).data
        return list(rows)

    @extend_schema_field(LabourLine(many=True))
    def get_labour(self, report: WorkReport) -> list[Any]:
        rows: Any = LabourLine(queries.labour_of(report), many=True).data
        return list(rows)

    @extend_schema_field(EvidenceLine(many=True))
    def get_evidence(self, report: WorkReport) -> list[Any]:
        rows: Any = EvidenceLine(queries.evidence_of(report), many=True).data
        return list(rows)

    @extend_schema_field(WarningLine(many=True))
    def get_warnings(self, report: WorkReport) -> list[Any]:
        found = services.warnings(self.context["actor"], report)
        rows: Any = WarningLine(found, many=True).data
        return list(rows)

    def get_stamp(self, report: WorkReport) -> str:
        return services.stamp_of(report)


class PartInput(Body):
    part = serializers.CharField(max_length=40, help_text="Its number in any spelling.")
    quantity = serializers.DecimalField(max_digits=8, decimal_places=2)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field, not its option
        choices=PartSource.choices, required=False
    )
    old_serial = serializers.CharField(max_length=40, required=False, allow_blank=True)
    new_serial = serializers.CharField(max_length=40, required=False, allow_blank=True)
    old_batch = serializers.CharField(max_length=40, required=False, allow_blank=True)
    is_causal = serializers.BooleanField(required=False)
    fitted_by = serializers.ChoiceField(choices=FittedBy.choices, required=False)


class LabourInput(Body):
    operation = serializers.CharField(max_length=20, help_text="Its code in any spelling.")
    minutes = serializers.IntegerField(min_value=1, max_value=44640)


class ReportInput(Body):
    """What is left out stays as it is; rows that are sent replace all rows of their kind."""

    technician_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reported_at = serializers.DateTimeField(**INSTANT)
    arrived_at = serializers.DateTimeField(**INSTANT)
    started_at = serializers.DateTimeField(**INSTANT)
    finished_at = serializers.DateTimeField(**INSTANT)
    fault_on = serializers.DateField(**INSTANT)
    meter_reading = serializers.DecimalField(**tenths(10))
    meter_unit = serializers.ChoiceField(choices=UseUnit.choices, required=False, allow_blank=True)
    complaint = serializers.CharField(**TEXT)
    cause = serializers.CharField(**TEXT)
    correction = serializers.CharField(**TEXT)
    symptom = serializers.CharField(max_length=20, **INSTANT)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False, allow_blank=True)
    fault_place = serializers.CharField(max_length=80, required=False, allow_blank=True)
    is_repeat = serializers.BooleanField(required=False)
    is_trial_run = serializers.BooleanField(required=False)
    trip_key = serializers.CharField(max_length=40, required=False, allow_blank=True)
    distance_km = serializers.DecimalField(**tenths(7))
    map_km = serializers.DecimalField(**tenths(7))
    people = serializers.IntegerField(min_value=1, max_value=50, required=False)
    nights = serializers.IntegerField(min_value=0, max_value=60, required=False)
    charged = serializers.DecimalField(
        max_digits=11, decimal_places=2, min_value=0, required=False, help_text="Yuan."
    )
    charge_told_at = serializers.DateTimeField(**INSTANT)
    device_at = serializers.DateTimeField(
        help_text="The clock of the device when this was saved there.", **INSTANT
    )
    parts = serializers.ListField(child=PartInput(), required=False, max_length=60)
    labour = serializers.ListField(child=LabourInput(), required=False, max_length=60)
    stamp = serializers.CharField(
        max_length=16,
        required=False,
        allow_blank=True,
        help_text="Of the answer that was read last: another's change since is 409, not lost.",
    )

    def validate_symptom(self, code: str | None) -> Symptom | None:
        if code is None:
            return None
        found = Symptom.objects.filter(code=code).first()
        if found is None:
            raise serializers.ValidationError(_("There is no symptom with this code."))
        return found


class NewReportInput(ReportInput):
    """Begun for a ticket, or for a machine by its serial number."""

    client_key = serializers.UUIDField(
        help_text="Made by the client before it sends: sending twice makes one report."
    )
    ticket = serializers.CharField(max_length=30, required=False, allow_null=True)
    machine = serializers.CharField(max_length=40, required=False, allow_null=True)


class SignInput(Body):
    """The customer's hand, or the code that was sent."""

    signer_name = serializers.CharField(max_length=80)
    signature = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        required=False,
        allow_null=True,
        help_text=STROKES,
    )
    code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    signer_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    signed_at = serializers.DateTimeField(help_text="The clock of the device.", **INSTANT)


class CodeInput(Body):
    phone = serializers.CharField(max_length=40, help_text="A number of this customer.")


class CodeSentSerializer(serializers.Serializer[Any]):
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class EvidenceInput(Body):
    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=EvidenceKind.choices, default=EvidenceKind.OTHER)
    taken_at = serializers.DateTimeField(**INSTANT)


class ReasonInput(Body):
    reason = serializers.CharField(max_length=200)
