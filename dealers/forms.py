"""What people type about dealers. Forms check; services write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dealers.fields import ActorForm, DayField, DealerField, PhoneField, RegionField
from dealers.models import DealerLevel


class DealerForm(ActorForm):
    number = forms.CharField(
        label=_("Dealer number"),
        max_length=20,
        required=False,
        help_text=_("Empty: the next free number."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    level = forms.ModelChoiceField(
        label=_("Grade"), queryset=DealerLevel._default_manager.none(), empty_label=None
    )
    parent = DealerField(label=_("Works under"), required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=80, required=False)
    phone = PhoneField()
    region_code = RegionField()
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    agreement_ends_on = DayField(label=_("Agreement ends on"), required=False)
    is_active = forms.BooleanField(
        label=_("Active: new tickets may be offered"), required=False, initial=True
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        assert isinstance(level, forms.ModelChoiceField)
        level.queryset = DealerLevel.objects.all()
        if not is_new:
            # The number is on papers and in addresses; it stays.
            del self.fields["number"]


class OutletForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = PhoneField(required=False)
    region_code = RegionField()
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    radius_km = forms.IntegerField(
        label=_("Service radius"), min_value=1, max_value=2000, required=False
    )
    is_active = forms.BooleanField(label=_("Open for repairs"), required=False, initial=True)
