"""What claims and pre-authorisations can be filtered by, on the pages and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.phones import half_width
from dealers.filters import DayFilter
from machines.filters import ActorFilterSet
from warranty.models import Claim, PreAuthorisation
from warranty.states.claims import ClaimState, ClaimType, PreAuthorisationState, RiskFlag

LEVELS = [(str(level), str(level)) for level in range(1, 6)]


def folded(text: str) -> str:
    """A number or serial as it is kept: half width, upper case, without blanks."""
    return half_width(text).replace(" ", "").upper()


class ClaimFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Claim or machine number"))
    state = filters.ChoiceFilter(choices=ClaimState, label=_("State"), empty_label=_("State"))
    type = filters.ChoiceFilter(choices=ClaimType, label=_("Type"), empty_label=_("Type"))
    dealer = filters.CharFilter(method="of_dealer", label=_("Dealer"))
    machine = filters.CharFilter(method="of_machine", label=_("Machine"))
    level = filters.ChoiceFilter(
        choices=LEVELS, label=_("Review level"), empty_label=_("Review level")
    )
    risk = filters.ChoiceFilter(
        method="with_risk", choices=RiskFlag, label=_("Risk"), empty_label=_("Risk")
    )
    since = DayFilter(field_name="repaired_on", lookup_expr="gte", label=_("Repaired from"))
    until = DayFilter(field_name="repaired_on", lookup_expr="lte", label=_("Repaired until"))

    class Meta:
        model = Claim
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        words = folded(value)
        return rows.filter(
            Q(number__startswith=words) | Q(machine__serial_number__startswith=words)
        )

    def of_dealer(self, rows: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        return rows.filter(
            Q(dealer__number=folded(value)) | Q(dealer__name__icontains=value.strip())
        )

    def of_machine(self, rows: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        return rows.filter(machine__serial_number=folded(value))

    def with_risk(self, rows: QuerySet[Claim], _name: str, value: str) -> QuerySet[Claim]:
        """What a reviewer looks at twice is not for dealers: their question finds nothing."""
        if self.actor.is_dealer:
            return rows.none()
        return rows.filter(risk_flags__contains=[value])


class PreAuthorisationFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Number or machine"))
    state = filters.ChoiceFilter(
        choices=PreAuthorisationState, label=_("State"), empty_label=_("State")
    )
    dealer = filters.CharFilter(method="of_dealer", label=_("Dealer"))

    class Meta:
        model = PreAuthorisation
        fields: list[str] = []

    def with_words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        words = folded(value)
        return rows.filter(
            Q(number__startswith=words) | Q(machine__serial_number__startswith=words)
        )

    def of_dealer(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(
            Q(dealer__number=folded(value)) | Q(dealer__name__icontains=value.strip())
        )
