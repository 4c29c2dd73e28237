"""Taking a promise on, for REST clients."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from sla import access, services
from sla.models import Clock


class NoteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class AcknowledgedSerializer(serializers.ModelSerializer[Clock]):
    """A promise that somebody took on, and since when; `number` is that of its subject."""

    number = serializers.CharField(source="subject_number")

    class Meta:
        model = Clock
        fields = [
            "subject",
            "number",
            "promise",
            "state",
            "due_at",
            "acknowledged_at",
            "acknowledged_label",
        ]


class AcknowledgeViewSet(TenantViewSet):
    """Stop a ladder: nobody further up is told. A second call gives the first one's answer."""

    permissions: ClassVar[dict[str, str]] = {"acknowledge": "ticket.view"}
    serializer_class = NoteSerializer
    filter_backends = []
    pagination_class = None

    @extend_schema(
        operation_id="clocks_acknowledge",
        request=NoteSerializer,
        responses={200: AcknowledgedSerializer},
    )
    def acknowledge(self, request: Request, subject: str, number: str, promise: str) -> Response:
        clock = access.get_clock_to_acknowledge(self.actor, subject, number, promise)
        given = NoteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        taken = services.acknowledge(
            actor=self.actor, clock=clock, note=given.validated_data["note"]
        )
        return Response(AcknowledgedSerializer(taken).data)
