"""Decided claims as rows, adjustments and books: what settlements are made of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from dealers.models import Dealer, DealerContract
from dealers.queries import payee_of
from ledger import services as ledger
from ledger.models import JournalLine
from ledger.services import Source
from ledger.states import AccountRole
from tests.cast import Cast
from warranty.models import (
    Adjudication,
    Adjustment,
    Claim,
    ClaimLine,
    ClaimVersion,
    CutReason,
    LineDecision,
    Settlement,
)
from warranty.services import adjustments
from warranty.services import settlements as services

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
            words=f"明细 {position}",
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


def a_draft(cast: Cast, dealer: Dealer | None = None, who: str = "finance") -> Settlement:
    """Drafted by finance for the month until today."""
    today = timezone.localdate()
    return services.draft_settlement(
        actor=cast.actor(who),
        dealer=dealer or cast.dealer,
        from_on=today.replace(day=1),
        until_on=today,
    )


def issued(cast: Cast, settlement: Settlement | None = None) -> Settlement:
    """Checked and issued by the finance manager."""
    boss = cast.actor("finance_manager")
    checked = services.check_settlement(actor=boss, settlement=settlement or a_draft(cast))
    services.issue_settlement(actor=boss, settlement=checked)
    return fresh(checked)


def confirmed(cast: Cast, settlement: Settlement | None = None) -> Settlement:
    """Confirmed by the dealer's principal with the printed code."""
    settlement = settlement or issued(cast)
    digest = services.latest_notice(settlement).digest
    services.confirm_settlement(
        actor=cast.actor("dealer_principal"),
        settlement=settlement,
        digest=digest,
        name="王经理",
        code=digest[:8],
    )
    return fresh(settlement)


def posted(cast: Cast, settlement: Settlement | None = None) -> Settlement:
    boss = cast.actor("finance_manager")
    return services.post_settlement(actor=boss, settlement=settlement or confirmed(cast))


def fresh(settlement: Settlement) -> Settlement:
    return Settlement.objects.select_related("dealer").get(pk=settlement.pk)


def balance(cast: Cast, role: str, dealer: Dealer | None = None) -> int:
    """What stands on an account of the dealer's, in cents: what we owe is above zero."""
    lines = JournalLine.objects.filter(
        account__role=role, account__dealer=payee_of(dealer or cast.dealer)
    )
    cents = lines.aggregate(total=Sum("cents"))["total"] or 0
    return cents if role == "receivable" else -cents


def an_invoice(cast: Cast, number: str, cents: int, dealer: Dealer | None = None) -> None:
    """Goods sold to the dealer."""
    actor = cast.system()
    own = ledger.ensure_accounts(actor=actor, dealer=dealer or cast.dealer)
    house = ledger.ensure_house(actor=actor)
    ledger.post_entry(
        actor=actor,
        source=Source("test_invoice", next(_serial), number),
        lines=[
            ledger.debit(own[AccountRole.RECEIVABLE], cents, item=number),
            ledger.credit(house[AccountRole.GOODS_SOLD], cents),
        ],
        on=timezone.localdate(),
        narration="整机货款",
    )


def an_adjustment(
    cast: Cast, cents: int = 40_00, kind: str = "deduction", **given: Any
) -> Adjustment:
    """Final, as the system makes it when nobody objected."""
    adjustment = adjustments.create_adjustment(
        actor=cast.system(),
        dealer=given.pop("dealer", cast.dealer),
        kind=kind,
        cents=cents,
        words=given.pop("words", "旧件未返还"),
        **given,
    )
    if adjustment.state == "notified":
        adjustment = adjustments.finalise_adjustment(actor=cast.system(), adjustment=adjustment)
    return adjustment
