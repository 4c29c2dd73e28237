"""Replace-or-return matters of users in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.errors import DomainError
from machines.services.registrations import checked_signature
from warranty.access import cases as access
from warranty.filters.cases import CaseFilter
from warranty.models import StatutoryCase
from warranty.queries import cases as queries
from warranty.services import cases as services
from warranty.services.moving import may_take
from warranty.states.cases import CASE_ACTIONS, Remedy


class CaseSerializer(serializers.ModelSerializer[StatutoryCase]):
    serial_number = serializers.CharField(source="machine.serial_number")
    model = serializers.CharField(source="machine.model.code")
    dealer = serializers.CharField(source="dealer.number", default=None)
    customer = serializers.CharField(source="customer.number", default=None)
    ticket = serializers.CharField(source="ticket.number", default=None)
    options = serializers.SerializerMethodField(
        help_text="What the user may demand, when the case was warned or triggered."
    )
    articles = serializers.SerializerMethodField()
    law = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = StatutoryCase
        fields = (
            "number",
            "state",
            "serial_number",
            "model",
            "dealer",
            "customer",
            "ticket",
            "law",
            "options",
            "articles",
            "warned_at",
            "triggered_at",
            "choice",
            "choice_words",
            "choice_signer",
            "chosen_at",
            "chosen_label",
            "approved_at",
            "approved_label",
            "replacement_serial",
            "refund_cents",
            "carried_out_at",
            "reason",
            "actions",
        )

    def get_options(self, case: StatutoryCase) -> list[str]:
        return list(case.answered.get("options", []))

    def get_articles(self, case: StatutoryCase) -> list[str]:
        return list(case.answered.get("articles", []))

    def get_law(self, case: StatutoryCase) -> str:
        return str(case.answered.get("law", ""))

    def get_actions(self, case: StatutoryCase) -> list[str]:
        return sorted(may_take(self.context["view"].actor, case, CASE_ACTIONS))


class ChoiceBody(Body):
    choice = serializers.ChoiceField(choices=Remedy.choices)
    signer = serializers.CharField(max_length=80, help_text="Who chose.")
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    signature = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        required=False,
        help_text="Pen strokes x, y, x, y … on a field of 600 × 200.",
    )

    def validate_signature(self, strokes: list[list[int]]) -> list[list[int]] | None:
        try:
            return checked_signature(strokes)
        except DomainError as error:
            raise serializers.ValidationError(str(error)) from error


class CaseReasonBody(Body):
    reason = serializers.CharField(max_length=2000)


class CarryOutBody(Body):
    """Another machine needs its serial number, money back its amount."""

    replacement_serial = serializers.CharField(max_length=40, required=False, allow_blank=True)
    refund_cents = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=10**13
    )


@extend_schema(tags=["cases"])
class CaseViewSet(mixins.ListModelMixin, TenantViewSet):
    """What the law gives users against the seller; the system opens cases, people decide."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "case.view",
        "retrieve": "case.view",
        "choose": "case.record_choice",
        "approve": "case.approve",
        "refuse": "case.approve",
        "carry_out": "case.carry_out",
        "recover": "case.carry_out",
        "drop": "case.drop",
    }
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    lookup_field = "number"
    queryset = StatutoryCase.objects.none()

    def get_queryset(self) -> Any:
        return queries.case_list(self.actor)

    def told(self, case: StatutoryCase) -> Response:
        row = queries.case_list(self.actor).get(pk=case.pk)
        return Response(self.get_serializer(row).data)

    def _moved(self, request: Request, number: str, body: type[Body], service: Any) -> Response:
        """Gate, body, service, and the case as it is then."""
        case = access.get_case(self.actor, number, to=self.permissions[self.action])
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        return self.told(service(actor=self.actor, case=case, **given.validated_data))

    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_case(self.actor, number))

    @extend_schema(request=ChoiceBody, responses=CaseSerializer)
    def choose(self, request: Request, number: str) -> Response:
        """Record what the user chose, signed or in words."""
        return self._moved(request, number, ChoiceBody, services.record_choice)

    @extend_schema(request=None, responses=CaseSerializer)
    def approve(self, request: Request, number: str) -> Response:
        """Agree to the choice; never by who recorded it."""
        case = access.get_case(self.actor, number, to="case.approve")
        return self.told(services.approve_case(actor=self.actor, case=case))

    @extend_schema(request=CaseReasonBody, responses=CaseSerializer)
    def refuse(self, request: Request, number: str) -> Response:
        """Do not agree to this choice; the user's right stays."""
        return self._moved(request, number, CaseReasonBody, services.refuse_case)

    @extend_schema(request=CarryOutBody, responses=CaseSerializer)
    def carry_out(self, request: Request, number: str) -> Response:
        """It was done."""
        return self._moved(request, number, CarryOutBody, services.carry_out_case)

    @extend_schema(request=CaseReasonBody, responses=CaseSerializer)
    def recover(self, request: Request, number: str) -> Response:
        """The seller got the cost back."""
        return self._moved(request, number, CaseReasonBody, services.recover_case)

    @extend_schema(request=CaseReasonBody, responses=CaseSerializer)
    def drop(self, request: Request, number: str) -> Response:
        """No matter any more."""
        return self._moved(request, number, CaseReasonBody, services.drop_case)
