"""Calendars for REST clients; a year's list can be loaded as on the page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.api_schema import WRITES, answers
from sla import access, services
from sla.daylist import parse
from sla.models import Calendar, CalendarDay, CalendarHours, CalendarYear


class CalendarDaySerializer(serializers.ModelSerializer[CalendarDay]):
    class Meta:
        model = CalendarDay
        fields = ["on", "kind", "name", "windows", "source"]


class CalendarYearSerializer(serializers.ModelSerializer[CalendarYear]):
    source = serializers.CharField()  # type: ignore[assignment]

    class Meta:
        model = CalendarYear
        fields = ["year", "source", "loaded_at", "loaded_by_label"]


class CalendarHoursSerializer(serializers.ModelSerializer[CalendarHours]):
    class Meta:
        model = CalendarHours
        fields = ["valid_from", "windows", "reason", "decided_at", "decided_by_label"]


class CalendarSerializer(serializers.ModelSerializer[Calendar]):
    """A calendar; `windows` count until the first of `hours`."""

    days = CalendarDaySerializer(many=True)
    years = CalendarYearSerializer(many=True)
    hours = CalendarHoursSerializer(many=True)

    class Meta:
        model = Calendar
        fields = [
            "code",
            "name",
            "zone",
            "windows",
            "hours",
            "is_default",
            "follows_holidays",
            "known_from",
            "known_through",
            "years",
            "days",
        ]


class NewYearSerializer(serializers.Serializer[Any]):
    """The list of a year: lines, CSV or iCal, as the page takes them."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]
    days = serializers.CharField(max_length=100_000, trim_whitespace=False)


class LoadedYearSerializer(serializers.Serializer[Any]):
    """What the list changed, and how many clocks were dated anew."""

    year = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    same = serializers.IntegerField()
    clocks = serializers.IntegerField()


class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Which hours count, with holidays and make-up workdays."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "calendar.manage",
        "retrieve": "calendar.manage",
        "years": "calendar.manage",
    }
    serializer_class = CalendarSerializer
    queryset = Calendar.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Calendar]:
        return Calendar.objects.prefetch_related("days", "years", "hours")

    @extend_schema(
        request=NewYearSerializer, responses=answers(LoadedYearSerializer, errors=WRITES)
    )
    @action(detail=True, methods=["post"])
    def years(self, request: Request, code: str) -> Response:
        """Make a year's list the one given; the same list again changes nothing."""
        calendar = access.get_calendar(self.actor, code)

        def load() -> Response:
            given = NewYearSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            data = given.validated_data
            days, complaints = parse(data["days"], data["year"])
            if complaints:
                raise serializers.ValidationError({"days": complaints})
            change, settled = services.load_year(
                actor=self.actor,
                calendar=calendar,
                year=data["year"],
                days=days,
                source=data["source"],
            )
            answer = {
                "year": data["year"],
                "added": len(change.added),
                "changed": len(change.changed),
                "removed": len(change.removed),
                "same": len(change.same),
                "clocks": settled.moved,
            }
            return Response(LoadedYearSerializer(answer).data)

        return self.once(request, load)
