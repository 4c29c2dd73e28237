"""What a maker or seller promises on top of the law, as data (Art. 5: better promises bind).

Months on the certificate are `Terms` of the case. Here stand promises of another shape, for
example "90 days any remedy, 180 days repair or replacement". An unconfirmed one stays off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from warranty.remedies.engine import Look, payer_of
from warranty.remedies.history import Problem
from warranty.remedies.periods import window
from warranty.remedies.register import ROWS
from warranty.remedies.values import Entitlement, Option, Reason, cents

BETTER_THAN_PAID = frozenset({Option.REPAIR_PAID})


@dataclass(frozen=True, slots=True)
class Stage:
    """For a fault up to day `days` after the sale, and after `repairs` of the same problem."""

    days: int
    options: frozenset[Option]
    repairs: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise with its clause, the sales that it binds and who confirmed it."""

    code: str
    clause: str
    product_classes: frozenset[str]
    stages: tuple[Stage, ...]
    since: date
    until: date = date.max
    confirmed_by: str = ""

    def binds(self, product_class: str, sale_date: date) -> bool:
        return (
            bool(self.confirmed_by)
            and product_class in self.product_classes
            and self.since <= sale_date < self.until
        )


def add(look: Look, answer: Entitlement, promises: Sequence[Promise]) -> Entitlement:
    """Join what the promises give; a promise takes nothing away and cures no proven exclusion."""
    case = look.case
    for promise in promises:
        if promise.binds(case.product_class, case.sale_date):
            for problem in look.problems:
                answer = _kept(look, answer, promise, problem)
    return answer


def _kept(look: Look, answer: Entitlement, promise: Promise, problem: Problem) -> Entitlement:
    if look.history.exclusion_of(problem) or look.history.is_unprovable:
        return answer
    given: frozenset[Option] = frozenset()
    for stage in promise.stages:
        end = window(look.case.sale_date, stage.days, look.calendar, rolls=look.policy.rolls)
        if problem.since <= end and problem.repairs >= stage.repairs:
            given |= stage.options
    # A promised free repair takes the place of the paid one of the only problem.
    statutory = answer.options - BETTER_THAN_PAID if len(look.problems) == 1 else answer.options
    if not given or given <= answer.options:
        return answer
    options = (statutory if given - BETTER_THAN_PAID else answer.options) | given
    amounts = dict(answer.amounts)
    if look.case.price is not None and Option.RETURN_FULL in given:
        amounts["refund"] = cents(look.case.price)
    reason = Reason(
        ROWS["T1"].code,
        (promise.clause,),
        {"promise": promise.code},
        options=given,
        problem=problem.code,
        law="promise",
    )
    freight = answer.payer.return_freight
    return replace(
        answer,
        options=options,
        payer=replace(payer_of(options), return_freight=freight),
        amounts=amounts,
        articles=tuple(dict.fromkeys([*answer.articles, promise.clause])),
        reasons=(*answer.reasons, reason),
    )
