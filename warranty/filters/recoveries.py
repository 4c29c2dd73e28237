"""What claims on suppliers can be filtered by, on the page and in the API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from parts.models import Supplier
from warranty.models import RecoveryClaim
from warranty.states.cases import RecoveryState


class RecoveryFilter(filters.FilterSet):
    q = filters.CharFilter(method="with_words", label=_("Number, claim, tag or part"))
    state = filters.ChoiceFilter(choices=RecoveryState, label=_("State"), empty_label=_("State"))
    supplier = filters.ModelChoiceFilter(
        queryset=lambda request: Supplier.objects.order_by("code"),
        to_field_name="code",
        label=_("Supplier"),
        empty_label=_("Supplier"),
    )

    class Meta:
        model = RecoveryClaim
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[RecoveryClaim], _name: str, value: str
    ) -> QuerySet[RecoveryClaim]:
        words = value.strip()
        return rows.filter(
            Q(number__iexact=words)
            | Q(claim__number__iexact=words)
            | Q(old_part__number__iexact=words)
            | Q(old_part__part__number__iexact=words)
        )
