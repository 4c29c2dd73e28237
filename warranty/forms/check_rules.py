"""What people type about the check table, reasons of cuts and review levels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from dealers.fields import DayField
from dealers.models import DealerLevel
from warranty.models import CutReason, ReviewLevel
from warranty.rules.checks.figures import CENTS, figures_of
from warranty.states.claims import Outcome, ReviewerRole

HIGHEST = 3


class RuleForm(forms.Form):
    """A new row of one check, with its own figures."""

    from_on = DayField(
        label=_("From"), help_text=_("Filings of this day and later are asked by it.")
    )
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty: open."))
    dealer_level = forms.ModelChoiceField(
        label=_("Grade of dealers"),
        queryset=DealerLevel._default_manager.none(),
        required=False,
        empty_label=_("every grade"),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    softened = forms.ChoiceField(
        label=_("With an exception"),
        choices=[("", _("the same")), *Outcome.choices],
        required=False,
        help_text=_("A waiver, the reason of a delay, Goodwill asked for."),
    )
    level = forms.IntegerField(label=_("Review level"), min_value=1, max_value=HIGHEST, initial=1)
    reason = forms.ModelChoiceField(
        label=_("Reason of the cut"),
        queryset=CutReason._default_manager.none(),
        required=False,
        empty_label=_("none"),
    )
    is_active = forms.BooleanField(label=_("The check is asked"), required=False, initial=True)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels, reasons = self.fields["dealer_level"], self.fields["reason"]
        assert isinstance(levels, forms.ModelChoiceField)
        assert isinstance(reasons, forms.ModelChoiceField)
        levels.queryset = DealerLevel.objects.all()
        reasons.queryset = CutReason.objects.filter(is_active=True)
        self.figures = figures_of(code)
        for figure in self.figures:
            self.fields[figure.name] = (
                MoneyField(label=figure.label, initial=figure.usual)
                if figure.unit == CENTS
                else forms.IntegerField(
                    label=figure.label,
                    min_value=0,
                    max_value=figure.most or 10_000,
                    initial=figure.usual,
                )
            )

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        parameters = {figure.name: data.pop(figure.name) for figure in self.figures}
        return {**data, "parameters": parameters}


class ReasonForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Reason"), max_length=120)
    name_en = forms.CharField(label=_("English reason"), max_length=120, required=False)
    is_active = forms.BooleanField(label=_("May be chosen"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            # The code stands on decisions; it stays.
            del self.fields["code"]


class LevelsForm(forms.Form):
    """Who decides up to which amount; a level without a role is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        rows = {row.level: row for row in ReviewLevel.objects.all()}
        super().__init__(*args, **kwargs)
        for number in range(1, HIGHEST + 1):
            row = rows.get(number)
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=_("Level %(number)s is decided by") % {"number": number},
                choices=[("", _("nobody")), *ReviewerRole.choices],
                required=number == 1,
                initial=row.role if row else "",
            )
            self.fields[f"cents_{number}"] = MoneyField(
                label=_("Level %(number)s decides up to") % {"number": number},
                required=False,
                initial=row.up_to_cents if row else None,
                help_text=_("Empty: without a limit.") if number > 1 else "",
            )

    def values(self) -> list[tuple[str, int | None]]:
        """The levels that have a role, from the first up."""
        data = self.cleaned_data
        return [
            (data[f"role_{number}"], data[f"cents_{number}"])
            for number in range(1, HIGHEST + 1)
            if data.get(f"role_{number}")
        ]
