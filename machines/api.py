"""Customers, machines, products and territories in the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.api import TenantViewSet
from core.bodies import Body
from core.errors import DomainError
from core.phones import normalise
from dealers.api import named_dealer
from dealers.models import Dealer
from machines import access, queries, services
from machines.filters import CustomerFilter, MachineFilter
from machines.models import (
    Customer,
    CustomerClass,
    CustomerKind,
    CustomerPhone,
    Machine,
    Ownership,
    ProductModel,
)


class PhoneSerializer(serializers.ModelSerializer[CustomerPhone]):
    class Meta:
        model = CustomerPhone
        fields = ("number", "label", "is_primary")


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    phones = PhoneSerializer(many=True)

    class Meta:
        model = Customer
        fields = (
            "number",
            "name",
            "kind",
            "customer_class",
            "phones",
            "region_code",
            "address",
            "language",
            "note",
            "created_at",
        )


class PhoneInput(Body):
    number = serializers.CharField(max_length=40, help_text="In any spelling.")
    label = serializers.CharField(  # type: ignore[assignment]  # a field by that name
        max_length=40, required=False, allow_blank=True, default=""
    )

    def validate_number(self, text: str) -> str:
        try:
            return normalise(text)
        except DomainError as error:
            raise serializers.ValidationError(str(error)) from error


class CustomerInput(Body):
    """What a client says about a customer; `phones`, when sent, are all of them."""

    name = serializers.CharField(max_length=80)
    phones = PhoneInput(many=True, allow_empty=False)
    kind = serializers.ChoiceField(choices=CustomerKind.choices, required=False)
    customer_class = serializers.ChoiceField(choices=CustomerClass.choices, required=False)
    region_code = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="Code or full name."
    )
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def validate_phones(self, phones: list[dict[str, str]]) -> list[services.Phone]:
        # A partial body asks for no field and fills in no default, not even inside a list.
        if not all("number" in phone for phone in phones):
            raise serializers.ValidationError(
                PhoneInput().fields["number"].error_messages["required"]
            )
        return [services.Phone(phone["number"], phone.get("label", "")) for phone in phones]


class MergeInput(Body):
    into = serializers.CharField(max_length=20, help_text="Number of the record that stays.")


def named_customer(actor: Actor, number: str) -> Customer:
    """The customer of a number in a body; else 422 at its field."""
    customer = access.visible_customers(actor).filter(number=number).first()
    if customer is None:
        raise serializers.ValidationError(str(services.NoSuchCustomer()))
    return customer


@extend_schema(tags=["customers"])
class CustomerViewSet(mixins.ListModelMixin, TenantViewSet):
    """Customers, found by words, telephone, region, class and dealer."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "customer.view",
        "retrieve": "customer.view",
        "create": "customer.edit",
        "partial_update": "customer.edit",
        "merge": "customer.merge",
    }
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    lookup_field = "number"
    queryset = Customer.objects.none()

    def get_queryset(self) -> Any:
        return queries.customer_list(self.actor)

    def told(self, customer: Customer, status: int = 200) -> Response:
        row = queries.customer_list(self.actor).get(pk=customer.pk)
        return Response(CustomerSerializer(row).data, status=status)

    def retrieve(self, request: Request, number: str) -> Response:
        return self.told(access.get_customer(self.actor, number))

    @extend_schema(request=CustomerInput, responses={201: CustomerSerializer})
    def create(self, request: Request) -> Response:
        body = CustomerInput(data=request.data)
        body.is_valid(raise_exception=True)

        def made() -> Response:
            facts = body.validated_data
            return self.told(services.create_customer(actor=self.actor, **facts), 201)

        return self.once(request, made)

    @extend_schema(request=CustomerInput, responses=CustomerSerializer)
    def partial_update(self, request: Request, number: str) -> Response:
        customer = access.get_customer(self.actor, number, to="customer.edit")
        body = CustomerInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.edit_customer(actor=self.actor, customer=customer, **facts))

    @extend_schema(request=MergeInput, responses=CustomerSerializer)
    def merge(self, request: Request, number: str) -> Response:
        """Merge this record into another one, which is answered."""
        found = access.every_customer(self.actor)
        source = get_object_or_404(found, number=number)
        body = MergeInput(data=request.data)
        body.is_valid(raise_exception=True)
        target = found.filter(number=body.validated_data["into"]).first()
        if target is None:
            raise serializers.ValidationError({"into": [str(services.NoSuchCustomer())]})
        return self.told(services.merge_customers(actor=self.actor, source=source, target=target))


class OwnerSerializer(serializers.ModelSerializer[Ownership]):
    customer = serializers.CharField(source="customer.number")
    name = serializers.CharField(source="customer.name")

    class Meta:
        model = Ownership
        fields = ("customer", "name", "from_on", "until_on")


