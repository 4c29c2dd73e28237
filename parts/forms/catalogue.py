"""Forms of the part master."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.forms import MoneyField
from dealers.fields import ActorForm, DayField, DealerField
from parts.forms.fields import (
    ModelField,
    PartField,
    QuantityField,
    SupplierField,
    fill_choices,
)
from parts.models import Gate, Layer, PartKind, PriceKind, ReturnDuty, Unit
from parts.rules import fold

MOST_SERIALS = 500
LONGEST_SERIAL = 40


class PartForm(ActorForm):
    number = forms.CharField(label=_("Part number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=PartKind, initial=PartKind.GUARANTEE)
    layer = forms.ChoiceField(label=_("Term of coverage"), choices=Layer, initial=Layer.WHOLE)
    component = forms.CharField(
        label=_("Component"),
        max_length=60,
        required=False,
        help_text=_("The main component it belongs to, in the words of the coverage terms."),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit, initial=Unit.PIECE)
    shelf = forms.CharField(label=_("Shelf"), max_length=40, required=False)
    supplier = SupplierField(required=False)
    replaces = PartField(
        label=_("Replaces"),
        required=False,
        help_text=_("The older part that this one stands in for."),
    )
    return_duty = forms.ChoiceField(
        label=_("Old part"), choices=ReturnDuty, initial=ReturnDuty.DEALER_SCRAPS
    )
    gate = forms.ChoiceField(label=_("Payment"), choices=Gate, initial=Gate.BEFORE_PAYABLE)
    is_common = forms.BooleanField(label=_("Common part"), required=False, initial=True)
    is_watched = forms.BooleanField(label=_("Watched for batch faults"), required=False)
    is_serialised = forms.BooleanField(label=_("Each piece has a serial number"), required=False)
    keep_for_supplier = forms.BooleanField(
        label=_("Keep the old part for the supplier"), required=False
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        fill_choices(self)
        if not is_new:
            # It stands on claims and tags and stays.
            del self.fields["number"]


class FitForm(forms.Form):
    model = ModelField()
    per_machine = QuantityField(label=_("Per machine"), initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self)


class PriceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Price"), choices=PriceKind, initial=PriceKind.DEALER)
    cents = MoneyField(label=_("Amount, yuan"))
    from_on = DayField(label=_("Counts from"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Needed to correct a price that stands for that day already."),
    )


class SerialsForm(ActorForm):
    numbers = forms.CharField(
        label=_("Serial numbers"),
        max_length=MOST_SERIALS * (LONGEST_SERIAL + 2),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One per line; those on file get what is said here."),
    )
    batch = forms.CharField(label=_("Batch"), max_length=40, required=False)
    dealer = DealerField(label=_("Sold to"), required=False)
    sold_on = DayField(label=_("Sold on"), required=False)

    def clean_numbers(self) -> list[str]:
        lines = self.cleaned_data["numbers"].splitlines()
        numbers = list(dict.fromkeys(filter(None, map(fold, lines))))
        if len(numbers) > MOST_SERIALS:
            raise ValidationError(_("At most %(most)s at once."), params={"most": MOST_SERIALS})
        for number in numbers:
            if len(number) > LONGEST_SERIAL:
                raise ValidationError(
                    _("“%(number)s” is longer than %(most)s characters."),
                    params={"number": number[:60], "most": LONGEST_SERIAL},
                )
        return numbers

    def clean_sold_on(self) -> Any:
        day = self.cleaned_data["sold_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        return day
