"""What spot checks can be filtered by, on the page and in the API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from warranty.models import SpotCheck
from warranty.states.cases import SpotCheckState


class SpotCheckFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Spot check or claim"))
    state = filters.ChoiceFilter(choices=SpotCheckState, label=_("State"), empty_label=_("State"))
    dealer = filters.CharFilter(
        field_name="dealer__number", lookup_expr="iexact", label=_("Dealer number")
    )

    class Meta:
        model = SpotCheck
        fields: list[str] = []

    def with_words(self, rows: QuerySet[SpotCheck], _name: str, value: str) -> QuerySet[SpotCheck]:
        words = value.strip()
        holding = SpotCheck.objects.filter(items__claim__number__iexact=words).values("pk")
        return rows.filter(Q(number__iexact=words) | Q(pk__in=holding))
