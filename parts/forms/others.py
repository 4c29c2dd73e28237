"""Forms of suppliers, stores, stock moves and labour operations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import MoneyField
from dealers.fields import PhoneField
from parts.forms.fields import (
    ModelField,
    OperationField,
    PartField,
    QuantityField,
    fill_choices,
)
from parts.models import Store, StoreKind

IN, OUT, OVER = "in", "out", "over"
MOST_MINUTES = 100_000


class SupplierForm(forms.Form):
    code = forms.CharField(label=_("Supplier code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=120)
    contact_name = forms.CharField(label=_("Contact person"), max_length=80, required=False)
    phone = PhoneField(required=False)
    claims_address = forms.CharField(label=_("Address for claims"), max_length=200, required=False)
    duty_percent = forms.DecimalField(
        label=_("Share of the cost, percent"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        initial=100,
        help_text=_("What it bears of a failure that is its own."),
    )
    terms = forms.CharField(
        label=_("Terms"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class StoreForm(forms.Form):
    code = forms.CharField(label=_("Store code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=StoreKind, initial=StoreKind.MAIN)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class MoveForm(forms.Form):
    """Pieces in, out, or over to another store."""

    way = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            (IN, _("They come in")),
            (OUT, _("They go out")),
            (OVER, _("They move to another store")),
        ],
        widget=forms.RadioSelect,
        initial=IN,
    )
    part = PartField()
    quantity = QuantityField(label=_("Quantity"))
    value_cents = MoneyField(
        label=_("Value in all, yuan"),
        required=False,
        help_text=_("Left empty, what goes out takes its share of the value in the store."),
    )
    to_store = forms.ModelChoiceField(
        label=_("To the store"),
        queryset=Store._default_manager.none(),
        to_field_name="code",
        required=False,
        empty_label="",
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_store"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Store.objects.filter(is_active=True).exclude(pk=store.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == OVER and not data.get("to_store") and "to_store" not in self.errors:
            self.add_error("to_store", _("Choose the store that the pieces move to."))
        return data

    @property
    def signed(self) -> Decimal:
        """The pieces as a move has them: below zero when they go out."""
        quantity: Decimal = self.cleaned_data["quantity"]
        return quantity if self.cleaned_data["way"] == IN else -quantity

    @property
    def signed_cents(self) -> int | None:
        cents: int | None = self.cleaned_data["value_cents"]
        if cents is None or self.cleaned_data["way"] == IN:
            return cents
        return -cents


class OperationForm(forms.Form):
    code = forms.CharField(label=_("Operation code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    standard_minutes = forms.IntegerField(
        label=_("Standard time, minutes"), min_value=1, max_value=MOST_MINUTES
    )
    part_group = forms.CharField(label=_("Group of parts"), max_length=40, required=False)
    is_restricted = forms.BooleanField(
        label=_("Only for dealers of a higher level"), required=False
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class TimeForm(forms.Form):
    """The time on one model, or on every other one."""

    model = ModelField(
        required=False, empty_label=pgettext_lazy("product model", "Every other model")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self)


class IncludeForm(forms.Form):
    included = OperationField(label=_("Included operation"))
