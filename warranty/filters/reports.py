"""What work reports can be filtered by, on the page and in the API."""

from __future__ import annotations

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.phones import half_width
from dealers.filters import DayFilter, YesNoFilter
from machines.filters import ActorFilterSet
from machines.rules import clean_serial
from warranty.models import Claim, WorkReport
from warranty.states.claims import ClaimState
from warranty.states.reports import ReportState

SHOWN = [
    (ReportState.DRAFT, ReportState.DRAFT.label),
    (ReportState.SIGNED, ReportState.SIGNED.label),
]


class ReportFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Report, ticket, serial, customer"))
    state = filters.ChoiceFilter(choices=SHOWN, label=_("State"), empty_label=_("State"))
    is_claimed = YesNoFilter(
        method="claimed", label=_("Claim"), yes=_("Claimed"), no=_("Signed, not claimed yet")
    )
    dealer = filters.CharFilter(
        field_name="dealer__number", lookup_expr="iexact", label=_("Dealer number")
    )
    machine = filters.CharFilter(method="of_machine", label=_("Serial number"))
    ticket = filters.CharFilter(
        field_name="ticket__number", lookup_expr="iexact", label=_("Ticket number")
    )
    finished_from = DayFilter(
        field_name="finished_at", lookup_expr="date__gte", label=_("Finished from")
    )
    finished_until = DayFilter(
        field_name="finished_at", lookup_expr="date__lte", label=_("Finished until")
    )

    class Meta:
        model = WorkReport
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[WorkReport], _name: str, value: str
    ) -> QuerySet[WorkReport]:
        text = half_width(value)
        serial = clean_serial(value)
        return rows.filter(
            Q(number__istartswith=text)
            | Q(ticket__number__istartswith=text)
            | Q(machine__serial_number__startswith=serial)
            | Q(customer__name__icontains=text)
        )

    def of_machine(
        self, rows: QuerySet[WorkReport], _name: str, value: str
    ) -> QuerySet[WorkReport]:
        return rows.filter(machine__serial_number=clean_serial(value))

    def claimed(self, rows: QuerySet[WorkReport], _name: str, value: str) -> QuerySet[WorkReport]:
        claims = Claim.objects.filter(report_id=OuterRef("pk")).exclude(state=ClaimState.VOID)
        if value == "true":
            return rows.filter(Exists(claims))
        return rows.filter(~Exists(claims), state=ReportState.SIGNED) if value else rows
