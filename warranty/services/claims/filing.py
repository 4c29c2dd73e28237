"""A claim is filed: version, lines, checks and what they lead to, in one transaction."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.events import publish
from core.options import option
from core.tenancy import current_tenant_id, verb
from dealers.queries import contract_on
from warranty.models import Claim, ClaimLine, ClaimVersion
from warranty.rules.checks import Book
from warranty.services.claims import verdicts
from warranty.services.claims.checking import checked, store
from warranty.services.claims.errors import CorrectionOver, NoRoundsLeft, NotSigned
from warranty.services.claims.facts import Gathered
from warranty.services.claims.filings import WITH, filing_of_draft
from warranty.services.moving import take
from warranty.services.oldparts.making import make_pieces
from warranty.states.claims import CLAIM_ACTIONS, ClaimState
from warranty.states.reports import ReportState

FILED_FIELDS = [
    "state",
    "type",
    "pre_authorisation",
    "late_reason",
    "goodwill_reason",
    "version_count",
    "round",
    "submitted_at",
    "correct_by",
    "returned_reason",
    "claimed_cents",
    "computed_cents",
    "approved_cents",
    "risk_flags",
    "filed_by",
    "filed_label",
    "changed_at",
]


@verb
def submit_claim(*, actor: Actor, claim: Claim) -> Claim:
    """File a draft, or a returned claim as corrected.

    What it was judged by is frozen with the version; then the system itself returns it, routes
    it to a reviewer, passes or rejects it.
    """
    is_correction = claim.state == ClaimState.RETURNED
    taken = take(actor, claim, CLAIM_ACTIONS, "correct" if is_correction else "submit")
    claim = Claim.objects.select_related(*WITH).get(pk=taken.pk)
    if is_correction:
        _check_round(claim)
    if claim.report is not None and claim.report.state != ReportState.SIGNED:
        raise NotSigned
    filing = filing_of_draft(claim)
    found, book, verdict = checked(filing)
    _head(actor, claim, found, is_correction)
    claim.state, claim.risk_flags = taken.state, verdict.risk_flags
    version, lines = _version(actor, claim, found, book)
    claim.save(update_fields=FILED_FIELDS)
    run = store(version, found, book, verdict, lines)
    audit.record(
        actor,
        "claim.corrected" if is_correction else "claim.submitted",
        claim,
        version=version.number,
        claimed=claim.claimed_cents,
        digest=version.digest,
    )
    system = Actor.system(current_tenant_id())
    make_pieces(actor=system, claim=claim)
    publish("claim.submitted", actor=system, claim=claim, version=version)
    return verdicts.follow(system, claim, version, run, verdict, lines)


def _check_round(claim: Claim) -> None:
    rounds = option("claim.rounds")
    if claim.round >= rounds:
        raise NoRoundsLeft(rounds=rounds)
    if claim.correct_by is not None and timezone.localdate() > claim.correct_by:
        raise CorrectionOver(day=claim.correct_by.isoformat())


def _head(actor: Actor, claim: Claim, found: Gathered, is_correction: bool) -> None:
    filing = found.filing
    claim.type = filing.type
    claim.pre_authorisation = filing.consent
    claim.late_reason = filing.late_reason
    claim.goodwill_reason = filing.goodwill_reason
    claim.version_count += 1
    claim.round += is_correction
    claim.submitted_at = claim.submitted_at or timezone.now()
    claim.correct_by, claim.returned_reason = None, ""
    claim.claimed_cents = found.facts.claimed_cents
    claim.computed_cents = found.facts.computed_cents
    claim.approved_cents = None
    claim.filed_by_id, claim.filed_label = actor.user_id, actor.label


def _version(
    actor: Actor, claim: Claim, found: Gathered, book: Book
) -> tuple[ClaimVersion, list[ClaimLine]]:
    """The filing as it stays: its body, its lines, and the digest over both."""
    version = ClaimVersion(
        claim=claim,
        number=claim.version_count,
        body=_body(claim, found, book),
        filed_at=timezone.now(),
        filed_by_id=actor.user_id,
        filed_label=actor.label,
    )
    lines = [_line(version, line) for line in found.lines]
    version.digest = digest_of(version.body, lines)
    version.save(force_insert=True)
    for line in lines:
        line.version = version
    return version, ClaimLine.objects.bulk_create(lines)


def _line(version: ClaimVersion, priced: Any) -> ClaimLine:
    filed = priced.filed
    part, labour = filed.report_part, filed.report_labour
    return ClaimLine(
        position=priced.facts.position,
        kind=filed.kind,
        part_id=part.part_id if part else None,
        operation_id=labour.operation_id if labour else None,
        report_part=part,
        report_labour=labour,
        words=filed.words,
        source=part.source if part else "",
        quantity=filed.quantity,
        unit_cents=priced.amount.unit_cents,
        claimed_cents=priced.claimed_cents,
        computed_cents=priced.amount.cents,
        computation=priced.amount.figures,
        gate=priced.gate,
        coverage_id=priced.coverage_id,
        invoice_number=filed.invoice_number,
    )


def _body(claim: Claim, found: Gathered, book: Book) -> dict[str, Any]:
    """What the filing was judged by: terms, contract, rates, prices and rules of the day."""
    filing, report = found.filing, claim.report
    contract = contract_on(claim.dealer, claim.repaired_on) if claim.dealer else None
    rates = found.rates
    shares = filing.shares
    return {
        "claim": claim.number,
        "type": filing.type,
        "machine": claim.machine.serial_number,
        "repaired_on": claim.repaired_on.isoformat(),
        "report": None
        if report is None
        else {"number": report.number, "version": report.version, "digest": report.digest},
        "asked": {
            "late_reason": filing.late_reason,
            "goodwill_reason": filing.goodwill_reason,
            "goodwill_percent": [str(shares.factory), str(shares.dealer), str(shares.user)],
            "review": filing.asks_review,
            "pre_authorisation": filing.consent.number if filing.consent else "",
        },
        "contract": None
        if contract is None
        else {"number": contract.number, "claim_days": contract.claim_days},
        "rates": None
        if rates is None
        else {
            name: str(getattr(rates, name))
            for name in (
                "card_id",
                "code",
                "from_on",
                "labour_cents_per_hour",
                "travel_cents_per_km",
                "night_cents",
                "diagnosis_cents",
                "parts_markup_percent",
                "km_tolerance_percent",
                "freight_limit_cents",
            )
        },
        "coverage": list(found.coverage),
        "rules": [
            {"id": rule.id, "code": rule.code, "from_on": rule.from_on} for rule in book.rules
        ],
    }


def digest_of(body: dict[str, Any], lines: list[ClaimLine]) -> str:
    """SHA-256 over the body and the lines of a version, in one fixed way of writing."""
    rows = [
        [
            line.position,
            line.kind,
            line.part_id,
            line.operation_id,
            line.report_part_id,
            line.report_labour_id,
            line.words,
            line.source,
            f"{line.quantity:.2f}",
            line.unit_cents,
            line.claimed_cents,
            line.computed_cents,
            line.computation,
            line.gate,
            line.coverage_id,
            line.invoice_number,
        ]
        for line in lines
    ]
    text = json.dumps({"body": body, "lines": rows}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(version: ClaimVersion) -> bool:
    """Whether a stored version still hashes to what it hashed to when it was filed."""
    return digest_of(version.body, list(version.lines.all())) == version.digest
