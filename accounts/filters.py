"""One FilterSet per noun, for its page and its API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership
from accounts.roles import Role
from core.models import AuditEvent


class PeopleFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Name, e-mail or telephone"), method="holding")
    role = filters.ChoiceFilter(label=pgettext_lazy("of a person", "Role"), choices=Role.choices)
    is_active = filters.BooleanFilter(label=_("Works here"))

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


class AuditFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Thing"), field_name="object_label", lookup_expr="icontains")
    verb = filters.CharFilter(label=_("Event"), lookup_expr="startswith")
    actor = filters.CharFilter(label=_("Person"), field_name="actor_label", lookup_expr="icontains")
    since = filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte")
    until = filters.DateFilter(label=_("To"), field_name="at", lookup_expr="date__lte")

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()
