"""From plain data (JSON of the examples' schema) to a `Case`, or to every flaw it has.

Values come in as JSON gives them; a flaw is a place, a code and figures, said in words by
`warranty.remedies_words`. Nothing here raises for what a person or a client wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from warranty.remedies import register
from warranty.remedies.dealer import ClaimFacts, OldPart
from warranty.remedies.fields import MOST_EVENTS, Fields, Flaw
from warranty.remedies.tables import CARS, FARM, GOODS_CLASSES
from warranty.remedies.values import (
    Case,
    Event,
    EventType,
    Exclusion,
    Kind,
    Layer,
    Option,
    Severity,
    Terms,
)

WITH_CODE = frozenset(
    {
        EventType.FAULT,
        EventType.SENT_FOR_REPAIR,
        EventType.REPAIR_DONE,
        EventType.PART_REPLACED,
        EventType.UNIT_REPLACED,
        EventType.MAIN_PART_REPLACED,
        EventType.ASSEMBLY_REPLACED,
        EventType.EXCLUSION_PROVEN,
    }
)
SCHEMA_VERSION = 1
MOST_CASES = 10_000
ABOUT_CASE = ("confidence", "basis", "note")
PAYER_KEYS = ("liable_to_user", "recourse_against", "user_pays", "return_freight")
CLAIM_TEXTS = ("waived_by", "late_reason", "approved_by", "goodwill_by")
CLAIM_FLAGS = (
    "is_dealers_fault",
    "is_factory_part",
    "is_late",
    "is_duplicate",
    "is_over_limit",
    "is_beyond_certificate",
    "is_sent_on",
)
CHANNELS = ("shop", "online", "television", "telephone", "mail_order")
_LAYERS = {
    register.AGRI: {Layer.WHOLE_MACHINE, Layer.MAIN_COMPONENT, Layer.WEAR_PART},
    register.CAR: {
        Layer.WHOLE_VEHICLE,
        Layer.WHOLE_MACHINE,
        Layer.MAIN_COMPONENT,
        Layer.WEAR_PART,
    },
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case of the examples says should come out; None is: not stated."""

    options: frozenset[Option] | None = None
    payer: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, date | int] = field(default_factory=dict)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    articles: tuple[str, ...] = ()


class Unreadable(Exception):
    """The data is no case; `flaws` name each place and what is wrong there."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class Told:
    """A case with what is expected of it, and names that were not read."""

    case: Case
    expected: Expected
    unread: tuple[str, ...] = ()
    claim: ClaimFacts | None = None


def read_case(data: Any, *, is_example: bool = False, path: tuple[Any, ...] = ()) -> Told:
    """Read one case; in a file of examples it has a name and an expectation, and a name that
    the schema does not know is only noted."""
    if not isinstance(data, Mapping):
        raise Unreadable([Flaw(path, "not_object")])
    fields = Fields(data, path)
    case = _case(fields, is_example=is_example)
    expected = _expected(fields, is_example=is_example)
    claim = None if is_example else _claim(fields)
    fields.close(is_strict=not is_example)
    if case and not fields.flaws:
        fields.flaws += _contradictions(case, path)
    if fields.flaws or case is None:
        raise Unreadable(fields.flaws)
    return Told(case, expected, tuple(fields.unread), claim)


def read_file(data: Any) -> list[Told]:
    """Read a whole file of examples; raises with the flaws of all cases together."""
    if not isinstance(data, Mapping):
        raise Unreadable([Flaw((), "not_object")])
    flaws: list[Flaw] = []
    if data.get("schema_version") != SCHEMA_VERSION or data.get("schema_version") is True:
        flaws.append(Flaw(("schema_version",), "version", {"version": SCHEMA_VERSION}))
    cases = data.get("cases")
    if "cases" not in data:
        flaws.append(Flaw(("cases",), "missing"))
    elif not isinstance(cases, list):
        flaws.append(Flaw(("cases",), "not_list"))
    elif not cases or len(cases) > MOST_CASES:
        flaws.append(Flaw(("cases",), "list_length", {"most": MOST_CASES}))
    if flaws or not isinstance(cases, list):
        raise Unreadable(flaws)
    told: list[Told] = []
    seen: set[str] = set()
    for number, each in enumerate(cases):
        try:
            one = read_case(each, is_example=True, path=("cases", number))
        except Unreadable as error:
            flaws += error.flaws
            continue
        if one.case.id in seen:
            flaws.append(Flaw(("cases", number, "id"), "twice", {"text": one.case.id}))
        seen.add(one.case.id)
        told.append(one)
    if flaws:
        raise Unreadable(flaws)
    return told


def _case(fields: Fields, *, is_example: bool) -> Case | None:
    regulation = fields.choice("regulation", tuple(register.LAWS), code="unknown_law")
    product_class = fields.text("product_class", needed=True)
    layer = fields.enum("component_class", Layer, needed=True)
    sale_date = fields.day("sale_date", needed=True)
    ask_date = fields.day("ask_date", needed=True)
    given: dict[str, Any] = {
        "id": fields.text("id", needed=is_example),
        "events": tuple(
            event
            for each in fields.objects("events", most=MOST_EVENTS)
            if (event := _event(each)) is not None
        ),
        "first_season_start": fields.day("first_season_start"),
        "delivery_date": fields.day("delivery_date"),
        "power_kw": fields.number("power_kw", above=Decimal(0), most=Decimal(10_000)),
        "price": fields.number("price", most=Decimal(10_000_000_000), places=2),
        "usage_coefficient": fields.number("usage_coefficient", most=Decimal(1)),
        "channel": fields.choice("channel", CHANNELS, needed=False) or "",
        "terms": _terms(fields),
    }
    if not (regulation and product_class and layer and sale_date and ask_date):
        return None
    return Case(regulation, product_class, layer, sale_date, ask_date, **given)


def _event(fields: Fields) -> Event | None:
    kind = fields.enum("type", EventType, needed=True)
    on, at = fields.day_or_moment("date")
    given: dict[str, Any] = {
        "code": fields.text("code", needed=kind in WITH_CODE),
        "severity": fields.enum("severity", Severity, needed=kind == EventType.FAULT),
        "component": fields.text("component"),
        "km": fields.number("km", most=Decimal(10_000_000)),
        "kind": fields.enum("kind", Kind),
        "reason": fields.enum("reason", Exclusion, needed=kind == EventType.EXCLUSION_PROVEN),
        "is_safety": fields.flag("safety"),
        "is_busy_season": fields.flag("busy_season"),
        "is_inside_network": fields.flag("inside_service_network"),
    }
    fields.close()
    if kind is None or on is None:
        return None
    return Event(type=kind, on=on, at=at, **given)


def _terms(fields: Fields) -> Terms:
    inner = fields.object("terms")
    if inner is None:
        return Terms()
    months = ("whole_months", "main_months", "wear_months", "repair_months", "sanbao_months")
    given: dict[str, Any] = {key: inner.whole(key, most=600) for key in months}
    for key in ("repair_km", "sanbao_km"):
        given[key] = inner.number(key, most=Decimal(10_000_000))
    inner.close()
    return Terms(**given)


def _claim(fields: Fields) -> ClaimFacts | None:
    """The dealer's side, which no example of the schema holds."""
    inner = fields.object("claim")
    if inner is None:
        return None
    given: dict[str, Any] = {
        "card_on": inner.day("receipt_card_on"),
        "old_part": inner.enum("old_part", OldPart) or OldPart.NONE,
        "carried_out": inner.enum("carried_out", Option) or Option.REPAIR_FREE,
    }
    given |= {key: inner.text(key) for key in CLAIM_TEXTS}
    given |= {key: inner.flag(key) for key in CLAIM_FLAGS}
    # Signed is the usual, so only an explicit no counts against the dealer.
    given["is_signed"] = inner.flag("is_signed") or inner.data.get("is_signed") is None
    inner.close()
    return ClaimFacts(**given)


