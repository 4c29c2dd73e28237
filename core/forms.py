"""Small helps for forms: a rule's refusal at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import BadAmount, parse_amount, yuan

T = TypeVar("T")
UNPROCESSABLE = 422


def attempt(
    form: forms.Form, service: Callable[[], T], names: Mapping[str, str] | None = None
) -> T | None:
    """What a service gives; None when a rule said no, which then stands at the form's field.

    `names` maps a service's argument to the form's field where they differ.
    """
    try:
        return service()
    except DomainError as error:
        name = (names or {}).get(error.field or "", error.field)
        form.add_error(name if name in form.fields else None, str(error))
        return None


def status_of(form: forms.Form) -> int:
    """200 for a fresh form, 422 for one with errors."""
    return UNPROCESSABLE if form.is_bound and form.errors else 200


class MoneyField(forms.CharField):
    """An amount in yuan as people type it, given on as whole cents; three decimals are refused."""

    def __init__(self, *, may_be_negative: bool = False, **kwargs: Any) -> None:
        self.may_be_negative = may_be_negative
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**{"max_length": 24, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{yuan(value):.2f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = parse_amount(text)
        except BadAmount as error:
            raise forms.ValidationError(str(error)) from error
        if cents < 0 and not self.may_be_negative:
            raise forms.ValidationError(_("An amount here is never below zero."))
        return cents
