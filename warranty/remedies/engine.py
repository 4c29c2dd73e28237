"""The one way from facts to an answer; the laws bring their rules, this runs them.

Facts, rules in force on the day of sale and a calendar go in; options, payer, dates, amounts,
articles and the whole trace come out. Nothing is read from anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from warranty.remedies.days import RestDays
from warranty.remedies.history import History, Problem
from warranty.remedies.periods import Period
from warranty.remedies.register import (
    ARTICLES,
    CIVIL_CODE,
    CIVIL_CODE_202,
    CIVIL_CODE_203,
    CONSUMER,
    ROWS,
    Row,
)
from warranty.remedies.values import Case, Entitlement, Option, Payer, Reason, Tested

PAID = frozenset({Option.REPAIR_PAID})


@dataclass(frozen=True, slots=True)
class Policy:
    """Readings that published texts leave open; a tenant may choose, the defaults are ours.

    `rolls` (P1): ends and windows move off rest days. `machine_by_component` (P2): a machine may
    be replaced while only its component's period still runs. `repairs_stop_clock` (P3): ordinary
    repair time lengthens a farm machine's period. `part_within_7_days` (P10): Art. 20 beside 22.
    """

    rolls: bool = True
    machine_by_component: bool = True
    repairs_stop_clock: bool = False
    part_within_7_days: bool = False


USUAL = Policy()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says: options and figures, or that it was close and does not hold."""

    options: frozenset[Option] = frozenset()
    params: Mapping[str, Any] = field(default_factory=dict)
    miss: str = ""


def holds(*options: Option, **params: Any) -> Finding:
    return Finding(frozenset(options), params)


def warned(look: Look, code: str, article: str, problem: str = "", **params: Any) -> Reason:
    """Said one step before a trigger, while the seller can still act [policy]."""
    law = look.case.regulation
    return Reason(f"warn.{code}", (article,), params, problem=problem, law=law)


def misses(why: str, **params: Any) -> Finding:
    """The rule speaks of such a case, and a condition is not met: cited, without effect."""
    return Finding(frozenset(), params, why)


ProblemRule = Callable[["Look", Problem], Finding | None]
CaseRule = Callable[["Look"], Finding | None]
_R = TypeVar("_R", bound=Callable[..., Finding | None])


def row(code: str) -> Callable[[_R], _R]:
    """Tie a rule to its row of the register."""
    stands = ROWS[code]

    def tie(rule: _R) -> _R:
        rule.row = stands  # type: ignore[attr-defined]
        return rule

    return tie


def row_of(rule: Callable[..., Any]) -> Row:
    stands: Row = rule.row  # type: ignore[attr-defined]
    return stands


@dataclass(frozen=True)
class LawBook:
    """One law as the engine runs it.

    For each open problem: the first of `stops` that holds ends the matter with a paid repair,
    else all `rules` that hold are joined. `case_rules` look at the case once. `in_place` may
    exchange options that are due; `figures` reckons dates and amounts; `warnings` speak one
    step before a trigger.
    """

    period: Callable[[Look, Problem | None], Period]
    stops: tuple[ProblemRule, ...]
    rules: tuple[ProblemRule, ...]
    case_rules: tuple[CaseRule, ...] = ()
    in_place: Callable[[Look, frozenset[Option]], tuple[Finding, Row] | None] | None = None
    figures: Callable[[Look, frozenset[Option]], Figures] | None = None
    warnings: Callable[[Look], tuple[Reason, ...]] | None = None