class MachineSerializer(serializers.ModelSerializer[Machine]):
    line = serializers.CharField(source="model.line.code")
    model = serializers.CharField(source="model.code")
    model_name = serializers.CharField(source="model.name")
    customer = serializers.CharField(source="customer.number", default=None)
    dealer = serializers.CharField(source="dealer.number", default=None)

    class Meta:
        model = Machine
        fields = (
            "serial_number",
            "plate",
            "line",
            "model",
            "model_name",
            "customer",
            "dealer",
            "engine_number",
            "built_on",
            "sold_on",
            "region_code",
            "address",
            "created_at",
        )


class MachineDetailSerializer(MachineSerializer):
    owners = OwnerSerializer(many=True)

    class Meta(MachineSerializer.Meta):
        fields = (*MachineSerializer.Meta.fields, "owners")  # type: ignore[assignment]  # longer


class MachineInput(Body):
    """What a client says about a machine; model by code, dealer by number."""

    serial_number = serializers.CharField(max_length=40)
    model = serializers.CharField(max_length=40)
    dealer = serializers.CharField(max_length=20, required=False, allow_null=True)
    plate = serializers.CharField(max_length=20, required=False, allow_blank=True)
    engine_number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    built_on = serializers.DateField(required=False, allow_null=True)
    sold_on = serializers.DateField(required=False, allow_null=True)
    region_code = serializers.CharField(max_length=120, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate_model(self, code: str) -> ProductModel:
        model = ProductModel.objects.filter(code=code).first()
        if model is None:
            raise serializers.ValidationError(str(services.NoSuchModel()))
        return model

    def validate_dealer(self, number: str | None) -> Dealer | None:
        return None if number is None else named_dealer(self.context["actor"], number)


class NewMachineInput(MachineInput):
    """As above, with the first owner by number."""

    customer = serializers.CharField(max_length=20, required=False, allow_null=True)

    def validate_customer(self, number: str | None) -> Customer | None:
        return None if number is None else named_customer(self.context["actor"], number)


class SellOnInput(Body):
    customer = serializers.CharField(max_length=20, help_text="Number of the new owner.")
    on = serializers.DateField(required=False, help_text="Default: today.")

    def validate_customer(self, number: str) -> Customer:
        return named_customer(self.context["actor"], number)


@extend_schema(tags=["machines"])
class MachineViewSet(mixins.ListModelMixin, TenantViewSet):
    """Machines, found by serial, plate, model, owner, dealer and region."""

    permissions: ClassVar[dict[str, str]] = {
        "list": "machine.view",
        "retrieve": "machine.view",
        "create": "machine.edit",
        "partial_update": "machine.edit",
        "sell_on": "machine.edit",
    }
    serializer_class = MachineSerializer
    filterset_class = MachineFilter
    lookup_field = "serial_number"
    queryset = Machine.objects.none()

    def get_queryset(self) -> Any:
        return queries.machine_list(self.actor)

    def told(self, machine: Machine, status: int = 200) -> Response:
        row = queries.machine_list(self.actor).get(pk=machine.pk)
        vars(row)["owners"] = queries.ownerships(self.actor, row)
        return Response(MachineDetailSerializer(row).data, status=status)

    @extend_schema(responses=MachineDetailSerializer)
    def retrieve(self, request: Request, serial_number: str) -> Response:
        return self.told(access.get_machine(self.actor, serial_number))

    @extend_schema(request=NewMachineInput, responses={201: MachineDetailSerializer})
    def create(self, request: Request) -> Response:
        body = NewMachineInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)

        def made() -> Response:
            facts = body.validated_data
            return self.told(services.create_machine(actor=self.actor, **facts), 201)

        return self.once(request, made)

    @extend_schema(request=MachineInput, responses=MachineDetailSerializer)
    def partial_update(self, request: Request, serial_number: str) -> Response:
        machine = access.get_machine(self.actor, serial_number, to="machine.edit")
        body = MachineInput(data=request.data, partial=True, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.edit_machine(actor=self.actor, machine=machine, **facts))

    @extend_schema(request=SellOnInput, responses=MachineDetailSerializer)
    def sell_on(self, request: Request, serial_number: str) -> Response:
        """Give the machine to a new owner; who owned it stays on record."""
        machine = access.get_machine(self.actor, serial_number, to="machine.edit")
        body = SellOnInput(data=request.data, context={"actor": self.actor})
        body.is_valid(raise_exception=True)
        facts = body.validated_data
        return self.told(services.sell_on(actor=self.actor, machine=machine, **facts))
