"""What symptoms can be filtered by, on the page and in the API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dealers.filters import YesNoFilter
from knowledge.models import Severity, Symptom
from machines.models import ProductLine


class SymptomFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Code or words"))
    line = filters.ModelChoiceFilter(
        method="of_line",
        queryset=lambda request: ProductLine.objects.all(),
        to_field_name="code",
        label=_("Product line"),
        empty_label=_("Product line"),
    )
    severity = filters.ChoiceFilter(
        choices=Severity, label=_("Severity"), empty_label=_("Severity")
    )
    is_active = YesNoFilter(label=_("Use"), yes=_("In use"), no=_("Not in use"))

    class Meta:
        model = Symptom
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Symptom], _name: str, value: str) -> QuerySet[Symptom]:
        # A few hundred at most: no index is needed.
        words = Q(code__icontains=value) | Q(name__icontains=value) | Q(name_en__icontains=value)
        return rows.filter(words)

    def of_line(
        self, rows: QuerySet[Symptom], _name: str, value: ProductLine | None
    ) -> QuerySet[Symptom]:
        """Those of the line and those of every line."""
        return rows.filter(product_line_code__in=["", value.code]) if value else rows
