"""Addresses of the books under /api/v1/."""

from django.urls import path

from ledger.api import AccountViewSet, EntryViewSet
from ledger.receivable_api import ReceivableViewSet

urlpatterns = [
    path("accounts/", AccountViewSet.as_view({"get": "list"}), name="api-accounts"),
    path("accounts/<str:code>/", AccountViewSet.as_view({"get": "retrieve"}), name="api-account"),
    path(
        "accounts/<str:code>/statement/",
        AccountViewSet.as_view({"get": "statement"}),
        name="api-account-statement",
    ),
    path(
        "receivables/",
        ReceivableViewSet.as_view({"get": "list", "post": "create"}),
        name="api-receivables",
    ),
    path("entries/<str:number>/", EntryViewSet.as_view({"get": "retrieve"}), name="api-entry"),
]
