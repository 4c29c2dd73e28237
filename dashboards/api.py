"""The manager's figures over REST: the same values as the page."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from dashboards import queries
from dashboards.figures import PERIODS, USUAL


class AskedSerializer(serializers.Serializer[Any]):
    days = serializers.ChoiceField(choices=PERIODS, default=USUAL, required=False)


class ShareSerializer(serializers.Serializer[Any]):
    """`percent` is null when `whole` is 0."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class SliceSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a name DRF uses as well
    count = serializers.IntegerField()


class HolderLateSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(source="holder.kind")
    label = serializers.CharField(source="holder.label")  # type: ignore[assignment]
    dealer = serializers.CharField(source="holder.number")
    count = serializers.IntegerField()
    oldest = serializers.DateTimeField()


class CallsSerializer(serializers.Serializer[Any]):
    """Callbacks that fell due; `satisfied` gave a score of 4 or 5."""

    due = serializers.IntegerField()
    made = serializers.IntegerField()
    scored = serializers.IntegerField()
    satisfied = serializers.IntegerField()
    average = serializers.FloatField(allow_null=True)


class DaySerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    reported = serializers.IntegerField()
    done = serializers.IntegerField()
    arranged = ShareSerializer()
    checked = ShareSerializer()


class DealerFiguresSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    name = serializers.CharField()
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    arranged = ShareSerializer()
    calls = CallsSerializer()


class OverviewSerializer(serializers.Serializer[Any]):
    """`soon` and `late` count promises, `open` tickets; shares are of the period's promises."""

    at = serializers.DateTimeField()
    since = serializers.DateField(source="period.first")
    until = serializers.DateField(source="period.last")
    soon = serializers.IntegerField()
    soon_by_promise = SliceSerializer(many=True)
    late = serializers.IntegerField()
    late_by_holder = HolderLateSerializer(many=True)
    open = serializers.IntegerField()
    open_by_state = SliceSerializer(many=True, source="by_state")
    open_by_region = SliceSerializer(many=True, source="by_region")
    dispatched = ShareSerializer()
    arranged = ShareSerializer()
    checked = ShareSerializer()
    callbacks = CallsSerializer(source="calls")
    days = DaySerializer(many=True)
    dealers = DealerFiguresSerializer(many=True)


class DashboardViewSet(TenantViewSet):
    """What is due, late and open now, and how promises were kept in the last days."""

    permissions: ClassVar[dict[str, str]] = {"retrieve": "dashboard.view"}
    serializer_class = OverviewSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=[AskedSerializer], responses=OverviewSerializer)
    def retrieve(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        period = queries.period_of(int(asked.validated_data["days"]))
        return Response(OverviewSerializer(queries.overview(self.actor, period)).data)
