"""Forms of claims on suppliers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import MoneyField
from warranty.forms.steps import StepForm

ANSWERS = (
    ("accept", pgettext_lazy("supplier", "Accepts all")),
    ("accept_partly", pgettext_lazy("supplier", "Accepts a part")),
    ("refuse", pgettext_lazy("supplier", "Refuses")),
)


class ClaimForm(StepForm):
    cents = MoneyField(label=_("Claimed, yuan"))
    words = forms.CharField(
        label=_("In words"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cents"].initial = self.thing.claimed_cents
        self.fields["words"].initial = self.thing.words


class AnswerForm(StepForm):
    name = forms.ChoiceField(label=_("The supplier"), choices=ANSWERS, widget=forms.RadioSelect)
    cents = MoneyField(
        label=_("Accepted, yuan"), required=False, help_text=_("Only for a part of it.")
    )
    answer = forms.CharField(
        label=_("Its answer"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def facts(self) -> dict[str, Any]:
        return self.cleaned_data | {"cents": self.cleaned_data["cents"] or 0}


class WordsForm(StepForm):
    words = forms.CharField(
        label=_("In words"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
