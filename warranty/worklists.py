"""What waits for a person in the guarantee: one line per kind of work, with its count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.module_loading import import_string

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Work:
    """One line of the first page: what to do, how many, and the list that holds them."""

    label: Promise | str
    url: str
    count: int
    is_late: bool = False


# Each gives the work of one noun, a query per line; the order is the order on the page. By name,
# because the modules named here import `Work` from this one.
SOURCES: tuple[str, ...] = (
    "warranty.queries.reports.work",
    "warranty.queries.claim_lists.work",
    "warranty.queries.money_work.settlement_work",
    "warranty.queries.money_work.adjustment_work",
    "warranty.queries.cases.work",
    "warranty.queries.spotchecks.work",
    "warranty.queries.recoveries.work",
    "warranty.queries.oldparts.work",
)


@cache
def _sources() -> tuple[Callable[[Actor], list[Work]], ...]:
    return tuple(import_string(path) for path in SOURCES)


def work_of(actor: Actor) -> list[Work]:
    """All that waits for the actor; what has nothing is left out."""
    return [work for source in _sources() for work in source(actor) if work.count]
