"""Suppliers, stores, their stock and moves, and labour operations over REST."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import TenantViewSet
from core.bodies import Body
from core.money import cents
from dealers.terms_api import YuanField
from machines.models import ProductModel
from parts import access, errors, queries, services
from parts.api.catalogue import AMOUNT, named_model, named_part
from parts.filters import MoveFilter, OperationFilter, StockFilter, SupplierFilter
from parts.forms.others import MOST_MINUTES
from parts.models import (
    LabourOperation,
    OperationFit,
    Part,
    StockMove,
    Store,
    Supplier,
)
from parts.rules import fold

SIGNED: dict[str, Any] = {"max_digits": 10, "decimal_places": 2}
MINUTES: dict[str, Any] = {"min_value": 1, "max_value": MOST_MINUTES}


class SupplierSerializer(serializers.ModelSerializer[Supplier]):
    class Meta:
        model = Supplier
        fields = (
            "code",
            "name",
            "contact_name",
            "phone",
            "claims_address",
            "terms",
            "duty_percent",
            "confirmed_on",
            "is_active",
        )


class SupplierInput(Body):
    name = serializers.CharField(max_length=120)
    contact_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    claims_address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    terms = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    duty_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    is_active = serializers.BooleanField(required=False)


class NewSupplierInput(SupplierInput):
    code = serializers.CharField(max_length=20, help_text="It stays.")


@extend_schema(tags=["parts"])
class SupplierViewSet(mixins.ListModelMixin, TenantViewSet):
    """The supplier directory; dealers see none of it."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "supplier.view",
        "retrieve": "supplier.view",
        "create": "supplier.edit",
        "partial_update": "supplier.edit",
        "confirm": "supplier.edit",
    }
    serializer_class = SupplierSerializer
    filterset_class = SupplierFilter
    lookup_field = "code"
    queryset = Supplier.objects.none()

    def get_queryset(self) -> Any:
        return queries.supplier_list(self.actor)

    def retrieve(self, request: Request, code: str) -> Response:
        return Response(SupplierSerializer(access.get_supplier(self.actor, code)).data)

    @extend_schema(request=NewSupplierInput, responses={201: SupplierSerializer})
    def create(self, request: Request) -> Response:
        body = NewSupplierInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            supplier = services.create_supplier(actor=self.actor, **body.validated_data)
            return Response(SupplierSerializer(supplier).data, status=201)

        return self.once(request, made)

    @extend_schema(request=SupplierInput, responses=SupplierSerializer)
    def partial_update(self, request: Request, code: str) -> Response:
        supplier = access.get_supplier(self.actor, code, to="supplier.edit")
        body = SupplierInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        supplier = services.edit_supplier(actor=self.actor, supplier=supplier, **facts)
        return Response(SupplierSerializer(supplier).data)

    @extend_schema(request=None, responses=SupplierSerializer)
    def confirm(self, request: Request, code: str) -> Response:
        """Note that the entry has been looked at today and is exact."""
        supplier = access.get_supplier(self.actor, code, to="supplier.edit")
        supplier = services.confirm_supplier(actor=self.actor, supplier=supplier)
        return Response(SupplierSerializer(supplier).data)


class StoreSerializer(serializers.ModelSerializer[Store]):
    class Meta:
        model = Store
        fields = ("code", "name", "kind", "is_active")


@extend_schema(tags=["parts"])
class StoreViewSet(TenantViewSet):
    """The stores of the house; a handful."""

    permissions: ClassVar[dict[str, str]] = {"list": "stock.view"}
    serializer_class = StoreSerializer
    queryset = Store.objects.none()
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []  # type: ignore[misc]  # a company has a few

    @extend_schema(responses=StoreSerializer(many=True))
    def list(self, request: Request) -> Response:
        stores = access.visible_stores(self.actor)
        return Response(StoreSerializer(stores, many=True).data)


class HeldSerializer(serializers.ModelSerializer[Part]):
    """What a store has of a part."""

    part = serializers.CharField(source="number")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=2, source="held")
    value = YuanField(source="held_cents")

    class Meta:
        model = Part
        fields = ("part", "name", "unit", "shelf", "quantity", "value")


