"""Fields that several forms of parts share: amounts, quantities, parts and suppliers by number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.phones import half_width
from dealers.fields import suggesting
from machines.models import ProductModel
from parts import queries
from parts.models import LabourOperation, Part, Supplier
from parts.rules import fold


class QuantityField(forms.DecimalField):
    """A number above zero with at most two decimals, full-width digits too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        defaults = {"max_digits": 10, "decimal_places": 2, "min_value": Decimal("0.01")}
        super().__init__(**{**defaults, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value) if isinstance(value, str) else value)


class PartField(forms.CharField):
    """A part by its number, as the suggestions write it: `1004-8 机油滤清器`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", suggesting("parts", "parts:options"))
        super().__init__(**{"max_length": 140, "label": _("Part"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Part) else value

    def clean(self, value: Any) -> Part | None:
        text: str = super().clean(value)
        if not text.strip():
            return None
        # A number holds no blank, unless somebody typed it so.
        part = queries.part_by_number(text) or queries.part_by_number(text.split()[0])
        if part is None:
            raise ValidationError(_("No part has this number. Choose one of the list."))
        return part


class SupplierField(forms.ModelChoiceField):
    """A supplier by its code."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "queryset": Supplier._default_manager.none(),
            "to_field_name": "code",
            "label": _("Supplier"),
            "empty_label": _("Made by ourselves"),
        }
        super().__init__(**{**defaults, **kwargs})

    def label_from_instance(self, supplier: Any) -> str:
        return f"{supplier.code} {supplier.name}"


class ModelField(forms.ModelChoiceField):
    """A product model by its code; the form fills in the choices."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "queryset": ProductModel._default_manager.none(),
            "to_field_name": "code",
            "label": _("Model"),
        }
        super().__init__(**{**defaults, **kwargs})


class OperationField(forms.CharField):
    """A labour operation by its code, as the suggestions write it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", suggesting("operations", "parts:operation_options"))
        super().__init__(**{"max_length": 120, "label": _("Operation"), **kwargs})

    def clean(self, value: Any) -> LabourOperation | None:
        text: str = super().clean(value)
        if not text.strip():
            return None
        found = LabourOperation.objects.filter(code__in=[fold(text), fold(text.split()[0])]).first()
        if found is None:
            raise ValidationError(_("No operation has this code. Choose one of the list."))
        return found


def fill_choices(form: forms.Form) -> None:
    """Give the fields their rows: choices are asked inside the company's scope only."""
    for field in form.fields.values():
        if isinstance(field, SupplierField):
            field.queryset = Supplier.objects.all()
        elif isinstance(field, ModelField):
            field.queryset = ProductModel.objects.all()
