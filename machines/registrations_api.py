"""Receipt cards, coverage and coverage plans in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.errors import DomainError
from core.phones import normalise
from dealers.api import named_dealer
from dealers.models import Dealer
from machines import access, card_queries, services
from machines.api import named_customer
from machines.card_filters import RegistrationFilter
from machines.card_forms import found_or_opened, noon_or_now, unknown_serial
from machines.models import (
    Coverage,
    CoverageEvent,
    CoveragePlan,
    CoverageTerm,
    Customer,
    Machine,
    Registration,
    RegistrationChannel,
)
from machines.rules import clean_serial
from machines.services.registrations import checked_signature


class RegistrationSerializer(serializers.ModelSerializer[Registration]):
    serial_number = serializers.CharField(source="machine.serial_number")
    model = serializers.CharField(source="machine.model.code")
    dealer = serializers.CharField(source="dealer.number")
    customer = serializers.CharField(source="customer.number")
    customer_name = serializers.CharField(source="customer.name")
    is_late = serializers.BooleanField()
    is_waived = serializers.BooleanField()

    class Meta:
        model = Registration
        fields = (
            "number",
            "serial_number",
            "model",
            "dealer",
            "customer",
            "customer_name",
            "invoice_on",
            "invoice_number",
            "delivered_on",
            "installed_on",
            "accepted_on",
            "received_at",
            "channel",
            "due_on",
            "days_late",
            "is_late",
            "is_waived",
            "waived_at",
            "waived_label",
            "waiver_reason",
            "is_trial_run",
            "is_trained",
            "signed_name",
            "state",
        )


class CoverageEventSerializer(serializers.ModelSerializer[CoverageEvent]):
    class Meta:
        model = CoverageEvent
        fields = (
            "kind",
            "days",
            "ends_before",
            "ends_after",
            "reason",
            "document",
            "by_label",
            "at",
        )


class CoverageSerializer(serializers.ModelSerializer[Coverage]):
    tiers = serializers.JSONField()
    events = CoverageEventSerializer(many=True)

    class Meta:
        model = Coverage
        fields = (
            "layer",
            "component",
            "serial_number",
            "batch",
            "starts_on",
            "ends_on",
            "labour_ends_on",
            "travel_ends_on",
            "use_limit",
            "use_unit",
            "parts_percent",
            "labour_percent",
            "travel_percent",
            "legal_ends_on",
            "legal_use_limit",
            "tiers",
            "events",
        )


class MachineCoverageSerializer(serializers.Serializer[Any]):
    """Whether claims are recognised, and what covers the machine."""

    serial_number = serializers.CharField()
    is_claim_eligible = serializers.BooleanField()
    why = serializers.CharField(help_text="Empty, no_card or late_card.")
    sentence = serializers.CharField()
    coverage = CoverageSerializer(many=True)


class TermSerializer(serializers.ModelSerializer[CoverageTerm]):
    tiers = serializers.JSONField()

    class Meta:
        model = CoverageTerm
        fields = (
            "layer",
            "component",
            "months",
            "labour_months",
            "travel_months",
            "use_limit",
            "use_unit",
            "parts_percent",
            "labour_percent",
            "travel_percent",
            "legal_months",
            "legal_use_limit",
            "tiers",
        )


class PlanSerializer(serializers.ModelSerializer[CoveragePlan]):
    model = serializers.CharField(source="model.code", default=None)
    line = serializers.CharField(source="line.code", default=None)
    terms = TermSerializer(many=True)

    class Meta:
        model = CoveragePlan
        fields = ("model", "line", "version", "from_on", "until_on", "start_rule", "source")
        fields += ("note", "terms")  # type: ignore[assignment]  # longer


class RegistrationInput(Body):
    """One machine sold: by serial number; the customer by number, or by name and telephone."""

    serial_number = serializers.CharField(max_length=40)
    dealer = serializers.CharField(
        max_length=20, required=False, allow_null=True, help_text="Default: the one on record."
    )
    customer = serializers.CharField(max_length=20, required=False, allow_null=True)
    customer_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    customer_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    region_code = serializers.CharField(max_length=120, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    invoice_on = serializers.DateField()
    invoice_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    delivered_on = serializers.DateField(required=False, allow_null=True)
    installed_on = serializers.DateField(required=False, allow_null=True)
    accepted_on = serializers.DateField(required=False, allow_null=True)
    received_on = serializers.DateField(
        required=False, allow_null=True, help_text="When a paper card came in; never a dealer's."
    )
    is_trial_run = serializers.BooleanField(required=False)
    is_trained = serializers.BooleanField(required=False)
    signed_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    signature = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        required=False,
        help_text="Pen strokes x, y, x, y … on a field of 600 × 200.",
    )

    def validate_serial_number(self, serial: str) -> Machine:
        actor = self.context["actor"]
        machine = access.to_register(actor).filter(serial_number=clean_serial(serial)).first()
        if machine is None:
            raise serializers.ValidationError(unknown_serial(actor))
        return machine

    def validate_dealer(self, number: str | None) -> Dealer | None:
        return None if number is None else named_dealer(self.context["actor"], number)

    def validate_customer(self, number: str | None) -> Customer | None:
        return None if number is None else named_customer(self.context["actor"], number)

    def validate_customer_phone(self, number: str) -> str:
        return _said(lambda: normalise(number)) if number else ""

    def validate_signature(self, strokes: list[list[int]]) -> list[list[int]] | None:
        return _said(lambda: checked_signature(strokes))


def _said(rule: Any) -> Any:
    try:
        return rule()
    except DomainError as error:
        raise serializers.ValidationError(str(error)) from error


class WaiverInput(Body):
    reason = serializers.CharField(max_length=500)
    document = serializers.CharField(max_length=120, required=False, allow_blank=True)


class VoidInput(Body):
    reason = serializers.CharField(max_length=500)


_NO_DEALER = _("Who sold it? Nobody is on record.")
_NO_CUSTOMER = _("Name the customer: by number, or by name and telephone.")
CUSTOMER = ("customer", "customer_name", "customer_phone", "region_code", "address")


@extend_schema(tags=["registrations"])
class RegistrationViewSet(mixins.ListModelMixin, TenantViewSet):
    """Receipt cards, found by lateness, dealer, month of sale and serial number."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "registration.view",
        "retrieve": "registration.view",
        "create": "registration.create",
        "waive": "registration.waive",
        "void": "registration.void",
    }
    serializer_class = RegistrationSerializer
    filterset_class = RegistrationFilter
    lookup_field = "number"
    queryset = Registration.objects.none()

    def get_queryset(self) -> Any:
        return card_queries.registration_list(self.actor)

    def told(self, card: Registration, status: int = 200) -> Response:
        row = card_queries.registration_list(self.actor).get(pk=card.pk)
        return Response(RegistrationSerializer(row).data, status=status)

    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_registration(self.actor, number))

    @extend_schema(request=RegistrationInput, responses={201: RegistrationSerializer})
    def create(self, request: Request) -> Response:
        """Register a sale. A late card is kept: `is_late` says that claims wait for a waiver."""
        body = RegistrationInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)

        def made() -> Response:
            facts = dict(body.validated_data)
            machine: Machine = facts.pop("serial_number")
            said = {name: facts.pop(name, None) for name in CUSTOMER}
            dealer = facts.pop("dealer", None) or machine.dealer
            if dealer is None:
                raise DomainError(_NO_DEALER, field="dealer")
            card = services.register_machine(
                actor=self.actor,
                machine=machine,
                dealer=dealer,
                customer=self._owner(machine, said),
                received_at=noon_or_now(facts.pop("received_on", None)),
                channel=RegistrationChannel.API,
                **facts,
            )
            return self.told(card, 201)

        return self.once(request, made)

    def _owner(self, machine: Machine, said: dict[str, Any]) -> Customer:
        known: Customer | None = said["customer"] or machine.customer
        if known is not None:
            return known
        if not (said["customer_name"] and said["customer_phone"]):
            raise DomainError(_NO_CUSTOMER, field="customer")
        return found_or_opened(
            self.actor,
            name=said["customer_name"],
            phone=said["customer_phone"],
            region_code=said["region_code"] or "",
            address=said["address"] or "",
        )

    @extend_schema(request=WaiverInput, responses=RegistrationSerializer)
    def waive(self, request: Request, number: str) -> Response:
        """Recognise the claims of a late card; never by a dealer, never by who registered it."""
        card = access.get_registration(self.actor, number, to="registration.waive")
        body = WaiverInput(data=request.data)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.waive_lateness(actor=self.actor, registration=card, **facts))

    @extend_schema(request=VoidInput, responses=RegistrationSerializer)
    def void(self, request: Request, number: str) -> Response:
        """Take back a card that was filled in wrongly."""
        card = access.get_registration(self.actor, number, to="registration.void")
        body = VoidInput(data=request.data)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.void_registration(actor=self.actor, registration=card, **facts))


@extend_schema(tags=["machines"])
class MachineCoverageViewSet(TenantViewSet):
    """What covers one machine."""

    permissions: ClassVar[dict[str, str]] = {"retrieve": "machine.view"}
    serializer_class = MachineCoverageSerializer
    lookup_field = "serial_number"
    queryset = Machine.objects.none()

    @extend_schema(responses=MachineCoverageSerializer)
    def retrieve(self, request: Request, serial_number: str) -> Response:
        machine = access.get_machine(self.actor, serial_number)
        found = card_queries.claim_eligible(machine)
        told = {
            "serial_number": machine.serial_number,
            "is_claim_eligible": found.is_eligible,
            "why": found.why,
            "sentence": found.sentence,
            "coverage": card_queries.coverage_of(machine),
        }
        return Response(MachineCoverageSerializer(told).data)


@extend_schema(tags=["products"])
class PlanViewSet(mixins.ListModelMixin, TenantViewSet):
    """Coverage plans by scope and version, with their rows."""

    permissions: ClassVar[dict[str, str]] = {"list": "plan.view"}
    serializer_class = PlanSerializer
    queryset = CoveragePlan.objects.select_related("model", "line").prefetch_related("terms")
