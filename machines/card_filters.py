"""What receipt cards can be filtered by, on the pages and in the API."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Any

import django_filters as filters
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.phones import half_width
from machines.filters import ActorFilterSet, DayFilter
from machines.models import Registration, RegistrationChannel, RegistrationState
from machines.rules import clean_serial

_MONTH = re.compile(r"^(\d{4})\s*[-/年.]\s*(\d{1,2})月?$")


class Lateness(models.TextChoices):
    IN_TIME = "in_time", _("In time")
    LATE = "late", pgettext_lazy("receipt card", "Late")
    OPEN = "open", _("Late, not waived")
    WAIVED = "waived", _("Waived")
    VOID = "void", _("Void")


LATENESS: dict[str, Q] = {
    Lateness.IN_TIME: Q(days_late=0, state=RegistrationState.REGISTERED),
    Lateness.LATE: Q(days_late__gt=0, state=RegistrationState.REGISTERED),
    Lateness.OPEN: Q(days_late__gt=0, waived_at=None, state=RegistrationState.REGISTERED),
    Lateness.WAIVED: Q(waived_at__isnull=False, state=RegistrationState.REGISTERED),
    Lateness.VOID: Q(state=RegistrationState.VOID),
}


class RegistrationFilter(ActorFilterSet):
    q = filters.CharFilter(method="with_words", label=_("Card, serial, customer"))
    lateness = filters.ChoiceFilter(
        choices=Lateness, method="with_lateness", label=_("Lateness"), empty_label=_("Lateness")
    )
    dealer = filters.CharFilter(
        field_name="dealer__number", lookup_expr="iexact", label=_("Dealer number")
    )
    month = filters.CharFilter(method="in_month", label=_("Month of sale, 2026-03"))
    channel = filters.ChoiceFilter(
        choices=RegistrationChannel, label=_("Channel"), empty_label=_("Channel")
    )
    serial = filters.CharFilter(method="of_serial", label=_("Serial number"))
    since = DayFilter(field_name="invoice_on", lookup_expr="gte", label=_("Sold from"))
    until = DayFilter(field_name="invoice_on", lookup_expr="lte", label=_("Sold until"))

    class Meta:
        model = Registration
        fields: list[str] = []

    def with_words(
        self, rows: QuerySet[Registration], _name: str, value: str
    ) -> QuerySet[Registration]:
        words = value.strip()
        return rows.filter(
            Q(number__iexact=words)
            | Q(machine__serial_number__contains=clean_serial(words))
            | Q(customer__name__icontains=words)
        )

    def with_lateness(
        self, rows: QuerySet[Registration], _name: str, value: str
    ) -> QuerySet[Registration]:
        return rows.filter(LATENESS[value])

    def of_serial(
        self, rows: QuerySet[Registration], _name: str, value: str
    ) -> QuerySet[Registration]:
        return rows.filter(machine__serial_number=clean_serial(value))

    def in_month(
        self, rows: QuerySet[Registration], _name: str, value: str
    ) -> QuerySet[Registration]:
        """A month of sale; what is no month finds nothing rather than everything."""
        span = month_of(value)
        return rows.filter(invoice_on__range=span) if span else rows.none()


def month_of(text: str) -> tuple[date, date] | None:
    """First and last day of `2026-03` or `2026年3月`; None for anything else."""
    found = _MONTH.match(half_width(text).strip())
    year, month = (int(part) for part in found.groups()) if found else (0, 0)
    if not (1 <= month <= 12 and 1900 <= year <= 9998):
        return None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def last_months(count: int = 12, *, today: date) -> list[dict[str, Any]]:
    """The last months, the present one first, as the links of a list want them."""
    months = []
    year, month = today.year, today.month
    for _place in range(count):
        months.append({"code": f"{year}-{month:02d}"})
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months
