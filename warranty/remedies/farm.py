"""Farm machines: 农业机械产品修理、更换、退货责任规定 (2010), rows R1 to R16.

The seller answers to the user (Art. 4); the rule is a minimum and better promises bind (Art. 5).
"""

from __future__ import annotations

from datetime import date

from warranty.remedies.days import add_days
from warranty.remedies.engine import Figures, Finding, LawBook, Look, holds, misses, row, warned
from warranty.remedies.history import Problem, merged
from warranty.remedies.periods import Period, period, window
from warranty.remedies.register import ROWS, Row
from warranty.remedies.tables import (
    FARM,
    LARGE_TRACTOR,
    LARGE_TRACTOR_KW,
    SMALL_TRACTOR,
    FarmClass,
)
from warranty.remedies.values import EventType, Layer, Option, Reason, Severity, cents

REPAIRS_BEFORE_MORE = 2
WORKING_DAYS_IN_REPAIR = 30
SEASON_DAYS = 30
REISSUE_WORKING_DAYS = 10
BUSY_DAYS, BUSY_DAYS_WEAR_PART = 3, 1
# One step early [policy].
WARN_WORKING_DAY, WARN_SEASON_DAY = 20, 20


def class_of(look: Look) -> FarmClass:
    """The class of annex 1; of a tractor whose power is known, the power decides (18 kW)."""
    case = look.case
    name = case.product_class
    if name in (LARGE_TRACTOR, SMALL_TRACTOR) and case.power_kw is not None:
        name = LARGE_TRACTOR if case.power_kw >= LARGE_TRACTOR_KW else SMALL_TRACTOR
    return FARM[name]


def months_of(look: Look, layer: Layer) -> int:
    """Art. 5, 24: the months of a layer, the better of floor and promise.

    A part without a period of its own on the certificate follows the whole machine.
    """
    floor, terms = class_of(look), look.case.terms
    whole = max(floor.whole, terms.whole_months or 0)
    if layer == Layer.MAIN_COMPONENT:
        return max(floor.main, terms.main_months or 0)
    if layer == Layer.WEAR_PART and terms.wear_months is not None:
        return terms.wear_months
    return whole


def restart_of(look: Look, problem: Problem | None) -> date | None:
    """Art. 31: the day on which the machine, or the main component at fault, was replaced."""
    days = [look.history.unit_replaced_on]
    if look.case.layer == Layer.MAIN_COMPONENT and problem:
        replaced = look.history.of(EventType.PART_REPLACED)
        days += [each.on for each in replaced if problem.concerns(each)]
    return max((day for day in days if day), default=None)


def period_of(look: Look, problem: Problem | None) -> Period:
    """Art. 24, 31, 35: from the invoice or the replacement, lengthened by stopped days."""
    return _period(look, look.case.layer, restart_of(look, problem))


def is_component_only(look: Look, problem: Problem) -> bool:
    """P2: the main component's period still runs and the whole machine's is over."""
    if look.case.layer != Layer.MAIN_COMPONENT:
        return False
    whole = _period(look, Layer.WHOLE_MACHINE, look.history.unit_replaced_on)
    return not whole.holds(problem.since)


def _period(look: Look, layer: Layer, restart: date | None) -> Period:
    stopped = look.history.stopped
    if look.policy.repairs_stop_clock:
        stopped = merged([*stopped, *look.history.spans_in_repair])
    return period(
        restart or look.case.sale_date,
        months_of(look, layer),
        look.calendar,
        stopped=stopped,
        is_restarted=restart is not None,
        rolls=look.policy.rolls,
    )


def season_window_end(look: Look) -> date | None:
    """Art. 29, 33: day 30 of the first operating season, which still counts."""
    start = look.case.first_season_start
    return window(start, SEASON_DAYS, look.calendar, rolls=look.policy.rolls) if start else None


# What ends the matter with a paid repair.


@row("R1")
def period_not_provable(look: Look, problem: Problem) -> Finding | None:
    """Art. 37(1): no certificate, invoice or register proves the period, so nobody is liable."""
    return holds() if look.history.is_unprovable else None


@row("R2")
def period_over(look: Look, problem: Problem) -> Finding | None:
    """Art. 24, 37(2): the fault came after the end of the layer that it belongs to."""
    layer = look.period(problem)
    return None if layer.holds(problem.since) else holds(end=layer.end, since=problem.since)


@row("R3")
def exclusion_proven(look: Look, problem: Problem) -> Finding | None:
    """Art. 38: an exclusion is proven for this part; every other part stays covered."""
    event = look.history.exclusion_of(problem)
    return holds(exclusion=event.reason) if event else None


