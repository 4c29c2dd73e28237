"""Tickets as JSON: what is shown, and what each verb takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.bodies import Body, is_storable
from dealers.access import visible as visible_dealers
from knowledge.models import Severity, Symptom
from machines.access import visible_customers, visible_machines
from machines.models import ProductLine
from machines.rules import clean_serial
from sla.states import PauseReason
from tickets.access import visible
from tickets.models import Ticket, TicketAttachment, TimelineEntry
from tickets.promises import DELAYABLE_CHOICES
from tickets.states import Team, TicketChannel, TicketKind, Urgency, Visibility
from tickets.wording import sentence

DEPARTMENTS = [(Team.TECHNICAL, Team.TECHNICAL.label), (Team.SALES, Team.SALES.label)]


class NamedThing(serializers.Field):
    """A thing by what people call it: its number, serial number or code."""

    def __init__(self, *, of: str, by: str, **kwargs: Any) -> None:
        self.of, self.by = of, by
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_null:
            return None
        if not isinstance(data, str):
            raise serializers.ValidationError(_("Give it as text."))
        if not is_storable(data):
            raise serializers.ValidationError(_("There is no such thing here."))
        text = clean_serial(data) if self.by == "serial_number" else data.strip()
        found = FINDERS[self.of](self.context["actor"]).filter(**{self.by: text}).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such thing here."))
        return found

    def to_representation(self, value: Any) -> str:
        return str(getattr(value, self.by))


FINDERS: dict[str, Any] = {
    "customer": lambda actor: visible_customers(actor),
    "machine": lambda actor: visible_machines(actor).select_related("model__line", "customer"),
    "dealer": lambda actor: visible_dealers(actor),
    "symptom": lambda actor: Symptom.objects.filter(is_active=True),
    "product_line": lambda actor: ProductLine.objects.all(),
    "ticket": lambda actor: visible(actor),
}


@extend_schema_field(str)
class CustomerNumber(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="customer", by="number", **kwargs)


@extend_schema_field(str)
class MachineSerial(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="machine", by="serial_number", **kwargs)


@extend_schema_field(str)
class DealerNumber(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="dealer", by="number", **kwargs)


@extend_schema_field(str)
class SymptomCode(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="symptom", by="code", **kwargs)


@extend_schema_field(str)
class ProductLineCode(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="product_line", by="code", **kwargs)


@extend_schema_field(str)
class TicketNumber(NamedThing):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(of="ticket", by="number", **kwargs)


# Shown


class TicketRow(serializers.ModelSerializer[Ticket]):
    """A ticket in a list."""

    customer = serializers.CharField(source="customer.number", default=None)
    customer_name = serializers.CharField(source="customer.name", default=None)
    machine = serializers.CharField(source="machine.serial_number", default=None)
    model = serializers.CharField(source="machine.model.code", default=None)
    dealer = serializers.CharField(source="dealer.number", default=None)
    dealer_name = serializers.CharField(source="dealer.name", default=None)
    symptom = serializers.CharField(source="symptom.code", default=None)
    product_line = serializers.CharField(source="product_line.code", default=None)
    assignee = serializers.CharField(source="assignee.name", default=None)
    is_late = serializers.BooleanField(default=False)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "number",
            "kind",
            "state",
            "urgency",
            "severity",
            "channel",
            "summary",
            "customer",
            "customer_name",
            "machine",
            "model",
            "product_line",
            "symptom",
            "caller_name",
            "caller_phone",
            "region_code",
            "address",
            "team",
            "dealer",
            "dealer_name",
            "assignee",
            "technician_name",
            "technician_phone",
            "visit_at",
            "reported_at",
            "handed_over_at",
            "arranged_at",
            "done_at",
            "closed_at",
            "has_breach",
            "is_late",
            "updated_at",
            "version",
        )
        read_only_fields: tuple[str, ...] = fields


class TicketDetail(TicketRow):
    """A ticket with its texts; the story, files and clocks have addresses of their own."""

    merged_into = serializers.CharField(source="merged_into.number", default=None)

    class Meta(TicketRow.Meta):
        fields = (
            *TicketRow.Meta.fields,
            "description",
            "wished_for",
            "result",
            "cause",
            "opinion",
            "opinion_at",
            "cancel_reason",
            "merged_into",
            "reopen_count",
            "reassign_count",
        )
        read_only_fields = fields


class TimelineLine(serializers.ModelSerializer[TimelineEntry]):
    """One line of the story; `text` is worded in the reader's language."""

    ticket = serializers.CharField(source="ticket.number")
    text = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = ("ticket", "at", "kind", "visibility", "event", "text", "author_label")
        read_only_fields = fields

    def get_text(self, entry: TimelineEntry) -> str:
        return sentence(entry)


