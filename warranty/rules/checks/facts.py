"""What the checks look at: frozen values of one filing, gathered once, kept with the run.

`written` and `read` turn them into plain JSON and back without loss, so that a stored run can be
repeated to the letter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

F = TypeVar("F")
Hints = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the checks see it; `position` counts from 1 as on the paper."""

    position: int
    kind: str
    claimed_cents: int
    computed_cents: int
    # Number of the part or code of the operation.
    code: str = ""
    name: str = ""
    quantity: Decimal = Decimal(1)
    # Of a part.
    source: str = "own"
    fits: bool = True
    per_machine: Decimal | None = None
    is_main: bool = False
    is_watched: bool = False
    is_causal: bool = False
    batch: str = ""
    # Which claim of its watched batch this is; 0: its batch is not watched or not known.
    batch_place: int = 0
    has_price: bool = True
    new_serial: str = ""
    # "": not a piece with a serial; else "ok", "unknown", "other_dealer", "other_part".
    serial_sold: str = ""
    # `machines.card_rules.Cover.why`; "" where no coverage is asked (a machine in stock).
    cover: str = ""
    covered_until: date | None = None
    # Of labour.
    minutes: int = 0
    standard_minutes: int | None = None
    is_restricted: bool = False
    # The number of the claim that had the same part or operation on this machine.
    paid_before: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo whose content stands with another report as well."""

    name: str
    used_on: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A PreAuthorisation given for the job; `left_cents` is what earlier claims left of it."""

    number: str
    left_cents: int
    expires_on: date | None
    part_numbers: tuple[str, ...] = ()
    operation_codes: tuple[str, ...] = ()
    is_goodwill: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """What the dealer's level may; the company's own technicians have one that may all."""

    pass_limit_cents: int = 0
    is_trusted: bool = False
    may_do_restricted: bool = False


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything about one filing that any check asks."""

    number: str
    type: str
    filed_on: date
    repaired_on: date
    file_by: date
    lines: tuple[Line, ...]
    late_reason: str = ""
    asks_goodwill: bool = False
    asks_review: bool = False
    # Dealer and machine.
    has_dealer: bool = True
    dealer_works: bool = True
    grade: Grade = Grade()
    has_machine: bool = True
    model_agrees: bool = True
    # The receipt card: "", "no_card", "late_card", or "waived" for a late one that was waived.
    card: str = ""
    card_days_late: int = 0
    # The meter, and what other reports of the machine say before and after.
    reading: Decimal | None = None
    reading_unit: str = ""
    reading_before: Decimal | None = None
    reading_after: Decimal | None = None
    # Other claims.
    same_report: str = ""
    is_repeat: bool = False
    first_service_used: str = ""
    overdue_pieces: int = 0
    # Travel.
    distance_km: Decimal | None = None
    map_km: Decimal | None = None
    km_tolerance_percent: Decimal = Decimal(0)
    trip_machines: int = 1
    # The visit as it was planned, and the arrival on the report and on the visit.
    planned_at: datetime | None = None
    arrived_at: datetime | None = None
    visit_arrived_at: datetime | None = None
    repair_days: int = 0
    # Evidence.
    is_signed: bool = True
    used_photos: tuple[Photo, ...] = ()
    photo_count: int = 0
    # Money charged to the user outside the guarantee.
    charged_cents: int = 0
    is_charge_told: bool = True
    # Consent before the work, and where it is needed.
    consent: Consent | None = None
    freight_limit_cents: int = 0
    has_rates: bool = True
    # A number from 0 to 99 drawn for this claim: under the share of samples it is looked at.
    draw: int = 99

    @property
    def claimed_cents(self) -> int:
        return sum(line.claimed_cents for line in self.lines)

    @property
    def computed_cents(self) -> int:
        return sum(line.computed_cents for line in self.lines)

    def of_kind(self, *kinds: str) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    @property
    def covered_lines(self) -> list[Line]:
        """The lines whose terms are asked: the parts; of a claim without any, its labour."""
        return self.of_kind("part") or self.of_kind("labour")


def written(value: Any) -> Any:
    """A value as plain JSON: decimals and dates as text, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: written(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [written(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def read(kind: type[F], stored: dict[str, Any]) -> F:
    """The value that `written` wrote; fields that came later take their default."""
    hints: Hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: _value(hints[name], stored[name]) for name in hints if name in stored})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, stored: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        if stored is None:
            return None
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in stored)
    if hint is Decimal:
        return Decimal(stored)
    if hint in (date, datetime):
        return hint.fromisoformat(stored)
    return read(cast(type, hint), stored) if is_dataclass(hint) else stored
