"""Claims on suppliers in the REST API; no dealer ever sees them."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from warranty.access import recoveries as access
from warranty.filters.recoveries import RecoveryFilter
from warranty.forms.recoveries import ANSWERS
from warranty.models import RecoveryClaim
from warranty.queries import recoveries as queries
from warranty.services import recoveries as services

MOST = 10**13


class RecoverySerializer(serializers.ModelSerializer[RecoveryClaim]):
    supplier = serializers.CharField(source="supplier.code")
    claim = serializers.CharField(source="claim.number")
    old_part = serializers.CharField(source="old_part.number", default=None)
    part = serializers.CharField(source="old_part.part.number", default=None)
    serial_number = serializers.CharField(source="claim.machine.serial_number")

    class Meta:
        model = RecoveryClaim
        fields = (
            "number",
            "state",
            "supplier",
            "claim",
            "old_part",
            "part",
            "serial_number",
            "cost_cents",
            "percent",
            "claimed_cents",
            "accepted_cents",
            "words",
            "answer",
            "claimed_at",
            "answered_at",
            "debited_at",
        )


class RecoveryClaimBody(Body):
    cents = serializers.IntegerField(min_value=1, max_value=MOST)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class RecoveryAnswerBody(Body):
    name = serializers.ChoiceField(choices=ANSWERS)
    answer = serializers.CharField(max_length=2000)
    cents = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST, help_text="Only for a part of it."
    )


class RecoveryWordsBody(Body):
    words = serializers.CharField(max_length=2000)


@extend_schema(tags=["recoveries"])
class RecoveryViewSet(mixins.ListModelMixin, TenantViewSet):
    """What suppliers pay back for the parts that failed."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "recovery.view",
        "retrieve": "recovery.view",
        "claim": "recovery.edit",
        "answer": "recovery.edit",
        "debit": "recovery.debit",
        "parts": "recovery.edit",
        "close": "recovery.edit",
    }
    serializer_class = RecoverySerializer
    filterset_class = RecoveryFilter
    lookup_field = "number"
    queryset = RecoveryClaim.objects.none()

    def get_queryset(self) -> Any:
        return queries.recovery_list(self.actor)

    def told(self, recovery: RecoveryClaim) -> Response:
        row = queries.recovery_list(self.actor).get(pk=recovery.pk)
        return Response(RecoverySerializer(row).data)

    def _moved(self, request: Request, number: str, body: type[Body], service: Any) -> Response:
        recovery = access.get_recovery(self.actor, number, to=self.permissions[self.action])
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        return self.told(service(actor=self.actor, recovery=recovery, **given.validated_data))

    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_recovery(self.actor, number))

    @extend_schema(request=RecoveryClaimBody, responses=RecoverySerializer)
    def claim(self, request: Request, number: str) -> Response:
        """Send the claim to the supplier."""
        return self._moved(request, number, RecoveryClaimBody, services.claim_recovery)

    @extend_schema(request=RecoveryAnswerBody, responses=RecoverySerializer)
    def answer(self, request: Request, number: str) -> Response:
        """What the supplier answered."""
        return self._moved(request, number, RecoveryAnswerBody, services.answer_recovery)

    @extend_schema(request=None, responses=RecoverySerializer)
    def debit(self, request: Request, number: str) -> Response:
        """Book what the supplier owes; never by who claimed it."""
        recovery = access.get_recovery(self.actor, number, to="recovery.debit")
        return self.told(services.debit_recovery(actor=self.actor, recovery=recovery))

    @extend_schema(request=RecoveryWordsBody, responses=RecoverySerializer)
    def parts(self, request: Request, number: str) -> Response:
        """Parts came instead of money."""
        return self._moved(request, number, RecoveryWordsBody, services.take_parts_instead)

    @extend_schema(request=RecoveryWordsBody, responses=RecoverySerializer)
    def close(self, request: Request, number: str) -> Response:
        """Nothing more is to come."""
        return self._moved(request, number, RecoveryWordsBody, services.close_recovery)
