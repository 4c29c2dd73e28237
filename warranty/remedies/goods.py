"""Goods of the catalogue, telephones, computers: rows G0 to G9.

部分商品修理更换退货责任规定 (1995) gives the shape; the phone rule (2001) and the computer rule
(2002) keep it with figures and article numbers of their own and a list of faults.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from warranty.remedies import consumer
from warranty.remedies.engine import Figures, Finding, LawBook, Look, holds, misses, row, warned
from warranty.remedies.history import Problem, merged
from warranty.remedies.periods import Period, period, window
from warranty.remedies.register import COMPUTER, GOODS, PHONE, ROWS, Row
from warranty.remedies.tables import GOODS_CLASSES, LONG_STAY_DAYS, GoodsClass
from warranty.remedies.values import EventType, Layer, Option, Reason, Severity, cents

FIRST_DAYS, NEXT_DAYS = 7, 15
REPAIRS_BEFORE_MORE = 2
ACCESSORIES_BEFORE_MONEY = 2
WITH_FAULT_LIST = frozenset({PHONE, COMPUTER})


def start_of(look: Look) -> date:
    """Art. 8, 14: the invoice; anew after a replacement."""
    return look.history.unit_replaced_on or look.case.sale_date


def period_of(look: Look, problem: Problem | None) -> Period:
    """Art. 8, 14: months from the invoice; time in repair and waiting for parts is left out."""
    floor, terms, layer = class_of(look), look.case.terms, look.case.layer
    months = max(floor.whole, terms.whole_months or 0)
    if layer == Layer.MAIN_COMPONENT:
        months = max(floor.main or floor.whole, terms.main_months or 0)
    if layer == Layer.WEAR_PART and terms.wear_months is not None:
        months = terms.wear_months
    return period(
        start_of(look),
        months,
        look.calendar,
        stopped=merged([*look.history.stopped, *look.history.spans_in_repair]),
        is_restarted=look.history.unit_replaced_on is not None,
        rolls=look.policy.rolls,
    )


def class_of(look: Look) -> GoodsClass:
    return GOODS_CLASSES[look.case.product_class]


def last_day(look: Look, days: int) -> date:
    """Day 7 or day 15 after the sale, or after the replacement."""
    return window(start_of(look), days, look.calendar, rolls=look.policy.rolls)


def is_accessory(look: Look) -> bool:
    return look.case.layer == Layer.ACCESSORY


# What ends the matter with a paid repair.


@row("GR1")
def period_not_provable(look: Look, problem: Problem) -> Finding | None:
    """Art. 17: without papers, or with papers that do not match, the user pays."""
    return holds() if look.history.is_unprovable else None


@row("GR2")
def period_over(look: Look, problem: Problem) -> Finding | None:
    """Art. 8: the fault came after the period, repair and waiting time left out."""
    layer = look.period(problem)
    return None if layer.holds(problem.since) else holds(end=layer.end, since=problem.since)


@row("GR3")
def exclusion_proven(look: Look, problem: Problem) -> Finding | None:
    """Art. 17: misuse, opened by others, force majeure."""
    event = look.history.exclusion_of(problem)
    return holds(exclusion=event.reason) if event else None


@row("GR4")
def fault_not_listed(look: Look, problem: Problem) -> Finding | None:
    """Phone and computer rules: only faults on the rule's list."""
    has_list = look.case.regulation in WITH_FAULT_LIST
    return holds() if has_list and not problem.is_any(Severity.LISTED) else None


# What the user may demand for a fault inside its period.


@row("G0")
def free_repair(look: Look, problem: Problem) -> Finding | None:
    """Art. 8: a fault inside the period is repaired free of charge; accessories never are."""
    if is_accessory(look):
        return None
    return holds(Option.REPAIR_FREE, end=look.period(problem).end)


@row("G1")
def first_week(look: Look, problem: Problem) -> Finding | None:
    """Art. 9: up to day 7 the user chooses between the full price, replacement and repair."""
    end = last_day(look, FIRST_DAYS)
    if is_accessory(look) or problem.since > end:
        return None
    return holds(Option.RETURN_FULL, Option.REPLACE_UNIT, end=end)


@row("G2")
def second_week(look: Look, problem: Problem) -> Finding | None:
    """Art. 10: up to day 15 the user chooses between replacement and repair."""
    end = last_day(look, NEXT_DAYS)
    if is_accessory(look) or problem.since > end:
        return None
    return holds(Option.REPLACE_UNIT, end=end)


@row("G3")
def back_after_two_repairs(look: Look, problem: Problem) -> Finding | None:
    """Art. 11: two repairs and still bad: replacement."""
    if is_accessory(look) or problem.repairs < REPAIRS_BEFORE_MORE:
        return None
    return holds(Option.REPLACE_UNIT, repairs=problem.repairs)