def _expected(fields: Fields, *, is_example: bool) -> Expected:
    for key in ABOUT_CASE:
        fields.text(key, longest=2_000)
    options = fields.texts("expected_options", choices=tuple(Option), needed=is_example)
    payer: dict[str, Any] = {}
    if inner := fields.object("expected_payer"):
        payer = {key: inner.data[key] for key in PAYER_KEYS if key in inner.data}
        for key in payer:
            if key == "user_pays":
                inner.flag(key)
            else:
                inner.choice(key, ("seller", "producer", "user"), needed=False)
        inner.close()
    dates: dict[str, date | int] = {}
    if inner := fields.object("expected_dates"):
        for key in inner.data:
            found = inner.whole(key) if key == "total_repair_days" else inner.day(key)
            if found is not None:
                dates[key] = found
    amounts: dict[str, Decimal] = {}
    if inner := fields.object("expected_amounts"):
        for key in inner.data:
            amount = inner.number(key, most=Decimal(10_000_000_000), places=2)
            if amount is not None:
                amounts[key] = amount
    return Expected(
        options=None if options is None else frozenset(Option(each) for each in options),
        payer=payer,
        dates=dates,
        amounts=amounts,
        articles=tuple(fields.texts("article") or ()),
    )


def _contradictions(case: Case, path: tuple[Any, ...]) -> list[Flaw]:
    """What each field allows and all of them together do not."""
    flaws = []
    law = register.LAWS[case.regulation]
    classes = known_classes(case.regulation)
    if classes and case.product_class not in classes:
        known = ", ".join(classes)
        params = {"text": case.product_class, "law": law.code, "known": known}
        flaws.append(Flaw((*path, "product_class"), "unknown_class", params))
    layers = _LAYERS.get(case.regulation, set(Layer))
    if case.layer not in layers:
        params = {"text": case.layer.value, "known": ", ".join(sorted(layers))}
        flaws.append(Flaw((*path, "component_class"), "choice", params))
    if not law.is_in_force(case.sale_date):
        when = {"law": law.code, "since": law.since}
        flaws.append(Flaw((*path, "sale_date"), "not_in_force", when))
    if case.ask_date < case.sale_date:
        flaws.append(Flaw((*path, "ask_date"), "before_sale", {"sale": case.sale_date}))
    first = min(case.sale_date, case.delivery_date or case.sale_date)
    flaws += [
        Flaw((*path, "events", number, "date"), "before_sale", {"sale": case.sale_date})
        for number, event in enumerate(case.events)
        if event.on < first
    ]
    return flaws


def known_classes(regulation: str) -> tuple[str, ...]:
    """The product classes of a law; () for the Consumer Law, which takes any."""
    if regulation == register.AGRI:
        return tuple(FARM)
    if regulation == register.CAR:
        return tuple(CARS)
    return tuple(name for name, each in GOODS_CLASSES.items() if each.law == regulation)
