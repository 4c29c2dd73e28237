"""Decided claims as rows, adjustments and books: what settlements are made of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from dealers.models import Dealer, DealerContract
from dealers.queries import payee_of
from tests.cast import Cast
from warranty.models import (
    Adjudication,
    Claim,
    ClaimLine,
    ClaimVersion,
    CutReason,
    LineDecision,
)

_serial = count(1)
# Kind, claimed and approved in cents.
USUAL = (("part", 100_00, 100_00), ("labour", 80_00, 60_00), ("travel", 30_50, 30_50))


def a_reason(code: str = "R01") -> CutReason:
    reason, _is_new = CutReason.objects.get_or_create(
        code=code, defaults={"name": "工时超标准", "name_en": "Above standard hours"}
    )
    return reason


def a_claim(
    cast: Cast,
    dealer: Dealer | None = None,
    *,
    lines: tuple[tuple[str, int, int], ...] = USUAL,
    state: str = "payable",
    is_paid: bool = True,
    **facts: Any,
) -> Claim:
    """A claim whose lines are decided, in any state; `is_paid` False: the company's own people."""
    by = dealer or cast.dealer
    row: dict[str, Any] = {
        "number": f"CL-20261101-{next(_serial):04d}",
        "state": state,
        "dealer": by if is_paid else None,
        "payee": payee_of(by) if is_paid else None,
        "machine": cast.machine,
        "customer": cast.customer,
        "repaired_on": timezone.localdate() - timedelta(days=10),
        "file_by": timezone.localdate() + timedelta(days=20),
        "version_count": 1,
        "decided_at": timezone.now(),
        "claimed_cents": sum(claimed for _kind, claimed, _approved in lines),
        "computed_cents": sum(claimed for _kind, claimed, _approved in lines),
        "approved_cents": sum(approved for _kind, _claimed, approved in lines),
        "filed_by": cast.people["dealer_clerk"],
        "decided_by": cast.people["engineer"],
    }
    claim = Claim.objects.create(**(row | facts))
    version = ClaimVersion.objects.create(
        claim=claim, number=1, body={}, digest="0" * 64, filed_at=timezone.now()
    )
    review = Adjudication.objects.create(
        claim=claim,
        version=version,
        number=1,
        kind="review",
        at=timezone.now(),
        by=cast.people["engineer"],
        digest="0" * 64,
    )
    for position, (kind, claimed, approved) in enumerate(lines, start=1):
        line = ClaimLine.objects.create(
            version=version,
            position=position,
            kind=kind,
            words=f"{kind} {position}",
            unit_cents=claimed,
            claimed_cents=claimed,
            computed_cents=claimed,
        )
        outcome = "approve" if approved == claimed else "reduce" if approved else "reject"
        LineDecision.objects.create(
            adjudication=review,
            line=line,
            outcome=outcome,
            approved_cents=approved,
            reason=None if outcome == "approve" else a_reason(),
            words="" if outcome == "approve" else "按标准工时核减",
        )
    return claim


def a_contract(cast: Cast, dealer: Dealer | None = None, **terms: Any) -> DealerContract:
    row: dict[str, Any] = {
        "dealer": dealer or cast.dealer,
        "number": f"HT-{next(_serial):04d}",
        "from_on": date(2026, 1, 1),
    }
    return DealerContract.objects.create(**(row | terms))
