"""What people type about dealers. Forms check; services write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import MoneyField
from dealers.fields import ActorForm, DayField, DealerField, PhoneField, RegionField
from dealers.models import DealerLevel, OldPartGate, PayMode


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


class ContractForm(forms.Form):
    number = forms.CharField(
        label=_("Contract number"),
        max_length=40,
        required=False,
        help_text=_("As on the paper. Empty: the next free number."),
    )
    from_on = DayField(
        label=_("From"), help_text=_("The contract that runs then ends on the day before.")
    )
    until_on = DayField(label=_("Until"), required=False, help_text=_("Empty: open."))
    pay_mode = forms.ChoiceField(label=_("Pay mode"), choices=PayMode.choices)
    claim_days = forms.IntegerField(
        label=_("Days to file a claim"), min_value=1, max_value=365, initial=30
    )
    is_deemed_confirmed = forms.BooleanField(
        label=_("Silence confirms: a notice without an answer in time counts as confirmed"),
        required=False,
    )
    needs_invoice = forms.BooleanField(
        label=_("The dealer sends an invoice before it is paid"), required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(forms.Form):
    until_on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class FiguresForm(ActorForm):
    """What a card pays, from a day on."""

    name = forms.CharField(label=_("Name"), max_length=80)
    from_on = DayField(
        label=_("From"), help_text=_("The version that runs then ends on the day before.")
    )
    labour_cents_per_hour = MoneyField(label=_("Labour per hour"))
    travel_cents_per_km = MoneyField(label=_("Travel per km"))
    night_cents = MoneyField(label=_("Supplement per night"))
    diagnosis_cents = MoneyField(label=_("Diagnosis"))
    parts_markup_percent = forms.DecimalField(
        label=_("Mark-up on parts, %"), min_value=0, max_digits=5, decimal_places=2
    )
    km_tolerance_percent = forms.DecimalField(
        label=_("Tolerance of km, %"),
        min_value=0,
        max_digits=5,
        decimal_places=2,
        help_text=_("So much longer than on the map may a trip be."),
    )
    freight_limit_cents = MoneyField(
        label=_("Freight without consent up to"),
        help_text=_("Freight and outside service above it need consent before the work."),
    )


class RateCardForm(FiguresForm):
    code = forms.RegexField(
        r"^[A-Za-z0-9_-]+$",
        label=_("Code"),
        max_length=20,
        error_messages={"invalid": _("Latin letters, digits, - and _ only.")},
    )
    level = forms.ModelChoiceField(
        label=_("For the grade"),
        queryset=DealerLevel._default_manager.none(),
        required=False,
        empty_label="—",
        help_text=_("Without a grade and a dealer: the standard for all that have no other."),
    )
    dealer = DealerField(label=_("For one dealer"), required=False)

    field_order = ("code", "name", "level", "dealer", "from_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        assert isinstance(level, forms.ModelChoiceField)
        level.queryset = DealerLevel.objects.all()


class LevelForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    pass_limit_cents = MoneyField(
        label=_("Claims pass without review under"),
        help_text=_("When all checks pass. 0: a reviewer sees every claim."),
    )
    is_trusted = forms.BooleanField(
        label=_("Trusted: claims may pass without review"), required=False
    )
    may_do_restricted = forms.BooleanField(
        label=_("May do restricted operations without a reviewer"), required=False
    )
    old_part_gate = forms.ChoiceField(
        label=_("Old parts"), choices=OldPartGate.choices, required=False
    )