@row("G4")
def money_after_two_repairs(look: Look, problem: Problem) -> Finding | None:
    """Art. 13: the same model is there and the user wants the money: less depreciation."""
    if is_accessory(look) or problem.repairs < REPAIRS_BEFORE_MORE:
        return None
    rate = class_of(look).daily_rate
    return holds(Option.RETURN_DEPR, rate=rate) if rate is not None else None


@row("G5")
def accessory_bad(look: Look, problem: Problem) -> Finding | None:
    """Phone rule: a bad accessory is replaced; bad again after two replacements, its price."""
    if not is_accessory(look):
        return None
    times = sum(1 for _ in look.history.of(EventType.UNIT_REPLACED))
    option = Option.RETURN_FULL if times >= ACCESSORIES_BEFORE_MONEY else Option.REPLACE_UNIT
    return holds(option, times=times)


@row("G6")
def stay_too_long(look: Look, problem: Problem) -> Finding | None:
    """Art. 12: parts missing for over 90 days (phones 60): replacement. Whatever the delay's
    cause, by then one of the article's two reasons holds."""
    limit = LONG_STAY_DAYS.get(look.case.regulation)
    if limit is None or problem.handed_in is None or is_accessory(look):
        return None
    days = (look.case.ask_date - problem.handed_in).days
    return holds(Option.REPLACE_UNIT, days=days) if days > limit else misses("in_time", limit=limit)


# What the case as a whole gives.


@row("G8")
def period_restarted(look: Look) -> Finding | None:
    """Art. 14: after a replacement the period starts anew."""
    start = look.history.unit_replaced_on
    return holds(start=start) if start else None


@row("G9")
def papers_lost(look: Look) -> Finding | None:
    """Computer rule 9: papers lost but the purchase provable: repair and replacement are due."""
    lost = look.history.first(EventType.CERTIFICATE_LOST)
    if lost is None or look.case.regulation != COMPUTER or look.history.is_unprovable:
        return None
    return holds()


def no_same_model(look: Look, due: frozenset[Option]) -> tuple[Finding, Row] | None:
    """Art. 13: a replacement is due and there is no same model: the full price in its place."""
    has_none = any(each.type == EventType.NO_SAME_MODEL for each in look.history.of_this_unit)
    if not has_none or Option.REPLACE_UNIT not in due:
        return None
    options = due - {Option.REPLACE_UNIT, Option.RETURN_DEPR} | {Option.RETURN_FULL}
    return Finding(options), ROWS["G7"]


# Dates and amounts.


def depreciation(price: Decimal, rate: Decimal, days: int) -> Decimal:
    """Art. 13: price x daily rate x days of use; never more than the price."""
    return min(cents(price * rate * max(days, 0)), cents(price))


def days_of_use(look: Look) -> int:
    """From the invoice to the day of asking, days in repair left out."""
    in_repair = sum(each.days for each in look.history.spans_in_repair)
    return (look.case.ask_date - look.case.sale_date).days - in_repair


def figures(look: Look, due: frozenset[Option]) -> Figures:
    said = consumer.distance_figures(look, due)
    if not is_accessory(look):
        said.dates["day7"] = last_day(look, FIRST_DAYS)
        said.dates["day15"] = last_day(look, NEXT_DAYS)
    if not look.history.is_unprovable:
        said.dates["expiry"] = look.period(look.latest).end
    price, rate = look.case.price, class_of(look).daily_rate
    if price is not None and Option.RETURN_FULL in due:
        said.amounts["refund"] = cents(price)
    elif price is not None and rate is not None and Option.RETURN_DEPR in due:
        fee = depreciation(price, rate, days_of_use(look))
        said.amounts["depreciation_fee"] = fee
        said.amounts["refund"] = cents(price) - fee
    return said


def warnings(look: Look) -> tuple[Reason, ...]:
    """One repair is done: after the next the goods must be replaced [policy]."""
    return tuple(
        warned(look, "goods_once", "11", each.code)
        for each in look.problems
        if each.repairs == REPAIRS_BEFORE_MORE - 1 and look.case.regulation == GOODS
    )


BOOK = LawBook(
    period=period_of,
    stops=(period_not_provable, period_over, exclusion_proven, fault_not_listed),
    rules=(
        free_repair,
        first_week,
        second_week,
        back_after_two_repairs,
        money_after_two_repairs,
        accessory_bad,
        stay_too_long,
    ),
    case_rules=(period_restarted, papers_lost, consumer.no_reason_return),
    in_place=no_same_model,
    figures=figures,
    warnings=warnings,
)
