"""What parts, suppliers, stock and operations can be filtered by, on the pages and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.phones import half_width
from dealers.filters import YesNoFilter
from machines.filters import ActorFilterSet, DayFilter
from machines.models import ProductModel
from parts import queries
from parts.models import LabourOperation, Part, PartKind, PartSerial, StockMove, Supplier
from parts.rules import fold


def _models(request: Any) -> QuerySet[ProductModel]:
    return ProductModel.objects.all()


class PartFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Part number or name"))
    model = filters.ModelChoiceFilter(
        method="fitting",
        queryset=_models,
        to_field_name="code",
        label=_("Fits model"),
        empty_label=_("Fits model"),
    )
    kind = filters.ChoiceFilter(choices=PartKind, label=_("Kind"), empty_label=_("Kind"))
    is_watched = YesNoFilter(
        label=_("Batch watch"), yes=_("Watched for batch faults"), no=_("Not watched")
    )
    is_common = YesNoFilter(
        label=_("Common or rare"), yes=_("Common part"), no=pgettext_lazy("of a part", "Rare part")
    )
    is_active = YesNoFilter(label=_("Use"), yes=_("In use"), no=_("Not in use"))
    supplier = filters.CharFilter(method="from_supplier", label=_("Supplier code"))

    class Meta:
        model = Part
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Part], _name: str, value: str) -> QuerySet[Part]:
        return queries.matching_parts(rows, value)

    def fitting(
        self, rows: QuerySet[Part], _name: str, value: ProductModel | None
    ) -> QuerySet[Part]:
        """Parts of the model and those of every model."""
        if value is None:
            return rows
        # A plain join would show a part once for each of its models.
        named = Part.objects.filter(fits__model=value).values("pk")
        return rows.filter(Q(pk__in=named) | Q(fits=None))

    def from_supplier(self, rows: QuerySet[Part], _name: str, value: str) -> QuerySet[Part]:
        """Who delivers is the house's own business: a dealer's question finds nothing."""
        if self.actor.is_dealer:
            return rows.none()
        return rows.filter(supplier__code=fold(value))


class SupplierFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Code, name, contact"))
    confirmation = YesNoFilter(
        method="confirmed",
        label=_("Confirmation"),
        yes=_("Confirmed in time"),
        no=_("To be confirmed"),
    )
    is_active = YesNoFilter(label=_("Use"), yes=_("In use"), no=_("Not in use"))

    class Meta:
        model = Supplier
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        # A few hundred at most: no index is needed.
        words = Q(code__icontains=fold(value)) | Q(name__icontains=value)
        return rows.filter(words | Q(contact_name__icontains=value))

    def confirmed(self, rows: QuerySet[Supplier], _name: str, value: str) -> QuerySet[Supplier]:
        if not value:
            return rows
        in_time = Q(confirmed_on__gte=queries.unconfirmed_before())
        return rows.filter(in_time) if value == "true" else rows.exclude(in_time)


class OperationFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Code or words"))
    model = filters.ModelChoiceFilter(
        method="fitting",
        queryset=_models,
        to_field_name="code",
        label=_("Fits model"),
        empty_label=_("Fits model"),
    )
    is_restricted = YesNoFilter(
        label=_("Who may do it"), yes=_("Only dealers of a higher level"), no=_("Every dealer")
    )
    is_active = YesNoFilter(label=_("Use"), yes=_("In use"), no=_("Not in use"))

    class Meta:
        model = LabourOperation
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[LabourOperation], _name: str, value: str
    ) -> QuerySet[LabourOperation]:
        # A thousand at most: no index is needed.
        words = Q(code__icontains=fold(value)) | Q(name__icontains=value)
        return rows.filter(words | Q(name_en__icontains=value) | Q(part_group__icontains=value))

    def fitting(
        self, rows: QuerySet[LabourOperation], _name: str, value: ProductModel | None
    ) -> QuerySet[LabourOperation]:
        """Operations timed for the model, for every other one, or for all alike."""
        if value is None:
            return rows
        timed = LabourOperation.objects.filter(Q(fits__model=value) | Q(fits__model=None))
        return rows.filter(pk__in=timed.values("pk"))


class StockFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Part number or name"))

    class Meta:
        model = Part
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Part], _name: str, value: str) -> QuerySet[Part]:
        return queries.matching_parts(rows, value)


class MoveFilter(ActorFilterSet):
    part = filters.CharFilter(method="of_part", label=_("Part number"))
    way = YesNoFilter(
        method="in_or_out",
        label=_("In or out"),
        yes=_("Came in"),
        no=pgettext_lazy("stock", "Left"),
    )
    since = DayFilter(field_name="at", lookup_expr="date__gte", label=_("From day"))
    until = DayFilter(field_name="at", lookup_expr="date__lte", label=_("Until day"))

    class Meta:
        model = StockMove
        fields: list[str] = []

    def of_part(self, rows: QuerySet[StockMove], _name: str, value: str) -> QuerySet[StockMove]:
        return rows.filter(part__number=fold(value))

    def in_or_out(self, rows: QuerySet[StockMove], _name: str, value: str) -> QuerySet[StockMove]:
        if not value:
            return rows
        return rows.filter(quantity__gt=0) if value == "true" else rows.filter(quantity__lt=0)


class SerialFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Serial number or batch"))

    class Meta:
        model = PartSerial
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[PartSerial], _name: str, value: str
    ) -> QuerySet[PartSerial]:
        return rows.filter(
            Q(serial_number__contains=fold(value)) | Q(batch__icontains=half_width(value))
        )
