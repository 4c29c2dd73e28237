"""Reads of parts, narrowed to who asks where somebody does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from core import search
from core.actor import Actor
from core.lists import PAGE_SIZE, ListPage
from core.models import AuditEvent
from core.money import yuan
from core.options import option
from machines.models import ProductModel
from parts import access, wording
from parts.models import (
    LabourOperation,
    OperationFit,
    OperationIncludes,
    Part,
    PartFit,
    PartPrice,
    PartSerial,
    PriceKind,
    StockMove,
    Store,
    Supplier,
)
from parts.rules import fold, minutes_on

FOUND = 500
CONFIRM_AFTER = "supplier.confirm_after_days"


def part_by_number(text: str) -> Part | None:
    """The part of a number in any spelling."""
    number = fold(text)
    return Part.objects.filter(number=number).first() if number else None


def parts_by_number(texts: Iterable[str]) -> dict[str, Part]:
    """Many parts at once, by their folded numbers."""
    wanted = {fold(text) for text in texts} - {""}
    return {part.number: part for part in Part.objects.filter(number__in=wanted)}


def price_of(parts: Iterable[Part | int], on: date, kind: str = PriceKind.DEALER) -> dict[int, int]:
    """The cents that count on a day by part; parts without a price yet are left out."""
    ids = [part.pk if isinstance(part, Part) else part for part in parts]
    rows = (
        PartPrice.objects.filter(part_id__in=ids, kind=kind, from_on__lte=on)
        .order_by("part_id", "-from_on")
        .distinct("part_id")
    )
    return dict(rows.values_list("part_id", "cents"))


def fits(part: Part, model: ProductModel) -> PartFit | None:
    """How a part belongs to a model, None where it does not (K06).

    A part without any such row fits all: the answer is then an unsaved row whose number per
    machine is None, not known; `rules.is_too_many` takes both.
    """
    rows = list(PartFit.objects.filter(part=part).select_related("model"))
    if not rows:
        unknown: Any = None
        return PartFit(part=part, model=model, per_machine=unknown)
    return next((row for row in rows if row.model_id == model.pk), None)


def fits_of(parts: Iterable[Part | int], model: ProductModel) -> dict[int, Decimal | None]:
    """How many of each part a model has, in one query: 0 where it does not fit, None unknown."""
    ids = [part.pk if isinstance(part, Part) else part for part in parts]
    rows = PartFit.objects.filter(part_id__in=ids).values_list("part_id", "model_id", "per_machine")
    counts: dict[int, Decimal | None] = dict.fromkeys(ids)
    for part_id, model_id, per_machine in rows:
        if model_id == model.pk:
            counts[part_id] = per_machine
        elif counts[part_id] is None:
            counts[part_id] = Decimal(0)
    return counts


def standard_minutes(operation: LabourOperation, model: ProductModel | None) -> int | None:
    """The standard time on a model; None where the operation does not fit it (K06)."""
    rows = OperationFit.objects.filter(operation=operation).values_list("model_id", "minutes")
    return minutes_on(operation.standard_minutes, rows, model.pk if model else None)


def included_ids(operations: Iterable[LabourOperation]) -> set[int]:
    """Those among some operations that others of them hold: they are not paid twice."""
    ids = {operation.pk for operation in operations}
    rows = OperationIncludes.objects.filter(operation_id__in=ids, included_id__in=ids)
    return set(rows.values_list("included_id", flat=True))


def serial_of(part: Part, serial_number: str) -> PartSerial | None:
    """The piece of a serial number in any spelling, with the dealer it was sold to (K18)."""
    number = fold(serial_number)
    rows = PartSerial.objects.filter(part=part, serial_number=number).select_related("dealer")
    return rows.first() if number else None


@dataclass(frozen=True, slots=True)
class Held:
    """What a store has of a part: pieces and their value."""

    part: Part
    quantity: Decimal
    value_cents: int
    store: Store | None = None

    @property
    def value(self) -> Decimal:
        return yuan(self.value_cents)


def stock_rows(store: Store) -> QuerySet[Part]:
    """The parts that lie in a store, with `held` and `held_cents`; a sum of moves each."""
    # The filter comes first: the sums then take the moves of this store alone.
    moved = Part.objects.filter(moves__store=store)
    summed = moved.annotate(held=Sum("moves__quantity"), held_cents=Sum("moves__value_cents"))
    return summed.filter(held__gt=0)


def stock_of(store: Store) -> dict[int, Decimal]:
    """How many of each part a store has, by part id; what it has none of is left out."""
    rows = StockMove.objects.filter(store=store).values("part_id").annotate(held=Sum("quantity"))
    return {row["part_id"]: row["held"] for row in rows if row["held"]}


def stock_in(part: Part) -> list[Held]:
    """Where a part lies, store by store."""
    rows = (
        StockMove.objects.filter(part=part)
        .values("store_id")
        .annotate(held=Sum("quantity"), cents=Sum("value_cents"))
    )
    stores = Store.objects.in_bulk([row["store_id"] for row in rows])
    found = [Held(part, r["held"], r["cents"], stores[r["store_id"]]) for r in rows if r["held"]]
    return sorted(found, key=lambda each: each.store.code if each.store else "")


def worth_of(store: Store) -> Decimal:
    """What lies in a store, in yuan."""
    return yuan(StockMove.objects.filter(store=store).aggregate(s=Sum("value_cents"))["s"] or 0)


def worths(stores: Iterable[Store]) -> list[tuple[Store, Decimal]]:
    """Stores with what lies in each, in one query."""
    wanted = list(stores)
    rows = StockMove.objects.filter(store__in=wanted).values("store_id")
    cents = dict(rows.annotate(s=Sum("value_cents")).values_list("store_id", "s"))
    return [(store, yuan(cents.get(store.pk, 0))) for store in wanted]


def part_list(actor: Actor, on: date | None = None) -> QuerySet[Part]:
    """The catalogue with today's dealer price as `cents`; the supplier for the house only."""
    day = on or timezone.localdate()
    price = PartPrice.objects.filter(
        part=OuterRef("pk"), kind=PriceKind.DEALER, from_on__lte=day
    ).order_by("-from_on")
    parts = access.visible_parts(actor).annotate(
        cents=Subquery(price.values("cents")[:1], output_field=BigIntegerField())
    )
    related = ["replaces"] if actor.is_dealer else ["replaces", "supplier"]
    return parts.select_related(*related)


