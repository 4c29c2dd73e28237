"""One's own notifications in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from notifications import access, queries, services
from notifications.models import Notification, Webhook
from notifications.wording import Worded, worded


class NotificationFilter(filters.FilterSet):
    is_unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """In the language of the reader; `event` and `params` for programs."""

    id = serializers.UUIDField(source="public_id")
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = (
            "id",
            "event",
            "params",
            "title",
            "body",
            "url",
            "is_urgent",
            "created_at",
            "read_at",
        )

    def get_title(self, row: Notification) -> str:
        return self._words(row).title

    def get_body(self, row: Notification) -> str:
        return self._words(row).body

    def _words(self, row: Notification) -> Worded:
        return worded(row.event, row.params)


class ReadSerializer(serializers.Serializer[Any]):
    """How many were new until now."""

    marked = serializers.IntegerField(read_only=True)


@extend_schema(tags=["notifications"])
class NotificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """What the caller was told, newest first."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "notification.view",
        "retrieve": "notification.view",
        "read": "notification.view",
        "read_all": "notification.view",
    }
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    lookup_field = "public_id"
    queryset = Notification.objects.none()

    def get_queryset(self) -> Any:
        return queries.mine(self.actor)

    @extend_schema(request=None, responses=ReadSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, public_id: Any) -> Response:
        """Mark one as read; again changes nothing."""
        row = access.get_notification(self.actor, public_id)
        marked = services.mark_read(actor=self.actor, public_ids=[row.public_id])
        return Response({"marked": marked})

    @extend_schema(request=None, responses=ReadSerializer, operation_id="notifications_read_all")
    @action(detail=False, methods=["post"])
    def read_all(self, request: Request) -> Response:
        """Mark all as read."""
        return Response({"marked": services.mark_read(actor=self.actor)})


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An endpoint without its secret, which nobody sees twice."""

    class Meta:
        model = Webhook
        fields = (
            "code",
            "name",
            "url",
            "events",
            "is_active",
            "is_failing",
            "failures",
            "failing_since",
            "rests_until",
            "last_sent_at",
            "created_at",
        )

    events = serializers.ListField(child=serializers.CharField())
    is_failing = serializers.BooleanField()


@extend_schema(tags=["webhooks"])
class WebhookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Where other programs are called; they are made and changed on the pages."""

    permissions: ClassVar[dict[str, str]] = {"list": "webhook.manage", "retrieve": "webhook.manage"}
    serializer_class = WebhookSerializer
    lookup_field = "code"
    queryset = Webhook.objects.none()

    def get_queryset(self) -> Any:
        return queries.webhooks(self.actor)
