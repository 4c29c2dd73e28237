"""Checks run on filings: stored with their facts and rules, so that they can be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from django.utils import timezone

from warranty.models import CheckResult, CheckRun, Claim, ClaimLine, ClaimVersion
from warranty.rules.checks import (
    Book,
    ClaimFacts,
    Verdict,
    judge,
    read,
    read_book,
    written,
    written_book,
)
from warranty.services.claims.facts import Gathered, book_for, books, gather
from warranty.services.claims.filings import WITH, Filing, filings_of_versions

AT_ONCE = 500


def checked(filing: Filing) -> tuple[Gathered, Book, Verdict]:
    """A filing with its facts, the rules that it is asked, and what they say; nothing is kept."""
    found = gather([filing])[0]
    book = book_for(filing, books())
    return found, book, judge(found.facts, book)


def store(
    version: ClaimVersion, found: Gathered, book: Book, verdict: Verdict, lines: list[ClaimLine]
) -> CheckRun:
    """Keep a run with its facts, its rules and every result."""
    run = CheckRun.objects.create(
        version=version,
        at=timezone.now(),
        outcome=verdict.outcome,
        level=verdict.level,
        facts=written(found.facts),
        rules=written_book(book),
    )
    by_position = {line.position: line for line in lines}
    CheckResult.objects.bulk_create(
        CheckResult(
            run=run,
            code=result.code,
            outcome=result.outcome,
            line=by_position.get(result.line or 0),
            finding=result.finding,
            values=result.values,
            is_risk=result.is_risk,
        )
        for result in verdict.results
    )
    return run


def recheck(version: ClaimVersion) -> Verdict:
    """Run the checks of a filing again on what was kept of it: the same as then, for ever."""
    run = version.check_runs.order_by("pk")[0]
    return judge(read(ClaimFacts, run.facts), read_book(run.rules))


def is_repeatable(version: ClaimVersion) -> bool:
    """Whether the checks run again say to the letter what was kept."""
    run = version.check_runs.order_by("pk")[0]
    again = recheck(version)
    kept = [
        (row.code, row.outcome, row.finding, row.values, row.line and row.line.position)
        for row in run.results.select_related("line")
    ]
    now = [
        (each["code"], each["outcome"], each["finding"], each["values"], each["line"])
        for each in map(asdict, again.results)
    ]
    return (run.outcome, run.level, kept) == (again.outcome, again.level, now)


def check_many(claim_ids: Sequence[int]) -> Iterator[tuple[int, Verdict]]:
    """What the checks of today say of many filed claims: (claim, verdict); nothing is kept.

    The queries grow with the number of claims divided by 500, not with the claims.
    """
    rows = books()
    for start in range(0, len(claim_ids), AT_ONCE):
        claims = list(
            Claim.objects.filter(pk__in=claim_ids[start : start + AT_ONCE])
            .select_related(*WITH)
            .order_by("pk")
        )
        for found in gather(filings_of_versions(claims)):
            yield found.filing.claim.pk, judge(found.facts, book_for(found.filing, rows))
