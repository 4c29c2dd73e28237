"""What replace-or-return matters can be filtered by, on the page and in the API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from machines.rules import clean_serial
from warranty.models import StatutoryCase
from warranty.states.cases import OPEN_CASES, CaseState

OPEN = "open"


class CaseFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Case, serial, customer"))
    state = filters.ChoiceFilter(
        choices=[(OPEN, _("All open")), *CaseState.choices],
        method="in_state",
        label=_("State"),
        empty_label=_("State"),
    )
    dealer = filters.CharFilter(
        field_name="dealer__number", lookup_expr="iexact", label=_("Dealer number")
    )
    model = filters.CharFilter(
        field_name="machine__model__code", lookup_expr="iexact", label=_("Model")
    )

    class Meta:
        model = StatutoryCase
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[StatutoryCase], _name: str, value: str
    ) -> QuerySet[StatutoryCase]:
        words = value.strip()
        return rows.filter(
            Q(number__iexact=words)
            | Q(machine__serial_number__contains=clean_serial(words))
            | Q(customer__name__icontains=words)
        )

    def in_state(
        self, rows: QuerySet[StatutoryCase], _name: str, value: str
    ) -> QuerySet[StatutoryCase]:
        return rows.filter(state__in=OPEN_CASES if value == OPEN else [value])