class AttachmentLine(serializers.ModelSerializer[TicketAttachment]):
    class Meta:
        model = TicketAttachment
        fields = (
            "public_id",
            "original_name",
            "content_type",
            "size",
            "sha256",
            "visibility",
            "uploaded_at",
        )
        read_only_fields = fields


class ClockLine(serializers.Serializer[Any]):
    """One promise: who holds it, until when, whether it was kept, else in whose time it broke."""

    promise = serializers.CharField()
    holder_kind = serializers.CharField()
    holder_label = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    warn_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_through = serializers.BooleanField()
    is_provisional = serializers.BooleanField()
    agreed_at = serializers.DateTimeField(allow_null=True)
    missed_at = serializers.DateTimeField(allow_null=True)
    missed_label = serializers.CharField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class OfferLine(serializers.Serializer[Any]):
    """An offer and its answer."""

    dealer = serializers.CharField(source="dealer.number")
    dealer_name = serializers.CharField(source="dealer.name")
    state = serializers.CharField()
    is_automatic = serializers.BooleanField()
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class JobLine(serializers.Serializer[Any]):
    """An export on its way."""

    public_id = serializers.UUIDField()
    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


# Taken


class _Facts(Body):
    """What is said about a ticket, at intake and later."""

    summary = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=TicketKind.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    customer = CustomerNumber(required=False, allow_null=True)
    machine = MachineSerial(required=False, allow_null=True)
    product_line = ProductLineCode(required=False, allow_null=True)
    symptom = SymptomCode(required=False, allow_null=True)
    caller_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    caller_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    region_code = serializers.RegexField(
        r"^(\d{2}|\d{4}|\d{6})?$", required=False, allow_blank=True
    )
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    wished_for = serializers.CharField(max_length=80, required=False, allow_blank=True)


class NewTicket(_Facts):
    """A call, letter or message; unrouted (`route` false) it waits at the desk."""

    channel = serializers.ChoiceField(choices=TicketChannel.choices, default=TicketChannel.API)
    reported_at = serializers.DateTimeField(required=False)
    route = serializers.BooleanField(default=True)


class TicketChanges(_Facts):
    """Some facts anew; `version` is the one that was read."""

    version = serializers.IntegerField(min_value=1)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields


class DealerChoice(Body):
    dealer = DealerNumber()


class Reason(Body):
    reason = serializers.CharField(max_length=200)


class HandOver(Body):
    team = serializers.ChoiceField(choices=DEPARTMENTS)


class Arrangement(Body):
    technician_name = serializers.CharField(max_length=80)
    technician_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    visit_at = serializers.DateTimeField()


class Wait(Body):
    """`until` is the planned end of the wait."""

    reason = serializers.ChoiceField(choices=PauseReason.choices)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    until = serializers.DateTimeField(required=False, allow_null=True)


class NewOpinion(Body):
    opinion = serializers.CharField(max_length=5000)


class NewDelay(Body):
    """A later time for a running promise, before it is due and with the customer's consent."""

    promise = serializers.ChoiceField(choices=DELAYABLE_CHOICES)
    agreed_due_at = serializers.DateTimeField()
    cause = serializers.CharField(max_length=200)
    consent = serializers.CharField(max_length=200)


class Done(Body):
    result = serializers.CharField(max_length=5000)
    cause = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class MergeInto(Body):
    into = TicketNumber()


class NewNote(Body):
    text = serializers.CharField(max_length=5000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.INTERNAL)
    is_call = serializers.BooleanField(default=False)


class NewAttachment(Body):
    file = serializers.FileField()
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.DEALER)


class NewCheck(Body):
    is_arranged = serializers.BooleanField()
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class BulkAssign(Body):
    tickets = serializers.ListField(
        child=serializers.CharField(max_length=30), min_length=1, max_length=200
    )
    dealer = DealerNumber(required=False, allow_null=True)
    team = serializers.ChoiceField(choices=DEPARTMENTS, required=False)


class BulkAnswer(serializers.Serializer[Any]):
    done = serializers.ListField(child=serializers.CharField())
    refused = serializers.DictField(child=serializers.CharField())


class NewExport(Body):
    """`query` is the query of the list, as in its address."""

    query = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    file_type = serializers.ChoiceField(choices=["csv", "xlsx"], default="xlsx")
