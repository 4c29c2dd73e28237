"""Addresses of the API of warranty."""

from django.urls import path

from warranty.api.remedies import RemedyViewSet

urlpatterns = [
    path(
        "remedies/assess/",
        RemedyViewSet.as_view({"post": "assess"}),
        name="api-remedies-assess",
    ),
]