@dataclass
class Figures:
    """Dates and amounts beside the options, and the articles they rest on."""

    dates: dict[str, date | int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    articles: tuple[str, ...] = ()
    payer: Payer | None = None


@dataclass(frozen=True)
class Look:
    """A case as the rules see it."""

    case: Case
    calendar: RestDays
    policy: Policy
    book: LawBook

    @cached_property
    def history(self) -> History:
        return History(self.case)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.history.problems

    def period(self, problem: Problem | None = None) -> Period:
        """The period of the layer that the problem sits in; without one, of the case's layer."""
        return self.book.period(self, problem)

    @cached_property
    def latest(self) -> Problem | None:
        """The open problem reported last; its layer's end is the one that is shown."""
        return self.problems[-1] if self.problems else None


class Assessment:
    """Runs a law book over a case and gathers what the rules say."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.options: set[Option] = set()
        self.reasons: list[Reason] = []
        self.trace: list[Tested] = []

    def answer(self) -> Entitlement:
        look, book = self.look, self.look.book
        for problem in look.problems:
            self._judge(problem)
        for rule in book.case_rules:
            self._add(row_of(rule), self._run(rule, rule(look) if self._applies(rule) else None))
        due = frozenset(self.options)
        if book.in_place and (exchanged := book.in_place(look, due)):
            finding, stands = exchanged
            self.options = set(finding.options)
            self._add(stands, Finding(finding.options - due, finding.params))
        self._explain_period()
        due = frozenset(self.options)
        figures = book.figures(look, due) if book.figures else Figures()
        articles = [article for each in self.reasons for article in each.articles]
        return Entitlement(
            options=due,
            payer=figures.payer or payer_of(due),
            dates=figures.dates,
            amounts=figures.amounts,
            articles=tuple(dict.fromkeys([*articles, *figures.articles])),
            reasons=tuple(self.reasons),
            warnings=book.warnings(look) if book.warnings else (),
            provisional=frozenset(
                key
                for key, day in figures.dates.items()
                if isinstance(day, date) and not look.calendar.knows(day)
            ),
            is_certain=all(each.is_certain for each in self.reasons if each.holds),
            trace=tuple(self.trace),
        )

    def _judge(self, problem: Problem) -> None:
        book = self.look.book
        for rule in book.stops:
            finding = rule(self.look, problem) if self._applies(rule) else None
            self._run(rule, finding, problem)
            if finding:
                paid = Finding(PAID, finding.params, finding.miss)
                self._add(row_of(rule), paid, problem)
                return
        for rule in book.rules:
            finding = rule(self.look, problem) if self._applies(rule) else None
            self._add(row_of(rule), self._run(rule, finding, problem), problem)

    def _applies(self, rule: Callable[..., Any]) -> bool:
        return row_of(rule).is_in_force(self.look.case.sale_date)

    def _run(
        self, rule: Callable[..., Any], finding: Finding | None, problem: Problem | None = None
    ) -> Finding | None:
        outcome = "does not apply"
        if finding:
            outcome = "misses" if finding.miss else "holds"
        self.trace.append(Tested(row_of(rule).code, problem.code if problem else "", outcome))
        return finding

    def _add(self, stands: Row, finding: Finding | None, problem: Problem | None = None) -> None:
        if finding is None:
            return
        self.options |= finding.options
        own = ARTICLES.get(self.look.case.regulation, {})
        self.reasons.append(
            Reason(
                code=f"{stands.code}.{finding.miss}" if finding.miss else stands.code,
                articles=own.get(stands.code, stands.articles),
                params=finding.params,
                holds=not finding.miss,
                is_certain=stands.is_certain,
                options=finding.options,
                problem=problem.code if problem else "",
                law=self._law(stands),
            )
        )

    def _law(self, stands: Row) -> str:
        """Phones and computers share the rules of goods, under a law of their own."""
        return CONSUMER if stands.law == CONSUMER else self.look.case.regulation

    def _explain_period(self) -> None:
        """Say how the shown end came about, where it is not simply start plus months."""
        if not self.look.latest:
            return
        layer = self.look.period(self.look.latest)
        if layer.is_month_end:
            self._explain("month_end", CIVIL_CODE_202, end=layer.end)
        if layer.is_rolled:
            self._explain("rest_day", CIVIL_CODE_203, end=layer.end)
        if layer.is_provisional:
            self._explain("provisional", CIVIL_CODE_203, year=layer.end.year)

    def _explain(self, code: str, article: str, **params: Any) -> None:
        """The Civil Code is known; whether it moves these ends is a reading (P1)."""
        is_certain = article == CIVIL_CODE_202
        reason = Reason(code, (article,), params, is_certain=is_certain, law=CIVIL_CODE)
        self.reasons.append(reason)


def payer_of(options: frozenset[Option]) -> Payer:
    """Who sells answers to the user and has recourse to the producer; a paid repair is the
    user's own, and papers written again are the seller's."""
    if options - PAID == {Option.REISSUE_CERT}:
        return Payer("seller", user_pays=Option.REPAIR_PAID in options)
    if options - PAID:
        return Payer("seller", "producer", user_pays=Option.REPAIR_PAID in options)
    return Payer(user_pays=bool(options))
