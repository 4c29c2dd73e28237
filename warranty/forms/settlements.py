"""What people type about settlements. Forms check; services write."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from core.money import yuan
from dealers.fields import ActorForm, DayField, DealerField
from ledger.queries import OpenItem
from warranty.models import SettlementLine
from warranty.states.settlements import INVOICE_ACTIONS

WORDS = forms.Textarea(attrs={"rows": 2})


class DraftForm(ActorForm):
    dealer = DealerField(label=_("Dealer"))
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"))


class StepForm(forms.Form):
    """A step that asks nothing."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=WORDS)


class PostForm(forms.Form):
    on = DayField(label=_("Day of posting"), help_text=_("A day of an open month."))


class ReverseForm(ReasonForm):
    on = DayField(label=_("Day of posting"), required=False, help_text=_("Empty: today."))


class ConfirmForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your name"), max_length=80)
    code = forms.CharField(
        label=_("Code printed on the notice"),
        max_length=8,
        required=False,
        help_text=_("Or sign below."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    signature = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_signature(self) -> Any:
        text = self.cleaned_data["signature"]
        try:
            return json.loads(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(
                _("The signature cannot be read; sign once more.")
            ) from error


class PaperForm(forms.Form):
    digest = forms.CharField(label=_("Code printed on the notice"), max_length=64)
    name = forms.CharField(label=_("Signed by"), max_length=80)
    document = forms.CharField(
        label=_("Where the paper is kept"), max_length=120, help_text=_("File number or folder.")
    )


class PayForm(forms.Form):
    reference = forms.CharField(label=_("Bank reference"), max_length=60)
    paid_on = DayField(label=_("Paid on"))


class InvoiceForm(forms.Form):
    step = forms.ChoiceField(label=_("What happened"))
    number = forms.CharField(label=_("Invoice number"), max_length=40, required=False)
    on = DayField(label=_("Invoice date"), required=False)

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "register": _("The invoice came in"),
            "refuse": _("The invoice is refused"),
            "red": _("A red invoice cancels it"),
        }
        step = self.fields["step"]
        assert isinstance(step, forms.ChoiceField)
        step.choices = [
            (name, words[name])
            for name, action in INVOICE_ACTIONS.items()
            if not state or state in action.before
        ]


class OffsetForm(forms.Form):
    """An amount for each open receivable; an empty one is left alone."""

    def __init__(
        self, *args: Any, items: Sequence[OpenItem], proposal: dict[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = {f"item-{place}": item for place, item in enumerate(items)}
        for name, item in self.items.items():
            self.fields[name] = MoneyField(
                label=item.item,
                required=False,
                initial=proposal.get(item.item),
                help_text=_("Open: %(amount)s") % {"amount": f"{yuan(item.cents):,.2f}"},
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amounts = {self.items[name].item: data[name] for name in self.items if data.get(name)}
        if not amounts and not self.errors:
            raise forms.ValidationError(_("Write at least one amount."))
        return {"amounts": amounts}


class LinesForm(forms.Form):
    """Chosen lines of a settlement, with a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=WORDS)

    def __init__(self, data: Any = None, *, lines: Sequence[SettlementLine]) -> None:
        super().__init__(data)
        self.known = {str(line.pk): line for line in lines}
        chosen = data.getlist("line") if data is not None else []
        self.chosen = [text for text in chosen if text in self.known]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.chosen:
            raise forms.ValidationError(_("Choose at least one line."))
        return data | {"line_ids": [self.known[text].pk for text in self.chosen]}


class DisputeForm(forms.Form):
    """Words beside each line that is not accepted; a line without words is accepted."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, data: Any = None, *, lines: Sequence[SettlementLine], digest: str = ""
    ) -> None:
        super().__init__(data, initial={"digest": digest})
        self.lines = {f"words-{line.pk}": line for line in lines}
        for name, line in self.lines.items():
            self.fields[name] = forms.CharField(
                label=_("Line %(n)s: why not?") % {"n": line.position},
                max_length=400,
                required=False,
            )

    def rows(self) -> list[tuple[SettlementLine, forms.BoundField]]:
        return [(line, self[name]) for name, line in self.lines.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = {line.pk: data[name] for name, line in self.lines.items() if data.get(name)}
        if not words and not self.errors:
            raise forms.ValidationError(_("Write beside at least one line why it is not right."))
        return {"digest": data.get("digest", ""), "lines": words}
