"""Policies as people enter them."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import DEALER_ROLES, Role
from sla.calendar_forms import CODE_TAKEN, NEW
from sla.models import Calendar, Policy, PolicyVersion
from sla.services.settings import NewTarget
from sla.states import Promise

RUNGS = 3
# A year of working minutes around the clock: nothing in after-sales work is promised longer.
LONGEST = 366 * 24 * 60
ROLES = [("", "—"), *((role.value, role.label) for role in Role if role not in DEALER_ROLES)]


@cache
def facts() -> dict[str, tuple[Any, type[Any]]]:
    """The facts that a policy may ask for: their names and choices, from `config.wiring`."""
    table: dict[str, tuple[Any, str]] = import_string(settings.SLA_FACTS)
    return {fact: (label, import_string(path)) for fact, (label, path) in table.items()}


class DifferenceForm(forms.Form):
    """What an administrator makes of a finding of the nightly proof."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Needed when the clock keeps its time: why."),
    )


class PolicyForm(forms.Form):
    """What a policy catches and on which calendar; the promises stand in forms of their own."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    position = forms.IntegerField(
        label=gettext_lazy("Order"),
        min_value=1,
        max_value=9999,
        help_text=gettext_lazy("The first policy that fits counts; smaller numbers come first."),
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"), queryset=Calendar.objects.none()
    )
    is_active = forms.BooleanField(label=gettext_lazy("In force"), required=False)

    def __init__(self, *args: Any, policy: Policy, newest: PolicyVersion, **kwargs: Any) -> None:
        self.newest = newest
        initial = {
            "version": newest.number,
            "code": policy.code,
            "name": policy.name,
            "position": newest.position,
            "calendar": newest.calendar_id,
            "is_active": newest.is_active,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["calendar"].queryset = Calendar.objects.order_by("name")  # type: ignore[attr-defined]
        if policy.pk is not None:
            del self.fields["code"]
        for fact, (label, choices) in facts().items():
            self.fields[f"fact_{fact}"] = forms.MultipleChoiceField(
                label=label,
                choices=choices.choices,
                required=False,
                initial=newest.conditions.get(fact, []),
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def conditions(self) -> list[forms.BoundField]:
        return [self[f"fact_{fact}"] for fact in facts()]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code == NEW or Policy.objects.filter(code=code).exists():
            raise ValidationError(CODE_TAKEN)
        return code

    def values(self) -> dict[str, Any]:
        """What the service takes, but for the targets."""
        asked = {fact: self.cleaned_data[f"fact_{fact}"] for fact in facts()}
        # Conditions of facts that no page knows (set by a script) are not lost.
        kept = {
            name: values for name, values in self.newest.conditions.items() if name not in asked
        }
        names = ("version", "name", "position", "calendar", "is_active")
        chosen = {name: self.cleaned_data[name] for name in names}
        return chosen | {"conditions": kept | {f: list(v) for f, v in asked.items() if v}}


class TargetForm(forms.Form):
    """One promise of a policy: its minutes, its reminder, and up to three rungs."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=LONGEST, required=False
    )
    warn_percent = forms.IntegerField(
        label=gettext_lazy("Remind at %"),
        min_value=1,
        max_value=99,
        required=False,
    )

    def __init__(self, *args: Any, newest: PolicyVersion, promise: Promise, **kwargs: Any) -> None:
        self.promise = promise
        target = newest.targets.filter(promise=promise).first() if newest.pk else None
        initial: dict[str, Any] = {"warn_percent": target.warn_percent if target else 75}
        if target:
            initial["minutes"] = target.minutes
            for number, rung in enumerate(target.ladder[:RUNGS]):
                initial |= {f"after_{number}": rung["after"], f"role_{number}": rung["role"]}
        super().__init__(*args, **kwargs | {"initial": initial, "prefix": promise.value})
        for number in range(RUNGS):
            self.fields[f"after_{number}"] = forms.IntegerField(
                label=_("Minutes after the due time, step {number}").format(number=number + 1),
                min_value=0,
                max_value=LONGEST,
                required=False,
            )
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=_("Role told, step {number}").format(number=number + 1),
                choices=ROLES,
                required=False,
            )

    @property
    def rungs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"after_{number}"], self[f"role_{number}"]) for number in range(RUNGS)]

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        for number in range(RUNGS):
            after, role = data.get(f"after_{number}"), data.get(f"role_{number}")
            if after is not None and not role:
                self.add_error(f"role_{number}", _("Choose who is told."))
            if role and after is None and f"after_{number}" not in self.errors:
                self.add_error(f"after_{number}", _("Say when: 0 is at the due time."))
        return data

    def target(self) -> NewTarget | None:
        """The promise as the service takes it; none when no minutes are given."""
        data = self.cleaned_data
        if not data.get("minutes"):
            return None
        rungs = [
            (data[f"after_{number}"], data[f"role_{number}"])
            for number in range(RUNGS)
            if data.get(f"role_{number}")
        ]
        return NewTarget(
            promise=self.promise.value,
            minutes=data["minutes"],
            warn_percent=data.get("warn_percent") or 75,
            rungs=tuple(rungs),
        )