def matching_parts(rows: QuerySet[Part], question: str) -> QuerySet[Part]:
    """Narrow a list of parts to words: a part of the number in any spelling, or of a name."""
    return rows.filter(pk__in=search.find(question, kinds=["part"], at_most=FOUND).get("part", []))


def prices_of(actor: Actor, part: Part) -> list[PartPrice]:
    """The prices that the actor may see, newest first; `is_now` marks those that count today."""
    rows = list(access.visible_prices(actor).filter(part=part).order_by("kind", "-from_on"))
    today = timezone.localdate()
    counting: set[str] = set()
    for row in rows:
        is_now = row.from_on <= today and row.kind not in counting
        if is_now:
            counting.add(row.kind)
        vars(row).update(is_now=is_now, is_coming=row.from_on > today)
    return rows


def replaced_by(part: Part) -> list[Part]:
    """The newer parts that stand in for this one."""
    return list(Part.objects.filter(replaces=part).order_by("number"))


def fits_with_models(part: Part) -> list[PartFit]:
    return list(part.fits.select_related("model__line").order_by("model__code"))


def serial_list(actor: Actor, part: Part) -> QuerySet[PartSerial]:
    return access.visible_serials(actor).filter(part=part).select_related("dealer")


def serial_page(rows: QuerySet[PartSerial], after: str) -> ListPage[PartSerial]:
    """One page of pieces by their serial numbers, which are unique within a part."""
    found = list(rows.filter(serial_number__gt=after).order_by("serial_number")[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return ListPage(found[:PAGE_SIZE], found[PAGE_SIZE - 1].serial_number if more else "")


def operation_list(actor: Actor) -> QuerySet[LabourOperation]:
    """Operations with their times by model."""
    times = OperationFit.objects.select_related("model").order_by("model__code")
    return LabourOperation.objects.prefetch_related(Prefetch("fits", times))


def included_in(operation: LabourOperation) -> list[LabourOperation]:
    """What an operation holds, by code."""
    return list(LabourOperation.objects.filter(included_in__operation=operation).order_by("code"))


def supplier_list(actor: Actor) -> QuerySet[Supplier]:
    """Suppliers with the number of their parts."""
    return access.visible_suppliers(actor).annotate(part_count=Count("parts"))


def unconfirmed_before() -> date:
    """Entries confirmed before this day are due again (R-085)."""
    return timezone.localdate() - timedelta(days=option(CONFIRM_AFTER))


def move_list(actor: Actor, store: Store) -> QuerySet[StockMove]:
    return access.visible_moves(actor).filter(store=store).select_related("part")


def events_of(actor: Actor, thing: Any, at_most: int = 30) -> Sequence[AuditEvent]:
    """What was done to a record, newest first; the manufacturer's own people read it."""
    if actor.is_dealer:
        return []
    rows = AuditEvent.objects.filter(noun=thing._meta.model_name, object_id=thing.pk)
    events = list(rows.order_by("-pk")[:at_most])
    for event in events:
        vars(event).update(title=wording.title_of(event), details=wording.details_of(event))
    return events
