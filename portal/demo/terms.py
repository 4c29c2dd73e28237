"""What the demo company agreed with its dealers: grades, rates of two years, contracts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dealers.models import Dealer, DealerContract, DealerLevel, PayMode, RateCard
from dealers.services import STANDARD

DAY = timedelta(days=1)
# What each grade may: passes without review under (cents), trusted, restricted operations.
GRADES = {"A": (100_000, True, True), "B": (50_000, True, False), "C": (0, False, False)}
TERM = timedelta(days=3 * 365)
# Last year an hour was paid less; the figures of this year are the usual ones.
LAST_YEAR: dict[str, Any] = {**STANDARD, "labour_cents_per_hour": 5_500, "travel_cents_per_km": 120}
BEST: dict[str, Any] = {**STANDARD, "labour_cents_per_hour": 7_000}
GROUP: dict[str, Any] = {
    **STANDARD,
    "labour_cents_per_hour": 7_500,
    "parts_markup_percent": Decimal(12),
}


def build(dealers: list[Dealer], group: Dealer, today: date) -> None:
    """Set the grades, open the rate cards, sign a contract with each dealer of the first level."""
    for level in DealerLevel.objects.all():
        limit, trusted, restricted = GRADES[level.code]
        level.pass_limit_cents, level.is_trusted = limit, trusted
        level.may_do_restricted = restricted
        level.save(update_fields=["pass_limit_cents", "is_trusted", "may_do_restricted"])
    new_year = today.replace(month=1, day=1)
    first = new_year.replace(year=today.year - 2)
    best = DealerLevel.objects.get(code="A")
    cards: list[dict[str, Any]] = [
        {"from_on": first, "until_on": new_year - DAY, **LAST_YEAR},
        {"from_on": new_year, **STANDARD},
        {"code": "GRADE-A", "name": "A级经销商费率", "level": best, "from_on": new_year, **BEST},
        {"code": "GROUP", "name": "集团协议费率", "dealer": group, "from_on": new_year, **GROUP},
    ]
    usual = {"code": "STANDARD", "name": "标准费率"}
    RateCard.objects.bulk_create([RateCard(**(usual | card)) for card in cards])
    signed = [dealer for dealer in dealers if dealer.parent_id is None]
    DealerContract.objects.bulk_create(
        [_contract(place, dealer, today) for place, dealer in enumerate(signed, 1)]
    )


def _contract(place: int, dealer: Dealer, today: date) -> DealerContract:
    until = dealer.agreement_ends_on
    begins = (until or today) - TERM
    return DealerContract(
        dealer=dealer,
        number=f"HT-{begins.year}-{place:03d}",
        from_on=begins,
        until_on=until,
        pay_mode=PayMode.PARTS_CREDIT if place % 9 == 0 else PayMode.OFFSET,
        is_deemed_confirmed=place % 4 == 0,
        needs_invoice=place % 5 != 0,
    )
