"""From the papers of a machine to a case of the remedies engine, in the engine's own schema.

The schema (JSON of the worked examples) is what a StatutoryCase keeps: anybody can read it, ask
the engine again, or send it to the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.models import Severity
from parts.models import Layer
from warranty.floors import floor_of
from warranty.remedies.values import EventType, Option
from warranty.remedies.values import Layer as FaultLayer
from warranty.remedies.values import Severity as LegalSeverity

LAYERS = {
    Layer.WHOLE: FaultLayer.WHOLE_MACHINE,
    Layer.MAIN: FaultLayer.MAIN_COMPONENT,
    Layer.WEAR: FaultLayer.WEAR_PART,
}
TERMS: dict[str, str] = {
    Layer.WHOLE: "whole_months",
    Layer.MAIN: "main_months",
    Layer.WEAR: "wear_months",
}
# The law knows two degrees; a small fault is a general one, to the user's good.
SEVERITIES = {
    Severity.GRAVE: LegalSeverity.SEVERE,
    Severity.GENERAL: LegalSeverity.GENERAL,
    Severity.MINOR: LegalSeverity.GENERAL,
}
# What a user may demand beyond the repair itself: these open a case.
BEYOND_REPAIR = frozenset(
    {
        Option.REPLACE_PART,
        Option.REPLACE_UNIT,
        Option.RETURN_FULL,
        Option.REPLACE_UNIT_FEE,
        Option.RETURN_FEE,
        Option.RETURN_DEPR,
    }
)


@dataclass(frozen=True, slots=True)
class Job:
    """One fault and its repair: the day it was reported, handed in and done (None: not yet)."""

    code: str
    reported_on: date
    severity: str
    repaired_on: date | None = None
    component: str = ""
    is_busy_season: bool = False


@dataclass(frozen=True, slots=True)
class Sold:
    """The machine and its sale, as far as the law asks."""

    product_class: str
    sale_date: date
    power_kw: Decimal | None = None
    first_season_start: date | None = None
    # Months promised on the certificate by layer, where better than the law's: see `Terms`.
    promised_months: Mapping[str, int] = field(default_factory=dict)


def case_body(
    sold: Sold, jobs: Iterable[Job], *, ask_date: date, layer: str = Layer.WHOLE
) -> dict[str, Any] | None:
    """The case in the schema of the examples; None where no law has a class for the machine.

    An exchange of a part inside a repair is that repair: only a remedy that was carried out as
    one begins the chain of articles 29 and 30.
    """
    floor = floor_of(sold.product_class, sold.power_kw)
    if floor is None:
        return None
    body: dict[str, Any] = {
        "regulation": floor["source"],
        "product_class": sold.product_class,
        "component_class": str(LAYERS.get(Layer(layer), FaultLayer.WHOLE_MACHINE)),
        "sale_date": sold.sale_date.isoformat(),
        "ask_date": ask_date.isoformat(),
        "events": _events(jobs, sold.sale_date, ask_date),
    }
    if sold.power_kw is not None:
        body["power_kw"] = float(sold.power_kw)
    terms = {
        TERMS[layer]: months for layer, months in sold.promised_months.items() if layer in TERMS
    }
    if terms:
        body["terms"] = terms
    if sold.first_season_start is not None:
        body["first_season_start"] = sold.first_season_start.isoformat()
    return body


def _events(jobs: Iterable[Job], sold_on: date, asked_on: date) -> list[dict[str, Any]]:
    found: list[tuple[date, int, dict[str, Any]]] = []
    for place, job in enumerate(sorted(jobs, key=lambda each: each.reported_on)):
        if not sold_on <= job.reported_on <= asked_on:
            continue
        fault: dict[str, Any] = {
            "type": str(EventType.FAULT),
            "date": job.reported_on.isoformat(),
            "code": job.code,
            "severity": str(SEVERITIES[Severity(job.severity)]),
        }
        if job.component:
            fault["component"] = job.component
        if job.is_busy_season:
            fault["busy_season"] = True
        handed_in = {
            "type": str(EventType.SENT_FOR_REPAIR),
            "date": job.reported_on.isoformat(),
            "code": job.code,
        }
        found += [(job.reported_on, place, fault), (job.reported_on, place, handed_in)]
        if job.repaired_on is not None and job.reported_on <= job.repaired_on <= asked_on:
            done = {
                "type": str(EventType.REPAIR_DONE),
                "date": job.repaired_on.isoformat(),
                "code": job.code,
            }
            found.append((job.repaired_on, place, done))
    # Of one day the jobs keep their order; a repair ends after it began.
    found.sort(key=lambda each: (each[0], each[1]))
    return [event for _day, _place, event in found]
