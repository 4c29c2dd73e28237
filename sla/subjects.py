"""What the clocks are about, without knowing it: a table in `config.wiring` names both ends.

Each subject may name its `table`, whose row the sweep locks before it touches a clock (the same
order as every service of that table, so that neither waits for the other in a circle), and its
`page`, to which a row of the board leads by number. A subject that policies may ask names where
its `facts` stand (a function from ids) and those of `recent` ones (a function from an instant).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string


@cache
def wired() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = import_string(settings.SLA_SUBJECTS)
    return table


def lock_free(subject: str, ids: Iterable[int]) -> set[int]:
    """Lock the rows of a subject that nobody works on now; the ids that may be touched.

    An id without a row is free: its clock must not wait for ever.
    """
    wanted = set(ids)
    label = wired().get(subject, {}).get("table")
    if not label:
        return wanted
    rows: Any = apps.get_model(label)._default_manager.filter(pk__in=wanted).order_by("pk")
    locked = set(
        rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
    )
    busy = set(rows.values_list("pk", flat=True)) - locked if locked != wanted else set()
    return wanted - busy


def lock(subject: str, subject_id: int) -> None:
    """Lock the row of one subject, waiting for whoever works on it."""
    label = wired().get(subject, {}).get("table")
    if label:
        rows: Any = apps.get_model(label)._default_manager.filter(pk=subject_id)
        rows.select_for_update(of=("self",)).first()


def address(subject: str, number: str) -> str:
    """The page of a subject by its number; empty while that page is not built."""
    page = wired().get(subject, {}).get("page")
    if not page:
        return ""
    try:
        return reverse(page, args=[number])
    except NoReverseMatch:
        return ""
