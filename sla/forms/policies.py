"""Policies as people enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import DEALER_ROLES, Role
from sla import spans
from sla.facts import facts
from sla.forms.calendars import CODE_TAKEN, NEW
from sla.ladder import ACTIONS, ESCALATE, MOST_RUNGS, WEBHOOK, check_ladder
from sla.models import Calendar, Policy, PolicyVersion, Target
from sla.services.policies import LONGEST, NewTarget
from sla.states import Promise, StepAction

# So many rungs are offered at least; one more than there are always is.
RUNGS = 3
AFTER, BEFORE, SHARE = "after", "before", "percent"
ROLES = [("", "—"), *((role.value, role.label) for role in Role if role not in DEALER_ROLES)]
DEEDS = [(action, StepAction(action).label) for action in sorted(ACTIONS, key=ACTIONS.index)]
SIDES = [
    (AFTER, gettext_lazy("after the due time")),
    (BEFORE, gettext_lazy("before the due time")),
    (SHARE, gettext_lazy("percent of the time")),
]


class SpanField(forms.CharField):
    """Minutes entered as 45, 2 h, 1h30m or 2小时; shown back in words."""

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        self.least = least
        super().__init__(max_length=30, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return spans.said(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        minutes = spans.minutes_of(text)
        if minutes is None:
            raise ValidationError(_("Enter a time such as 45, 30 min, 2 h or 1 d."))
        if not self.least <= minutes <= LONGEST:
            raise ValidationError(
                _("The time is at least %(least)s and at most %(most)s.")
                % {"least": spans.said(self.least), "most": spans.said(LONGEST)}
            )
        return minutes


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
    valid_from = forms.DateTimeField(
        label=gettext_lazy("In force from"),
        required=False,
        help_text=gettext_lazy("Empty: from now on."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

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
            self.fields["reason"].required = True
        for name, fact in facts().items():
            self.fields[f"fact_{name}"] = forms.MultipleChoiceField(
                label=fact.label,
                choices=fact.choices,
                required=False,
                initial=newest.conditions.get(name, []),
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[f"fact_{name}"] for name in facts()]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in RESERVED or Policy.objects.filter(code=code).exists():
            raise ValidationError(CODE_TAKEN)
        return code

    def clean_valid_from(self) -> Any:
        begins = self.cleaned_data["valid_from"]
        if begins is not None and begins < timezone.now():
            raise ValidationError(_("This moment has passed; a version begins now or later."))
        return begins

    @property
    def conditions(self) -> dict[str, list[str]]:
        """The conditions that were ticked, and those that no page knows: set by a script."""
        answers = {name: self.cleaned_data.get(f"fact_{name}") for name in facts()}
        kept = {
            name: values for name, values in self.newest.conditions.items() if name not in answers
        }
        return kept | {name: list(values) for name, values in answers.items() if values}

    def values(self) -> dict[str, Any]:
        """What the service takes, but for the targets."""
        names = ("version", "name", "position", "calendar", "is_active", "valid_from", "reason")
        chosen = {name: self.cleaned_data[name] for name in names}
        return chosen | {"conditions": self.conditions}


RESERVED = {NEW, "profiles"}


class RungForm(forms.Form):
    """One rung of a ladder: when, what is done, who is told."""

    when = forms.CharField(label=gettext_lazy("When"), max_length=30, required=False)
    side = forms.ChoiceField(label=gettext_lazy("Counted"), choices=SIDES, required=False)
    action = forms.ChoiceField(label=gettext_lazy("What happens"), choices=DEEDS, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role told"), choices=ROLES, required=False)
    webhook = forms.SlugField(label=gettext_lazy("Webhook code"), max_length=40, required=False)

    @classmethod
    def initial_of(cls, rung: Mapping[str, Any]) -> dict[str, Any]:
        given = {
            "side": AFTER,
            "action": rung.get("action") or ESCALATE,
            "role": rung.get("role", ""),
            "webhook": rung.get("webhook", ""),
        }
        if rung.get("percent") is not None:
            return given | {"when": str(rung["percent"]), "side": SHARE}
        after = rung.get("after")
        if after is None:
            return given
        return given | {
            "when": spans.said(abs(after)) if after else "0",
            "side": BEFORE if after < 0 else AFTER,
        }

    @property
    def is_empty(self) -> bool:
        data = self.cleaned_data
        return not any(data.get(name) for name in ("when", "role", "webhook"))

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        if self.errors or self.is_empty:
            return data
        if not data.get("when"):
            self.add_error("when", _("Say when: 0 is at the due time."))
        elif data.get("side") == SHARE:
            share = spans.minutes_of(data["when"].rstrip("% "))
            if share is None:
                self.add_error("when", _("Enter whole percent, such as 50."))
            data["count"] = share
        else:
            data["count"] = spans.minutes_of(data["when"])
            if data["count"] is None:
                self.add_error("when", _("Enter a time such as 45, 30 min, 2 h or 1 d."))
        action = data["action"] = data.get("action") or ESCALATE
        if action == ESCALATE and not data.get("role"):
            self.add_error("role", _("Choose who is told."))
        if action == WEBHOOK and not data.get("webhook"):
            self.add_error("webhook", _("Choose the address that is called."))
        return data

    def rung(self) -> dict[str, Any]:
        """The rung as `Target.ladder` keeps it."""
        data = self.cleaned_data
        side = data.get("side") or AFTER
        count = -data["count"] if side == BEFORE else data["count"]
        when = {"percent": count} if side == SHARE else {"after": count}
        rung = {"action": data["action"]}
        if data["action"] == ESCALATE:
            rung["role"] = data["role"]
        if data["action"] == WEBHOOK:
            rung["webhook"] = data["webhook"]
        return when | rung


class TargetForm(forms.Form):
    """One promise of a policy: its time, its hours, its reminder, and its ladder."""

    minutes = SpanField(
        label=gettext_lazy("Time"),
        required=False,
        help_text=gettext_lazy("Such as 45, 30 min, 2 h, 1 d (24 h); empty: not promised."),
    )
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Counted on"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=gettext_lazy("The policy's calendar"),
    )
    warn_percent = forms.IntegerField(
        label=gettext_lazy("Remind at %"), min_value=1, max_value=99, required=False
    )

    def __init__(
        self, data: Any = None, *, promise: Promise, target: Target | None, **kwargs: Any
    ) -> None:
        self.promise = promise
        prefix = promise.value
        initial: dict[str, Any] = {"warn_percent": target.warn_percent if target else 75}
        if target:
            initial |= {"minutes": target.minutes, "calendar": target.calendar_id}
        super().__init__(data, **kwargs | {"initial": initial, "prefix": prefix})
        self.fields["calendar"].queryset = Calendar.objects.order_by("name")  # type: ignore[attr-defined]
        ladder = target.ladder if target else []
        self.rungs = [
            RungForm(
                data,
                prefix=f"{prefix}-{number}",
                initial=RungForm.initial_of(ladder[number] if number < len(ladder) else {}),
            )
            for number in range(_count(data, prefix, len(ladder)))
        ]

    @property
    def is_filled(self) -> bool:
        """Whether its section opens: something is promised, or something is wrong."""
        filled = bool(self["minutes"].value())
        return filled or (self.is_bound and not self.is_valid())

    def is_valid(self) -> bool:
        return super().is_valid() and all([rung.is_valid() for rung in self.rungs])

    def clean(self) -> dict[str, Any]:
        data = cast(dict[str, Any], super().clean())
        if not all([rung.is_valid() for rung in self.rungs]):
            return data
        entered = [rung.rung() for rung in self.rungs if not rung.is_empty]
        if data.get("minutes"):
            for complaint in check_ladder(data["minutes"], entered, promise=self.promise.value):
                self.add_error(None, complaint)
        elif entered and "minutes" not in self.errors:
            self.add_error("minutes", _("Steps need a time: say how long this may take."))
        data["ladder"] = entered
        return data

    def target(self) -> NewTarget | None:
        """The promise as the service takes it; none when no time is given."""
        data = self.cleaned_data
        if not data.get("minutes"):
            return None
        return NewTarget(
            promise=self.promise.value,
            minutes=data["minutes"],
            calendar=data.get("calendar"),
            warn_percent=data.get("warn_percent") or 75,
            ladder=tuple(sorted(data["ladder"], key=_order)),
        )


def target_forms(data: Any, newest: PolicyVersion) -> list[TargetForm]:
    """A form for each promise that there is."""
    rows = newest.targets.all() if newest.pk else []
    targets = {target.promise: target for target in rows}
    return [
        TargetForm(data, promise=promise, target=targets.get(promise.value)) for promise in Promise
    ]


def _count(data: Any, prefix: str, known: int) -> int:
    """How many rungs are shown: those there are and one more; all that were sent."""
    sent = 0
    if data:
        while sent < MOST_RUNGS and f"{prefix}-{sent}-when" in data:
            sent += 1
    return min(MOST_RUNGS, max(RUNGS, known + 1, sent))


def _order(rung: Mapping[str, Any]) -> tuple[bool, int]:
    """Shares first, then by the time around the due time."""
    return ("percent" not in rung, rung.get("percent") or rung.get("after") or 0)