@extend_schema(tags=["parts"])
class StockViewSet(mixins.ListModelMixin, TenantViewSet):
    """What lies in a store, part by part: the sum of its moves."""

    permissions: ClassVar[dict[str, str]] = {"list": "stock.view"}
    serializer_class = HeldSerializer
    filterset_class = StockFilter
    queryset = Part.objects.none()

    def get_queryset(self) -> Any:
        return queries.stock_rows(access.get_store(self.actor, self.kwargs["code"]))


class MoveSerializer(serializers.ModelSerializer[StockMove]):
    part = serializers.CharField(source="part.number")
    value = serializers.DecimalField(max_digits=20, decimal_places=2)
    by = serializers.CharField(source="by_label")

    class Meta:
        model = StockMove
        fields = ("part", "quantity", "value", "source_kind", "reason", "by", "at")


class MoveInput(Body):
    """Pieces in (above zero) or out (below), or with `to_store` over to another store."""

    part = serializers.CharField(max_length=40)
    quantity = serializers.DecimalField(**SIGNED)
    value = serializers.DecimalField(
        **{**AMOUNT, "min_value": None},
        required=False,
        allow_null=True,
        help_text="With the sign of the quantity; left out, what leaves takes its share.",
    )
    to_store = serializers.CharField(max_length=20, required=False)
    reason = serializers.CharField(max_length=200)

    def validate_part(self, number: str) -> Part:
        return named_part(number)

    def validate_to_store(self, code: str) -> Store:
        found = access.visible_stores(self.context["actor"]).filter(code=fold(code)).first()
        if found is None:
            raise serializers.ValidationError(str(errors.NoSuchStore()))
        return found


@extend_schema(tags=["parts"])
class MoveViewSet(mixins.ListModelMixin, TenantViewSet):
    """What came into a store and left it, newest first; a move never changes."""

    permissions: ClassVar[dict[str, str]] = {"list": "stock.view", "move": "stock.move"}
    serializer_class = MoveSerializer
    filterset_class = MoveFilter
    queryset = StockMove.objects.none()

    def get_queryset(self) -> Any:
        store = access.get_store(self.actor, self.kwargs["code"])
        return queries.move_list(self.actor, store)

    @extend_schema(request=MoveInput, responses={201: MoveSerializer})
    def move(self, request: Request, code: str) -> Response:
        """Book a move; what goes over to another store needs a quantity above zero."""
        store = access.get_store(self.actor, code, to="stock.move")
        body = MoveInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        facts = dict(body.validated_data)
        value, other = facts.pop("value", None), facts.pop("to_store", None)

        def made() -> Response:
            if other is not None:
                row, _come = services.transfer_stock(
                    actor=self.actor, store=store, to_store=other, **facts
                )
            else:
                worth = None if value is None else cents(value)
                row = services.book_stock(actor=self.actor, store=store, value_cents=worth, **facts)
            return Response(MoveSerializer(row).data, status=201)

        return self.once(request, made)


class TimeSerializer(serializers.ModelSerializer[OperationFit]):
    model = serializers.CharField(source="model.code", default=None)

    class Meta:
        model = OperationFit
        fields = ("model", "minutes")


class OperationSerializer(serializers.ModelSerializer[LabourOperation]):
    """With its times by model; a row without a model is the time on every other one."""

    times = TimeSerializer(many=True, source="fits")

    class Meta:
        model = LabourOperation
        fields = (
            "code",
            "name",
            "name_en",
            "standard_minutes",
            "part_group",
            "is_restricted",
            "is_active",
            "times",
        )


class OperationDetailSerializer(OperationSerializer):
    includes = serializers.ListField(child=serializers.CharField(), source="held_codes")

    class Meta(OperationSerializer.Meta):
        fields = (*OperationSerializer.Meta.fields, "includes")  # type: ignore[assignment]  # longer


class OperationInput(Body):
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    standard_minutes = serializers.IntegerField(**MINUTES)
    part_group = serializers.CharField(max_length=40, required=False, allow_blank=True)
    is_restricted = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class NewOperationInput(OperationInput):
    code = serializers.CharField(max_length=20, help_text="It stays.")


