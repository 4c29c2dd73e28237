"""Forms of replace-or-return matters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from machines.card_forms import read_strokes
from warranty.forms.steps import StepForm
from warranty.services.cases.deciding import choices_of
from warranty.states.cases import Remedy


class ChoiceForm(StepForm):
    """What the user chose, of what the law offers; signed on glass or told in words."""

    choice = forms.ChoiceField(label=_("The user chooses"), widget=forms.RadioSelect)
    signer = forms.CharField(label=_("Who chose"), max_length=80)
    words = forms.CharField(
        label=_("In the user's words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed only where nobody can sign, as on the telephone."),
    )
    signature = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["choice"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [(choice.value, choice.label) for choice in choices_of(self.thing)]
        self.fields["signer"].initial = str(self.thing.customer or "")

    def clean_signature(self) -> list[list[int]] | None:
        return read_strokes(self.cleaned_data["signature"])


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class CarryOutForm(StepForm):
    """The new machine or the money, as the user chose; nothing for a repair."""

    replacement_serial = forms.CharField(label=_("Serial number of the new machine"), max_length=40)
    refund_cents = MoneyField(label=_("Money back, yuan"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.thing.choice != Remedy.REPLACE:
            del self.fields["replacement_serial"]
        if self.thing.choice != Remedy.RETURN:
            del self.fields["refund_cents"]
