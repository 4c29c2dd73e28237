"""Addresses of parts under /api/v1/."""

from typing import Any

from django.urls import path

from parts.api.catalogue import PartViewSet, SerialViewSet
from parts.api.others import (
    MoveViewSet,
    OperationViewSet,
    StockViewSet,
    StoreViewSet,
    SupplierViewSet,
)

_LIST: dict[str, Any] = {"get": "list"}
_MANY: dict[str, Any] = {"get": "list", "post": "create"}
_EDITED: dict[str, Any] = {"get": "retrieve", "patch": "partial_update"}

# A number or code may hold a slash: what hangs below it stands first.
urlpatterns = [
    path("parts/", PartViewSet.as_view(_MANY), name="api-parts"),
    path(
        "parts/<path:number>/prices/",
        PartViewSet.as_view({"post": "price"}),
        name="api-part-prices",
    ),
    path(
        "parts/<path:number>/fits/",
        PartViewSet.as_view({"post": "fit", "delete": "unfit"}),
        name="api-part-fits",
    ),
    path(
        "parts/<path:number>/serials/",
        SerialViewSet.as_view({"get": "list", "post": "record"}),
        name="api-part-serials",
    ),
    path("parts/<path:number>/", PartViewSet.as_view(_EDITED), name="api-part"),
    path("suppliers/", SupplierViewSet.as_view(_MANY), name="api-suppliers"),
    path(
        "suppliers/<path:code>/confirm/",
        SupplierViewSet.as_view({"post": "confirm"}),
        name="api-supplier-confirm",
    ),
    path("suppliers/<path:code>/", SupplierViewSet.as_view(_EDITED), name="api-supplier"),
    path("stores/", StoreViewSet.as_view(_LIST), name="api-stores"),
    path("stores/<path:code>/stock/", StockViewSet.as_view(_LIST), name="api-store-stock"),
    path(
        "stores/<path:code>/moves/",
        MoveViewSet.as_view({"get": "list", "post": "move"}),
        name="api-store-moves",
    ),
    path("operations/", OperationViewSet.as_view(_MANY), name="api-operations"),
    path(
        "operations/<path:code>/times/",
        OperationViewSet.as_view({"post": "time", "delete": "untime"}),
        name="api-operation-times",
    ),
    path(
        "operations/<path:code>/includes/",
        OperationViewSet.as_view({"post": "include", "delete": "exclude"}),
        name="api-operation-includes",
    ),
    path("operations/<path:code>/", OperationViewSet.as_view(_EDITED), name="api-operation"),
]
