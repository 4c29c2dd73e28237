"""The part master over REST: parts, their prices, models and pieces. Money in yuan, as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.api import TenantViewSet
from core.bodies import Body
from core.money import cents
from dealers.api import named_dealer
from dealers.models import Dealer
from dealers.terms_api import YuanField
from machines.models import ProductModel
from machines.services import NoSuchModel
from parts import access, errors, queries, services
from parts.filters import PartFilter, SerialFilter
from parts.models import (
    Gate,
    Layer,
    Part,
    PartFit,
    PartKind,
    PartPrice,
    PartSerial,
    PriceKind,
    ReturnDuty,
    Supplier,
    Unit,
)
from parts.rules import fold

QUANTITY: dict[str, Any] = {"max_digits": 8, "decimal_places": 2, "min_value": Decimal("0.01")}
AMOUNT: dict[str, Any] = {"max_digits": 13, "decimal_places": 2, "min_value": 0}
MOST_SERIALS = 500


def named_part(number: str) -> Part:
    """The part of a number in a body; else 422 at its field."""
    part = queries.part_by_number(number)
    if part is None:
        raise serializers.ValidationError(str(errors.NoSuchPart()))
    return part


def named_model(code: str) -> ProductModel:
    """The model of a code in a body; else 422 at its field."""
    model = ProductModel.objects.filter(code=code).first()
    if model is None:
        raise serializers.ValidationError(str(NoSuchModel()))
    return model


class FitSerializer(serializers.ModelSerializer[PartFit]):
    model = serializers.CharField(source="model.code")

    class Meta:
        model = PartFit
        fields = ("model", "per_machine")


class PriceSerializer(serializers.ModelSerializer[PartPrice]):
    amount = YuanField(source="cents")

    class Meta:
        model = PartPrice
        fields = ("kind", "amount", "from_on")


class PartSerializer(serializers.ModelSerializer[Part]):
    """A part as lists show it; supplier and shelf stay within the house."""

    replaces = serializers.CharField(source="replaces.number", default=None)
    supplier = serializers.SerializerMethodField()
    shelf = serializers.SerializerMethodField()
    dealer_price = YuanField(source="cents", allow_null=True, help_text="What counts today.")

    class Meta:
        model = Part
        fields = (
            "number",
            "name",
            "name_en",
            "kind",
            "layer",
            "component",
            "unit",
            "is_common",
            "is_watched",
            "is_serialised",
            "supplier",
            "return_duty",
            "gate",
            "replaces",
            "shelf",
            "keep_for_supplier",
            "is_active",
            "dealer_price",
            "created_at",
        )

    def _is_house(self) -> bool:
        actor: Actor = self.context["actor"]
        return not actor.is_dealer

    def get_supplier(self, part: Part) -> str | None:
        return part.supplier.code if self._is_house() and part.supplier else None

    def get_shelf(self, part: Part) -> str:
        return part.shelf if self._is_house() else ""


class PartDetailSerializer(PartSerializer):
    """With the models that have it (none: all) and the prices that the asker may see."""

    fits = FitSerializer(many=True, source="seen_fits")
    prices = PriceSerializer(many=True, source="seen_prices")

    class Meta(PartSerializer.Meta):
        fields = (*PartSerializer.Meta.fields, "fits", "prices")  # type: ignore[assignment]  # longer


class PartInput(Body):
    """What a client says about a part; supplier by code, the part it replaces by number."""

    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=PartKind.choices, required=False)
    layer = serializers.ChoiceField(choices=Layer.choices, required=False)
    component = serializers.CharField(max_length=60, required=False, allow_blank=True)
    unit = serializers.ChoiceField(choices=Unit.choices, required=False)
    is_common = serializers.BooleanField(required=False)
    is_watched = serializers.BooleanField(required=False)
    is_serialised = serializers.BooleanField(required=False)
    supplier = serializers.CharField(max_length=20, required=False, allow_null=True)
    return_duty = serializers.ChoiceField(choices=ReturnDuty.choices, required=False)
    gate = serializers.ChoiceField(choices=Gate.choices, required=False)
    replaces = serializers.CharField(max_length=40, required=False, allow_null=True)
    shelf = serializers.CharField(max_length=40, required=False, allow_blank=True)
    keep_for_supplier = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)

    def validate_supplier(self, code: str | None) -> Supplier | None:
        if code is None:
            return None
        found = Supplier.objects.filter(code=fold(code)).first()
        if found is None:
            raise serializers.ValidationError(str(errors.NoSuchSupplier()))
        return found

    def validate_replaces(self, number: str | None) -> Part | None:
        return None if number is None else named_part(number)


class NewPartInput(PartInput):
    number = serializers.CharField(max_length=40, help_text="In any spelling; it stays.")


class PriceInput(Body):
    kind = serializers.ChoiceField(choices=PriceKind.choices, default=PriceKind.DEALER)
    amount = serializers.DecimalField(**AMOUNT)
    from_on = serializers.DateField()
    reason = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="Needed to correct a price that stands for that day.",
    )


class FitInput(Body):
    model = serializers.CharField(max_length=40)
    per_machine = serializers.DecimalField(**QUANTITY, default=Decimal(1))

    def validate_model(self, code: str) -> ProductModel:
        return named_model(code)


@extend_schema(tags=["parts"])
class PartViewSet(mixins.ListModelMixin, TenantViewSet):
    """Parts, found by number, name, model, kind and supplier."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "part.view",
        "retrieve": "part.view",
        "create": "part.edit",
        "partial_update": "part.edit",
        "price": "part.price",
        "fit": "part.edit",
        "unfit": "part.edit",
    }
    serializer_class = PartSerializer
    filterset_class = PartFilter
    lookup_field = "number"
    queryset = Part.objects.none()

    def get_queryset(self) -> Any:
        return queries.part_list(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "actor": getattr(self, "actor", None)}

    def told(self, part: Part, status: int = 200) -> Response:
        row = queries.part_list(self.actor).get(pk=part.pk)
        vars(row)["seen_fits"] = queries.fits_with_models(row)
        vars(row)["seen_prices"] = queries.prices_of(self.actor, row)
        answer = PartDetailSerializer(row, context={"actor": self.actor})
        return Response(answer.data, status=status)

    @extend_schema(responses=PartDetailSerializer)
    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_part(self.actor, number))

    @extend_schema(request=NewPartInput, responses={201: PartDetailSerializer})
    def create(self, request: Request) -> Response:
        body = NewPartInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            facts = body.validated_data
            return self.told(services.create_part(actor=self.actor, **facts), 201)

        return self.once(request, made)

    @extend_schema(request=PartInput, responses=PartDetailSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        part = access.get_part(self.actor, number, to="part.edit")
        body = PartInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.edit_part(actor=self.actor, part=part, **facts))

    @extend_schema(request=PriceInput, responses={201: PartDetailSerializer})
    def price(self, request: Request, number: str) -> Response:
        """Give the part a price from a day on."""
        part = access.get_part(self.actor, number, to="part.price")
        body = PriceInput(data=request.data)
        body.is_valid(raise_exception=True)
        facts = dict(body.validated_data)
        facts["cents"] = cents(facts.pop("amount"))

        def made() -> Response:
            services.set_price(actor=self.actor, part=part, **facts)
            return self.told(part, 201)

        return self.once(request, made)

    @extend_schema(request=FitInput, responses=PartDetailSerializer)
    def fit(self, request: Request, number: str) -> Response:
        """Say that a model has the part, and how many of it."""
        part = access.get_part(self.actor, number, to="part.edit")
        body = FitInput(data=request.data)
        body.is_valid(raise_exception=True)
        services.fit_part(actor=self.actor, part=part, **body.validated_data)
        return self.told(part)

    @extend_schema(
        parameters=[OpenApiParameter("model", OpenApiTypes.STR, required=True)],
        responses={204: None},
    )
    def unfit(self, request: Request, number: str) -> Response:
        """Take a model from the part."""
        part = access.get_part(self.actor, number, to="part.edit")
        model = ProductModel.objects.filter(code=request.query_params.get("model", "")).first()
        if model is None:
            raise Http404
        services.unfit_part(actor=self.actor, part=part, model=model)
        return Response(status=204)


