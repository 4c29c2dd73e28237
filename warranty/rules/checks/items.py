"""Checks of what was fitted and done: K06–K10, K14, K19."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from warranty.rules.checks.facts import ClaimFacts, Line
from warranty.rules.checks.rows import PASS, Finding, Rule

OUT_OF_TERM = ("ended", "over_use", "not_started")
BY_INVOICE = ("freight", "sublet")


def k06_fits(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Parts and operations belong to the machine's model."""
    for line in facts.of_kind("part"):
        if not line.fits:
            yield Finding("part_does_not_fit", {"code": line.code}, line.position)
    for line in facts.of_kind("labour"):
        if line.standard_minutes is None:
            yield Finding("operation_does_not_fit", {"code": line.code}, line.position)


def k07_not_too_many(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """One repair takes no more pieces than the machine has, over all lines of the part."""
    by_part: dict[str, list[Line]] = defaultdict(list)
    for line in facts.of_kind("part"):
        by_part[line.code].append(line)
    for code, lines in by_part.items():
        most = lines[0].per_machine
        taken = sum((line.quantity for line in lines), Decimal(0))
        if lines[0].fits and most is not None and taken > most:
            values = {"code": code, "quantity": _plain(taken), "most": _plain(most)}
            yield Finding("too_many", values, lines[-1].position)


def k08_has_term(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Every part has a term of coverage, and a meter reading where its term counts use."""
    if facts.card == "no_card":
        return  # Nothing is covered yet: K02 says so once for all.
    for line in facts.covered_lines:
        if line.cover == "no_coverage":
            yield Finding("no_term", {"code": line.code}, line.position)
        elif line.cover == "no_reading":
            yield Finding("reading_needed", {"code": line.code}, line.position)


def k09_in_term(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """A part out of its term is paid only with consent, or by Goodwill that a person grants."""
    for line in facts.covered_lines:
        if line.cover not in OUT_OF_TERM or _is_agreed(facts, line):
            continue
        values = {
            "code": line.code,
            "day": line.covered_until.isoformat() if line.covered_until else "",
        }
        yield Finding(f"part_{line.cover}", values, line.position, is_exception=facts.asks_goodwill)


def k10_consent(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """What needs consent before the work has it, in time and within its limit.

    Figures: `part_cents` and `claim_cents` above which consent is needed (0: never).
    """
    consent = facts.consent
    if consent is not None:
        yield from _outside(facts, rule)
        return
    for line in facts.of_kind(*BY_INVOICE):
        if line.claimed_cents > facts.freight_limit_cents:
            values = {"limit_cents": facts.freight_limit_cents}
            yield Finding("consent_needed", values, line.position)
    most = rule.number("part_cents", 0)
    for line in facts.of_kind("part"):
        if most and line.claimed_cents > most:
            yield Finding("consent_needed", {"limit_cents": most}, line.position)
    most = rule.number("claim_cents", 0)
    if most and facts.claimed_cents > most:
        yield Finding("claim_needs_consent", {"limit_cents": most})


def k14_grade(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The dealer's grade may do every operation."""
    if facts.grade.may_do_restricted or is_inside_consent(facts):
        return
    for line in facts.of_kind("labour"):
        if line.is_restricted:
            yield Finding("operation_restricted", {"code": line.code}, line.position)


def k19_factory_part(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """A part that the factory (or the customer) gave is not paid again; its labour is."""
    for line in facts.of_kind("part"):
        if line.source != "own":
            yield Finding(f"part_from_{line.source}", {"code": line.code}, line.position)


def is_inside_consent(facts: ClaimFacts) -> bool:
    """Whether a PreAuthorisation covers the whole claim: then no reviewer looks again."""
    return facts.consent is not None and not any(_outside(facts, _ANY))


def _outside(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Where a claim goes beyond its PreAuthorisation."""
    consent = facts.consent
    assert consent is not None
    if consent.expires_on is not None and facts.repaired_on > consent.expires_on:
        values = {"number": consent.number, "day": consent.expires_on.isoformat()}
        yield Finding("consent_expired", values)
    if facts.claimed_cents > consent.left_cents:
        sums = {"left_cents": consent.left_cents, "claimed_cents": facts.claimed_cents}
        yield Finding("above_consent", {"number": consent.number, **sums})
    for line in facts.lines:
        if not _is_named(facts, line):
            values = {"number": consent.number, "code": line.code}
            yield Finding("not_in_consent", values, line.position)


def _is_named(facts: ClaimFacts, line: Line) -> bool:
    consent = facts.consent
    if consent is None:
        return False
    named = {"part": consent.part_numbers, "labour": consent.operation_codes}.get(line.kind, ())
    return not named or line.code in named


def _is_agreed(facts: ClaimFacts, line: Line) -> bool:
    """Consent that names Goodwill, or the part, was given knowing the term."""
    return facts.consent is not None and _is_named(facts, line)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


_ANY = Rule(0, "K10", PASS)
