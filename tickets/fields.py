"""Inputs that people fill in their own words: telephones, regions, dealers, machines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import phones
from core.actor import Actor
from core.errors import DomainError
from dealers import access as dealer_access
from dealers import regions
from dealers.models import Dealer


class PhoneField(forms.CharField):
    """Any spelling of a telephone number; the value is the number as it is kept."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return phones.normalise(text)
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error


class RegionField(forms.CharField):
    """A region by its name or code; the value is its code. `list` names its suggestions."""

    widget = forms.TextInput(attrs={"list": "regions", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 120, "label": _("Region"), **kwargs})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return regions.resolve(text)
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error


class DealerField(forms.CharField):
    """A dealer by number or name, as the suggestions write it: `D-0001 德州丰收农机`."""

    widget = forms.TextInput(attrs={"list": "dealers", "autocomplete": "off"})
    actor: Actor | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 160, "label": _("Dealer"), **kwargs})

    def clean(self, value: Any) -> Dealer | None:
        text: str = super().clean(value)
        if not text:
            return None
        found = named_dealers(self.actor, text)
        if not found:
            raise ValidationError(
                _("No active dealer has this number or name. Choose one of the list.")
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several dealers fit: %(names)s. Write the dealer number."),
                params={"names": ", ".join(f"{d.number} {d}" for d in found[:4])},
            )
        return found[0]


def named_dealers(actor: Actor | None, text: str) -> list[Dealer]:
    """Active dealers meant by `text`: the number at its head, else the whole name."""
    if actor is None:
        return []
    active = dealer_access.visible(actor).filter(is_active=True)
    by_number = active.filter(number__iexact=text.split()[0])
    return list(by_number[:1]) or list(active.filter(Q(name=text) | Q(short_name=text))[:5])


class MomentField(forms.DateTimeField):
    """An instant in the reader's zone, by the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(**{"input_formats": formats, **kwargs})


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%Y/%m/%d"], **kwargs})
