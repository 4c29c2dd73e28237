"""The REST API under /api/v1/: one router list per app."""

from typing import Any

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api import MeViewSet, PeopleViewSet, TokenViewSet
from notifications.api import NotificationViewSet

_LIST: dict[str, Any] = {"get": "list"}
_ONE: dict[str, Any] = {"get": "retrieve"}

urlpatterns = [
    path("me/", MeViewSet.as_view(_ONE), name="api-me"),
    path("people/", PeopleViewSet.as_view(_LIST), name="api-people"),
    path("people/<uuid:public_id>/", PeopleViewSet.as_view(_ONE), name="api-person"),
    path("tokens/", TokenViewSet.as_view(_LIST), name="api-tokens"),
    path("notifications/", NotificationViewSet.as_view(_LIST), name="api-notifications"),
    path(
        "notifications/read/",
        NotificationViewSet.as_view({"post": "read_all"}),
        name="api-notifications-read",
    ),
    path(
        "notifications/<uuid:public_id>/",
        NotificationViewSet.as_view(_ONE),
        name="api-notification",
    ),
    path(
        "notifications/<uuid:public_id>/read/",
        NotificationViewSet.as_view({"post": "read"}),
        name="api-notification-read",
    ),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema"),
        name="api-docs",
    ),
    path("", include("sla.api_urls")),
]
