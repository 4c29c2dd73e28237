"""What dealers can be filtered by, on the page and in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import search
from dealers.fields import DayField, RegionField
from dealers.models import Dealer, DealerLevel, RateCard
from dealers.queries import in_force, working


class RegionFilter(filters.Filter):
    """Rows in a region or below it, given by name or code."""

    field_class = RegionField

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return rows
        return rows.filter(**{f"{self.field_name}__startswith": value})


class DayFilter(filters.Filter):
    """A day, by the browser's own picker."""

    field_class = DayField


class YesNoFilter(filters.ChoiceFilter):
    """`true` or `false`, each in words that say what it means; a `method` gets the text."""

    def __init__(self, *, yes: Any, no: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", kwargs.get("label"))
        super().__init__(choices=[("true", yes), ("false", no)], **kwargs)

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return rows.filter(**{self.field_name: value == "true"}) if value else rows


class DealerFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Search"))
    region = RegionFilter(field_name="region_code", label=_("Region"))
    level = filters.ModelChoiceFilter(
        queryset=lambda request: DealerLevel.objects.all(),
        to_field_name="code",
        label=_("Grade"),
        empty_label=_("Grade"),
    )
    is_working = YesNoFilter(
        method="taking_work", yes=_("Takes work"), no=_("Takes no work"), label=_("Work")
    )

    class Meta:
        model = Dealer
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Dealer], _name: str, value: str) -> QuerySet[Dealer]:
        return rows.filter(pk__in=search.find(value, kinds=["dealer"]).get("dealer", []))

    def taking_work(self, rows: QuerySet[Dealer], _name: str, value: str) -> QuerySet[Dealer]:
        return rows.filter(working()) if value == "true" else rows.exclude(working())


class RateCardFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Code, name or dealer"))
    level = filters.ModelChoiceFilter(
        queryset=lambda request: DealerLevel.objects.all(),
        to_field_name="code",
        label=_("Grade"),
        empty_label=_("Grade"),
    )
    owner = filters.ChoiceFilter(
        choices=[
            ("standard", _("Standard")),
            ("level", _("Of a grade")),
            ("dealer", _("Of one dealer")),
        ],
        method="paying",
        label=_("Pays"),
        empty_label=_("Pays"),
    )
    on = DayFilter(method="holding", label=_("In force on"))

    class Meta:
        model = RateCard
        fields: list[str] = []

    def with_words(self, rows: QuerySet[RateCard], _name: str, value: str) -> QuerySet[RateCard]:
        dealer = Q(dealer__name__icontains=value) | Q(dealer__number__icontains=value)
        return rows.filter(Q(code__icontains=value) | Q(name__icontains=value) | dealer)

    def paying(self, rows: QuerySet[RateCard], _name: str, value: str) -> QuerySet[RateCard]:
        if value == "standard":
            return rows.filter(level=None, dealer=None)
        return rows.filter(**{f"{value}__isnull": False})

    def holding(self, rows: QuerySet[RateCard], _name: str, value: date) -> QuerySet[RateCard]:
        return rows.filter(in_force(value))
