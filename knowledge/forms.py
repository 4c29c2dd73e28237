"""What people type about symptoms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.models import Severity
from machines.models import ProductLine


class SymptomForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    product_line_code = forms.ChoiceField(label=_("Product line"), required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.GENERAL)
    is_unusual = forms.BooleanField(
        label=_("Unusual: goes to the technical department"), required=False
    )
    is_active = forms.BooleanField(
        label=_("In use: offered to whoever takes a call"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product_line_code"]
        assert isinstance(field, forms.ChoiceField)
        lines = [(line.code, line.name) for line in ProductLine.objects.all()]
        field.choices = [("", _("All product lines")), *lines]
