"""Shipments of old parts over REST: packed, sent, gone through box by box."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.api_schema import ONCE
from core.bodies import Body
from dealers.access import visible as visible_dealers
from warranty.access import oldparts as access
from warranty.api.oldpart_bodies import (
    BoxDoneBody,
    NewShipmentBody,
    ReceivedTagBody,
    ShipBody,
    ShipmentDoneBody,
    SurplusBody,
    TagBody,
)
from warranty.filters.oldparts import ShipmentFilter
from warranty.models import Box, ReturnShipment
from warranty.queries import oldparts as queries
from warranty.rules.oldparts import read_tag
from warranty.services import oldparts as services


class BoxAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField(source="box.number")
    closed_at = serializers.DateTimeField(source="box.closed_at", allow_null=True)
    discrepancy = serializers.CharField(source="box.discrepancy")
    note = serializers.CharField(source="box.note")
    pieces = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_pieces(self, packed: queries.PackedBox) -> list[str]:
        return [piece.number for piece in packed.pieces]


class ShipmentSerializer(serializers.ModelSerializer[ReturnShipment]):
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)
    window = serializers.CharField(source="window.name", default=None, allow_null=True)
    truck = serializers.CharField(source="truck.number", default=None, allow_null=True)

    class Meta:
        model = ReturnShipment
        fields: tuple[str, ...] = (
            "number",
            "state",
            "dealer",
            "window",
            "truck",
            "carrier",
            "waybill",
            "created_at",
            "shipped_at",
            "received_at",
            "discrepancy",
            "note",
        )
        read_only_fields = fields


class ShipmentDetail(ShipmentSerializer):
    """With its boxes and the tags of what lies in them."""

    boxes = serializers.SerializerMethodField()

    class Meta(ShipmentSerializer.Meta):
        fields = (*ShipmentSerializer.Meta.fields, "boxes")

    @extend_schema_field(BoxAnswer(many=True))
    def get_boxes(self, shipment: ReturnShipment) -> list[Any]:
        packed = queries.boxes_of(self.context["actor"], shipment)
        return list(BoxAnswer(packed, many=True).data)


SHIP, RECEIVE = "old_part.ship", "old_part.receive"


class ShipmentViewSet(mixins.ListModelMixin, TenantViewSet):
    """Consignments of boxes with old parts."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "old_part.view",
        "retrieve": "old_part.view",
        "create": SHIP,
        "add_box": SHIP,
        "remove_box": SHIP,
        "pack": SHIP,
        "unpack": SHIP,
        "close": SHIP,
        "open": SHIP,
        "ship": "old_part.send",
        "cancel": SHIP,
        "receive_tag": RECEIVE,
        "surplus": RECEIVE,
        "finish": RECEIVE,
        "receive": RECEIVE,
    }
    queryset = ReturnShipment.objects.none()
    serializer_class = ShipmentSerializer
    filterset_class = ShipmentFilter
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[ReturnShipment]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = access.visible_shipments(self.actor)
        return rows.select_related("dealer", "window", "truck")

    def _answer(self, number: str, status: int = 200) -> Response:
        shipment = access.get_shipment(self.actor, number)
        context = {"actor": self.actor}
        return Response(ShipmentDetail(shipment, context=context).data, status=status)

    def _facts(self, request: Request, body: type[Body]) -> dict[str, Any]:
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _box(self, number: str, box: int) -> Box:
        return access.get_box(self.actor, number, box, to=self.permissions[self.action])

    def _shipment(self, number: str) -> ReturnShipment:
        return access.get_shipment(self.actor, number, to=self.permissions[self.action])

    @extend_schema(responses=ShipmentDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        return self._answer(number)

    @extend_schema(request=NewShipmentBody, responses={201: ShipmentDetail}, parameters=[ONCE])
    def create(self, request: Request) -> Response:
        """Begin a shipment with one empty box."""

        def make() -> Response:
            facts = self._facts(request, NewShipmentBody)
            named = facts.pop("dealer", "")
            dealer = None
            if named or self.actor.dealer_id is not None:
                mine = visible_dealers(self.actor)
                found = (
                    mine.filter(number=named)
                    if named
                    else mine.filter(pk=self.actor.dealer_id or 0)
                )
                dealer = found.first()
                if dealer is None:
                    raise serializers.ValidationError({"dealer": [_("No dealer has this number.")]})
            made = services.start_shipment(actor=self.actor, dealer=dealer, **facts)
            return self._answer(made.number, status=201)

        return self.once(request, make)

    @extend_schema(request=None, responses={201: ShipmentDetail}, parameters=[ONCE])
    def add_box(self, request: Request, number: str) -> Response:
        """One box more."""
        shipment = self._shipment(number)

        def make() -> Response:
            services.add_box(actor=self.actor, shipment=shipment)
            return self._answer(shipment.number, status=201)

        return self.once(request, make)

    @extend_schema(responses={204: None})
    def remove_box(self, request: Request, number: str, box: int) -> Response:
        """Take an empty box off."""
        services.remove_box(actor=self.actor, box=self._box(number, box))
        return Response(status=204)

    @extend_schema(request=TagBody, responses=ShipmentDetail)
    def pack(self, request: Request, number: str, box: int) -> Response:
        """Put a piece into the box; one that is not tagged yet is, if it has a photo."""
        row = self._box(number, box)
        tag = self._facts(request, TagBody)["tag"]
        piece = access.visible(self.actor).filter(number=read_tag(tag)).first()
        if piece is None:
            raise services.errors.UnknownTag(tag=tag[:60])
        services.tag_pieces(actor=self.actor, pieces=[piece])
        services.box_piece(actor=self.actor, piece=piece, box=row)
        return self._answer(row.shipment.number)

    @extend_schema(request=TagBody, responses=ShipmentDetail)
    def unpack(self, request: Request, number: str, box: int) -> Response:
        """Take a piece out of the box."""
        row = self._box(number, box)
        tag = self._facts(request, TagBody)["tag"]
        piece = row.pieces.filter(number=read_tag(tag)).first()
        if piece is None:
            raise services.errors.UnknownTag(tag=tag[:60])
        services.unbox_piece(actor=self.actor, piece=piece)
        return self._answer(row.shipment.number)

    @extend_schema(request=None, responses=ShipmentDetail)
    def close(self, request: Request, number: str, box: int) -> Response:
        """The list of the box is right."""
        row = self._box(number, box)
        services.close_box(actor=self.actor, box=row)
        return self._answer(row.shipment.number)

    @extend_schema(request=None, responses=ShipmentDetail)
    def open(self, request: Request, number: str, box: int) -> Response:
        """Open a closed box again."""
        row = self._box(number, box)
        services.open_box(actor=self.actor, box=row)
        return self._answer(row.shipment.number)

    @extend_schema(request=ShipBody, responses=ShipmentDetail)
    def ship(self, request: Request, number: str) -> Response:
        """Send it off, in an open window or by a truck that passes."""
        shipment = self._shipment(number)
        facts = self._facts(request, ShipBody)
        closes_on, truck_number = facts.pop("window", None), facts.pop("truck", "")
        windows, trucks = access.visible_windows(self.actor), queries.trucks_for(shipment)
        window = windows.filter(closes_on=closes_on).first() if closes_on else None
        truck = trucks.filter(number=truck_number).first() if truck_number else None
        if closes_on and window is None:
            words = _("No return window closes on this day.")
            raise serializers.ValidationError({"window": [words]})
        if truck_number and truck is None:
            words = _("No truck run with this number passes here.")
            raise serializers.ValidationError({"truck": [words]})
        services.ship(actor=self.actor, shipment=shipment, window=window, truck=truck, **facts)
        return self._answer(shipment.number)

    @extend_schema(request=None, responses=ShipmentDetail)
    def cancel(self, request: Request, number: str) -> Response:
        """Give it up while it is packed."""
        shipment = self._shipment(number)
        services.cancel_shipment(actor=self.actor, shipment=shipment)
        return self._answer(shipment.number)

    @extend_schema(request=ReceivedTagBody, responses=ShipmentDetail)
    def receive_tag(self, request: Request, number: str, box: int) -> Response:
        """A piece of the box is here."""
        row = self._box(number, box)
        facts = self._facts(request, ReceivedTagBody)
        services.receive_tag(actor=self.actor, box=row, **facts)
        return self._answer(row.shipment.number)

    @extend_schema(request=SurplusBody, responses=ShipmentDetail)
    def surplus(self, request: Request, number: str, box: int) -> Response:
        """Something lay in the box that the list does not name."""
        row = self._box(number, box)
        services.note_surplus(actor=self.actor, box=row, **self._facts(request, SurplusBody))
        return self._answer(row.shipment.number)

    @extend_schema(request=BoxDoneBody, responses=ShipmentDetail)
    def finish(self, request: Request, number: str, box: int) -> Response:
        """The box is gone through: what did not come up is missing."""
        row = self._box(number, box)
        services.finish_box(actor=self.actor, box=row, **self._facts(request, BoxDoneBody))
        return self._answer(row.shipment.number)

    @extend_schema(request=ShipmentDoneBody, responses=ShipmentDetail)
    def receive(self, request: Request, number: str) -> Response:
        """All boxes are gone through."""
        shipment = self._shipment(number)
        facts = self._facts(request, ShipmentDoneBody)
        services.receive_shipment(actor=self.actor, shipment=shipment, **facts)
        return self._answer(shipment.number)
