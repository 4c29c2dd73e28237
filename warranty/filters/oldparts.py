"""What old parts and shipments can be filtered by, on the pages and in the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.phones import half_width
from dealers.filters import DayFilter
from machines.filters import ActorFilterSet
from parts.models import ReturnDuty
from warranty.models import OldPartReturn, ReturnShipment
from warranty.queries import oldparts as queries
from warranty.states.oldparts import OWED, OldPartState, ShipmentState

S = OldPartState
TO_SEND, LATE, ON_WAY, TO_APPRAISE, WAITING, TO_MOVE, MISSING = (
    "to_send",
    "late",
    "on_way",
    "to_appraise",
    "waiting",
    "to_move",
    "missing",
)
SHOWN: list[tuple[str, Any]] = [
    (TO_SEND, pgettext_lazy("old parts", "To send")),
    (LATE, pgettext_lazy("old parts", "Overdue")),
    (ON_WAY, pgettext_lazy("old parts", "On the way")),
    (MISSING, pgettext_lazy("old parts", "Not received")),
    (TO_APPRAISE, pgettext_lazy("old parts", "To appraise")),
    (WAITING, pgettext_lazy("old parts", "Waiting too long")),
    (TO_MOVE, pgettext_lazy("old parts", "To move")),
]


class OldPartFilter(ActorFilterSet):
    """`show` names a part of the work; days are those of the due date."""

    q = filters.CharFilter(method="with_words", label=_("Tag, part, machine, claim"))
    show = filters.ChoiceFilter(
        choices=SHOWN, method="showing", label=_("Work"), empty_label=_("All")
    )
    state = filters.ChoiceFilter(choices=OldPartState, label=_("State"), empty_label=_("State"))
    duty = filters.ChoiceFilter(choices=ReturnDuty, label=_("Duty"), empty_label=_("Duty"))
    dealer = filters.CharFilter(method="of_dealer", label=_("Dealer number"))
    claim = filters.CharFilter(field_name="claim__number", label=_("Claim number"))
    shipment = filters.CharFilter(field_name="box__shipment__number", label=_("Shipment number"))
    due_from = DayFilter(field_name="due_on", lookup_expr="gte", label=_("Due from"))
    due_to = DayFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))

    class Meta:
        model = OldPartReturn
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[OldPartReturn], _name: str, value: str
    ) -> QuerySet[OldPartReturn]:
        return queries.matching(rows, value)

    def of_dealer(
        self, rows: QuerySet[OldPartReturn], _name: str, value: str
    ) -> QuerySet[OldPartReturn]:
        return rows.filter(dealer__number__iexact=half_width(value))

    def showing(
        self, rows: QuerySet[OldPartReturn], _name: str, value: str
    ) -> QuerySet[OldPartReturn]:
        if value == TO_SEND:
            return rows.filter(state__in=OWED)
        if value == LATE:
            return rows.filter(queries.late())
        if value == ON_WAY:
            return rows.filter(state=S.SHIPPED)
        if value == MISSING:
            return rows.filter(state=S.NOT_RECEIVED)
        if value == TO_MOVE:
            return rows.filter(state__in=queries.DISPOSED)
        if value == TO_APPRAISE:
            return rows.filter(pk__in=queries.to_appraise(self.actor).values("pk"))
        if value == WAITING:
            return rows.filter(pk__in=queries.waiting_too_long(self.actor).values("pk"))
        return rows


class ShipmentFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Shipment or waybill number"))
    state = filters.ChoiceFilter(choices=ShipmentState, label=_("State"), empty_label=_("State"))
    dealer = filters.CharFilter(method="of_dealer", label=_("Dealer number"))

    class Meta:
        model = ReturnShipment
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[ReturnShipment], _name: str, value: str
    ) -> QuerySet[ReturnShipment]:
        text = half_width(value)
        return rows.filter(number__icontains=text) | rows.filter(waybill__icontains=text)

    def of_dealer(
        self, rows: QuerySet[ReturnShipment], _name: str, value: str
    ) -> QuerySet[ReturnShipment]:
        return rows.filter(dealer__number__iexact=half_width(value))
