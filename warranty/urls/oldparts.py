"""Addresses of old parts, shipments, windows and trucks."""

from django.urls import path

from warranty.views.oldparts import calendar, pieces, shipments
from warranty.views.oldparts.steps import STEPS, view_of

_PIECE = "old-parts/<str:number>/"
_SHIPMENT = "shipments/<str:number>/"
_BOX = _SHIPMENT + "boxes/<int:box>/"
urlpatterns = [
    path("old-parts/", pieces.piece_list, name="old-parts"),
    path("old-parts/export/", pieces.pieces_export, name="old-parts-export"),
    path("old-parts/tag/", pieces.pieces_tag, name="old-parts-tag"),
    path("old-parts/tags/", pieces.pieces_tags, name="old-parts-tags"),
    path(_PIECE, pieces.piece_detail, name="old-part"),
    path(_PIECE + "photos/", pieces.photo_add, name="old-part-photos"),
    path(_PIECE + "photos/<uuid:public_id>/", pieces.photo, name="old-part-photo"),
    path(_PIECE + "unbox/", shipments.piece_unbox, name="old-part-unbox"),
    *(path(f"{_PIECE}{s.name}/", view_of(s), name=f"old-part-{s.name}") for s in STEPS),
    path("shipments/", shipments.shipment_list, name="shipments"),
    path("shipments/new/", shipments.shipment_new, name="shipment-new"),
    path(_SHIPMENT, shipments.shipment_detail, name="shipment"),
    path(_SHIPMENT + "list/", shipments.shipment_paper, name="shipment-paper"),
    path(_SHIPMENT + "ship/", shipments.shipment_ship, name="shipment-ship"),
    path(_SHIPMENT + "cancel/", shipments.shipment_cancel, name="shipment-cancel"),
    path(_SHIPMENT + "receive/", shipments.shipment_receive, name="shipment-receive"),
    path(_SHIPMENT + "boxes/", shipments.box_add, name="box-add"),
    path(_BOX + "pack/", shipments.box_pack, name="box-pack"),
    path(_BOX + "close/", shipments.box_close, name="box-close"),
    path(_BOX + "open/", shipments.box_open, name="box-open"),
    path(_BOX + "remove/", shipments.box_remove, name="box-remove"),
    path(_BOX + "receive/", shipments.box_receive, name="box-receive"),
    path(_BOX + "surplus/", shipments.box_surplus, name="box-surplus"),
    path(_BOX + "finish/", shipments.box_finish, name="box-finish"),
    path("return-windows/", calendar.window_list, name="return-windows"),
    path("return-windows/new/", calendar.window_new, name="return-window-new"),
    path("return-windows/<str:closes>/", calendar.window_edit, name="return-window"),
    path(
        "return-windows/<str:closes>/remove/", calendar.window_remove, name="return-window-remove"
    ),
    path("trucks/", calendar.truck_list, name="trucks"),
    path("trucks/new/", calendar.truck_new, name="truck-new"),
    path("trucks/<str:number>/", calendar.truck_detail, name="truck"),
    path("trucks/<str:number>/edit/", calendar.truck_edit, name="truck-edit"),
    path("trucks/<str:number>/stops/", calendar.stop_add, name="truck-stop-add"),
    path("trucks/<str:number>/stops/remove/", calendar.stop_remove, name="truck-stop-remove"),
    path("trucks/<str:number>/cancel/", calendar.truck_cancel, name="truck-cancel"),
    path("trucks/<str:number>/list/", calendar.truck_paper, name="truck-paper"),
]
