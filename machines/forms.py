"""What people type about customers and machines. Forms check; services write."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import DomainError
from core.phones import display, half_width, normalise
from dealers.fields import ActorForm, DayField, DealerField, RegionField, suggesting
from machines import floors, queries
from machines.models import Customer, CustomerClass, CustomerKind, ProductLine, ProductModel
from machines.services import Phone

# A telephone as written, then a blank (or nothing), then whose it is.
_PHONE_LINE = re.compile(r"^([+\d][\d\s()./-]*)(.*)$")


def read_phones(text: str) -> list[Phone]:
    """One telephone per line, each with whose it is after it; a wrong line says which it is."""
    phones = []
    lines = [half_width(line) for line in text.splitlines()]
    for place, line in enumerate(filter(None, lines), start=1):
        found = _PHONE_LINE.match(line)
        number, label = found.groups() if found else (line, "")
        try:
            phones.append(Phone(normalise(number), label.strip(" -,:;，：；、")[:40]))
        except DomainError as error:
            raise ValidationError(
                _("Line %(place)s: %(sentence)s"), params={"place": place, "sentence": str(error)}
            ) from error
    return phones


def write_phones(customer: Customer) -> str:
    """The telephones of a customer as `read_phones` takes them, the primary one first."""
    rows = customer.phones.order_by("-is_primary", "pk")
    return "\n".join(f"{display(row.number)} {row.label}".strip() for row in rows)


class CustomerForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a customer", "Name"), max_length=80)
    phones = forms.CharField(
        label=_("Telephones"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}),
        help_text=_("One per line, the one to call first; whose it is after it: 13900139000 son"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind, initial=CustomerKind.PERSON)
    customer_class = forms.ChoiceField(
        label=_("Class"), choices=CustomerClass, initial=CustomerClass.ORDINARY
    )
    region_code = RegionField(required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=_("Language of messages"), choices=settings.LANGUAGES, initial="zh-hans"
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def clean_phones(self) -> list[Phone]:
        phones = read_phones(self.cleaned_data["phones"])
        if not phones:
            raise ValidationError(_("A customer needs at least one telephone."))
        return phones


class NewCustomerForm(CustomerForm):
    """Opening a file: a telephone that somebody has already asks once whether they are two."""

    is_another = forms.BooleanField(
        label=_("This is somebody else: open a file of their own"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data.pop("is_another", None)
        return data


class MergeForm(ActorForm):
    """Which record lives on."""

    target = forms.CharField(
        label=_("Customer number of the record that stays"),
        max_length=20,
        widget=suggesting("customers", "machines:customer_options"),
    )

    def clean_target(self) -> Customer:
        number = str(self.cleaned_data["target"]).split()[0]
        found = queries.customer_list(self.actor).filter(number__iexact=number).first()
        if found is None:
            raise ValidationError(
                _("There is no customer with this number. Choose one of the list.")
            )
        return found


class OwnerField(forms.CharField):
    """A customer by number, as the suggestions write it: `CU-20261121-0001 王建国`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", suggesting("customers", "machines:customer_options"))
        super().__init__(**{"max_length": 120, "label": _("Owner"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value.number} {value.name}" if isinstance(value, Customer) else value


class MachineForm(ActorForm):
    serial_number = forms.CharField(label=_("Serial number"), max_length=40)
    model = forms.ModelChoiceField(
        label=_("Model"), queryset=ProductModel._default_manager.none(), to_field_name="code"
    )
    customer = OwnerField(required=False)
    dealer = DealerField(label=_("Sold by"), required=False)
    plate = forms.CharField(label=_("Plate"), max_length=20, required=False)
    engine_number = forms.CharField(
        label=_("Engine or motor number"), max_length=40, required=False
    )
    built_on = DayField(label=_("Built on"), required=False)
    sold_on = DayField(label=_("Sold on"), required=False)
    region_code = RegionField(required=False, label=_("Region where it stands"))
    address = forms.CharField(label=_("Where it stands"), max_length=200, required=False)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self.fields["model"]
        assert isinstance(model, forms.ModelChoiceField)
        model.queryset = ProductModel.objects.all()
        if not is_new:
            # The owner changes by selling on, which keeps who it was.
            del self.fields["customer"]

    def clean_customer(self) -> Customer | None:
        return named_customer(self, self.cleaned_data["customer"])

    def clean_sold_on(self) -> Any:
        day = self.cleaned_data["sold_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("The day lies in the future."))
        return day


class SellOnForm(ActorForm):
    customer = OwnerField(label=_("New owner"))
    on = DayField(label=_("Since"))

    def clean_customer(self) -> Customer | None:
        return named_customer(self, self.cleaned_data["customer"])


def named_customer(form: ActorForm, text: str) -> Customer | None:
    """The customer whose number heads the text; else a sentence at the field."""
    if not text.strip():
        return None
    rows = queries.customer_list(form.actor)
    found = rows.filter(number__iexact=text.split()[0]).first()
    if found is None:
        raise ValidationError(_("There is no customer with this number. Choose one of the list."))
    return found


class TerritoryForm(forms.Form):
    region_code = RegionField()
    product_line_code = forms.ChoiceField(label=_("Product line"), required=False)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=1, max_value=99, initial=1, help_text=_("1 is asked first.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product_line_code"]
        assert isinstance(field, forms.ChoiceField)
        lines = [(line.code, line.name) for line in ProductLine.objects.all()]
        field.choices = [("", _("All product lines")), *lines]


class LineForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    is_bought_in = forms.BooleanField(label=_("Bought in from a supplier"), required=False)


class ModelForm(forms.Form):
    line = forms.ModelChoiceField(
        label=_("Product line"), queryset=ProductLine._default_manager.none(), to_field_name="code"
    )
    code = forms.CharField(label=_("Model"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    product_class = forms.ChoiceField(
        label=_("Class in law"),
        required=False,
        help_text=_("Sets the legal floor of its coverage."),
    )
    power_kw = forms.DecimalField(
        label=_("Power, kW"), min_value=0, max_value=99999, decimal_places=2, required=False
    )
    coverage_months = forms.IntegerField(
        label=_("Coverage, months"), min_value=0, max_value=240, initial=12
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = self.fields["line"]
        assert isinstance(line, forms.ModelChoiceField)
        line.queryset = ProductLine.objects.all()
        law = self.fields["product_class"]
        assert isinstance(law, forms.ChoiceField)
        law.choices = [("", _("no class of its own")), *floors.class_choices()]
