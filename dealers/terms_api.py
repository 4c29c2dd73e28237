"""Contracts, rates and grades over REST, to read. Money in yuan, as text."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.money import yuan
from dealers import access, queries
from dealers.filters import RateCardFilter
from dealers.models import DealerContract, DealerLevel, RateCard


class YuanField(serializers.DecimalField):
    """Whole cents as an amount in yuan."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 20, "decimal_places": 2, "read_only": True, **kwargs})

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(yuan(value))


class ContractSerializer(serializers.ModelSerializer[DealerContract]):
    dealer = serializers.CharField(source="dealer.number")

    class Meta:
        model = DealerContract
        fields = (
            "number",
            "dealer",
            "from_on",
            "until_on",
            "pay_mode",
            "is_deemed_confirmed",
            "needs_invoice",
            "claim_days",
            "note",
        )


class FiguresSerializer(serializers.Serializer[Any]):
    """What a card pays."""

    code = serializers.CharField()
    from_on = serializers.DateField()
    labour_per_hour = YuanField(source="labour_cents_per_hour")
    travel_per_km = YuanField(source="travel_cents_per_km")
    night = YuanField(source="night_cents")
    diagnosis = YuanField(source="diagnosis_cents")
    parts_markup_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    km_tolerance_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    freight_limit = YuanField(source="freight_limit_cents")


class RateCardSerializer(FiguresSerializer):
    """One version; `until_on` before `from_on` means that it was never in force."""

    name = serializers.CharField()
    until_on = serializers.DateField(allow_null=True)
    level = serializers.CharField(source="level.code", default=None, allow_null=True)
    dealer = serializers.CharField(source="dealer.number", default=None, allow_null=True)


class RateCardHistorySerializer(serializers.Serializer[Any]):
    """All versions of one code, the newest first."""

    code = serializers.CharField()
    versions = RateCardSerializer(many=True)


class LevelSerializer(serializers.ModelSerializer[DealerLevel]):
    pass_limit = YuanField(source="pass_limit_cents")

    class Meta:
        model = DealerLevel
        fields = (
            "code",
            "name",
            "pass_limit",
            "is_trusted",
            "may_do_restricted",
            "old_part_gate",
        )


class OnQuery(serializers.Serializer[Any]):
    on = serializers.DateField(required=False)


@extend_schema(tags=["dealers"])
class RateCardViewSet(mixins.ListModelMixin, TenantViewSet):
    """Versions of rate cards, by who is paid and the day."""

    permissions: ClassVar[dict[str, str]] = {"list": "rate.view", "retrieve": "rate.view"}
    serializer_class = RateCardSerializer
    filterset_class = RateCardFilter
    lookup_field = "code"
    queryset = RateCard.objects.none()

    def get_queryset(self) -> Any:
        return queries.card_list(self.actor)

    @extend_schema(responses=RateCardHistorySerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        versions = access.get_cards(self.actor, code)
        return Response(RateCardHistorySerializer({"code": code, "versions": versions}).data)


@extend_schema(tags=["dealers"])
class DealerTermsViewSet(TenantViewSet):
    """The contracts with one dealer, and what its work of a day is paid."""

    permissions: ClassVar[dict[str, str]] = {"list": "contract.view", "rates": "rate.view"}
    serializer_class = ContractSerializer
    queryset = DealerContract.objects.none()
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # a handful of rows

    def list(self, request: Request, number: str) -> Response:
        dealer = access.get_dealer(self.actor, number, to="contract.view")
        rows = queries.contracts_of(self.actor, dealer)
        return Response(ContractSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="Default: today.")],
        responses=FiguresSerializer,
    )
    def rates(self, request: Request, number: str) -> Response:
        """404 where no card covers the day."""
        dealer = access.get_dealer(self.actor, number, to="rate.view")
        asked = OnQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        on: date = asked.validated_data.get("on") or timezone.localdate()
        rates = queries.rates_for(dealer, on)
        if rates is None:
            raise Http404
        return Response(FiguresSerializer(rates).data)


@extend_schema(tags=["dealers"])
class LevelViewSet(mixins.ListModelMixin, TenantViewSet):
    """Grades of dealers and what each may."""

    permissions: ClassVar[dict[str, str]] = {"list": "rate.edit"}
    serializer_class = LevelSerializer
    queryset = DealerLevel.objects.none()
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # a handful of rows

    def get_queryset(self) -> Any:
        return DealerLevel.objects.order_by("code")
