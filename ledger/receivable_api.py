"""Goods receivables over REST: what is open, and a new one from the goods system."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.money import cents
from dealers.api import named_dealer
from dealers.terms_api import YuanField
from ledger import queries, services
from ledger.services.receivables import LONGEST


class ReceivableSerializer(serializers.Serializer[Any]):
    dealer = serializers.CharField(source="dealer.number")
    invoice = serializers.CharField(source="item")
    on = serializers.DateField()
    open = YuanField(source="cents")


class BookedSerializer(serializers.Serializer[Any]):
    entry = serializers.CharField(source="number")


class ReceivableBody(Body):
    dealer = serializers.CharField(max_length=20)
    invoice = serializers.CharField(max_length=LONGEST)
    amount = serializers.DecimalField(max_digits=13, decimal_places=2, min_value=Decimal("0.01"))
    on = serializers.DateField()


@extend_schema(tags=["ledger"])
class ReceivableViewSet(TenantViewSet):
    """Named receivables; the same invoice sent twice is booked once."""

    permissions: ClassVar[dict[str, str]] = {"list": "ledger.view", "create": "receivable.book"}
    serializer_class = ReceivableSerializer
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # one dealer's, or searched

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="Dealer or invoice.")],
        responses=ReceivableSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()
        rows = queries.open_invoices(self.actor, words=words)
        return Response(ReceivableSerializer(rows, many=True).data)

    @extend_schema(request=ReceivableBody, responses={201: BookedSerializer})
    def create(self, request: Request) -> Response:
        body = ReceivableBody(data=request.data)
        body.is_valid(raise_exception=True)

        def book() -> Response:
            facts = dict(body.validated_data)
            dealer = named_dealer(self.actor, facts.pop("dealer"))
            amount = cents(facts.pop("amount"))
            entry = services.book_receivable(actor=self.actor, dealer=dealer, cents=amount, **facts)
            return Response(BookedSerializer(entry).data, status=status.HTTP_201_CREATED)

        return self.once(request, book)
