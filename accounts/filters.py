"""One FilterSet per noun, for its page and its API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from accounts.roles import Role
from core.models import AuditEvent

SEARCH_BOX = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
DAY_BOX = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Name, e-mail or telephone"), method="holding", widget=SEARCH_BOX
    )
    role = filters.ChoiceFilter(
        label=pgettext_lazy("of a person", "Role"), choices=Role.choices, empty_label=_("All")
    )
    is_active = filters.ChoiceFilter(
        label=_("State"),
        choices=[("true", _("works here")), ("false", _("deactivated"))],
        method="working",
        empty_label=_("All"),
    )

    class Meta:
        model = Membership
        fields: tuple[str, ...] = ()

    def holding(self, queryset: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        held = (
            Q(user__name__icontains=text)
            | Q(user__email__icontains=text)
            | Q(user__phone__icontains=text)
        )
        return queryset.filter(held)

    def working(self, queryset: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return queryset.filter(is_active=text == "true")


class AuditFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=_("Thing"), field_name="object_label", lookup_expr="icontains", widget=SEARCH_BOX
    )
    verb = filters.CharFilter(label=_("Event"), lookup_expr="startswith")
    actor = filters.CharFilter(label=_("Person"), field_name="actor_label", lookup_expr="icontains")
    since = filters.DateFilter(
        label=_("From"), field_name="at", lookup_expr="date__gte", widget=DAY_BOX
    )
    until = filters.DateFilter(
        label=_("To"), field_name="at", lookup_expr="date__lte", widget=DAY_BOX
    )

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()
