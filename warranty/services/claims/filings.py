"""What is filed: a claim with its report and its lines, read from a draft or from a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from warranty.models import (
    Claim,
    ClaimLine,
    PreAuthorisation,
    WorkReportLabour,
    WorkReportPart,
)
from warranty.rules.amounts import Shares
from warranty.rules.drafts import Draft, DraftLine, parsed, proposed
from warranty.states.claims import LineKind, PreAuthorisationState

WITH = (
    "machine__model",
    "dealer__level",
    "report__visit",
    "pre_authorisation",
)


class RowUnknown(DomainError):
    code = "claim.row_unknown"
    field = "lines"


@dataclass(frozen=True, slots=True)
class FiledLine:
    """One line that is asked for, with its rows at hand."""

    kind: str
    words: str
    quantity: Decimal
    claimed_cents: int | None
    invoice_number: str = ""
    report_part: WorkReportPart | None = None
    report_labour: WorkReportLabour | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """A claim as it is filed on a day."""

    claim: Claim
    filed_on: date
    type: str
    lines: tuple[FiledLine, ...]
    late_reason: str = ""
    goodwill_reason: str = ""
    shares: Shares = field(default_factory=Shares)
    asks_review: bool = False
    consent: PreAuthorisation | None = None

    @property
    def asks_goodwill(self) -> bool:
        return bool(self.goodwill_reason)


@dataclass(frozen=True, slots=True)
class Rows:
    """The parts and operations of some reports, by the report."""

    parts: dict[int, list[WorkReportPart]]
    labour: dict[int, list[WorkReportLabour]]


def rows_of(report_ids: Iterable[int]) -> Rows:
    """The rows of some reports in two queries."""
    ids = [pk for pk in report_ids if pk is not None]
    parts: dict[int, list[WorkReportPart]] = defaultdict(list)
    for part in WorkReportPart.objects.filter(report_id__in=ids).select_related("part"):
        parts[part.report_id].append(part)
    labour: dict[int, list[WorkReportLabour]] = defaultdict(list)
    done = WorkReportLabour.objects.filter(report_id__in=ids).select_related("operation")
    for row in done:
        labour[row.report_id].append(row)
    return Rows(parts, labour)


def proposal(claim: Claim) -> dict[str, Any]:
    """The draft that a claim's report proposes."""
    report = claim.report
    if report is None:
        return {"type": claim.type, "lines": []}
    rows = rows_of([report.pk])
    return proposed(
        [row.pk for row in rows.parts[report.pk]],
        [row.pk for row in rows.labour[report.pk]],
        has_travel=bool(report.distance_km),
        has_nights=bool(report.nights),
    )


def filing_of_draft(claim: Claim, filed_on: date | None = None) -> Filing:
    """A claim as its draft stands, with what the report says; unreadable drafts are refused."""
    draft = parsed(claim.draft)
    rows = rows_of([claim.report_id] if claim.report_id else [])
    parts = {row.pk: row for row in rows.parts.get(claim.report_id or 0, [])}
    labour = {row.pk: row for row in rows.labour.get(claim.report_id or 0, [])}
    lines = tuple(_filed(line, parts, labour) for line in draft.lines)
    return Filing(
        claim=claim,
        filed_on=filed_on or timezone.localdate(),
        type=draft.type,
        lines=lines,
        late_reason=draft.late_reason,
        goodwill_reason=draft.goodwill_reason,
        shares=_shares(draft, consent := _consent(claim, draft)),
        asks_review=draft.asks_review,
        consent=consent,
    )


def _filed(
    line: DraftLine, parts: dict[int, WorkReportPart], labour: dict[int, WorkReportLabour]
) -> FiledLine:
    part = parts.get(line.row or 0) if line.kind == LineKind.PART else None
    done = labour.get(line.row or 0) if line.kind == LineKind.LABOUR else None
    if (line.kind == LineKind.PART and part is None) or (
        line.kind == LineKind.LABOUR and done is None
    ):
        raise RowUnknown(_("A line names a row that the signed report does not have."))
    return FiledLine(
        kind=line.kind,
        words=line.words,
        quantity=part.quantity if part else line.quantity,
        claimed_cents=line.claimed_cents,
        invoice_number=line.invoice_number,
        report_part=part,
        report_labour=done,
        key=line.key,
    )


def _consent(claim: Claim, draft: Draft) -> PreAuthorisation | None:
    """The consent that the draft names; only an approved one for this machine and dealer."""
    if not draft.consent:
        return None
    found = PreAuthorisation.objects.filter(
        number=draft.consent,
        machine=claim.machine,
        dealer=claim.dealer,
        state=PreAuthorisationState.APPROVED,
    ).first()
    if found is None:
        raise DomainError(
            _("There is no approved pre-authorisation %(number)s for this machine."),
            field="pre_authorisation",
            number=draft.consent,
        )
    return found


def _shares(draft: Draft, consent: PreAuthorisation | None) -> Shares:
    """The shares agreed with the consent for Goodwill, else those that are asked for."""
    if consent is not None and consent.is_goodwill:
        return Shares(consent.factory_percent, consent.dealer_percent, consent.user_percent)
    return draft.shares


def filings_of_versions(claims: Sequence[Claim]) -> list[Filing]:
    """Submitted claims as their newest versions say, in a bounded number of queries."""
    newest: dict[int, list[ClaimLine]] = defaultdict(list)
    lines = ClaimLine.objects.filter(
        version__claim__in=[claim.pk for claim in claims]
    ).select_related("report_part__part", "report_labour__operation", "version")
    numbers = {claim.pk: claim.version_count for claim in claims}
    for line in lines:
        if line.version.number == numbers[line.version.claim_id]:
            newest[line.version.claim_id].append(line)
    return [_filing_of_version(claim, newest[claim.pk]) for claim in claims]


def _filing_of_version(claim: Claim, lines: list[ClaimLine]) -> Filing:
    filed_at = lines[0].version.filed_at if lines else claim.submitted_at or timezone.now()
    body = lines[0].version.body if lines else {}
    asked = body.get("asked", {})
    shares = asked.get("goodwill_percent")
    return Filing(
        claim=claim,
        filed_on=timezone.localdate(filed_at),
        type=claim.type,
        lines=tuple(
            FiledLine(
                kind=line.kind,
                words=line.words,
                quantity=line.quantity,
                claimed_cents=line.claimed_cents,
                invoice_number=line.invoice_number,
                report_part=line.report_part,
                report_labour=line.report_labour,
            )
            for line in lines
        ),
        late_reason=claim.late_reason,
        goodwill_reason=claim.goodwill_reason,
        shares=Shares(*(Decimal(each) for each in shares)) if shares else Shares(),
        asks_review=bool(asked.get("review")),
        consent=claim.pre_authorisation,
    )
