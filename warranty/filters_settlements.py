"""What settlements and adjustments can be filtered by, on the page and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from warranty.models import Adjustment, Settlement
from warranty.states.settlements import (
    AdjustmentKind,
    AdjustmentState,
    InvoiceState,
    SettlementState,
)


def _with_words(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    words = value.strip()
    dealer = Q(dealer__number__iexact=words) | Q(dealer__name__icontains=words)
    return rows.filter(Q(number__icontains=words) | dealer)


class SettlementFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Number or dealer"))
    state = filters.ChoiceFilter(
        choices=SettlementState.choices, label=_("State"), empty_label=_("State")
    )
    invoice_state = filters.ChoiceFilter(
        choices=InvoiceState.choices,
        label=_("The dealer's invoice"),
        empty_label=_("The dealer's invoice"),
    )

    class Meta:
        model = Settlement
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[Settlement], _name: str, value: str
    ) -> QuerySet[Settlement]:
        return _with_words(rows, value)


class AdjustmentFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Number or dealer"))
    state = filters.ChoiceFilter(
        choices=AdjustmentState.choices, label=_("State"), empty_label=_("State")
    )
    kind = filters.ChoiceFilter(
        choices=AdjustmentKind.choices, label=_("Kind"), empty_label=_("Kind")
    )

    class Meta:
        model = Adjustment
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[Adjustment], _name: str, value: str
    ) -> QuerySet[Adjustment]:
        return _with_words(rows, value)
