"""Reads of claims: lists, what waits for whom, the money to expect, versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words
from core.actor import Actor
from core.money import yuan
from core.tenancy import whole_tenant
from warranty.access.claims import visible, visible_pre_authorisations
from warranty.findings import for_dealer, sentence
from warranty.models import (
    CheckResult,
    Claim,
    ClaimLine,
    ClaimVersion,
    PreAuthorisation,
    WorkReport,
)
from warranty.rules.checks import Verdict
from warranty.rules.checks.engine import judge
from warranty.services.claims.facts import book_for, books, gather
from warranty.services.claims.filings import WITH, filing_of_draft
from warranty.services.claims.pricing import Priced
from warranty.states.claims import ClaimState, Outcome
from warranty.states.reports import ReportState


def claim_list(actor: Actor) -> QuerySet[Claim]:
    """The claims that the actor may see, with what lists show of them."""
    return visible(actor).select_related("machine__model", "dealer", "payee", "customer")


def consent_list(actor: Actor) -> QuerySet[PreAuthorisation]:
    """Consents that the actor may see, with what lists show of them."""
    return visible_pre_authorisations(actor).select_related("machine__model", "dealer")


# --- The checks in words -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in the reader's language."""

    code: str
    outcome: str
    outcome_words: str
    line: int | None
    sentence: str
    is_risk: bool


def results_of(actor: Actor, version: ClaimVersion) -> list[Said]:
    """What the checks said of a filing; a dealer reads that somebody looks, not at what risk."""
    rows = CheckResult.objects.filter(run__version=version).select_related("line")
    return _worded(actor, [_plain(row) for row in rows.order_by("run_id", "pk")])


def _plain(row: CheckResult) -> tuple[str, str, str, dict[str, Any], int | None, bool]:
    line = row.line.position if row.line else None
    return row.code, row.outcome, row.finding, row.values, line, row.is_risk


def _worded(actor: Actor, rows: Sequence[tuple[Any, ...]]) -> list[Said]:
    said: dict[tuple[Any, ...], Said] = {}
    for code, outcome, finding, values, line, is_risk in rows:
        if actor.is_dealer:
            text = for_dealer(finding, values, is_risk=is_risk)
        else:
            text = sentence(finding, values)
        hidden = actor.is_dealer and text != sentence(finding, values)
        row = Said(
            code="" if hidden else code,
            outcome=outcome,
            outcome_words=str(Outcome(outcome).label),
            line=None if hidden else line,
            sentence=text,
            is_risk=is_risk and not actor.is_dealer,
        )
        said.setdefault((row.code, row.line, row.sentence), row)
    return list(said.values())


# --- A draft as it would be filed --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as it would be filed now: its lines in money, and what the checks would say."""

    lines: tuple[Priced, ...]
    claimed_cents: int
    computed_cents: int
    verdict: Verdict
    said: list[Said]

    @property
    def claimed(self) -> Decimal:
        return yuan(self.claimed_cents)

    @property
    def computed(self) -> Decimal:
        return yuan(self.computed_cents)


def preview(actor: Actor, claim: Claim) -> Preview:
    """What filing the draft as it stands would lead to; raises where it cannot be read."""
    with whole_tenant():
        loaded = Claim.objects.select_related(*WITH).get(pk=claim.pk)
        found = gather([filing_of_draft(loaded)])[0]
        verdict = judge(found.facts, book_for(found.filing, books()))
    rows = [
        (row.code, row.outcome, row.finding, row.values, row.line, row.is_risk)
        for row in verdict.results
    ]
    return Preview(
        lines=found.lines,
        claimed_cents=found.facts.claimed_cents,
        computed_cents=found.facts.computed_cents,
        verdict=verdict,
        said=_worded(actor, rows),
    )


# --- Money to expect, and the running clock ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """What the dealer may expect: the sum, how sure it is, and what happens until when."""

    cents: int
    words: str
    until: datetime | date | None = None
    is_late: bool = False

    @property
    def amount(self) -> Decimal:
        return yuan(self.cents)


