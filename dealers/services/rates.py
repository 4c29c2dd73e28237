"""Rate cards, by version, and what each grade of dealers may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.money import yuan
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer, DealerLevel, RateCard
from dealers.services import versions
from dealers.services.dealers import only

LEVEL_FIELDS = frozenset(
    {"name", "pass_limit_cents", "is_trusted", "may_do_restricted", "old_part_gate"}
)
# What a new company pays until it says otherwise: ¥60 an hour, ¥1.50 a kilometre.
STANDARD: dict[str, Any] = {
    "labour_cents_per_hour": 6_000,
    "travel_cents_per_km": 150,
    "night_cents": 12_000,
    "diagnosis_cents": 3_000,
    "parts_markup_percent": Decimal(10),
    "km_tolerance_percent": Decimal(10),
    "freight_limit_cents": 20_000,
}


class CodeTaken(DomainError):
    code = "rate_card.code_taken"
    message = _("This code stands for the card of somebody else. Choose another one.")
    field = "code"


class OneOwner(DomainError):
    code = "rate_card.one_owner"
    message = _("A card is for one grade or for one dealer, not for both.")
    field = "dealer"


@verb
def new_rate_card(
    *,
    actor: Actor,
    code: str,
    name: str,
    from_on: date,
    labour_cents_per_hour: int,
    travel_cents_per_km: int,
    level: DealerLevel | None = None,
    dealer: Dealer | None = None,
    night_cents: int = 0,
    diagnosis_cents: int = 0,
    parts_markup_percent: Decimal = Decimal(0),
    km_tolerance_percent: Decimal = Decimal(0),
    freight_limit_cents: int = 0,
    until_on: date | None = None,
) -> RateCard:
    """Pay by new figures from a day on; what ran for the same grade or dealer ends the day before.

    Without a grade and a dealer it is the company's standard, for all that have none of their own.
    """
    if level is not None and dealer is not None:
        raise OneOwner
    same = RateCard.objects.filter(level=level, dealer=dealer)
    if RateCard.objects.filter(code=code).exclude(pk__in=same.values("pk")).exists():
        raise CodeTaken
    card = RateCard(
        code=code,
        name=name,
        level=level,
        dealer=dealer,
        from_on=from_on,
        until_on=until_on,
        labour_cents_per_hour=labour_cents_per_hour,
        travel_cents_per_km=travel_cents_per_km,
        night_cents=night_cents,
        diagnosis_cents=diagnosis_cents,
        parts_markup_percent=parts_markup_percent,
        km_tolerance_percent=km_tolerance_percent,
        freight_limit_cents=freight_limit_cents,
    )
    ended = versions.begin(card, same)
    audit.record(
        actor,
        "rate_card.created",
        card,
        from_on=str(from_on),
        labour_per_hour=str(yuan(labour_cents_per_hour)),
        travel_per_km=str(yuan(travel_cents_per_km)),
        ended=", ".join(f"{other.code} {other.from_on}" for other in ended),
    )
    return card


@verb
def end_rate_card(
    *, actor: Actor, card: RateCard, until_on: date | None, reason: str = ""
) -> RateCard:
    """Set or move the last day of a card; before its first day withdraws one to come."""
    card = locked(card)
    versions.end(card, until_on)
    audit.record(actor, "rate_card.ended", card, until_on=str(card.until_on or ""), reason=reason)
    return card


@verb
def edit_level(*, actor: Actor, level: DealerLevel, **changes: Any) -> DealerLevel:
    """Change what a grade may and how its claims are looked at; holds from now on (R-043)."""
    only(changes, LEVEL_FIELDS)
    level = locked(level)
    told: dict[str, list[str]] = {}
    for name, new in changes.items():
        old = getattr(level, name)
        if old != new:
            told[name.removesuffix("_cents")] = [_told(name, old), _told(name, new)]
            setattr(level, name, new)
    if told:
        level.save(update_fields=list(changes))
        audit.record(actor, "dealer_level.edited", level, **told)
    return level


def _told(name: str, value: Any) -> str:
    return str(yuan(value)) if name.endswith("_cents") else str(value)


@verb
def install_rates(*, actor: Actor) -> RateCard | None:
    """Give a company without any rates the usual ones, from the first of this year."""
    if RateCard.objects.exists():
        return None
    return new_rate_card(
        actor=actor,
        code="STANDARD",
        name=_now("Standard rates"),
        from_on=timezone.localdate().replace(month=1, day=1),
        **STANDARD,
    )