class TimeInput(Body):
    model = serializers.CharField(max_length=40, allow_null=True, help_text="null: every other.")
    minutes = serializers.IntegerField(**MINUTES)

    def validate_model(self, code: str | None) -> ProductModel | None:
        return None if code is None else named_model(code)


class IncludeInput(Body):
    included = serializers.CharField(max_length=20)

    def validate_included(self, code: str) -> LabourOperation:
        found = LabourOperation.objects.filter(code=fold(code)).first()
        if found is None:
            raise serializers.ValidationError(str(errors.NoSuchOperation()))
        return found


@extend_schema(tags=["parts"])
class OperationViewSet(mixins.ListModelMixin, TenantViewSet):
    """Labour operations with their standard times."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "part.view",
        "retrieve": "part.view",
        "create": "operation.edit",
        "partial_update": "operation.edit",
        "time": "operation.edit",
        "untime": "operation.edit",
        "include": "operation.edit",
        "exclude": "operation.edit",
    }
    serializer_class = OperationSerializer
    filterset_class = OperationFilter
    lookup_field = "code"
    queryset = LabourOperation.objects.none()

    def get_queryset(self) -> Any:
        return queries.operation_list(self.actor)

    def told(self, operation: LabourOperation, status: int = 200) -> Response:
        row = queries.operation_list(self.actor).get(pk=operation.pk)
        vars(row)["held_codes"] = [each.code for each in queries.included_in(row)]
        return Response(OperationDetailSerializer(row).data, status=status)

    def to_edit(self, code: str) -> LabourOperation:
        return access.get_operation(self.actor, code, to="operation.edit")

    @extend_schema(responses=OperationDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return self.told(access.get_operation(self.actor, code))

    @extend_schema(request=NewOperationInput, responses={201: OperationDetailSerializer})
    def create(self, request: Request) -> Response:
        body = NewOperationInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            facts = body.validated_data
            return self.told(services.create_operation(actor=self.actor, **facts), 201)

        return self.once(request, made)

    @extend_schema(request=OperationInput, responses=OperationDetailSerializer)
    def partial_update(self, request: Request, code: str) -> Response:
        operation = self.to_edit(code)
        body = OperationInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        done = services.edit_operation(actor=self.actor, operation=operation, **facts)
        return self.told(done)

    @extend_schema(request=TimeInput, responses=OperationDetailSerializer)
    def time(self, request: Request, code: str) -> Response:
        """Set the time on a model, or on every other one."""
        operation = self.to_edit(code)
        body = TimeInput(data=request.data)
        body.is_valid(raise_exception=True)
        services.time_operation(actor=self.actor, operation=operation, **body.validated_data)
        return self.told(operation)

    @extend_schema(
        parameters=[OpenApiParameter("model", OpenApiTypes.STR, description="Empty: the others.")],
        responses={204: None},
    )
    def untime(self, request: Request, code: str) -> Response:
        """Take the time on a model away."""
        operation = self.to_edit(code)
        named = request.query_params.get("model", "")
        model = ProductModel.objects.filter(code=named).first() if named else None
        if named and model is None:
            raise Http404
        services.untime_operation(actor=self.actor, operation=operation, model=model)
        return Response(status=204)

    @extend_schema(request=IncludeInput, responses=OperationDetailSerializer)
    def include(self, request: Request, code: str) -> Response:
        """Say that the operation holds another one."""
        operation = self.to_edit(code)
        body = IncludeInput(data=request.data)
        body.is_valid(raise_exception=True)
        services.include_operation(actor=self.actor, operation=operation, **body.validated_data)
        return self.told(operation)

    @extend_schema(
        parameters=[OpenApiParameter("included", OpenApiTypes.STR, required=True)],
        responses={204: None},
    )
    def exclude(self, request: Request, code: str) -> Response:
        """Take an included operation out again."""
        operation = self.to_edit(code)
        wanted = fold(request.query_params.get("included", ""))
        included = LabourOperation.objects.filter(code=wanted).first()
        if included is None:
            raise Http404
        services.exclude_operation(actor=self.actor, operation=operation, included=included)
        return Response(status=204)
