"""What people type about adjustments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from dealers.fields import ActorForm, DealerField
from warranty.models import CutReason
from warranty.states.settlements import AdjustmentKind


class AdjustmentForm(ActorForm):
    dealer = DealerField(label=_("Dealer"))
    kind = forms.ChoiceField(label=_("Kind"), choices=AdjustmentKind.choices)
    cents = MoneyField(
        label=_("Amount"), help_text=_("Above zero: the kind says which way the money goes.")
    )
    reason = forms.ModelChoiceField(
        label=_("Reason"),
        queryset=CutReason._default_manager.none(),
        required=False,
        empty_label="—",
    )
    words = forms.CharField(
        label=_("In words, for the dealer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ModelChoiceField)
        reason.queryset = CutReason.objects.filter(is_active=True)


class ObjectionForm(forms.Form):
    words = forms.CharField(
        label=_("Why you do not accept it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the dealer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
