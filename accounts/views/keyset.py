"""Keyset pages by id: the rows before a key, and the key of the next page."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

PAGE = 50
LONGEST_KEY = 18


def keyset(request: HttpRequest, found: QuerySet[Any], size: int = PAGE) -> tuple[list[Any], str]:
    """One page of rows ordered by `-id`, after the key `?after=`; never counts."""
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) <= LONGEST_KEY:
        found = found.filter(pk__lt=int(after))
    rows: list[Model] = list(found[: size + 1])
    more = len(rows) > size
    return rows[:size], str(rows[size - 1].pk) if more else ""
