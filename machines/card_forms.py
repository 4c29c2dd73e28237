"""What people type on receipt cards, waivers, events of coverage and coverage plans."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actor import Actor
from core.errors import DomainError
from core.once import FIELD as ONCE
from core.phones import half_width
from dealers.fields import ActorForm, DayField, DealerField, PhoneField, RegionField
from machines import access, queries
from machines.forms import OwnerField, named_customer
from machines.models import (
    CoverageEventKind,
    Customer,
    Layer,
    Machine,
    ProductLine,
    ProductModel,
    RegistrationChannel,
    StartRule,
    UseUnit,
)
from machines.rules import clean_name, clean_serial
from machines.services import Phone, TermRow, create_customer
from machines.services.registrations import checked_signature

FACTS = (
    "dealer",
    "invoice_on",
    "invoice_number",
    "delivered_on",
    "installed_on",
    "accepted_on",
    "is_trial_run",
    "is_trained",
    "signed_name",
    "signature",
)


DESK_CHANNELS = [
    (channel.value, channel.label)
    for channel in (RegistrationChannel.DESK, RegistrationChannel.PHONE, RegistrationChannel.QR)
]


class RegistrationForm(ActorForm):
    """One machine sold: which, to whom, when. The desk may also say by whom and received when."""

    serial_number = forms.CharField(label=_("Serial number"), max_length=40)
    dealer = DealerField(
        label=_("Sold by"), required=False, help_text=_("Empty: the dealer on record.")
    )
    customer = OwnerField(label=_("Customer on file"), required=False)
    customer_name = forms.CharField(
        label=pgettext_lazy("of a customer", "Name"), max_length=80, required=False
    )
    customer_phone = PhoneField(required=False)
    region_code = RegionField(required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    invoice_on = DayField(label=_("Invoice date"))
    invoice_number = forms.CharField(label=_("Invoice number"), max_length=40, required=False)
    delivered_on = DayField(
        label=_("Delivered on"), required=False, help_text=_("Empty: on the invoice date.")
    )
    installed_on = DayField(label=_("Installed on"), required=False)
    accepted_on = DayField(label=_("Accepted on"), required=False)
    received_on = DayField(
        label=_("Paper card received on"), required=False, help_text=_("Empty: now.")
    )
    is_trial_run = forms.BooleanField(label=_("Trial run done with the user"), required=False)
    is_trained = forms.BooleanField(label=_("User trained"), required=False)
    signed_name = forms.CharField(label=_("Signed by"), max_length=80, required=False)
    signature = forms.CharField(widget=forms.HiddenInput, required=False)
    channel = forms.ChoiceField(label=_("How it came in"), choices=DESK_CHANNELS, required=False)
    is_late_seen = forms.BooleanField(
        label=_("Save all the same: claims wait for a waiver"), required=False
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.is_dealer:
            del self.fields["received_on"]
            # Said by the page that leads here: the portal itself, or the code on the machine.
            self.fields["channel"] = forms.CharField(widget=forms.HiddenInput, required=False)
            if len(self.actor.dealer_ids or ()) < 2:
                del self.fields["dealer"]
        assert ONCE in self.fields

    def clean_serial_number(self) -> Machine:
        serial = clean_serial(self.cleaned_data["serial_number"])
        machine = access.to_register(self.actor).filter(serial_number=serial).first()
        if machine is None:
            raise ValidationError(unknown_serial(self.actor))
        return machine

    def clean_customer(self) -> Customer | None:
        return named_customer(self, self.cleaned_data["customer"])

    def clean_signature(self) -> list[list[int]] | None:
        return read_strokes(self.cleaned_data["signature"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        machine: Machine | None = data.get("serial_number")
        if machine is not None and "dealer" not in self.errors:
            data["dealer"] = data.get("dealer") or machine.dealer
            if data["dealer"] is None:
                self.add_error("dealer", _("Who sold it? Nobody is on record."))
        if not (data.get("customer") or (machine and machine.customer_id)):
            for name in ("customer_name", "customer_phone"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A customer who is not on file needs this."))
        return data

    @property
    def machine(self) -> Machine:
        machine: Machine = self.cleaned_data["serial_number"]
        return machine

    def services_facts(self) -> dict[str, Any]:
        """What `register_machine` takes of it, but the customer."""
        data = self.cleaned_data
        facts = {name: data[name] for name in FACTS}
        return facts | {
            "machine": self.machine,
            "received_at": noon_or_now(data.get("received_on")),
        }

    def owner(self) -> Customer:
        """The customer that is meant: on file, the machine's own, or found or opened by phone."""
        data = self.cleaned_data
        if data["customer"] is not None:
            chosen: Customer = data["customer"]
            return chosen
        if self.machine.customer is not None:
            return self.machine.customer
        return found_or_opened(
            self.actor,
            name=data["customer_name"],
            phone=data["customer_phone"],
            region_code=data["region_code"],
            address=data["address"],
        )


