"""Addresses of the API of clocks."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from sla.api import calendars, clocks, ladder, policies

router = SimpleRouter()
router.register("clocks", clocks.ClockViewSet, basename="api-clock")
router.register("policies", policies.PolicyViewSet, basename="api-policy")
router.register("calendars", calendars.CalendarViewSet, basename="api-calendar")

urlpatterns = [
    path(
        "clocks/<slug:subject>/<str:number>/",
        clocks.ExplanationViewSet.as_view({"get": "retrieve"}),
        name="api-clock-explanations",
    ),
    path(
        "clocks/<slug:subject>/<str:number>/<slug:promise>/acknowledge/",
        ladder.AcknowledgeViewSet.as_view({"post": "acknowledge"}),
        name="api-clock-acknowledge",
    ),
    path("", include(router.urls)),
]
