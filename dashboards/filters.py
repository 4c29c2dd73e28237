"""The promises behind the shares, narrowed as the figures are."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealers.models import Dealer
from sla.models import Clock
from sla.states import Promise

KEPT, MISSED = "kept", "missed"


class PromiseFilter(filters.FilterSet):
    """By promise, by whether it was kept, and by the dealer who held it."""

    promise = filters.ChoiceFilter(label=_("Promise"), choices=Promise)
    outcome = filters.ChoiceFilter(
        label=_("Kept?"),
        choices=[
            (KEPT, pgettext_lazy("promise", "Kept")),
            (MISSED, pgettext_lazy("promise", "Missed")),
        ],
        method="filter_outcome",
    )
    dealer = filters.CharFilter(label=_("Dealer number"), method="filter_dealer")

    class Meta:
        model = Clock
        fields: tuple[str, ...] = ()

    def filter_outcome(self, clocks: QuerySet[Clock], name: str, value: Any) -> QuerySet[Clock]:
        return clocks.filter(missed_at__isnull=value == KEPT)

    def filter_dealer(self, clocks: QuerySet[Clock], name: str, number: str) -> QuerySet[Clock]:
        return clocks.filter(holder_dealer_id__in=Dealer.objects.filter(number=number).values("pk"))