def unknown_serial(actor: Actor) -> str:
    """A stranger's serial, another dealer's and a mistyped one read the same."""
    if actor.is_dealer:
        return str(
            _("No machine of yours has this serial number. Compare the plate, or call the desk.")
        )
    return str(_("There is no machine with this serial number. Compare the plate."))


def found_or_opened(
    actor: Actor, *, name: str, phone: str, region_code: str = "", address: str = ""
) -> Customer:
    """The one with this telephone and name, else a new file: nobody is opened twice."""
    for known in queries.callers(actor, phone):
        if clean_name(known.name).casefold() == clean_name(name).casefold():
            return known
    return create_customer(
        actor=actor, name=name, phones=[Phone(phone)], region_code=region_code, address=address
    )


def read_strokes(text: str) -> list[list[int]] | None:
    """The strokes as a page sends them."""
    try:
        return checked_signature(json.loads(text) if text else None)
    except (ValueError, DomainError) as error:
        raise ValidationError(_("The signature cannot be read; sign once more.")) from error


def noon_or_now(day: date | None) -> datetime | None:
    """A day of receipt as an instant; today and no day mean now."""
    if day is None or day == timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(day, time(12)))


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The dealer reads it."),
    )
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        required=False,
        help_text=_("Number or place of the paper that shows it."),
    )


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class CoverageEventForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=CoverageEventKind)
    days = forms.IntegerField(label=_("Days"), min_value=-3650, max_value=3650, required=False)
    ends_on = DayField(label=_("Or the new last day"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
    document = forms.CharField(
        label=_("Document"),
        max_length=120,
        required=False,
        help_text=_("Number or place of the paper that shows it."),
    )


class PlanForm(forms.Form):
    """A new version for a model, a line, or everything."""

    model = forms.ModelChoiceField(
        label=_("Model"),
        queryset=ProductModel._default_manager.none(),
        to_field_name="code",
        required=False,
        empty_label=_("every model"),
    )
    line = forms.ModelChoiceField(
        label=_("Product line"),
        queryset=ProductLine._default_manager.none(),
        to_field_name="code",
        required=False,
        empty_label=_("every line"),
    )
    from_on = DayField(label=_("In force from"), help_text=_("Counted by the invoice date."))
    start_rule = forms.ChoiceField(
        label=_("Coverage starts on"), choices=StartRule, initial=StartRule.INVOICE
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("The paper that promises it: certificate, contract, notice."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("model", ProductModel.objects.all()),
            ("line", ProductLine.objects.all()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("model") and data.get("line"):
            self.add_error("line", _("Choose a model or a line, not both."))
        return data


def percent_field(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, decimal_places=2, initial=Decimal(100)
    )


class TermForm(forms.Form):
    """One row of a plan; without months it is no row."""

    layer = forms.ChoiceField(label=_("Layer"), choices=Layer)
    component = forms.CharField(label=_("Component"), max_length=60, required=False)
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=600, required=False)
    labour_months = forms.IntegerField(
        label=_("labour, months"), min_value=0, max_value=600, required=False
    )
    travel_months = forms.IntegerField(
        label=_("travel, months"), min_value=0, max_value=600, required=False
    )
    use_limit = forms.IntegerField(
        label=_("Use limit"), min_value=1, max_value=1_000_000, required=False
    )
    use_unit = forms.ChoiceField(
        label=_("Unit"), choices=[("", "—"), *UseUnit.choices], required=False
    )
    parts_percent = percent_field(_("Parts, %"))
    labour_percent = percent_field(_("Labour, %"))
    travel_percent = percent_field(_("Travel, %"))
    tiers = forms.CharField(
        label=_("Steps"),
        max_length=200,
        required=False,
        help_text=_("Until which month what is given: 6 new; 9 swapped; 12 repaired"),
    )

    def clean_tiers(self) -> list[dict[str, Any]]:
        return read_tiers(self.cleaned_data["tiers"])

    def row(self) -> TermRow | None:
        data = dict(self.cleaned_data)
        return TermRow(**data) if data.get("months") else None


_TIER = re.compile(r"^(\d{1,3})\s*(?:个?月|months?)?\s*[::]?\s*(\S.*)$")


def read_tiers(text: str) -> list[dict[str, Any]]:
    """`6 new; 9 swapped`: each step with the month until which it is given."""
    tiers = []
    for part in filter(None, (p.strip() for p in re.split(r"[;;\n]", half_width(text)))):
        found = _TIER.match(part)
        if found is None:
            raise ValidationError(_("Write “6 new; 9 swapped”: a month, then what is given."))
        tiers.append({"until_month": int(found[1]), "answer": found[2].strip()[:40]})
    return tiers


def write_tiers(tiers: list[dict[str, Any]]) -> str:
    """The steps as `read_tiers` takes them."""
    return "; ".join(f"{tier['until_month']} {tier['answer']}" for tier in tiers)
