"""Addresses of old parts and shipments in the REST API."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from warranty.api.oldparts import OldPartViewSet
from warranty.api.shipments import ShipmentViewSet


def _to(**actions: str) -> Any:
    return ShipmentViewSet.as_view({**actions})


_ONE = "shipments/<str:number>/"
_BOX = _ONE + "boxes/<int:box>/"
router = SimpleRouter()
router.register("old-parts", OldPartViewSet, basename="api-old-part")
urlpatterns = [
    *router.urls,
    path("shipments/", _to(get="list", post="create"), name="api-shipments"),
    path(_ONE, _to(get="retrieve"), name="api-shipment"),
    path(_ONE + "ship/", _to(post="ship"), name="api-shipment-ship"),
    path(_ONE + "cancel/", _to(post="cancel"), name="api-shipment-cancel"),
    path(_ONE + "receive/", _to(post="receive"), name="api-shipment-receive"),
    path(_ONE + "boxes/", _to(post="add_box"), name="api-shipment-boxes"),
    path(_BOX, _to(delete="remove_box"), name="api-shipment-box"),
    path(_BOX + "pack/", _to(post="pack"), name="api-box-pack"),
    path(_BOX + "unpack/", _to(post="unpack"), name="api-box-unpack"),
    path(_BOX + "close/", _to(post="close"), name="api-box-close"),
    path(_BOX + "open/", _to(post="open"), name="api-box-open"),
    path(_BOX + "tags/", _to(post="receive_tag"), name="api-box-tags"),
    path(_BOX + "surplus/", _to(post="surplus"), name="api-box-surplus"),
    path(_BOX + "finish/", _to(post="finish"), name="api-box-finish"),
]
