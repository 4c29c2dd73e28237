"""A claim is drafted from the signed report, and kept as it is typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.numbering import next_number
from core.options import option
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from dealers.queries import contract_on, payee_of
from machines.models import Machine
from warranty.models import Claim, WorkReport
from warranty.rules.drafts import checked_shape
from warranty.services.claims.errors import AlreadyClaimed, NotSigned
from warranty.services.claims.filings import proposal
from warranty.services.moving import WrongState, take
from warranty.states.claims import CLAIM_ACTIONS, ClaimState, ClaimType
from warranty.states.reports import ReportState

NUMBER_KIND = "CL"
# What stands still to be typed.
OPEN = (ClaimState.DRAFT, ClaimState.RETURNED)


@verb
def draft_claim(*, actor: Actor, report: WorkReport) -> Claim:
    """The claim of a signed report, with the lines that it proposes; asked again, the same one.

    A corrected report takes over the open claim of its earlier version.
    """
    report = WorkReport.objects.select_related("machine", "dealer__parent").get(pk=report.pk)
    if report.state != ReportState.SIGNED:
        raise NotSigned
    if (known := _live(report)) is not None:
        return known
    if (earlier := _earlier(report)) is not None:
        return _take_over(actor, earlier, report)
    claim = _new(actor, report)
    claim.draft = proposal(claim)
    claim.draft["type"] = claim.type
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        # Somebody was quicker with the same report.
        if (known := _live(report)) is None:
            raise
        return known
    audit.record(actor, "claim.drafted", claim, report=report.number)
    return claim


@verb
def save_draft(*, actor: Actor, claim: Claim, draft: dict[str, Any]) -> Claim:
    """Keep what was typed, readable or not; it is read when the claim is filed."""
    claim = locked(claim)
    if claim.state not in OPEN:
        raise WrongState
    claim.draft = checked_shape(draft)
    claim.save(update_fields=["draft", "changed_at"])
    return claim


@verb
def discard_claim(*, actor: Actor, claim: Claim) -> Claim:
    """Throw a draft away; its report may be claimed anew."""
    claim = take(actor, claim, CLAIM_ACTIONS, "discard")
    claim.save(update_fields=["state", "changed_at"])
    audit.record(actor, "claim.discarded", claim)
    return claim


def file_by(dealer: Dealer | None, repaired_on: date) -> date:
    """The last day to file: as the contract of the repair day says, else as the setting says."""
    contract = contract_on(dealer, repaired_on) if dealer else None
    days = contract.claim_days if contract else option("claim.file_days")
    return repaired_on + timedelta(days=days)


def _new(actor: Actor, report: WorkReport) -> Claim:
    finished = report.finished_at or report.signed_at or timezone.now()
    repaired_on = timezone.localdate(finished)
    dealer = report.dealer
    return Claim(
        number=next_number(NUMBER_KIND, timezone.localdate()),
        type=_type(report.machine),
        dealer=dealer,
        payee=payee_of(dealer) if dealer else None,
        machine=report.machine,
        customer_id=report.customer_id,
        ticket_id=report.ticket_id,
        report=report,
        repaired_on=repaired_on,
        file_by=file_by(dealer, repaired_on),
        created_by_id=actor.user_id,
        created_label=actor.label,
    )


def _type(machine: Machine) -> str:
    """A machine that nobody has bought yet stands in stock."""
    in_stock = machine.customer_id is None and machine.sold_on is None
    return ClaimType.PRE_SALE if in_stock else ClaimType.REPAIR


def _live(report: WorkReport) -> Claim | None:
    return Claim.objects.filter(report=report).exclude(state=ClaimState.VOID).first()


def _earlier(report: WorkReport) -> Claim | None:
    """The live claim of another version of the same report."""
    same = Claim.objects.filter(report__number=report.number, report__dealer=report.dealer)
    return same.exclude(state=ClaimState.VOID).exclude(report=report).first()


def _take_over(actor: Actor, claim: Claim, report: WorkReport) -> Claim:
    claim = locked(claim)
    if claim.state not in OPEN:
        raise AlreadyClaimed(number=claim.number)
    typed = claim.draft
    fresh = _new(actor, report)
    claim.report = report
    claim.repaired_on, claim.file_by = fresh.repaired_on, fresh.file_by
    # Rows of the report are proposed anew; what people added of their own stays.
    draft = proposal(claim)
    added = [line for line in typed.get("lines", []) if not line.get("row")]
    known = {line["key"] for line in draft["lines"]}
    draft["lines"] += [line for line in added if line.get("key") not in known]
    claim.draft = {**typed, "lines": draft["lines"]}
    claim.save(update_fields=["report", "repaired_on", "file_by", "draft", "changed_at"])
    audit.record(actor, "claim.report_renewed", claim, report=report.number, version=report.version)
    return claim
