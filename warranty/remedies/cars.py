"""Household cars: 家用汽车产品修理更换退货责任规定 (2022), rows C1 to C5 and what goes with them.

Free repair (包修期) and three guarantees (三包有效期) run side by side, each ended by months or
by km, whichever comes first; both start on the invoice day, or on delivery where that differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warranty.remedies.engine import Figures, Finding, LawBook, Look, holds, misses, row, warned
from warranty.remedies.history import Problem
from warranty.remedies.in_repair import stays, total_days
from warranty.remedies.periods import Period, period, window
from warranty.remedies.tables import CARS, CarClass
from warranty.remedies.values import (
    Event,
    EventType,
    Kind,
    Layer,
    Option,
    Reason,
    Severity,
    cents,
)

FIRST_DAYS, EARLY_DAYS, EARLY_KM = 7, 60, Decimal(3_000)
STAY_DAYS_BEFORE_LOANER = 5
SAFETY_REPAIRS, SAME_PART_REPLACED = 2, 2
REPAIR_DAYS, SAME_PROBLEM_REPAIRS = 30, 4
ANSWER_WORKING_DAYS, DONE_WORKING_DAYS = 10, 20
GREATEST_COEFFICIENT = Decimal("0.005")
WARN_REPAIR_DAYS, WARN_REPAIRS = 20, 3  # one step early [policy]
TROUBLES = frozenset({EventType.FAULT, EventType.SENT_FOR_REPAIR})
WITH_FEE = (Option.REPLACE_UNIT_FEE, Option.RETURN_FEE)
POWERTRAIN = frozenset({Kind.POWERTRAIN_REPLACEMENT_NEEDED, Kind.POWERTRAIN_MAIN_PART_FAULT})
DANGERS = frozenset(
    {Kind.STEERING_OR_BRAKE_FAILURE, Kind.BODY_CRACK, Kind.FUEL_LEAK, Kind.BATTERY_FIRE}
)


@dataclass(frozen=True, slots=True)
class Reach:
    """A period with the km that may end it earlier."""

    period: Period
    km: Decimal

    def holds(self, day: date, km: Decimal | None) -> bool:
        """An unknown reading ends nothing: the seller would have to prove it."""
        return self.period.holds(day) and (km is None or km <= self.km)


def start_of(look: Look) -> date:
    """Art. 18, 29: invoice, or delivery where it differs; anew after a replacement."""
    return look.history.unit_replaced_on or look.case.delivery_date or look.case.sale_date


def _reach(look: Look, months: int, km: Decimal) -> Reach:
    restarted = look.history.unit_replaced_on is not None
    found = period(
        start_of(look),
        months,
        look.calendar,
        is_restarted=restarted,
        rolls=look.policy.rolls,
    )
    return Reach(found, km)


def repair_reach(look: Look) -> Reach:
    """Art. 18: free repair, 3 years or 60,000 km; wear parts as printed."""
    floor, terms = _class(look), look.case.terms
    months = max(floor.repair_months, terms.repair_months or 0)
    if look.case.layer == Layer.WEAR_PART and terms.wear_months is not None:
        months = terms.wear_months
    return _reach(look, months, max(floor.repair_km, terms.repair_km or Decimal(0)))


def sanbao_reach(look: Look) -> Reach:
    """Art. 18: three guarantees, 2 years or 50,000 km."""
    floor, terms = _class(look), look.case.terms
    months = max(floor.sanbao_months, terms.sanbao_months or 0)
    return _reach(look, months, max(floor.sanbao_km, terms.sanbao_km or Decimal(0)))


def period_of(look: Look, problem: Problem | None) -> Period:
    return repair_reach(look).period


def km_at(look: Look, problem: Problem) -> Decimal | None:
    """The reading when the problem was reported, else the last one before it."""
    own = next((each.km for each in problem.faults if each.km is not None), None)
    if own is not None:
        return own
    event = look.history.km_by(problem.since)
    return event.km if event else None


def is_early(look: Look, problem: Problem) -> bool:
    """Within 60 days and within 3,000 km, both ends counted."""
    km = km_at(look, problem)
    end = window(start_of(look), EARLY_DAYS, look.calendar, rolls=look.policy.rolls)
    return problem.since <= end and (km is None or km <= EARLY_KM)


def is_in_sanbao(look: Look, problem: Problem) -> bool:
    return sanbao_reach(look).holds(problem.since, km_at(look, problem))


# What ends the matter with a paid repair.


@row("CR1")
def period_not_provable(look: Look, problem: Problem) -> Finding | None:
    """Art. 19: no paper and no system proves the purchase."""
    return holds() if look.history.is_unprovable else None


@row("CR2")
def period_over(look: Look, problem: Problem) -> Finding | None:
    """Art. 18, 19: the fault came after the free repair period, by days or by km."""
    reach = repair_reach(look)
    if reach.holds(problem.since, km_at(look, problem)):
        return None
    return holds(end=reach.period.end, km=reach.km, since=problem.since)


@row("CR3")
def exclusion_proven(look: Look, problem: Problem) -> Finding | None:
    """Art. 32: an exclusion is proven for this part."""
    event = look.history.exclusion_of(problem)
    return holds(exclusion=event.reason) if event else None


# What the user may demand for a fault.


@row("CR4")
def free_repair(look: Look, problem: Problem) -> Finding | None:
    """Art. 18, 19: a fault within the free repair period costs neither labour nor parts."""
    reach = repair_reach(look)
    return holds(Option.REPAIR_FREE, end=reach.period.end, km=reach.km)


@row("C1")
def powertrain_in_first_days(look: Look, problem: Problem) -> Finding | None:
    """Art. 22: within 7 days engine, gearbox, traction battery or drive motor, or a main part of
    them, must be changed: replace or return without fee."""
    if not _kinds(problem) & POWERTRAIN:
        return None
    end = day7(look)
    if problem.since > end:
        return misses("window_over", end=end)
    return holds(Option.REPLACE_UNIT, Option.RETURN_FULL, end=end)


@row("C2")
def danger_in_early_days(look: Look, problem: Problem) -> Finding | None:
    """Art. 23: within 60 days and 3,000 km steering or brakes fail, the body cracks, fuel leaks
    or the battery burns: replace or return without fee."""
    if not _kinds(problem) & DANGERS:
        return None
    if not is_early(look, problem):
        return misses("not_early", km=EARLY_KM, days=EARLY_DAYS)
    return holds(Option.REPLACE_UNIT, Option.RETURN_FULL)


@row("C3")
def main_part_in_early_days(look: Look, problem: Problem) -> Finding | None:
    """Art. 20: within 60 days and 3,000 km a main part of engine, gearbox, traction battery or
    drive motor fails: the whole assembly is replaced (beside Art. 22 for that kind only: P10)."""
    kinds = _kinds(problem)
    wanted = {Kind.POWERTRAIN_MAIN_PART_FAULT}
    if look.policy.part_within_7_days and problem.since <= day7(look):
        wanted.add(Kind.POWERTRAIN_REPLACEMENT_NEEDED)
    if not kinds & wanted:
        return None
    if not is_early(look, problem):
        return misses("not_early", km=EARLY_KM, days=EARLY_DAYS)
    return holds(Option.REPLACE_PART)


@row("C5.1")
def safety_fault_again(look: Look, problem: Problem) -> Finding | None:
    """Art. 24(1)(1): two repairs of severe safety faults, and one is not cured or a new one is
    there, within the three-guarantee period."""
    repairs = sum(each.is_safety for each in look.history.repairs)
    if not problem.is_any(Severity.SEVERE_SAFETY) or repairs < SAFETY_REPAIRS:
        return None
    return _with_fee(look, problem, repairs=repairs)


@row("C5.2")
def assembly_replaced_twice(look: Look, problem: Problem) -> Finding | None:
    """Art. 24(1)(2): engine, gearbox, traction battery or drive motor replaced twice, still bad."""
    times = _replaced(look, problem, EventType.ASSEMBLY_REPLACED)
    return _with_fee(look, problem, times=times) if times >= SAME_PART_REPLACED else None


@row("C5.3")
def main_part_replaced_twice(look: Look, problem: Problem) -> Finding | None:
    """Art. 24(1)(3): the same main part of a named system replaced twice, still bad. An assembly
    changed as a whole is counted under (2) only."""
    times = _replaced(look, problem, EventType.MAIN_PART_REPLACED)
    return _with_fee(look, problem, times=times) if times >= SAME_PART_REPLACED else None


# What the case as a whole gives.


@row("C5.4")
def too_long_or_too_often(look: Look) -> Finding | None:
    """Art. 24(1)(4), 40: more than 30 days in repair in all, or the same problem repaired more
    than 4 times, within the three-guarantee period."""
    reach, days = sanbao_reach(look), total_days(look.history)
    most = max(look.history.repairs_of_code.values(), default=0)
    if look.history.is_unprovable or not (days > REPAIR_DAYS or most > SAME_PROBLEM_REPAIRS):
        return None
    if not _is_trouble_within(look, reach):
        return misses("period_over", end=reach.period.end, km=reach.km)
    return holds(*WITH_FEE, days=days, repairs=most)


@row("C4")
def long_stay(look: Look) -> Finding | None:
    """Art. 21, 40: a stay of more than 5 days gives a loaner or travel money from day 6 on."""
    reach = repair_reach(look)
    longest = max(
        (days for start, days in stays(look.history) if reach.period.holds(start)), default=0
    )
    if longest <= STAY_DAYS_BEFORE_LOANER or look.history.is_unprovable:
        return None
    return holds(Option.LOANER, days=longest - STAY_DAYS_BEFORE_LOANER)


@row("C6")
def request_made(look: Look) -> Finding | None:
    """Art. 28: the seller answers within 10 working days of the request and acts within 20."""
    made = look.history.last(EventType.REQUEST_MADE)
    return holds(**_request_dates(look, made)) if made else None


@row("C7")
def certificate_lost(look: Look) -> Finding | None:
    """Art. 14: a lost certificate is reissued free of charge and at once."""
    event = look.history.first(EventType.CERTIFICATE_LOST)
    if event is None or look.history.is_unprovable or not repair_reach(look).period.holds(event.on):
        return None
    return holds(Option.REISSUE_CERT)


@row("C8")
def period_restarted(look: Look) -> Finding | None:
    """Art. 29: after a replacement both periods start anew."""
    start = look.history.unit_replaced_on
    return holds(start=start) if start else None


@row("C9")
def resold(look: Look) -> Finding | None:
    """Art. 30: the rights follow the car."""
    return holds() if look.history.first(EventType.RESOLD) else None


# Dates and amounts.


def day7(look: Look) -> date:
    return window(start_of(look), FIRST_DAYS, look.calendar, rolls=look.policy.rolls)


def usage_fee(price: Decimal, km: Decimal, coefficient: Decimal) -> Decimal:
    """Art. 27: price x km / 1000 x n, n at most 0.5 %; never more than the price."""
    n = min(coefficient, GREATEST_COEFFICIENT)
    return min(cents(price * km / 1000 * n), cents(price))


def figures(look: Look, due: frozenset[Option]) -> Figures:
    case, said = look.case, Figures(articles=("18",))
    said.dates = {
        "start": start_of(look),
        "day7": day7(look),
        "repair_expiry": repair_reach(look).period.end,
        "sanbao_expiry": sanbao_reach(look).period.end,
        "total_repair_days": total_days(look.history),
    }
    if made := look.history.last(EventType.REQUEST_MADE):
        said.dates |= _request_dates(look, made)
    if case.price is not None and Option.RETURN_FULL in due:
        said.amounts["refund"] = cents(case.price)
    if Option.RETURN_FEE in due:
        said.articles += ("27",)
        reading = look.history.km_by(case.ask_date)
        # No price, coefficient or reading: no figure, rather than an invented one.
        if case.price is not None and case.usage_coefficient is not None and reading:
            fee = usage_fee(case.price, reading.km or Decimal(0), case.usage_coefficient)
            said.amounts["usage_fee"] = fee
            said.amounts["refund_before_other_compensation"] = cents(case.price) - fee
    return said


def warnings(look: Look) -> tuple[Reason, ...]:
    """20 repair days in all, or a third repair of one problem [policy]."""
    said = []
    days, counts = total_days(look.history), look.history.repairs_of_code
    if WARN_REPAIR_DAYS <= days <= REPAIR_DAYS:
        said.append(warned(look, "repair_days", "24(1)(4)", days=days))
    for code, count in counts.items():
        if WARN_REPAIRS <= count <= SAME_PROBLEM_REPAIRS:
            said.append(warned(look, "same_problem", "24(1)(4)", code, repairs=count))
    return tuple(said)


def _class(look: Look) -> CarClass:
    return CARS[look.case.product_class]


def _kinds(problem: Problem) -> set[Kind]:
    return {each.kind for each in problem.faults if each.kind}


def _replaced(look: Look, problem: Problem, kind: EventType) -> int:
    """How often the part of this problem was changed; same code is same part."""

    def is_same(event: Event) -> bool:
        return event.code in (problem.code, problem.component) or (
            bool(problem.component) and event.component == problem.component
        )

    return sum(is_same(each) for each in look.history.of_this_unit if each.type == kind)


def _with_fee(look: Look, problem: Problem, **params: object) -> Finding:
    if not is_in_sanbao(look, problem):
        end = sanbao_reach(look).period
        return misses("period_over", end=end.end, km=sanbao_reach(look).km)
    return holds(*WITH_FEE, **params)


def _is_trouble_within(look: Look, reach: Reach) -> bool:
    """Whether an open problem, else the last one that was repaired, lies inside the period."""
    if look.problems:
        return any(reach.holds(each.since, km_at(look, each)) for each in look.problems)
    faults = [each for each in look.history.of_this_unit if each.type in TROUBLES]
    if not faults:
        return False
    reading = look.history.km_by(faults[-1].on)
    return reach.holds(faults[-1].on, reading.km if reading else None)


def _request_dates(look: Look, made: Event) -> dict[str, date]:
    after: Callable[[date, int], date] = look.calendar.working_day_after
    return {
        "answer_by": after(made.on, ANSWER_WORKING_DAYS),
        "done_by": after(made.on, DONE_WORKING_DAYS),
    }


BOOK = LawBook(
    period=period_of,
    stops=(period_not_provable, period_over, exclusion_proven),
    rules=(
        free_repair,
        powertrain_in_first_days,
        danger_in_early_days,
        main_part_in_early_days,
        safety_fault_again,
        assembly_replaced_twice,
        main_part_replaced_twice,
    ),
    case_rules=(
        too_long_or_too_often,
        long_stay,
        request_made,
        certificate_lost,
        period_restarted,
        resold,
    ),
    figures=figures,
    warnings=warnings,
)