class SerialSerializer(serializers.ModelSerializer[PartSerial]):
    part = serializers.CharField(source="part.number")
    dealer = serializers.CharField(source="dealer.number", default=None)

    class Meta:
        model = PartSerial
        fields = ("part", "serial_number", "batch", "dealer", "sold_on")


class SerialsInput(Body):
    numbers = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=MOST_SERIALS
    )
    batch = serializers.CharField(max_length=40, required=False, allow_blank=True)
    dealer = serializers.CharField(max_length=20, required=False, allow_null=True)
    sold_on = serializers.DateField(required=False, allow_null=True)

    def validate_dealer(self, number: str | None) -> Dealer | None:
        return None if number is None else named_dealer(self.context["actor"], number)


class RecordedSerializer(serializers.Serializer[Any]):
    """How many pieces were named, and how many of them are new."""

    count = serializers.IntegerField()
    new = serializers.IntegerField()


@extend_schema(tags=["parts"])
class SerialViewSet(mixins.ListModelMixin, TenantViewSet):
    """The pieces of a part by serial and batch; a dealer sees those sold to it."""

    permissions: ClassVar[dict[str, str]] = {"list": "part.view", "record": "part.edit"}
    serializer_class = SerialSerializer
    filterset_class = SerialFilter
    queryset = PartSerial.objects.none()

    def get_queryset(self) -> Any:
        part = access.get_part(self.actor, self.kwargs["number"])
        return queries.serial_list(self.actor, part).select_related("part", "dealer")

    @extend_schema(request=SerialsInput, responses={201: RecordedSerializer})
    def record(self, request: Request, number: str) -> Response:
        """Keep pieces; those on file get what is said here."""
        part = access.get_part(self.actor, number, to="part.edit")
        body = SerialsInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        facts = body.validated_data

        def made() -> Response:
            new = services.record_serials(actor=self.actor, part=part, **facts)
            told = {"count": len(facts["numbers"]), "new": new}
            return Response(RecordedSerializer(told).data, status=201)

        return self.once(request, made)
