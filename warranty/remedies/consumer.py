"""Consumer Law (消费者权益保护法): the fallback where no national rule and no contract speaks."""

from __future__ import annotations

from datetime import date

from warranty.remedies.days import add_days
from warranty.remedies.engine import (
    Figures,
    Finding,
    LawBook,
    Look,
    holds,
    misses,
    payer_of,
    row,
)
from warranty.remedies.history import Problem
from warranty.remedies.periods import Period, period, window
from warranty.remedies.values import EventType, Option, Payer, cents

FIRST_DAYS = 7
REFUND_DAYS = 7
# Civil Code 621: without a printed quality period a defect is told within two years.
YEARS_TO_TELL = 24
DISTANCE = frozenset({"online", "television", "telephone", "mail_order"})


def received_on(look: Look) -> date:
    """The day of receipt; else of delivery, else of the invoice."""
    event = look.history.first(EventType.RECEIVED)
    return event.on if event else look.case.delivery_date or look.case.sale_date


def start_of(look: Look) -> date:
    return look.history.unit_replaced_on or received_on(look)


def last_day(look: Look) -> date:
    """Art. 24, 25: the seventh day after receipt, which still counts."""
    return window(start_of(look), FIRST_DAYS, look.calendar, rolls=look.policy.rolls)


def period_of(look: Look, problem: Problem | None) -> Period:
    """The quality period of the contract, else the two years of Civil Code 621."""
    return period(
        start_of(look),
        look.case.terms.whole_months or YEARS_TO_TELL,
        look.calendar,
        stopped=look.history.stopped,
        is_restarted=look.history.unit_replaced_on is not None,
        rolls=look.policy.rolls,
    )


@row("LR1")
def purchase_not_provable(look: Look, problem: Problem) -> Finding | None:
    """Art. 24: nothing shows that and when it was bought here."""
    return holds() if look.history.is_unprovable else None


@row("LR2")
def told_too_late(look: Look, problem: Problem) -> Finding | None:
    """Art. 24, Civil Code 621: the defect was told after the quality period or two years."""
    layer = look.period(problem)
    return None if layer.holds(problem.since) else holds(end=layer.end, since=problem.since)


@row("LR3")
def exclusion_proven(look: Look, problem: Problem) -> Finding | None:
    """Art. 24: the defect is the user's own doing, so no quality problem."""
    event = look.history.exclusion_of(problem)
    return holds(exclusion=event.reason) if event else None


@row("L1")
def first_week(look: Look, problem: Problem) -> Finding | None:
    """Art. 24: a defect told up to day 7 after receipt: the price back, transport on the seller."""
    end = last_day(look)
    if problem.since > end:
        return misses("window_over", end=end)
    return holds(Option.RETURN_FULL, end=end)


@row("L3")
def after_first_week(look: Look, problem: Problem) -> Finding | None:
    """Art. 24: later, replacement or repair; money only if the contract may be ended by law,
    which a person judges."""
    if problem.since <= last_day(look):
        return None
    return holds(Option.REPAIR_FREE, Option.REPLACE_UNIT)


@row("L2")
def no_reason_return(look: Look) -> Finding | None:
    """Art. 25: bought at a distance, intact, told up to day 7 after receipt: returned."""
    told = look.history.first(EventType.NO_REASON_RETURN_DECLARED)
    if told is None:
        return None
    if look.case.channel not in DISTANCE:
        return misses("shop")
    end = last_day(look)
    return (
        misses("window_over", end=end) if told.on > end else holds(Option.NO_REASON_RETURN, end=end)
    )


def distance_figures(look: Look, due: frozenset[Option]) -> Figures:
    """Art. 25: the window, the refund within 7 days after the goods are back, and the freight."""
    said = Figures()
    if look.history.first(EventType.NO_REASON_RETURN_DECLARED):
        said.dates["last_day"] = last_day(look)
    if Option.NO_REASON_RETURN not in due:
        return said
    if look.case.price is not None:
        said.amounts["refund"] = cents(look.case.price)
    if back := look.history.last(EventType.RETURNED_GOODS_RECEIVED):
        said.dates["refund_by"] = add_days(back.on, REFUND_DAYS)
    if due == {Option.NO_REASON_RETURN}:
        said.payer = Payer("seller", None, return_freight="user")
    return said


def figures(look: Look, due: frozenset[Option]) -> Figures:
    said = distance_figures(look, due)
    said.dates["last_day"] = last_day(look)
    if look.case.price is not None and Option.RETURN_FULL in due:
        said.amounts["refund"] = cents(look.case.price)
    if said.payer is None and due and due != {Option.REPAIR_PAID}:
        plain = payer_of(due)
        said.payer = Payer(
            plain.liable_to_user, plain.recourse_against, plain.user_pays, return_freight="seller"
        )
    return said


BOOK = LawBook(
    period=period_of,
    stops=(purchase_not_provable, told_too_late, exclusion_proven),
    rules=(first_week, after_first_week),
    case_rules=(no_reason_return,),
    figures=figures,
)
