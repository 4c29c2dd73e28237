"""The address of the figures in the REST API."""

from django.urls import path

from dashboards.api import DashboardViewSet

urlpatterns = [
    path("dashboard/", DashboardViewSet.as_view({"get": "retrieve"}), name="api-dashboard"),
]
