"""The filters of the ticket list, the same for page, API and export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import stands_in_for
from core import search
from core.actor import Actor
from core.options import option
from tickets import queries
from tickets.models import Ticket
from tickets.states import OPEN, Team, TicketChannel, TicketKind, TicketState, Urgency

LONGEST_REGION = 6
FOUND_AT_MOST = 500


class Choices(filters.MultipleChoiceFilter):
    """Any of several values, without a query of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)


class Flag(filters.BooleanFilter):
    """`?late=1` narrows; nothing, and `0`, do not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxInput(attrs={"value": "1"}))
        super().__init__(*args, **kwargs)


class TicketFilter(filters.FilterSet):
    """`actor` decides what "mine" and the text search mean."""

    q = filters.CharFilter(label=_("Search"), method="search")
    state = Choices(label=_("State"), choices=TicketState.choices)
    open = Flag(label=_("Open"), method="only_open")
    kind = Choices(label=_("Kind"), choices=TicketKind.choices)
    urgency = Choices(label=_("Urgency"), choices=Urgency.choices)
    channel = Choices(label=_("Channel"), choices=TicketChannel.choices)
    team = Choices(label=_("Held by"), choices=Team.choices)
    dealer = filters.CharFilter(
        label=_("Dealer number"), field_name="dealer__number", lookup_expr="iexact"
    )
    region = filters.CharFilter(label=_("Region code"), method="in_region")
    customer = filters.CharFilter(label=_("Customer number"), field_name="customer__number")
    machine = filters.CharFilter(label=_("Serial number"), field_name="machine__serial_number")
    symptom = filters.CharFilter(label=_("Symptom code"), field_name="symptom__code")
    late = Flag(label=_("Late now"), method="only_late")
    due_within = filters.NumberFilter(
        label=_("Due within (minutes)"), method="due_soon", min_value=1, max_value=100_000
    )
    breach = Flag(label=_("A promise was missed"), method="only_breached")
    idle = Flag(label=_("Without movement"), method="only_idle")
    mine = Flag(label=_("Mine"), method="only_mine")
    watched = Flag(label=_("Watched"), method="only_watched")
    reopened = Flag(label=_("Reopened"), method="only_reopened")
    since = filters.DateFilter(label=_("Reported from"), method="reported_since")
    until = filters.DateFilter(label=_("Reported until"), method="reported_until")

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        queryset: QuerySet[Ticket] | None = None,
        *,
        actor: Actor | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, queryset, **kwargs)
        # The API's backend passes the request; pages and exports pass the actor.
        self.actor: Actor = actor or getattr(
            getattr(self.request, "_request", self.request), "actor", None
        )  # type: ignore[assignment]  # one of the two is always there

    def search(self, tickets: QuerySet[Ticket], _name: str, text: str) -> QuerySet[Ticket]:
        text = text.strip()
        if not text:
            return tickets
        if self.actor.is_dealer:
            # The search table is the whole company's: dealers look through their own rows.
            own = Q(number__icontains=text) | Q(summary__icontains=text)
            own |= Q(caller_name__icontains=text) | Q(caller_phone__icontains=text)
            own |= Q(machine__serial_number__icontains=text) | Q(customer__name__icontains=text)
            return tickets.filter(own)
        found = search.find(text, kinds=["ticket", "customer", "machine"], at_most=FOUND_AT_MOST)
        return tickets.filter(
            Q(pk__in=found.get("ticket", []))
            | Q(customer_id__in=found.get("customer", []))
            | Q(machine_id__in=found.get("machine", []))
        )

    def in_region(self, tickets: QuerySet[Ticket], _name: str, code: str) -> QuerySet[Ticket]:
        if not code.isdigit() or len(code) > LONGEST_REGION:
            return tickets.none()
        return tickets.filter(region_code__startswith=code)

    def only_open(self, tickets: QuerySet[Ticket], _name: str, wanted: bool) -> QuerySet[Ticket]:
        return tickets.filter(state__in=OPEN) if wanted else tickets

    def only_late(self, tickets: QuerySet[Ticket], _name: str, wanted: bool) -> QuerySet[Ticket]:
        if not wanted:
            return tickets
        return tickets.filter(queries.has_late_clock(timezone.now()), state__in=OPEN)

    def due_soon(self, tickets: QuerySet[Ticket], _name: str, minutes: int) -> QuerySet[Ticket]:
        now = timezone.now()
        soon = queries.has_clock_due(now, now + timedelta(minutes=int(minutes)))
        return tickets.filter(soon, state__in=OPEN)

    def only_breached(
        self, tickets: QuerySet[Ticket], _name: str, wanted: bool
    ) -> QuerySet[Ticket]:
        return tickets.filter(has_breach=True) if wanted else tickets

    def only_idle(self, tickets: QuerySet[Ticket], _name: str, wanted: bool) -> QuerySet[Ticket]:
        if not wanted:
            return tickets
        before = timezone.now() - timedelta(hours=option("ticket.idle_hours"))
        return tickets.filter(state__in=OPEN, updated_at__lt=before)

    def only_mine(self, tickets: QuerySet[Ticket], _name: str, wanted: bool) -> QuerySet[Ticket]:
        if not wanted:
            return tickets
        # And what belongs to those for whom he stands in today.
        me = self.actor.person_id
        mine = [me, *stands_in_for(me, timezone.now())]
        return tickets.filter(Q(assignee_id__in=mine) | Q(created_by_id__in=mine))

    def only_watched(self, tickets: QuerySet[Ticket], _name: str, wanted: bool) -> QuerySet[Ticket]:
        return tickets.filter(watches__user_id=self.actor.person_id) if wanted else tickets

    def only_reopened(
        self, tickets: QuerySet[Ticket], _name: str, wanted: bool
    ) -> QuerySet[Ticket]:
        return tickets.filter(reopen_count__gt=0) if wanted else tickets

    def reported_since(self, tickets: QuerySet[Ticket], _name: str, day: date) -> QuerySet[Ticket]:
        return tickets.filter(reported_at__gte=start_of(day))

    def reported_until(self, tickets: QuerySet[Ticket], _name: str, day: date) -> QuerySet[Ticket]:
        return tickets.filter(reported_at__lte=end_of(day))


def start_of(day: date) -> datetime:
    """Midnight of a day where the reader is."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def end_of(day: date) -> datetime:
    """The last moment of a day where the reader is; the calendar's last day has one too."""
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())
