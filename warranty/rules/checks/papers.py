"""Checks of the papers and of who files: K01–K05, K11–K13."""

from __future__ import annotations

from collections.abc import Iterator

from warranty.rules.checks.facts import ClaimFacts
from warranty.rules.checks.rows import Finding, Rule


def k01_on_file(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The machine is on file with its model, and the dealer works for us."""
    if not facts.has_machine:
        yield Finding("machine_unknown")
    if not facts.dealer_works:
        yield Finding("dealer_not_active")
    if not facts.model_agrees:
        yield Finding("model_differs")


def k02_registered(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The receipt card came within its days; a waiver lets a late one through to a person."""
    if facts.type == "pre_sale":
        return
    if facts.card == "no_card":
        yield Finding("no_card")
    elif facts.card == "late_card":
        yield Finding("late_card", {"days": facts.card_days_late})
    elif facts.card == "waived":
        yield Finding("card_waived", {"days": facts.card_days_late}, is_exception=True)


def k03_meter(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The meter never runs backwards between two reports of a machine."""
    if facts.reading is None:
        return
    values = {"reading": str(facts.reading), "unit": facts.reading_unit}
    if facts.reading_before is not None and facts.reading < facts.reading_before:
        yield Finding("meter_below_earlier", {**values, "other": str(facts.reading_before)})
    if facts.reading_after is not None and facts.reading > facts.reading_after:
        yield Finding("meter_above_later", {**values, "other": str(facts.reading_after)})


def k04_once(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """One job is claimed once, in whatever version of its report."""
    if facts.same_report:
        yield Finding("report_claimed", {"claim": facts.same_report})


def k05_not_paid_before(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The same part or operation on the same machine, paid before, is marked a repeat repair."""
    if facts.is_repeat:
        return
    for line in facts.lines:
        if line.paid_before:
            values = {"code": line.code, "claim": line.paid_before}
            yield Finding("paid_before", values, line.position)


def k11_in_time(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """A claim is filed by its day; with a reason for the delay a person looks at it."""
    if facts.filed_on > facts.file_by:
        values = {
            "days": (facts.filed_on - facts.file_by).days,
            "day": facts.file_by.isoformat(),
        }
        yield Finding("filed_late", values, is_exception=bool(facts.late_reason.strip()))


def k12_free_service(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """The free first service is paid once for a machine."""
    if facts.type == "first_service" and facts.first_service_used:
        yield Finding("first_service_used", {"claim": facts.first_service_used})


def k13_old_parts(facts: ClaimFacts, rule: Rule) -> Iterator[Finding]:
    """Who owes old parts beyond their day sends them before new claims are taken."""
    if facts.overdue_pieces > rule.number("pieces", 0):
        yield Finding("old_parts_overdue", {"pieces": facts.overdue_pieces})