# What the user may demand for a problem inside its period.


@row("R4")
def free_repair(look: Look, problem: Problem) -> Finding | None:
    """Art. 24, 26: a quality problem inside its period is repaired free of charge."""
    return holds(Option.REPAIR_FREE, end=look.period(problem).end)


@row("R5")
def late_repair(look: Look, problem: Problem) -> Finding | None:
    """Art. 27, 28: after 30 working days in repair the user may choose a replacement.

    From the calendar day after the 30th working day after the hand-in.
    """
    if problem.handed_in is None:
        return None
    deadline = repair_deadline(look, problem.handed_in)
    if look.case.ask_date <= deadline:
        return misses("in_time", deadline=deadline)
    return _machine(look, problem, Option.REPLACE_UNIT, deadline=deadline)


@row("R6")
def severe_problem_back(look: Look, problem: Problem) -> Finding | None:
    """Art. 29: the same severe problem is back after two repairs and the machine is unusable."""
    if not problem.is_any(Severity.SEVERE) or problem.repairs < REPAIRS_BEFORE_MORE:
        return None
    return holds(Option.REPLACE_PART, repairs=problem.repairs)


@row("R7")
def first_season_problem_back(look: Look, problem: Problem) -> Finding | None:
    """Art. 29: within day 30 of the first operating season the same general problem, not of a
    wear part, is back after two repairs."""
    end = season_window_end(look)
    if end is None or problem.is_any(Severity.SEVERE) or problem.repairs < REPAIRS_BEFORE_MORE:
        return None
    if problem.since > end:
        return misses("window_over", end=end)
    if look.case.layer == Layer.WEAR_PART:
        return misses("wear_part")
    return holds(Option.REPLACE_PART, repairs=problem.repairs, end=end)


@row("R8")
def back_after_part(look: Look, problem: Problem) -> Finding | None:
    """Art. 30: the part was replaced under Art. 29 and the same problem is back."""
    if not problem.part_replaced_on or problem.unit_replaced_on:
        return None
    return _machine(look, problem, Option.REPLACE_UNIT, replaced=problem.part_replaced_on)


@row("R9")
def back_after_machine(look: Look, problem: Problem) -> Finding | None:
    """Art. 30, 32: the machine was replaced under Art. 30 and the same problem is back."""
    if not problem.unit_replaced_on:
        return None
    return _machine(look, problem, Option.RETURN_FULL, replaced=problem.unit_replaced_on)


@row("R14")
def busy_season(look: Look, problem: Problem) -> Finding | None:
    """Art. 34: in the busy season, inside the network, repaired 3 days (1 day) after report."""
    fix_by = busy_season_fix_by(look, problem)
    return holds(fix_by=fix_by) if fix_by else None


# What the case as a whole gives.


@row("R11")
def scope_undisclosed(look: Look) -> Finding | None:
    """Art. 33: the scope of use was not disclosed and the machine cannot do the work: the price
    back, until day 30 of the first operating season."""
    event, end = look.history.first(EventType.SCOPE_UNDISCLOSED), season_window_end(look)
    if event is None or look.history.is_unprovable:
        return None
    if end is None:
        return misses("season_unknown")
    if event.on > end:
        return misses("window_over", end=end)
    return holds(Option.RETURN_FULL, end=end)


@row("R12")
def certificate_lost(look: Look) -> Finding | None:
    """Art. 25: a lost certificate is reissued within 10 working days if the period is provable."""
    by = reissue_by(look)
    return holds(Option.REISSUE_CERT, by=by) if by else None


@row("R13")
def clock_stopped(look: Look) -> Finding | None:
    """Art. 35: while the seller refuses, or an inspection runs, the period stands still."""
    days = sum(each.days for each in look.history.stopped)
    return holds(days=days) if look.history.stopped else None


@row("R15")
def resold(look: Look) -> Finding | None:
    """Art. 25: who has the machine with its papers has the first owner's rights."""
    return holds() if look.history.first(EventType.RESOLD) else None


@row("R16")
def period_restarted(look: Look) -> Finding | None:
    """Art. 31: the period of what was replaced starts anew on the day of replacement."""
    layer = look.period(look.latest)
    return holds(start=layer.start, end=layer.end) if layer.is_restarted else None


