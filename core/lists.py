"""What every list page has: keyset pages and the chips of its filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ListPage(Generic[M]):
    """The rows of one page, and what `?after=` must say for the next ("" on the last)."""

    rows: list[M]
    next_after: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set; see `_partials/filter_chips.html`."""

    name: str
    value: str
    label: Any
    text: str


def newest_first(
    rows: QuerySet[M], after: str = "", *, key: str = "number", size: int = PAGE_SIZE
) -> ListPage[M]:
    """One page by position, never by counting; `after` is the public key of the last row shown."""
    rows = rows.order_by("-pk")
    if after:
        last = rows.model._default_manager.filter(**{key: after}).values("pk")[:1]
        rows = rows.filter(pk__lt=last)
    found = list(rows[: size + 1])
    more = len(found) > size
    return ListPage(found[:size], str(getattr(found[size - 1], key)) if more else "")


def chips(form: forms.Form) -> list[Chip]:
    """The filters that are set in a bound filter form, in words; the search box is none."""
    shown = []
    for name, field in form.fields.items():
        value = form.data.get(name, "")
        if not value or name == "q":
            continue
        shown.append(Chip(name, value, field.label or name, _words(field, value)))
    return shown


def _words(field: forms.Field, value: str) -> str:
    """What a choice is called; anything else as it was typed."""
    if isinstance(field, forms.NullBooleanField):
        choices: Any = getattr(field.widget, "choices", [])
    else:
        choices = getattr(field, "choices", [])
    return next((str(text) for key, text in choices if str(key) == value), value)
