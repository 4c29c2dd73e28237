"""The figures that rows of the check table have: name, what it says, its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

CENTS, COUNT, DAYS, HOURS, MINUTES, PERCENT = (
    "cents",
    "count",
    "days",
    "hours",
    "minutes",
    "percent",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One whole number of a row; of an amount, in cents."""

    name: str
    label: Any
    unit: str
    usual: int
    most: int | None = None


FIGURES: dict[str, tuple[Figure, ...]] = {
    "K10": (
        Figure("part_cents", _("A part above it needs consent (0: never)"), CENTS, 0),
        Figure("claim_cents", _("A claim above it needs consent (0: never)"), CENTS, 0),
    ),
    "K13": (Figure("pieces", _("Overdue old parts that are let pass"), COUNT, 0),),
    "K16": (
        Figure("labour_cents", _("Labour above it goes to level 2 (0: never)"), CENTS, 200_000),
        Figure("main_parts", _("More main parts go to level 2 (0: never)"), COUNT, 2),
        Figure("repair_days", _("More days of repair go to level 2 (0: never)"), DAYS, 7),
    ),
    "K17": (
        Figure("hours", _("The arrival may differ from the plan by"), HOURS, 24),
        Figure("minutes", _("Report and check-in may differ by"), MINUTES, 60),
    ),
    "K20": (Figure("claims", _("From this claim of a watched batch on"), COUNT, 3),),
    "K22": (Figure("sample_percent", _("Drawn for a look all the same"), PERCENT, 5, 100),),
}


def figures_of(code: str) -> tuple[Figure, ...]:
    """The figures of a check; most have none."""
    return FIGURES.get(code, ())
