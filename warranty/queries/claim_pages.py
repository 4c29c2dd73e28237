"""Everything that one page about a claim shows, each thing asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.actor import Actor
from core.models import AuditEvent
from machines.models import Coverage
from warranty import claim_words
from warranty.access.claims import visible
from warranty.models import (
    Adjudication,
    AppealLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Evidence,
    LineDecision,
    PreAuthorisation,
    WorkReportLabour,
    WorkReportPart,
)
from warranty.queries.claims import Said, results_of
from warranty.queries.decisions import appealed_lines, decisions_in_force
from warranty.states.claims import ClaimState

SHOWN_CLAIMS = 8
SHOWN_EVENTS = 40


@dataclass(slots=True)
class ShownLine:
    """A line with what was decided, found and asked of it."""

    line: ClaimLine
    decision: LineDecision | None = None
    appeal: AppealLine | None = None
    findings: list[Said] = field(default_factory=list)
    is_open: bool = False  # may still be appealed

    @property
    def what(self) -> str:
        return claim_words.what(self.line)

    @property
    def figures(self) -> list[tuple[str, str]]:
        return claim_words.figures(self.line)


@dataclass(frozen=True, slots=True)
class ClaimClock:
    """A deadline of a claim, as the chip shows it."""

    name: str
    state: str
    started_at: datetime | None
    due_at: datetime | None
    holder_label: str = ""
    warn_at: datetime | None = None
    missed_at: datetime | None = None
    finished_at: datetime | None = None


def lines_of_version(version: ClaimVersion | None) -> list[ClaimLine]:
    """The lines of one filing with what they are."""
    if version is None:
        return []
    rows = ClaimLine.objects.filter(version=version)
    return list(
        rows.select_related(
            "part", "operation", "report_part__part", "report_labour__operation"
        ).order_by("position")
    )


def versions_of(claim: Claim) -> list[ClaimVersion]:
    """The filings, the newest first."""
    return list(ClaimVersion.objects.filter(claim=claim).order_by("-number"))


def findings_of(actor: Actor, claim: Claim) -> list[Said]:
    """What the checks said of the newest filing, in words that the actor may read."""
    version = ClaimVersion.objects.filter(claim=claim, number=claim.version_count).first()
    return results_of(actor, version) if version is not None else []


def shown_lines(
    claim: Claim,
    lines: Sequence[ClaimLine],
    findings: Sequence[Said],
    open_lines: frozenset[int] = frozenset(),
) -> list[ShownLine]:
    """The lines with what was decided, appealed and found of each."""
    decisions, appeals = decisions_in_force(claim), appealed_lines(claim)
    by_line: dict[int, list[Said]] = defaultdict(list)
    for finding in findings:
        if finding.line is not None:
            by_line[finding.line].append(finding)
    return [
        ShownLine(
            line,
            decisions.get(line.pk),
            appeals.get(line.pk),
            by_line.get(line.position, []),
            line.pk in open_lines,
        )
        for line in lines
    ]


def reviews_of(claim: Claim) -> list[Adjudication]:
    """All reviews of a claim, the newest first."""
    return list(
        Adjudication.objects.filter(claim=claim).select_related("version").order_by("-number")
    )


def earlier_claims(actor: Actor, claim: Claim) -> list[Claim]:
    """Other claims of the same machine, the newest first, as far as the actor sees them."""
    others = visible(actor).filter(machine=claim.machine_id).exclude(pk=claim.pk)
    others = others.exclude(state=ClaimState.DRAFT)
    return list(others.select_related("dealer").order_by("-pk")[:SHOWN_CLAIMS])


def coverage_of(claim: Claim) -> list[Coverage]:
    """What covers the machine, whatever the day."""
    return list(Coverage.objects.filter(machine=claim.machine_id).order_by("layer", "-starts_on"))


@dataclass(frozen=True, slots=True)
class ReportShown:
    """What the signed report says."""

    parts: list[WorkReportPart]
    labour: list[WorkReportLabour]
    evidence: list[Evidence]


def report_of(claim: Claim) -> ReportShown | None:
    """The rows and photos of the report; photos of the claim itself beside them."""
    if claim.report_id is None:
        return None
    parts = WorkReportPart.objects.filter(report=claim.report_id).select_related("part")
    labour = WorkReportLabour.objects.filter(report=claim.report_id).select_related("operation")
    evidence = Evidence.objects.filter(report=claim.report_id).order_by("pk")
    return ReportShown(
        list(parts.order_by("position")), list(labour.order_by("position")), list(evidence)
    )


def events_of(actor: Actor, claim: Claim) -> list[AuditEvent]:
    """What happened to a claim, newest first; the manufacturer's own people read it."""
    return _events(actor, "claim", claim.pk)


def consent_events_of(actor: Actor, row: PreAuthorisation) -> list[AuditEvent]:
    """The same of a pre-authorisation."""
    return _events(actor, "preauthorisation", row.pk)


def _events(actor: Actor, noun: str, pk: int) -> list[AuditEvent]:
    if actor.is_dealer:
        return []
    rows = AuditEvent.objects.filter(noun=noun, object_id=pk)
    events = list(rows.order_by("-pk")[:SHOWN_EVENTS])
    for event in events:
        vars(event).update(
            title=claim_words.event_title(event), details=claim_words.event_details(event)
        )
    return events


def clock_of(claim: Claim) -> ClaimClock | None:
    """The deadline that runs, if one does: to file, to correct, to decide, to appeal."""
    state = claim.state
    if state == ClaimState.DRAFT:
        return ClaimClock(
            pgettext("clock", "To file"), "running", claim.created_at, _end_of(claim.file_by)
        )
    if state == ClaimState.RETURNED and claim.correct_by:
        due = _end_of(claim.correct_by)
        return ClaimClock(pgettext("clock", "To correct"), "running", claim.changed_at, due)
    if claim.decide_by and state in (
        ClaimState.SUBMITTED,
        ClaimState.REVIEW,
        ClaimState.APPEALED,
    ):
        name = _("Appeal") if state == ClaimState.APPEALED else _("Decision")
        return ClaimClock(name, "running", claim.submitted_at, claim.decide_by)
    if state == ClaimState.DECIDED and claim.appeal_until and not claim.accepted_at:
        due = _end_of(claim.appeal_until)
        return ClaimClock(pgettext("clock", "To appeal"), "running", claim.decided_at, due)
    return None


def _end_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))
