"""Inputs in people's own words: a region, a dealer, a telephone, a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core import phones
from core.actor import Actor
from core.errors import DomainError
from dealers import access, queries, regions
from dealers.models import Dealer


def _or_invalid(rule: Any, text: str) -> str:
    try:
        return str(rule(text))
    except DomainError as error:
        raise ValidationError(str(error), code=error.code) from error


def suggesting(list_id: str, url_name: str) -> forms.TextInput:
    """A text input whose `<datalist>` is filled while one types."""
    return forms.TextInput(
        attrs={
            "list": list_id,
            "autocomplete": "off",
            "hx-get": reverse_lazy(url_name),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{list_id}",
            "hx-params": "*",
        }
    )


class PhoneField(forms.CharField):
    """Any spelling of a telephone number; the value is the number as it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(**{"max_length": 40, "label": _("Telephone"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        kept = isinstance(value, str) and value.startswith("+")
        return phones.display(value) if kept else value

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return _or_invalid(phones.normalise, text) if text else ""


class RegionField(forms.CharField):
    """A region by its name or code; the value is its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", suggesting("regions", "dealers:regions"))
        super().__init__(**{"max_length": 120, "label": _("Region"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        is_code = isinstance(value, str) and value.isdigit()
        return queries.region_name(value) if is_code else value

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return _or_invalid(regions.resolve, text) if text else ""


class DealerField(forms.CharField):
    """A dealer by number or name, as the suggestions write it: `D-0001 德州丰收农机`."""

    actor: Actor | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", suggesting("dealers", "dealers:options"))
        super().__init__(**{"max_length": 160, "label": _("Dealer"), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value.number} {value}" if isinstance(value, Dealer) else value

    def clean(self, value: Any) -> Dealer | None:
        text: str = super().clean(value)
        if not text.strip():
            return None
        found = named(self.actor, text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("No dealer has this number or name. Choose one of the list."))
        names = ", ".join(f"{dealer.number} {dealer}" for dealer in found[:4])
        raise ValidationError(
            _("Several dealers fit: %(names)s. Write the dealer number."), params={"names": names}
        )


def named(actor: Actor | None, text: str) -> list[Dealer]:
    """The dealers meant by `text`: the number at its head, else the whole name."""
    if actor is None:
        return []
    dealers = access.visible(actor)
    by_number = dealers.filter(number__iexact=text.split()[0])
    return list(by_number[:1]) or list(dealers.filter(Q(name=text) | Q(short_name=text))[:5])


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**{"input_formats": ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"], **kwargs})


class ActorForm(forms.Form):
    """A form that knows who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, DealerField):
                field.actor = actor
