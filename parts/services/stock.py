"""Writes of stores and their stock: pieces move, nobody types how many there are (R-089)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from core import audit
from core.actor import Actor
from core.money import yuan
from core.states import locked
from core.tenancy import verb
from core.words import money
from core.words import quantity as in_words
from parts import errors
from parts.models import Part, StockMove, Store, StoreKind
from parts.rules import value_leaving
from parts.services.saving import created, edited, folded

STORE_FIELDS = frozenset({"name", "is_active"})
# A move that somebody made on the page, with no paper of its own behind it.
BY_HAND, TRANSFER = "hand", "transfer"


@verb
def create_store(
    *, actor: Actor, code: str, name: str, kind: str = StoreKind.MAIN, is_active: bool = True
) -> Store:
    """Open a store; its code and kind stay."""
    store = Store(code=folded(code), name=name, kind=kind, is_active=is_active)
    made: Store = created(actor, "store", store)
    return made


@verb
def edit_store(*, actor: Actor, store: Store, **changes: Any) -> Store:
    """Rename a store, or close it: what lies in it can still be taken out."""
    done: Store = edited(actor, store, changes, STORE_FIELDS)
    return done


@verb
def book_stock(
    *,
    actor: Actor,
    store: Store,
    part: Part,
    quantity: Decimal | int,
    value_cents: int | None = None,
    source_kind: str = BY_HAND,
    source_id: int | None = None,
    reason: str,
) -> StockMove:
    """Move pieces into a store (above zero) or out of it (below), with their value.

    Without a value, what leaves takes its share of what the store is worth and what comes in is
    worth nothing. The same source books once: asked again with the same figures, the first move
    is the answer.
    """
    moved = Decimal(quantity)
    if not moved:
        raise errors.NothingMoves
    if not reason.strip():
        raise errors.NoReason
    store = locked(store)
    if source_id is not None:
        again = StockMove.objects.filter(
            source_kind=source_kind, source_id=source_id, store=store, part=part
        ).first()
        if again is not None:
            if again.quantity != moved or value_cents not in (None, again.value_cents):
                raise errors.MovedOtherwise
            return again
    if moved > 0 and not store.is_active:
        raise errors.StoreClosed
    value = _value(store, part, moved, value_cents)
    move = StockMove.objects.create(
        store=store,
        part=part,
        quantity=moved,
        value_cents=value,
        source_kind=source_kind,
        source_id=source_id,
        reason=reason.strip(),
        by_id=actor.user_id,
        by_label=actor.label,
    )
    audit.record(
        actor, "stock.moved", part, store=store.code, quantity=str(moved), value=str(yuan(value))
    )
    return move


@verb
def transfer_stock(
    *,
    actor: Actor,
    store: Store,
    to_store: Store,
    part: Part,
    quantity: Decimal | int,
    reason: str,
) -> tuple[StockMove, StockMove]:
    """Carry pieces from one store to another; their value goes with them."""
    if store.pk == to_store.pk:
        raise errors.SameStore
    if quantity <= 0:
        raise errors.NothingMoves
    # Both are locked in one order, so that two transfers never wait for each other.
    for each in sorted((store, to_store), key=lambda row: row.pk):
        locked(each)
    out = book_stock(
        actor=actor,
        store=store,
        part=part,
        quantity=-quantity,
        source_kind=TRANSFER,
        reason=reason,
    )
    come = book_stock(
        actor=actor,
        store=to_store,
        part=part,
        quantity=quantity,
        value_cents=-out.value_cents,
        source_kind=TRANSFER,
        # The move that it answers: the pieces arrive once.
        source_id=out.pk,
        reason=reason,
    )
    return out, come


def _value(store: Store, part: Part, moved: Decimal, wanted: int | None) -> int:
    """The value that goes with a move; a sentence when the store does not hold it."""
    held = StockMove.objects.filter(store=store, part=part).aggregate(
        pieces=Sum("quantity"), cents=Sum("value_cents")
    )
    pieces, cents = held["pieces"] or Decimal(0), held["cents"] or 0
    if wanted is not None and wanted * moved < 0:
        raise errors.ValueAgainstPieces
    if moved > 0:
        return wanted or 0
    if pieces + moved < 0:
        raise errors.NotEnough(held=in_words(pieces))
    if pieces + moved == 0:
        # The last piece leaves no value behind.
        return -cents
    if wanted is None:
        return -value_leaving(pieces, cents, -moved)
    if cents + wanted < 0:
        raise errors.NotWorthThat(held=money(yuan(cents)))
    return wanted
