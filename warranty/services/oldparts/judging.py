"""Appraisal (旧件鉴定) per piece, where it goes, its way into a store, and misjudged (R-151)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.events import publish
from core.options import option
from core.states import locked
from core.tenancy import verb
from parts.models import Store, StoreKind, Supplier
from parts.services import book_stock
from warranty.models import Appraisal, Disposition, OldPartReturn
from warranty.services.moving import take
from warranty.services.oldparts import charging, errors, photos, telling
from warranty.services.oldparts.making import quantity_of
from warranty.states.oldparts import (
    OLD_PART_ACTIONS,
    CauseClass,
    Finding,
    Liable,
    OldPartState,
)

SOURCE = "old_part"
# Which action leads a judged piece to its place, and into which kind of store it goes.
WAYS = {
    OldPartState.REUSABLE: "reuse",
    OldPartState.SCRAP: "scrap",
    OldPartState.TO_SUPPLIER: "give_to_supplier",
    OldPartState.BACK_TO_DEALER: "give_back",
}
STORE_KINDS = {
    OldPartState.REUSABLE: StoreKind.REUSABLE,
    OldPartState.SCRAP: StoreKind.SCRAP,
}


def in_force(piece: OldPartReturn) -> Appraisal | None:
    """The newest appraisal of a piece."""
    return Appraisal.objects.filter(old_part=piece).order_by("-number").first()


@verb
def appraise(
    *,
    actor: Actor,
    piece: OldPartReturn,
    finding: str,
    is_covered: bool,
    cause_class: str,
    liable: str,
    supplier: Supplier | None = None,
    words: str = "",
    photos_taken: Sequence[UploadedFile] = (),
) -> Appraisal:
    """Judge one piece, and no other. Never by the person who received it.

    Only an accepted piece can be covered; a refused one carries a sentence for the dealer, is
    kept for its owner, and is charged where the money hangs on it.
    """
    if is_covered and finding != Finding.ACCEPTED:
        raise errors.FindingContradicts(finding=Finding(finding).label)
    if not is_covered and not words.strip():
        raise errors.NoWords
    row = take(actor, piece, OLD_PART_ACTIONS, "appraise")
    if liable == Liable.SUPPLIER and supplier is None:
        supplier = row.part.supplier
        if supplier is None:
            raise errors.NoSupplier
    row.appraised_by_id = actor.user_id
    if not is_covered:
        row.keep_until = timezone.localdate() + timedelta(days=option("old_part.keep_days"))
    row.save(update_fields=["state", "appraised_by", "keep_until", "changed_at"])
    photos.attach_all(actor, row, photos_taken, at_least=0)
    done = _write(actor, row, finding, is_covered, cause_class, liable, supplier, words)
    if is_covered:
        # It came late and was charged already: the money goes back.
        charging.give_back(actor, row, done.words)
    else:
        charging.charge(row)
        _tell_refusal(row, done)
    publish("old_part.appraised", actor=actor, piece=row, appraisal=done)
    return done


def _write(
    actor: Actor,
    piece: OldPartReturn,
    finding: str,
    is_covered: bool,
    cause_class: str,
    liable: str,
    supplier: Supplier | None,
    words: str,
) -> Appraisal:
    last = in_force(piece)
    done = Appraisal.objects.create(
        old_part=piece,
        number=last.number + 1 if last else 1,
        finding=finding,
        is_covered=is_covered,
        cause_class=cause_class,
        liable=liable,
        supplier=supplier if liable == Liable.SUPPLIER else None,
        words=words.strip(),
        at=timezone.now(),
        by_id=actor.user_id,
        by_label=actor.label,
    )
    audit.record(
        actor,
        "old_part.appraised",
        piece,
        finding=finding,
        covered=is_covered,
        cause=cause_class,
        liable=liable,
        words=done.words,
    )
    return done


def _tell_refusal(piece: OldPartReturn, appraisal: Appraisal) -> None:
    telling.tell(
        telling.owners(piece.dealer_id),
        "old_part.refused",
        {
            "number": piece.number,
            "part": str(piece.part),
            "words": appraisal.words,
            "kept_on": piece.keep_until,
        },
        f"old_part.refused:{piece.pk}:{appraisal.number}",
        telling.piece_page(piece),
    )


@verb
def dispose(
    *, actor: Actor, piece: OldPartReturn, to: str, store: Store | None = None
) -> Disposition:
    """Decide where an appraised piece goes; the keeper moves it afterwards."""
    way = WAYS.get(OldPartState(to))
    if way is None:
        raise WrongState
    wanted = STORE_KINDS.get(OldPartState(to))
    if store is not None and store.kind != wanted:
        raise errors.WrongStore(kind=StoreKind(wanted).label if wanted else "—")
    row = take(actor, piece, OLD_PART_ACTIONS, way)
    row.store = store
    row.save(update_fields=["state", "store", "changed_at"])
    decided = Disposition.objects.create(
        old_part=row,
        to=to,
        store=store,
        decided_at=timezone.now(),
        decided_by_id=actor.user_id,
        decided_label=actor.label,
    )
    audit.record(actor, "old_part.disposed", row, to=to, store=store.code if store else "")
    return decided


@verb
def finish(
    *,
    actor: Actor,
    piece: OldPartReturn,
    store: Store | None = None,
    value_cents: int = 0,
    words: str = "",
) -> OldPartReturn:
    """Move a piece to its last place, by somebody else than its appraiser.

    A reusable piece enters a store at the value set here, scrap its own store; what goes to the
    supplier or back to the dealer leaves the house.
    """
    row = take(actor, piece, OLD_PART_ACTIONS, "finish")
    decided = locked(Disposition.objects.get(old_part=row))
    wanted = STORE_KINDS.get(OldPartState(decided.to))
    place = store or row.store if wanted else None
    if wanted and (place is None or place.kind != wanted):
        raise errors.WrongStore(kind=StoreKind(wanted).label)
    value = value_cents if decided.to == OldPartState.REUSABLE else 0
    _end(actor, row, decided, place, value, words.strip())
    return row


def _end(
    actor: Actor,
    row: OldPartReturn,
    decided: Disposition,
    place: Store | None,
    value: int,
    words: str,
) -> None:
    row.store = place
    row.reason = words or row.reason
    row.save(update_fields=["state", "store", "reason", "changed_at"])
    decided.store, decided.value_cents = place, value
    decided.moved_at = timezone.now()
    decided.moved_by_id, decided.moved_label = actor.user_id, actor.label
    decided.save(update_fields=["store", "value_cents", "moved_at", "moved_by", "moved_label"])
    if place is not None:
        book_stock(
            actor=actor,
            store=place,
            part=row.part,
            quantity=quantity_of(row),
            value_cents=value,
            source_kind=SOURCE,
            source_id=row.pk,
            reason=row.number,
        )
    audit.record(
        actor, "old_part.moved", row, to=decided.to, store=place.code if place else "", words=words
    )
    publish("old_part.moved", actor=actor, piece=row)


def scrap_unfetched(system: Actor, piece: OldPartReturn) -> OldPartReturn:
    """Nobody fetched a refused piece in its time: it goes to the scrap store, if there is one."""
    row = take(system, piece, OLD_PART_ACTIONS, "finish")
    decided = locked(Disposition.objects.get(old_part=row))
    stores = Store.objects.filter(kind=StoreKind.SCRAP, is_active=True).order_by("code")
    _end(system, row, decided, stores.first(), 0, "unfetched")
    return row


@verb
def misjudge(*, actor: Actor, piece: OldPartReturn, words: str) -> OldPartReturn:
    """The appraisal was wrong: reversed by the technical manager, and the dealer is credited."""
    if not words.strip():
        raise errors.NoReason
    row = take(actor, piece, OLD_PART_ACTIONS, "misjudge")
    row.reason = words.strip()
    row.save(update_fields=["state", "reason", "changed_at"])
    last = in_force(row)
    _write(
        actor,
        row,
        Finding.ACCEPTED,
        True,
        last.cause_class if last else CauseClass.UNKNOWN,
        Liable.PRODUCER,
        None,
        words,
    )
    audit.record(actor, "old_part.misjudged", row, words=row.reason)
    charging.give_back(actor, row, row.reason)
    publish("old_part.excused", actor=actor, piece=row)
    return row
