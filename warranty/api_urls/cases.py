"""Addresses of the API of cases."""

from django.urls import path

from warranty.api.cases import CaseViewSet

_ONE = "cases/<str:number>/"
urlpatterns = [
    path("cases/", CaseViewSet.as_view({"get": "list"}), name="api-cases"),
    path(_ONE, CaseViewSet.as_view({"get": "retrieve"}), name="api-case"),
    path(_ONE + "choose/", CaseViewSet.as_view({"post": "choose"}), name="api-case-choose"),
    path(_ONE + "approve/", CaseViewSet.as_view({"post": "approve"}), name="api-case-approve"),
    path(_ONE + "refuse/", CaseViewSet.as_view({"post": "refuse"}), name="api-case-refuse"),
    path(
        _ONE + "carry-out/", CaseViewSet.as_view({"post": "carry_out"}), name="api-case-carry-out"
    ),
    path(_ONE + "recover/", CaseViewSet.as_view({"post": "recover"}), name="api-case-recover"),
    path(_ONE + "drop/", CaseViewSet.as_view({"post": "drop"}), name="api-case-drop"),
]
