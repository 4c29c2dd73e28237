"""Clocks and policies for REST clients; written only by the verbs of other nouns."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from sla import access
from sla.explain import explanations
from sla.filters import ClockFilter
from sla.models import Clock


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """One running or finished promise; `number` is that of its subject."""

    number = serializers.CharField(source="subject_number")
    policy = serializers.CharField(source="version.policy.code", default="")
    calendar = serializers.CharField(source="calendar.code")
    policy_version = serializers.IntegerField()
    is_late = serializers.SerializerMethodField()

    class Meta:
        model = Clock
        fields = [
            "subject",
            "number",
            "promise",
            "state",
            "is_late",
            "holder_kind",
            "holder_label",
            "policy",
            "policy_version",
            "calendar",
            "minutes",
            "started_at",
            "warn_at",
            "due_at",
            "is_provisional",
            "missed_at",
            "finished_at",
        ]

    def get_is_late(self, clock: Clock) -> bool:
        return clock.was_late


class DayOfClockSerializer(serializers.Serializer[Any]):
    """One day on the way to a due time."""

    day = serializers.DateField()
    why = serializers.CharField()
    windows = serializers.CharField()
    counted = serializers.CharField()
    minutes = serializers.IntegerField()
    sum_minutes = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]


class PauseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    note = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class StepSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    role = serializers.CharField()
    at = serializers.DateTimeField()
    state = serializers.CharField()
    fired_at = serializers.DateTimeField(allow_null=True)
    told = serializers.ListField(child=serializers.CharField())


class ExplanationSerializer(serializers.Serializer[Any]):
    """A clock with every day, pause and step behind its due time."""

    clock = ClockSerializer()
    zone = serializers.CharField()
    days = DayOfClockSerializer(many=True, source="lines")
    pauses = PauseSerializer(many=True)
    steps = serializers.SerializerMethodField()

    @extend_schema(responses=StepSerializer(many=True))
    def get_steps(self, given: Any) -> list[dict[str, Any]]:
        """The ladder with the names of those told is the company's own affair."""
        if self.context["is_dealer"]:
            return []
        return [dict(row) for row in StepSerializer(given.steps, many=True).data]


class ClockViewSet(mixins.ListModelMixin, TenantViewSet):
    """The promises that the actor sees, by the filters of the board."""

    permissions: ClassVar[dict[str, str]] = {"list": "ticket.view"}
    serializer_class = ClockSerializer
    filterset_class = ClockFilter
    queryset = Clock.objects.none()

    def get_queryset(self) -> QuerySet[Clock]:
        return access.visible(self.actor).select_related("version__policy", "calendar")


class ExplanationViewSet(TenantViewSet):
    """How the due times of one subject came about."""

    permissions: ClassVar[dict[str, str]] = {"retrieve": "ticket.view"}
    serializer_class = ExplanationSerializer
    filter_backends = []
    pagination_class = None

    @extend_schema(operation_id="clocks_explain", responses=ExplanationSerializer(many=True))
    def retrieve(self, request: Request, subject: str, number: str) -> Response:
        clocks = access.get_clocks(self.actor, subject, number)
        answer = ExplanationSerializer(
            explanations(clocks),
            many=True,
            context={"is_dealer": self.actor.is_dealer},
        )
        return Response(answer.data)
