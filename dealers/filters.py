"""What dealers can be filtered by, on the page and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import search
from dealers.fields import RegionField
from dealers.models import Dealer, DealerLevel
from dealers.queries import working


class RegionFilter(filters.Filter):
    """Rows in a region or below it, given by name or code."""

    field_class = RegionField

    def filter(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if not value:
            return rows
        return rows.filter(**{f"{self.field_name}__startswith": value})


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
