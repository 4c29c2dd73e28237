"""Addresses of the books under /api/v1/."""

from django.urls import path

from ledger.api import AccountViewSet, EntryViewSet

urlpatterns = [
    path("accounts/", AccountViewSet.as_view({"get": "list"}), name="api-accounts"),
    path("accounts/<str:code>/", AccountViewSet.as_view({"get": "retrieve"}), name="api-account"),
    path(
        "accounts/<str:code>/statement/",
        AccountViewSet.as_view({"get": "statement"}),
        name="api-account-statement",
    ),
    path("entries/<str:number>/", EntryViewSet.as_view({"get": "retrieve"}), name="api-entry"),
]
