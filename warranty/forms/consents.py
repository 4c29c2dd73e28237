"""Forms of pre-authorisations: what is asked for, and what is answered."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from core.forms import MoneyField
from dealers.fields import DayField
from machines.access import get_machine
from machines.models import Machine
from tickets.access import get_ticket
from tickets.models import Ticket
from warranty.forms.decisions import WordsForm
from warranty.rules.amounts import Shares

BREAKS = re.compile(r"[\s,;，；、]+")


class NamesField(forms.CharField):
    """Numbers or codes, one after the other, with blanks or commas between."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return [name for name in BREAKS.split(text) if name]


class PercentField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        given = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2}
        super().__init__(**{**given, "required": False, **kwargs})


class AskForm(forms.Form):
    """What consent is asked for."""

    serial_number = forms.CharField(label=_("Machine"), max_length=60)
    ticket = forms.CharField(label=_("Ticket"), max_length=30, required=False)
    asked_for = forms.CharField(
        label=_("What is asked for, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    asked_cents = MoneyField(label=_("Amount asked for"))
    part_numbers = NamesField(
        label=_("Parts"),
        required=False,
        max_length=1000,
        help_text=_("Part numbers; empty: whatever the job needs."),
    )
    operation_codes = NamesField(
        label=_("Operations"), required=False, max_length=1000, help_text=_("Codes of operations.")
    )
    is_goodwill = forms.BooleanField(label=_("Goodwill outside the coverage"), required=False)
    factory = PercentField(label=_("Factory bears, %"))
    dealer = PercentField(label=_("Dealer bears, %"))
    user = PercentField(label=_("User bears, %"))

    def __init__(self, *args: Any, actor: Actor, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if not is_new:
            del self.fields["serial_number"], self.fields["ticket"]

    def clean_serial_number(self) -> Machine:
        serial = self.cleaned_data["serial_number"].strip()
        try:
            return get_machine(self.actor, serial)
        except Http404 as error:
            raise forms.ValidationError(
                _("There is no machine with this serial number.")
            ) from error

    def clean_ticket(self) -> Ticket | None:
        number = self.cleaned_data["ticket"].strip()
        if not number:
            return None
        try:
            return get_ticket(self.actor, number)
        except Http404 as error:
            raise forms.ValidationError(_("There is no such ticket.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(name) for name in ("factory", "dealer", "user")]
        if any(each is not None for each in given) and not self.errors:
            try:
                data["shares"] = Shares(*(each or Decimal(0) for each in given))
            except DomainError as error:
                self.add_error("user", str(error))
        return data


class ApproveForm(forms.Form):
    """Consent up to a limit, until a day."""

    limit_cents = MoneyField(label=_("Up to"))
    expires_on = DayField(label=_("Valid until"), required=False)
    words = forms.CharField(
        label=_("Words to the dealer"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(WordsForm):
    """Why it goes back, or is refused."""
