"""Calendars for REST clients."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import mixins, serializers

from core.api import TenantViewSet
from sla.models import Calendar, CalendarDay


class CalendarDaySerializer(serializers.ModelSerializer[CalendarDay]):
    class Meta:
        model = CalendarDay
        fields = ["on", "kind", "name", "source"]


class CalendarSerializer(serializers.ModelSerializer[Calendar]):
    days = CalendarDaySerializer(many=True)

    class Meta:
        model = Calendar
        fields = ["code", "name", "zone", "windows", "is_default", "known_through", "days"]


class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Which hours count, with holidays and make-up workdays."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "calendar.manage",
        "retrieve": "calendar.manage",
    }
    serializer_class = CalendarSerializer
    queryset = Calendar.objects.none()
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Calendar]:
        return Calendar.objects.prefetch_related("days")