def no_same_model(look: Look, due: frozenset[Option]) -> tuple[Finding, Row] | None:
    """Art. 32: a replacement is due, there is no same model and the user asks for the money:
    the full price stands in its place."""
    has_none = any(each.type == EventType.NO_SAME_MODEL for each in look.history.of_this_unit)
    if not has_none or Option.REPLACE_UNIT not in due:
        return None
    options = due - {Option.REPLACE_UNIT} | {Option.RETURN_FULL}
    return Finding(options), ROWS["R10"]


# Dates and amounts.


def repair_deadline(look: Look, handed_in: date) -> date:
    """Art. 27: the 30th working day after the hand-in."""
    return look.calendar.working_day_after(handed_in, WORKING_DAYS_IN_REPAIR)


def busy_season_fix_by(look: Look, problem: Problem) -> date | None:
    """Art. 34; these days run through rest days (P5)."""
    for fault in reversed(problem.faults):
        if fault.is_busy_season and fault.is_inside_network:
            is_wear = look.case.layer == Layer.WEAR_PART
            return add_days(fault.on, BUSY_DAYS_WEAR_PART if is_wear else BUSY_DAYS)
    return None


def reissue_by(look: Look) -> date | None:
    """Art. 25: only while the period runs on the day of the report."""
    event = look.history.first(EventType.CERTIFICATE_LOST)
    if event is None or look.history.is_unprovable or not look.period(look.latest).holds(event.on):
        return None
    return look.calendar.working_day_after(event.on, REISSUE_WORKING_DAYS)


def figures(look: Look, due: frozenset[Option]) -> Figures:
    """Every date that speaks on the case, and the refund: the invoice price, undiminished."""
    said = Figures()
    is_provable = not look.history.is_unprovable
    open_covered = covered(look)
    dates: dict[str, date | None] = {
        "expiry": look.period(look.latest).end if is_provable else None,
        "season_window_end": season_window_end(look),
        "repair_deadline": min(
            (repair_deadline(look, each.handed_in) for each in open_covered if each.handed_in),
            default=None,
        ),
        "busy_season_fix_by": min(
            (day for each in open_covered if (day := busy_season_fix_by(look, each))),
            default=None,
        ),
        "reissue_by": reissue_by(look),
    }
    said.dates = {key: day for key, day in dates.items() if day}
    if Option.RETURN_FULL in due and look.case.price is not None:
        said.amounts["refund"] = cents(look.case.price)
    return said


def warnings(look: Look) -> tuple[Reason, ...]:
    """One repair of a severe problem; working day 20 of a stay; season day 20 with one repair.

    And P2 wherever it matters: counsel is asked before a machine is replaced.
    """
    said = []
    start, season_end = look.case.first_season_start, season_window_end(look)
    today = look.case.ask_date
    for problem in covered(look):
        found = [rule(look, problem) for rule in (late_repair, back_after_part, back_after_machine)]
        is_machine_due = any(each and each.options for each in found)
        if is_machine_due and is_component_only(look, problem):
            said.append(warned(look, "component_only", "30", problem.code))
        is_repaired_once = problem.repairs == REPAIRS_BEFORE_MORE - 1
        if problem.is_any(Severity.SEVERE) and is_repaired_once:
            said.append(warned(look, "severe_once", "29", problem.code))
        if problem.handed_in:
            day = look.calendar.working_days_between(problem.handed_in, today)
            if day >= WARN_WORKING_DAY and today <= repair_deadline(look, problem.handed_in):
                said.append(warned(look, "long_stay", "28", problem.code, day=day))
        if start and season_end and is_repaired_once:
            day = (today - start).days
            if day >= WARN_SEASON_DAY and today <= season_end:
                said.append(warned(look, "season", "29", problem.code, day=day))
    return tuple(said)


def covered(look: Look) -> list[Problem]:
    """Open problems that no stop ends."""
    return [each for each in look.problems if not any(stop(look, each) for stop in BOOK.stops)]


def _machine(look: Look, problem: Problem, option: Option, **params: object) -> Finding:
    """A machine or its price is due; P2: a tenant may read that the component's period alone
    does not give it."""
    if is_component_only(look, problem) and not look.policy.machine_by_component:
        return misses("component_only", **params)
    return holds(option, **params)


BOOK = LawBook(
    period=period_of,
    stops=(period_not_provable, period_over, exclusion_proven),
    rules=(
        free_repair,
        late_repair,
        severe_problem_back,
        first_season_problem_back,
        back_after_part,
        back_after_machine,
        busy_season,
    ),
    case_rules=(
        scope_undisclosed,
        certificate_lost,
        clock_stopped,
        resold,
        period_restarted,
    ),
    in_place=no_same_model,
    figures=figures,
    warnings=warnings,
)
