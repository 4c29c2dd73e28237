"""Small helps for forms: a rule's refusal at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django import forms

from core.errors import DomainError

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
