"""What the rules pay for each line of a claim: whole cents, half up once per line (§6.1–6.3).

Values in, an `Amount` out: the cents and, by name, every figure they came from, so that the
dealer can add it up again. Sums are sums of the rounded lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import split

HUNDRED = Decimal(100)
WHOLE = Decimal(1)
MINUTES_PER_HOUR = Decimal(60)


class SharesNotWhole(DomainError):
    code = "claim.shares_not_whole"
    message = _("The shares of factory, dealer and user make up 100 %.")
    field = "goodwill"


@dataclass(frozen=True, slots=True)
class Amount:
    """Cents of a line, the price of one, and the figures by name (numbers as text)."""

    cents: int
    unit_cents: int = 0
    figures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who bears a Goodwill cost, in percent; the three make up the whole."""

    factory: Decimal = HUNDRED
    dealer: Decimal = Decimal(0)
    user: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        parts = (self.factory, self.dealer, self.user)
        if min(parts) < 0 or sum(parts) != HUNDRED:
            raise SharesNotWhole


def half_up(cents: Decimal) -> int:
    return int(cents.quantize(WHOLE, ROUND_HALF_UP))


def part(
    *,
    price_cents: int,
    quantity: Decimal,
    markup_percent: Decimal,
    percent: Decimal = HUNDRED,
    is_factory_supplied: bool = False,
) -> Amount:
    """Pay the contract price of the repair day with its mark-up; nothing for a factory's part."""
    unit = Decimal(price_cents) * (HUNDRED + markup_percent) / HUNDRED
    paid = Decimal(0) if is_factory_supplied else unit * quantity * percent / HUNDRED
    figures = {
        "price_cents": str(price_cents),
        "markup_percent": str(markup_percent),
        "quantity": str(quantity),
        "percent": str(percent),
    }
    if is_factory_supplied:
        figures["factory_supplied"] = "1"
    return Amount(half_up(paid), half_up(unit), figures)


def labour(
    *,
    minutes: int,
    standard_minutes: int | None,
    rate_cents: int,
    percent: Decimal = HUNDRED,
    is_included: bool = False,
) -> Amount:
    """Pay the time worked, never more than the standard time, nothing for what another holds.

    Without a standard time (the operation does not fit the model) no time is payable.
    """
    standard = standard_minutes or 0
    paid_minutes = 0 if is_included else min(minutes, standard)
    paid = Decimal(paid_minutes) * rate_cents / MINUTES_PER_HOUR * percent / HUNDRED
    figures = {
        "minutes": str(minutes),
        "standard_minutes": str(standard),
        "paid_minutes": str(paid_minutes),
        "rate_cents": str(rate_cents),
        "percent": str(percent),
    }
    if is_included:
        figures["included"] = "1"
    return Amount(half_up(paid), rate_cents, figures)


def payable_km(claimed_km: Decimal, map_km: Decimal | None, tolerance_percent: Decimal) -> Decimal:
    """The km driven, at most the map's with the tolerance; unmeasured by a map: as driven."""
    if map_km is None:
        return claimed_km
    return min(claimed_km, map_km * (HUNDRED + tolerance_percent) / HUNDRED)


def travel(
    *,
    claimed_km: Decimal,
    map_km: Decimal | None,
    tolerance_percent: Decimal,
    rate_cents: int,
    percent: Decimal = HUNDRED,
    jobs: int = 1,
    place: int = 0,
    paid_to_others_cents: int = 0,
) -> Amount:
    """Pay the payable km of a trip once, split over its jobs; `place` counts from 0.

    A job that turned up after others of the trip were paid gets at most what they left.
    """
    km = payable_km(claimed_km, map_km, tolerance_percent)
    whole = half_up(km * rate_cents * percent / HUNDRED)
    own = split(whole, [1] * jobs)[place]
    left = max(0, whole - paid_to_others_cents)
    figures = {
        "claimed_km": str(claimed_km),
        "map_km": "" if map_km is None else str(map_km),
        "tolerance_percent": str(tolerance_percent),
        "paid_km": str(km.quantize(Decimal("0.1"), ROUND_HALF_UP)),
        "rate_cents": str(rate_cents),
        "percent": str(percent),
    }
    if jobs > 1:
        figures["trip_jobs"] = str(jobs)
        figures["trip_cents"] = str(whole)
    return Amount(min(own, left), rate_cents, figures)


def invoice(*, invoice_cents: int, percent: Decimal = HUNDRED) -> Amount:
    """Freight, outside service and consumables: what the invoice says."""
    figures = {"invoice_cents": str(invoice_cents), "percent": str(percent)}
    return Amount(half_up(invoice_cents * percent / HUNDRED), invoice_cents, figures)


def fixed(*, fee_cents: int, count: int = 1, percent: Decimal = HUNDRED) -> Amount:
    """A fee of the rate card (a night, a diagnosis) so many times."""
    figures = {"fee_cents": str(fee_cents), "count": str(count), "percent": str(percent)}
    return Amount(half_up(Decimal(fee_cents) * count * percent / HUNDRED), fee_cents, figures)


def total(amounts: Iterable[Amount]) -> int:
    """The sum of the rounded lines."""
    return sum(amount.cents for amount in amounts)


def shared(cents: int, shares: Shares) -> tuple[int, int, int]:
    """What factory, dealer and user bear of an amount; the three add up to it."""
    weights = [int(each * HUNDRED) for each in (shares.factory, shares.dealer, shares.user)]
    factory, dealer, user = split(cents, weights)
    return factory, dealer, user


def approved_at_most(claimed_cents: int, computed_cents: int) -> int:
    """What may be approved without a person: never above the rules, never above the ask."""
    return min(claimed_cents, computed_cents)
