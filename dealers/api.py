"""Dealers and regions in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.permissions import SIGNED_IN
from dealers import access, queries, regions, services
from dealers.filters import DealerFilter
from dealers.models import Dealer, DealerLevel, Region

MOST_REGIONS = 100


class DealerSerializer(serializers.ModelSerializer[Dealer]):
    """A dealer as lists show it."""

    level = serializers.CharField(source="level.code")
    # `parent` is a number in JSON; the framework keeps a link to the list by that name.
    parent = serializers.CharField(source="parent.number", default=None)  # type: ignore[assignment]

    class Meta:
        model = Dealer
        fields = (
            "number",
            "name",
            "short_name",
            "level",
            "parent",
            "contact_name",
            "phone",
            "region_code",
            "address",
            "agreement_ends_on",
            "is_active",
            "created_at",
        )


class DealerInput(Body):
    """What a client says about a dealer; `level` by code, `parent` by number."""

    name = serializers.CharField(max_length=120)
    short_name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    level = serializers.CharField(max_length=10)
    parent = serializers.CharField(  # type: ignore[assignment]  # as above
        max_length=20, required=False, allow_null=True
    )
    contact_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40)
    region_code = serializers.CharField(max_length=120, help_text="Code or full name.")
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    agreement_ends_on = serializers.DateField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)

    def validate_level(self, code: str) -> DealerLevel:
        level = DealerLevel.objects.filter(code=code).first()
        if level is None:
            raise serializers.ValidationError(str(services.NoSuchLevel()))
        return level

    def validate_parent(self, number: str | None) -> Dealer | None:
        return None if number is None else named_dealer(self.context["actor"], number)


class NewDealerInput(DealerInput):
    number = serializers.CharField(max_length=20, required=False, help_text="Empty: the next.")


def named_dealer(actor: Any, number: str) -> Dealer:
    """The dealer of a number in a body; else 422 at its field."""
    dealer = access.visible(actor).filter(number=number).first()
    if dealer is None:
        raise serializers.ValidationError(str(services.NoSuchDealer()))
    return dealer


@extend_schema(tags=["dealers"])
class DealerViewSet(mixins.ListModelMixin, TenantViewSet):
    """Dealers, by region, grade and words."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "dealer.view",
        "retrieve": "dealer.view",
        "create": "dealer.edit",
        "partial_update": "dealer.edit",
    }
    serializer_class = DealerSerializer
    filterset_class = DealerFilter
    lookup_field = "number"
    queryset = Dealer.objects.none()

    def get_queryset(self) -> Any:
        return queries.dealer_list(self.actor)

    def retrieve(self, request: Request, number: str) -> Response:
        return Response(DealerSerializer(access.get_dealer(self.actor, number)).data)

    @extend_schema(request=NewDealerInput, responses={201: DealerSerializer})
    def create(self, request: Request) -> Response:
        body = NewDealerInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)

        def made() -> Response:
            dealer = services.create_dealer(actor=self.actor, **body.validated_data)
            return Response(DealerSerializer(dealer).data, status=201)

        return self.once(request, made)

    @extend_schema(request=DealerInput, responses=DealerSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        dealer = access.get_dealer(self.actor, number, to="dealer.edit")
        body = DealerInput(data=request.data, partial=True, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        dealer = services.edit_dealer(actor=self.actor, dealer=dealer, **body.validated_data)
        return Response(DealerSerializer(dealer).data)


class RegionSerializer(serializers.ModelSerializer[Region]):
    class Meta:
        model = Region
        fields = ("code", "name", "full_name")


@extend_schema(tags=["dealers"])
class RegionViewSet(TenantViewSet):
    """The official regions: those right below `parent`, or those that fit `q`."""

    permissions: ClassVar[dict[str, str]] = {"list": SIGNED_IN}
    serializer_class = RegionSerializer
    queryset = Region.objects.none()
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # the two below are all

    @extend_schema(
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Characters of the name."),
            OpenApiParameter("parent", OpenApiTypes.STR, description="Code of 2 or 4 digits."),
        ],
        responses=RegionSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        words = request.query_params.get("q", "")
        parent = request.query_params.get("parent", "")
        found = (
            regions.suggestions(words, MOST_REGIONS) if words else queries.region_children(parent)
        )
        return Response(RegionSerializer(found, many=True).data)
