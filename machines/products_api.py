"""Product lines, models and territories in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from dealers.access import get_dealer
from dealers.models import Territory
from dealers.services import add_territory, remove_territory
from machines import floors, products, services
from machines.models import ProductLine, ProductModel


class LineSerializer(serializers.ModelSerializer[ProductLine]):
    class Meta:
        model = ProductLine
        fields = ("code", "name", "name_en", "is_bought_in")


class LineInput(Body):
    name = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_bought_in = serializers.BooleanField(required=False)


class NewLineInput(LineInput):
    code = serializers.CharField(max_length=20)


@extend_schema(tags=["products"])
class LineViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Families of products."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "machine.view",
        "retrieve": "machine.view",
        "create": "product.edit",
        "partial_update": "product.edit",
    }
    serializer_class = LineSerializer
    lookup_field = "code"
    queryset = ProductLine.objects.all()

    @extend_schema(request=NewLineInput, responses={201: LineSerializer})
    def create(self, request: Request) -> Response:
        body = NewLineInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            line = products.create_line(actor=self.actor, **body.validated_data)
            return Response(LineSerializer(line).data, status=201)

        return self.once(request, made)

    @extend_schema(request=LineInput, responses=LineSerializer)
    def partial_update(self, request: Request, code: str) -> Response:
        line = get_object_or_404(ProductLine, code=code)
        body = LineInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        line = products.edit_line(actor=self.actor, line=line, **body.validated_data)
        return Response(LineSerializer(line).data)


class ModelSerializer(serializers.ModelSerializer[ProductModel]):
    line = serializers.CharField(source="line.code")

    class Meta:
        model = ProductModel
        fields = ("code", "name", "line", "coverage_months", "product_class", "power_kw")


class ModelInput(Body):
    """What a client says about a model; its line by code."""

    line = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=80)
    coverage_months = serializers.IntegerField(min_value=0, max_value=240, required=False)
    product_class = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="What the law calls it."
    )
    power_kw = serializers.DecimalField(
        max_digits=7, decimal_places=2, min_value=0, required=False, allow_null=True
    )

    def validate_product_class(self, code: str) -> str:
        if code and code not in dict(floors.class_choices()):
            raise serializers.ValidationError(str(_("The law's table has no such class.")))
        return code

    def validate_line(self, code: str) -> ProductLine:
        return known_line(code)


class NewModelInput(ModelInput):
    code = serializers.CharField(max_length=40)


def known_line(code: str) -> ProductLine:
    """The line of a code in a body; else 422 at its field."""
    line = ProductLine.objects.filter(code=code).first()
    if line is None:
        raise serializers.ValidationError(str(services.NoSuchLine()))
    return line


@extend_schema(tags=["products"])
class ModelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, TenantViewSet):
    """Exact types of machines."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "machine.view",
        "retrieve": "machine.view",
        "create": "product.edit",
        "partial_update": "product.edit",
    }
    serializer_class = ModelSerializer
    lookup_field = "code"
    queryset = ProductModel.objects.select_related("line")

    @extend_schema(request=NewModelInput, responses={201: ModelSerializer})
    def create(self, request: Request) -> Response:
        body = NewModelInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            model = products.create_model(actor=self.actor, **body.validated_data)
            return Response(ModelSerializer(model).data, status=201)

        return self.once(request, made)

    @extend_schema(request=ModelInput, responses=ModelSerializer)
    def partial_update(self, request: Request, code: str) -> Response:
        model = get_object_or_404(ProductModel, code=code)
        body = ModelInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        model = products.edit_model(actor=self.actor, model=model, **body.validated_data)
        return Response(ModelSerializer(model).data)


class TerritorySerializer(serializers.ModelSerializer[Territory]):
    class Meta:
        model = Territory
        fields = ("region_code", "product_line_code", "priority")


class TerritoryInput(Body):
    region_code = serializers.CharField(max_length=120, help_text="Code or full name.")
    product_line_code = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="Empty: all lines."
    )
    priority = serializers.IntegerField(min_value=1, max_value=99, required=False)

    def validate_product_line_code(self, code: str) -> str:
        return known_line(code).code if code else ""


@extend_schema(tags=["dealers"])
class TerritoryViewSet(TenantViewSet):
    """The regions that a dealer answers for."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "dealer.view",
        "create": "dealer.edit",
        "destroy": "dealer.edit",
    }
    serializer_class = TerritorySerializer
    queryset = Territory.objects.none()
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # a dealer has a few

    @extend_schema(responses=TerritorySerializer(many=True))
    def list(self, request: Request, number: str) -> Response:
        dealer = get_dealer(self.actor, number)
        rows = dealer.territories.order_by("region_code", "priority")
        return Response(TerritorySerializer(rows, many=True).data)

    @extend_schema(request=TerritoryInput, responses={201: TerritorySerializer})
    def create(self, request: Request, number: str) -> Response:
        dealer = get_dealer(self.actor, number, to="dealer.edit")
        body = TerritoryInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            row = add_territory(actor=self.actor, dealer=dealer, **body.validated_data)
            return Response(TerritorySerializer(row).data, status=201)

        return self.once(request, made)

    @extend_schema(
        parameters=[
            OpenApiParameter("region_code", OpenApiTypes.STR, required=True),
            OpenApiParameter("product_line_code", OpenApiTypes.STR),
        ],
        responses={204: None},
    )
    def destroy(self, request: Request, number: str) -> Response:
        dealer = get_dealer(self.actor, number, to="dealer.edit")
        territory = get_object_or_404(
            Territory,
            dealer=dealer,
            region_code=request.query_params.get("region_code", ""),
            product_line_code=request.query_params.get("product_line_code", ""),
        )
        remove_territory(actor=self.actor, dealer=dealer, territory=territory)
        return Response(status=204)
