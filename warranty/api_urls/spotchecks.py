"""Addresses of the API of spot checks."""

from django.urls import path

from warranty.api.spotchecks import SpotCheckViewSet

_ONE = "spot-checks/<str:number>/"
urlpatterns = [
    path(
        "spot-checks/",
        SpotCheckViewSet.as_view({"get": "list", "post": "create"}),
        name="api-spot-checks",
    ),
    path(_ONE, SpotCheckViewSet.as_view({"get": "retrieve"}), name="api-spot-check"),
    path(
        _ONE + "decide/", SpotCheckViewSet.as_view({"post": "decide"}), name="api-spot-check-decide"
    ),
    path(
        _ONE + "claims/<str:claim>/",
        SpotCheckViewSet.as_view({"post": "verdict"}),
        name="api-spot-check-verdict",
    ),
]
