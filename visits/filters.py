"""One filter set per noun, for its page and its API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from visits.forms import SCORES
from visits.models import Callback, Visit
from visits.queries import late_now
from visits.states import CallbackState, VisitState


class DayFilter(filters.DateFilter):
    """A day in the reader's zone, picked in the browser's calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(*args, **kwargs)


class CallbackFilter(filters.FilterSet):
    """Days are those of the reader's zone; `due` is the day from which the call may be made."""

    state = filters.MultipleChoiceFilter(label=_("state"), choices=CallbackState.choices)
    dealer = filters.CharFilter(label=_("dealer number"), field_name="dealer__number")
    ticket = filters.CharFilter(label=_("ticket number"), field_name="ticket__number")
    score = filters.MultipleChoiceFilter(label=_("score"), choices=SCORES)
    score_max = filters.NumberFilter(label=_("score up to"), field_name="score", lookup_expr="lte")
    is_resolved = filters.BooleanFilter(label=_("problem solved"))
    is_late = filters.BooleanFilter(label=_("late"), method="filter_late")
    due_from = DayFilter(label=_("due from"), field_name="due_at", lookup_expr="date__gte")
    due_to = DayFilter(label=_("due until"), field_name="due_at", lookup_expr="date__lte")
    called_from = DayFilter(label=_("called from"), field_name="called_at", lookup_expr="date__gte")
    called_to = DayFilter(label=_("called until"), field_name="called_at", lookup_expr="date__lte")

    class Meta:
        model = Callback
        fields: tuple[str, ...] = ()

    def filter_late(self, rows: QuerySet[Callback], name: str, value: Any) -> QuerySet[Callback]:
        return rows.filter(late_now()) if value else rows.exclude(late_now())


class VisitFilter(filters.FilterSet):
    """Visits by ticket, dealer, state and day."""

    state = filters.MultipleChoiceFilter(label=_("state"), choices=VisitState.choices)
    ticket = filters.CharFilter(label=_("ticket number"), field_name="ticket__number")
    dealer = filters.CharFilter(label=_("dealer number"), field_name="dealer__number")
    planned_from = DayFilter(
        label=_("planned from"), field_name="planned_at", lookup_expr="date__gte"
    )
    planned_to = DayFilter(
        label=_("planned until"), field_name="planned_at", lookup_expr="date__lte"
    )

    class Meta:
        model = Visit
        fields: tuple[str, ...] = ()
