"""What customers and machines can be filtered by, on the pages and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealers.filters import DayFilter, RegionFilter
from machines import queries
from machines.models import (
    Customer,
    CustomerClass,
    CustomerKind,
    DealerCustomer,
    Machine,
    ProductLine,
    ProductModel,
)


class ActorFilterSet(filters.FilterSet):
    """A filter set whose search is narrowed to who asks."""

    @property
    def actor(self) -> Actor:
        actor: Actor = self.request.actor
        return actor


class CustomerFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Name, phone, number"))
    region = RegionFilter(field_name="region_code", label=_("Region"))
    customer_class = filters.ChoiceFilter(
        choices=CustomerClass, label=_("Class"), empty_label=_("Class")
    )
    kind = filters.ChoiceFilter(
        choices=CustomerKind, label=_("Kind"), empty_label=_("Person or company")
    )
    dealer = filters.CharFilter(method="served_by", label=_("Dealer number"))

    class Meta:
        model = Customer
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        return queries.matching_customers(self.actor, rows, value)

    def served_by(self, rows: QuerySet[Customer], _name: str, value: str) -> QuerySet[Customer]:
        serving = DealerCustomer.objects.filter(
            customer_id=OuterRef("pk"), dealer__number__iexact=value.strip()
        )
        return rows.filter(Exists(serving))


class MachineFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Serial, plate, engine"))
    line = filters.ModelChoiceFilter(
        field_name="model__line",
        queryset=lambda request: ProductLine.objects.all(),
        to_field_name="code",
        label=_("Product line"),
        empty_label=_("Product line"),
    )
    model = filters.ModelChoiceFilter(
        queryset=lambda request: ProductModel.objects.all(),
        to_field_name="code",
        label=_("Model"),
        empty_label=_("Model"),
    )
    region = RegionFilter(field_name="region_code", label=_("Region"))
    dealer = filters.CharFilter(
        field_name="dealer__number", lookup_expr="iexact", label=_("Dealer number")
    )
    customer = filters.CharFilter(
        field_name="customer__number", lookup_expr="iexact", label=_("Customer number")
    )
    sold_from = DayFilter(field_name="sold_on", lookup_expr="gte", label=_("Sold from"))
    sold_until = DayFilter(field_name="sold_on", lookup_expr="lte", label=_("Sold until"))

    class Meta:
        model = Machine
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Machine], _name: str, value: str) -> QuerySet[Machine]:
        return queries.matching_machines(self.actor, rows, value)


def page_fields(found: filters.FilterSet, *names: str) -> list[Any]:
    """The inputs of the filter bar, in this order; other filters come by links only."""
    return [found.form[name] for name in names]
