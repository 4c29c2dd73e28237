"""Addresses of the API of recoveries."""

from django.urls import path

from warranty.api.recoveries import RecoveryViewSet

_ONE = "recoveries/<str:number>/"
urlpatterns = [
    path("recoveries/", RecoveryViewSet.as_view({"get": "list"}), name="api-recoveries"),
    path(_ONE, RecoveryViewSet.as_view({"get": "retrieve"}), name="api-recovery"),
    path(_ONE + "claim/", RecoveryViewSet.as_view({"post": "claim"}), name="api-recovery-claim"),
    path(_ONE + "answer/", RecoveryViewSet.as_view({"post": "answer"}), name="api-recovery-answer"),
    path(_ONE + "debit/", RecoveryViewSet.as_view({"post": "debit"}), name="api-recovery-debit"),
    path(_ONE + "parts/", RecoveryViewSet.as_view({"post": "parts"}), name="api-recovery-parts"),
    path(_ONE + "close/", RecoveryViewSet.as_view({"post": "close"}), name="api-recovery-close"),
]
