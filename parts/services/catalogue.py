"""Writes of the part master: parts, what they fit, what they cost, which pieces exist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core import audit
from core.actor import Actor
from core.money import yuan
from core.states import locked
from core.tenancy import verb
from core.words import money
from dealers.models import Dealer
from machines.models import ProductModel
from parts.errors import NumberTaken, PriceBelowZero, PriceStands, ReplacesInCircle
from parts.models import Part, PartFit, PartPrice, PartSerial, PriceKind
from parts.services.saving import created, edited, folded

PART_FIELDS = frozenset(
    {
        "name",
        "name_en",
        "kind",
        "layer",
        "component",
        "unit",
        "is_common",
        "is_watched",
        "is_serialised",
        "supplier",
        "return_duty",
        "gate",
        "replaces",
        "shelf",
        "keep_for_supplier",
        "is_active",
    }
)
MOST_REPLACED = 100


@verb
def create_part(*, actor: Actor, number: str, name: str, **facts: Any) -> Part:
    """Add a part to the catalogue (R-084); its number is folded and stays."""
    if unknown := set(facts) - PART_FIELDS:
        raise TypeError(f"No such fields: {', '.join(sorted(unknown))}")
    part = Part(number=folded(number, "number"), name=name, **facts)
    made: Part = created(actor, "part", part, NumberTaken)
    return made


@verb
def edit_part(*, actor: Actor, part: Part, **changes: Any) -> Part:
    """Change a part; the audit says what was and what is, its number stays."""
    older = changes.get("replaces")
    for _step in range(MOST_REPLACED):
        if older is None:
            break
        if older.pk == part.pk:
            raise ReplacesInCircle
        older = older.replaces
    done: Part = edited(actor, part, changes, PART_FIELDS)
    return done


@verb
def fit_part(
    *, actor: Actor, part: Part, model: ProductModel, per_machine: Decimal = Decimal(1)
) -> PartFit:
    """Say that a model has this part, and how many of it; said again, the number changes."""
    fit, is_new = PartFit.objects.update_or_create(
        part=locked(part), model=model, defaults={"per_machine": per_machine}
    )
    audit.record(actor, "part.fitted", part, model=model.code, per_machine=str(per_machine))
    return fit


@verb
def unfit_part(*, actor: Actor, part: Part, model: ProductModel) -> None:
    """Take a model from a part; the last one taken, the part fits every model again."""
    gone, _each = PartFit.objects.filter(part=part, model=model).delete()
    if gone:
        audit.record(actor, "part.unfitted", part, model=model.code)


@verb
def set_price(
    *,
    actor: Actor,
    part: Part,
    cents: int,
    from_on: date,
    kind: str = PriceKind.DEALER,
    reason: str = "",
) -> PartPrice:
    """Give a part a price from a day on; one that stands for that day needs a reason to change."""
    if cents < 0:
        raise PriceBelowZero
    # The lock keeps two people from setting the same day.
    part = locked(part)
    before = PartPrice.objects.filter(part=part, kind=kind, from_on=from_on).first()
    if before is not None and before.cents == cents:
        return before
    if before is not None and not reason:
        raise PriceStands(amount=money(before.amount))
    told: dict[str, Any] = {"kind": str(kind), "from_on": from_on, "new": str(yuan(cents))}
    if before is not None:
        told |= {"old": str(before.amount), "reason": reason}
    price = before or PartPrice(part=part, kind=kind, from_on=from_on)
    price.cents = cents
    price.save()
    audit.record(actor, "part.priced", part, **told)
    return price


@verb
def record_serials(
    *,
    actor: Actor,
    part: Part,
    numbers: Iterable[str],
    batch: str = "",
    dealer: Dealer | None = None,
    sold_on: date | None = None,
) -> int:
    """Keep pieces of a serialised part: batch and whom they were sold to; how many are new.

    A piece that is on file gets what is said now; what is left empty stays as it was.
    """
    wanted = list(dict.fromkeys(folded(number, "numbers") for number in numbers))
    part = locked(part)
    known: QuerySet[PartSerial] = PartSerial.objects.filter(part=part, serial_number__in=wanted)
    facts: dict[str, Any] = {"batch": batch, "dealer": dealer, "sold_on": sold_on}
    facts = {name: value for name, value in facts.items() if value}
    have = set(known.values_list("serial_number", flat=True))
    if facts:
        known.update(**facts)
    PartSerial.objects.bulk_create(
        PartSerial(part=part, serial_number=number, **facts)
        for number in wanted
        if number not in have
    )
    audit.record(
        actor,
        "part.serials_recorded",
        part,
        numbers=wanted[:20],
        count=len(wanted),
        batch=batch,
        dealer=dealer.number if dealer else "",
    )
    return len(wanted) - len(have)