def expected(claim: Claim, *, at: datetime | None = None) -> Expected:
    """The money to expect of a claim, with its clock in words (R-153)."""
    now = at or timezone.now()
    today = timezone.localdate(now)
    claimed_or_less = min(claim.claimed_cents, claim.computed_cents)
    approved = claim.approved_cents or 0
    state = claim.state
    if state == ClaimState.DRAFT:
        return _until_day(0, _("Not filed yet; to be filed by"), claim.file_by, today)
    if state == ClaimState.RETURNED:
        return _until_day(
            claimed_or_less, _("Back with you; to be corrected by"), claim.correct_by, today
        )
    if state in (ClaimState.SUBMITTED, ClaimState.REVIEW):
        return _deciding(claim, claimed_or_less, now)
    if state == ClaimState.APPEALED:
        return Expected(approved, _("Approved so far; the appeal can only raise it."))
    if state == ClaimState.DECIDED:
        if claim.appeal_until is not None and claim.accepted_at is None:
            return _until_day(
                approved, _("Decided; open to appeal until"), claim.appeal_until, today
            )
        return Expected(approved, _("Decided; it goes on to finance."))
    return Expected(approved if state != ClaimState.VOID else 0, _STATE_WORDS[state]())


_STATE_WORDS: dict[str, Any] = {
    ClaimState.FINANCE: lambda: _("Approved; finance looks at it."),
    ClaimState.PAYABLE: lambda: _("Approved; it stands on the next settlement."),
    ClaimState.IN_SETTLEMENT: lambda: _("On a settlement."),
    ClaimState.SETTLED: lambda: _("Settled."),
    ClaimState.CLOSED: lambda: _("Closed."),
    ClaimState.VOID: lambda: _("Void: nothing is paid."),
}


def _deciding(claim: Claim, cents: int, now: datetime) -> Expected:
    due = claim.decide_by
    if due is None:
        return Expected(cents, _("Filed; it is being checked."))
    if due < now:
        late = _("Should have been decided %(when)s ago.") % {"when": words.duration(now - due)}
        return Expected(cents, late, due, is_late=True)
    left = _("Decided within %(when)s.") % {"when": words.duration(due - now)}
    return Expected(cents, left, due)


def _until_day(cents: int, text: str, day: date | None, today: date) -> Expected:
    if day is None:
        return Expected(cents, text)
    left = (day - today).days
    said = f"{text} {words.day(day)}"
    if left < 0:
        count = ngettext("%(days)s day late", "%(days)s days late", -left) % {"days": -left}
    else:
        count = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    return Expected(cents, f"{said} ({count})", day, is_late=left < 0)


# --- Versions compared -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A line in two filings: as it was, as it is; None where it was not, or is no more."""

    before: ClaimLine | None
    after: ClaimLine | None

    @property
    def is_changed(self) -> bool:
        if self.before is None or self.after is None:
            return True
        return _figures(self.before) != _figures(self.after)


def compare(before: ClaimVersion, after: ClaimVersion) -> list[Difference]:
    """Two filings line by line, in the order of the newer one; what went is at the end."""
    old = {_identity(line): line for line in before.lines.all()}
    found = []
    for line in after.lines.all():
        found.append(Difference(old.pop(_identity(line), None), line))
    return found + [Difference(line, None) for line in old.values()]


def _identity(line: ClaimLine) -> tuple[Any, ...]:
    row = line.report_part_id or line.report_labour_id
    return (line.kind, row, "" if row else line.words)


def _figures(line: ClaimLine) -> tuple[Any, ...]:
    return (
        line.claimed_cents,
        line.computed_cents,
        line.quantity,
        line.words,
        line.invoice_number,
        line.computation,
    )


# --- Work --------------------------------------------------------------------------------------


def claimable(actor: Actor) -> QuerySet[WorkReport]:
    """Signed reports of the actor's side that no live claim stands on."""
    reports = WorkReport.objects.filter(state=ReportState.SIGNED)
    if actor.dealer_ids is not None:
        reports = reports.filter(dealer_id__in=actor.dealer_ids)
    live = Claim.objects.exclude(state=ClaimState.VOID).filter(report__isnull=False)
    return reports.exclude(pk__in=live.values("report_id"))
