"""The filters of clocks: the API asks all that the board asks, and more."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField

from accounts.roles import DEALER_ROLES, Role
from sla.models import Clock, Step
from sla.states import LIVE, ClockState, HolderKind, Promise, StepAction, StepState


class BoardFilter(django_filters.FilterSet):
    """The two questions of the board's head."""

    promise = django_filters.ChoiceFilter(
        choices=Promise, label=_("Promise"), empty_label=_("All promises")
    )
    holder_kind = django_filters.ChoiceFilter(
        choices=HolderKind, label=_("Holder"), empty_label=_("All holders")
    )

    class Meta:
        model = Clock
        fields: list[str] = []


LADDER = [
    (action.value, action.label)
    for action in StepAction
    if action not in (StepAction.WARN, StepAction.BREACH)
]
OPEN = [("open", _("open")), ("taken", _("acknowledged")), ("over", _("over"))]


class EscalationFilter(django_filters.FilterSet):
    """Rungs by whom they told, what was promised, and what became of them."""

    role = django_filters.ChoiceFilter(
        choices=[choice for choice in Role.choices if choice[0] not in DEALER_ROLES],
        label=_("Role told"),
        empty_label=_("All roles"),
    )
    promise = django_filters.ChoiceFilter(
        field_name="clock__promise",
        choices=Promise,
        label=_("Promise"),
        empty_label=_("All promises"),
    )
    action = django_filters.ChoiceFilter(
        choices=LADDER, label=_("What it does"), empty_label=_("All steps")
    )
    state = django_filters.ChoiceFilter(
        choices=StepState, label=_("State"), empty_label=_("All states")
    )
    open = django_filters.ChoiceFilter(
        choices=OPEN, label=_("Promise is"), method="standing", empty_label=_("open or not")
    )

    class Meta:
        model = Step
        fields: list[str] = []

    def standing(self, steps: QuerySet[Step], name: str, value: str) -> QuerySet[Step]:
        """Open: the promise still runs and nobody has taken it on."""
        if value == "over":
            return steps.exclude(clock__state__in=LIVE)
        steps = steps.filter(clock__state__in=LIVE)
        return steps.filter(clock__acknowledged_at__isnull=value == "open")


class InstantField(IsoDateTimeField):
    """An instant that the database can hold, whatever zone it is written in."""

    def to_python(self, value: Any) -> Any:
        instant = super().to_python(value)
        try:
            return instant and instant.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class InstantFilter(django_filters.IsoDateTimeFilter):
    field_class = InstantField


class ClockFilter(BoardFilter):
    """Clocks by what is promised, whose time runs, and how it stands."""

    state = django_filters.ChoiceFilter(choices=ClockState, label=_("State"))
    subject = django_filters.CharFilter(label=_("Subject"))
    number = django_filters.CharFilter(field_name="subject_number", label=_("Number"))
    is_late = django_filters.BooleanFilter(method="filter_late", label=_("Late"))
    due_after = InstantFilter("due_at", "gte", label=_("Due after"))
    due_before = InstantFilter("due_at", "lt", label=_("Due before"))
    started_after = InstantFilter("started_at", "gte", label=_("Started after"))
    started_before = InstantFilter("started_at", "lt", label=_("Started before"))

    def filter_late(self, clocks: QuerySet[Clock], name: str, value: bool) -> QuerySet[Clock]:
        """Late: the due time was missed, whether the promise was kept after it or still runs."""
        late = Q(missed_at__isnull=False) | Q(state=ClockState.RUNNING, due_at__lte=timezone.now())
        return clocks.filter(late) if value else clocks.exclude(late)
