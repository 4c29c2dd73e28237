"""Addresses of the API of clocks."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from sla import api, calendar_api, ladder_api, policy_api

router = SimpleRouter()
router.register("clocks", api.ClockViewSet, basename="api-clock")
router.register("policies", policy_api.PolicyViewSet, basename="api-policy")
router.register("calendars", calendar_api.CalendarViewSet, basename="api-calendar")

urlpatterns = [
    path(
        "clocks/<slug:subject>/<str:number>/",
        api.ExplanationViewSet.as_view({"get": "retrieve"}),
        name="api-clock-explanations",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/acknowledge/",
        ladder_api.AcknowledgeViewSet.as_view({"post": "acknowledge"}),
        name="api-clock-acknowledge",
    ),
    path("", include(router.urls)),
]
