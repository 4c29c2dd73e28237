"""All checks on one filing: each row asks its question, the strictest answer wins (§4).

The same facts and the same rows always give the same verdict; nothing else is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from warranty.rules.checks import items, looks, papers
from warranty.rules.checks.facts import ClaimFacts, written
from warranty.rules.checks.rows import (
    MANUAL,
    PASS,
    REJECT,
    RETURN,
    Book,
    Finding,
    Level,
    Result,
    Rule,
    Verdict,
    strictest,
)

Check = Callable[[ClaimFacts, Rule], Iterator[Finding]]
CHECKS: dict[str, Check] = {
    "K01": papers.k01_on_file,
    "K02": papers.k02_registered,
    "K03": papers.k03_meter,
    "K04": papers.k04_once,
    "K05": papers.k05_not_paid_before,
    "K06": items.k06_fits,
    "K07": items.k07_not_too_many,
    "K08": items.k08_has_term,
    "K09": items.k09_in_term,
    "K10": items.k10_consent,
    "K11": papers.k11_in_time,
    "K12": papers.k12_free_service,
    "K13": papers.k13_old_parts,
    "K14": items.k14_grade,
    "K15": looks.k15_asked_for,
    "K17": looks.k17_place_and_time,
    "K18": looks.k18_evidence,
    "K19": items.k19_factory_part,
    "K20": looks.k20_watched_batch,
    "K21": looks.k21_charged,
    "K22": looks.k22_passes,
}
SIZE, PASSES = "K16", "K22"
CODES = sorted({*CHECKS, SIZE})


def judge(facts: ClaimFacts, book: Book) -> Verdict:
    """Ask every row in its order.

    Reject: only where it concerns the whole claim or every part on it; a claim of which some
    parts alone are to be refused goes to a person, who sees which. Pass: only where the row that
    lets pass (K22) said so; without it somebody looks. A person is at least of the level that
    may decide the amount.
    """
    results = tuple(result for rule in book.rules for result in _asked(facts, rule, book))
    outcome = _outcome(facts, results)
    level = 0
    if outcome == MANUAL:
        asked = [result.level for result in results if result.outcome == MANUAL]
        level = max([book.level_for(facts.claimed_cents), *asked])
        level = min(level, max(book.highest, 1))
    return Verdict(outcome, level, results)


def _asked(facts: ClaimFacts, rule: Rule, book: Book) -> Iterator[Result]:
    if rule.code == SIZE:
        findings = looks.k16_size(facts, rule, book)
    elif rule.code in CHECKS:
        findings = CHECKS[rule.code](facts, rule)
    else:
        return
    for found in findings:
        outcome = rule.softened if found.is_exception and rule.softened else rule.outcome
        yield Result(
            code=rule.code,
            outcome=found.outcome or outcome,
            finding=found.name,
            values=found.values,
            line=found.line,
            level=found.level or rule.level,
            reason=rule.reason,
            risk=found.risk,
        )


def _outcome(facts: ClaimFacts, results: tuple[Result, ...]) -> str:
    rejects = [result for result in results if result.outcome == REJECT]
    others = [result.outcome for result in results if result.outcome != REJECT]
    if rejects and _is_whole(facts, rejects):
        return REJECT
    softer = strictest(others)
    if softer == RETURN:
        return RETURN
    passed = any(result.code == PASSES and result.outcome == PASS for result in results)
    return MANUAL if rejects or softer == MANUAL or not passed else PASS


def _is_whole(facts: ClaimFacts, rejects: list[Result]) -> bool:
    refused = {result.line for result in rejects}
    parts = {line.position for line in facts.covered_lines}
    return None in refused or parts <= refused


def written_book(book: Book) -> dict[str, Any]:
    """The rows as they are kept with a run."""
    return {"rules": written(book.rules), "levels": written(book.levels)}


def read_book(stored: dict[str, Any]) -> Book:
    """The rows as a stored run kept them."""
    return Book(
        tuple(Rule(**row) for row in stored["rules"]),
        tuple(Level(**row) for row in stored["levels"]),
    )
