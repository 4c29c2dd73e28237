"""What goes into the engine and what comes out: frozen values, no Django, no clock on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Yuan with two places, half up; rounded once, at the end of a reckoning."""
    return amount.quantize(CENT, ROUND_HALF_UP)


class Option(StrEnum):
    """What the user may demand; the words stand in `warranty.remedies_words`."""

    REPAIR_FREE = "REPAIR_FREE"
    REPAIR_PAID = "REPAIR_PAID"
    REPLACE_PART = "REPLACE_PART"
    REPLACE_UNIT = "REPLACE_UNIT"
    RETURN_FULL = "RETURN_FULL"
    REPLACE_UNIT_FEE = "REPLACE_UNIT_FEE"
    RETURN_FEE = "RETURN_FEE"
    RETURN_DEPR = "RETURN_DEPR"
    LOANER = "LOANER"
    REISSUE_CERT = "REISSUE_CERT"
    NO_REASON_RETURN = "NO_REASON_RETURN"


class EventType(StrEnum):
    FAULT = "fault"
    SENT_FOR_REPAIR = "sent_for_repair"
    REPAIR_DONE = "repair_done"
    PART_REPLACED = "part_replaced"
    UNIT_REPLACED = "unit_replaced"
    MAIN_PART_REPLACED = "main_part_replaced"
    ASSEMBLY_REPLACED = "assembly_replaced"
    NO_SAME_MODEL = "no_same_model"
    SCOPE_UNDISCLOSED = "scope_undisclosed"
    CERTIFICATE_LOST = "certificate_lost"
    APPRAISAL_START = "appraisal_start"
    APPRAISAL_END = "appraisal_end"
    SELLER_REFUSES = "seller_refuses"
    SELLER_PERFORMS = "seller_performs"
    RECEIVED = "received"
    NO_REASON_RETURN_DECLARED = "no_reason_return_declared"
    RETURNED_GOODS_RECEIVED = "returned_goods_received_by_seller"
    RESOLD = "resold"
    EXCLUSION_PROVEN = "exclusion_proven"
    PERIOD_NOT_PROVABLE = "period_not_provable"
    REQUEST_MADE = "request_made"


class Severity(StrEnum):
    SEVERE = "severe"
    GENERAL = "general"
    SEVERE_SAFETY = "severe_safety"
    LISTED = "listed"


class Layer(StrEnum):
    """The layer that the open fault sits in; an engineer sets it."""

    WHOLE_MACHINE = "whole_machine"
    WHOLE_VEHICLE = "whole_vehicle"
    MAIN_COMPONENT = "main_component"
    WEAR_PART = "wear_part"
    ACCESSORY = "accessory"


class Kind(StrEnum):
    """What a car's fault is, as articles 20, 22 and 23 name it."""

    POWERTRAIN_REPLACEMENT_NEEDED = "powertrain_replacement_needed"
    POWERTRAIN_MAIN_PART_FAULT = "powertrain_main_part_fault"
    STEERING_OR_BRAKE_FAILURE = "steering_or_brake_failure"
    BODY_CRACK = "body_crack"
    FUEL_LEAK = "fuel_leak"
    BATTERY_FIRE = "battery_fire"


class Exclusion(StrEnum):
    AGAINST_MANUAL = "against_manual"
    FORBIDDEN_ALTERATION = "forbidden_alteration"
    SELF_DISMANTLED = "self_dismantled_cause_unknowable"
    OTHER_HUMAN_DAMAGE = "other_human_damage"
    FORCE_MAJEURE = "force_majeure"


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded fact. `at` is given only where a moment, not a day, was recorded."""

    type: EventType
    on: date
    at: datetime | None = None
    code: str = ""
    severity: Severity | None = None
    component: str = ""
    km: Decimal | None = None
    kind: Kind | None = None
    reason: Exclusion | None = None
    is_safety: bool = False
    is_busy_season: bool = False
    is_inside_network: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Better promises printed on the certificate, in months and km; the legal floor stands."""

    whole_months: int | None = None
    main_months: int | None = None
    wear_months: int | None = None
    repair_months: int | None = None
    sanbao_months: int | None = None
    repair_km: Decimal | None = None
    sanbao_km: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The facts known about one machine, car or article; `ask_date` is the day of the question.

    Events are in the order in which they happened. Money in yuan, power in kW.
    """

    regulation: str
    product_class: str
    layer: Layer
    sale_date: date
    ask_date: date
    events: tuple[Event, ...] = ()
    first_season_start: date | None = None
    delivery_date: date | None = None
    power_kw: Decimal | None = None
    price: Decimal | None = None
    usage_coefficient: Decimal | None = None
    channel: str = ""
    terms: Terms = field(default_factory=Terms)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who answers to the user, against whom he has recourse, and what the user bears."""

    liable_to_user: str | None = None
    recourse_against: str | None = None
    user_pays: bool = False
    return_freight: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with its figures; the sentence is looked up in the reader's language.

    `holds` is False for a rule that was looked at closely and just does not help: the answer
    cites it all the same. `is_certain` is False where the article is yet to be checked.
    """

    code: str
    articles: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    holds: bool = True
    is_certain: bool = True
    options: frozenset[Option] = frozenset()
    problem: str = ""  # the code of the problem it speaks of
    law: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """One line of the trace: a row of the decision table and how it came out."""

    row: str
    problem: str
    outcome: str  # "holds", "misses" or "does not apply"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the user may demand from the seller on the day of asking. Options are offers.

    `provisional` names the dates that lie in a year whose holidays are not announced.
    """

    options: frozenset[Option]
    payer: Payer
    dates: Mapping[str, date | int]
    amounts: Mapping[str, Decimal]
    articles: tuple[str, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    provisional: frozenset[str]
    is_certain: bool
    trace: tuple[Tested, ...]
