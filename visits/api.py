"""Callbacks and visits over REST."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.api_schema import ONCE
from core.bodies import Body
from visits import access, queries, services
from visits.filters import CallbackFilter, VisitFilter
from visits.models import Callback, CallbackAttempt, Visit
from visits.states import AttemptOutcome


class AttemptSerializer(serializers.ModelSerializer[CallbackAttempt]):
    by = serializers.CharField(source="by_label")

    class Meta:
        model = CallbackAttempt
        fields = ("at", "outcome", "note", "by")


class CallbackSerializer(serializers.ModelSerializer[Callback]):
    ticket = serializers.CharField(source="ticket.number")
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    customer = serializers.CharField(source="ticket.customer.number", default=None, allow_null=True)
    called_by = serializers.CharField(source="called_by.name", default=None, allow_null=True)

    class Meta:
        model = Callback
        fields: tuple[str, ...] = (
            "number",
            "ticket",
            "customer",
            "dealer",
            "state",
            "due_at",
            "late_at",
            "next_attempt_at",
            "attempt_count",
            "score",
            "is_resolved",
            "opinion",
            "called_at",
            "called_by",
        )
        read_only_fields = fields


class CallbackDetailSerializer(CallbackSerializer):
    """With its attempts, the newest first."""

    attempts = serializers.SerializerMethodField()

    class Meta(CallbackSerializer.Meta):
        fields = (*CallbackSerializer.Meta.fields, "attempts")

    @extend_schema(responses=AttemptSerializer(many=True))
    def get_attempts(self, callback: Callback) -> list[Any]:
        return list(AttemptSerializer(queries.attempts(callback), many=True).data)


class NewAttemptSerializer(Body):
    """The customer was not reached; when he was, complete the callback."""

    outcome = serializers.ChoiceField(
        choices=[each for each in AttemptOutcome.choices if each[0] != AttemptOutcome.REACHED]
    )
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    call_again_at = serializers.DateTimeField(required=False, allow_null=True)


class AnswerSerializer(Body):
    """What the customer said; `opinion` is needed when he is unhappy."""

    score = serializers.IntegerField(min_value=1, max_value=5)
    is_resolved = serializers.BooleanField()
    opinion = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class CallbackViewSet(mixins.ListModelMixin, TenantViewSet):
    """Calls to customers after the work."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "callback.view",
        "retrieve": "callback.view",
        "attempts": "callback.call",
        "complete": "callback.call",
    }
    queryset = Callback.objects.none()
    serializer_class = CallbackSerializer
    filterset_class = CallbackFilter
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Callback]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.with_facts(access.visible_callbacks(self.actor))

    @extend_schema(responses=CallbackDetailSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        return Response(CallbackDetailSerializer(access.get_callback(self.actor, number)).data)

    @extend_schema(request=NewAttemptSerializer, responses={201: CallbackDetailSerializer})
    @action(detail=True, methods=["post"])
    def attempts(self, request: Request, number: str) -> Response:
        """Note that the customer was not reached."""
        callback = access.get_callback(self.actor, number, to="callback.call")

        def create() -> Response:
            given = NewAttemptSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            done = services.record_attempt(
                actor=self.actor, callback=callback, **given.validated_data
            )
            return Response(CallbackDetailSerializer(done).data, status=201)

        return self.once(request, create)

    @extend_schema(request=AnswerSerializer, responses=CallbackDetailSerializer, parameters=[ONCE])
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, number: str) -> Response:
        """Note the customer's answer: it closes the ticket, or opens it again."""
        callback = access.get_callback(self.actor, number, to="callback.call")

        def create() -> Response:
            given = AnswerSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            done = services.complete_callback(
                actor=self.actor, callback=callback, **given.validated_data
            )
            return Response(CallbackDetailSerializer(done).data)

        return self.once(request, create)


class VisitSerializer(serializers.ModelSerializer[Visit]):
    ticket = serializers.CharField(source="ticket.number")
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    cancel_reason = serializers.CharField(source="reason_said")

    class Meta:
        model = Visit
        fields = (
            "number",
            "ticket",
            "dealer",
            "technician_name",
            "technician_phone",
            "state",
            "planned_at",
            "arrived_at",
            "finished_at",
            "result",
            "cancel_reason",
        )
        read_only_fields = fields


class FinishSerializer(Body):
    result = serializers.CharField(required=False, allow_blank=True)


class CancelSerializer(Body):
    reason = serializers.CharField(max_length=200)


class VisitViewSet(mixins.ListModelMixin, TenantViewSet):
    """Trips to machines; they are planned by arranging a ticket."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "visit.view",
        "retrieve": "visit.view",
        "check_in": "visit.edit",
        "finish": "visit.edit",
        "cancel": "visit.edit",
    }
    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Visit]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.visit_list(self.actor)

    @extend_schema(responses=VisitSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        return Response(VisitSerializer(access.get_visit(self.actor, number)).data)

    @extend_schema(request=None, responses=VisitSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, number: str) -> Response:
        """The technician has arrived."""
        visit = access.get_visit(self.actor, number, to="visit.edit")
        return Response(VisitSerializer(services.check_in(actor=self.actor, visit=visit)).data)

    @extend_schema(request=FinishSerializer, responses=VisitSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, number: str) -> Response:
        """The trip is over."""
        visit = access.get_visit(self.actor, number, to="visit.edit")
        given = FinishSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.finish_visit(actor=self.actor, visit=visit, **given.validated_data)
        return Response(VisitSerializer(done).data)

    @extend_schema(request=CancelSerializer, responses=VisitSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, number: str) -> Response:
        """The trip does not take place."""
        visit = access.get_visit(self.actor, number, to="visit.edit")
        given = CancelSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        done = services.cancel_visit(actor=self.actor, visit=visit, **given.validated_data)
        return Response(VisitSerializer(done).data)
