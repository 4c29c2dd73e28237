"""From the tag to the road: tag, box, close the list, ship in a window or by a truck (R-148)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.events import publish
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from core.words import day
from dealers.models import Dealer
from parts.models import ReturnDuty
from warranty.models import (
    Box,
    OldPartReturn,
    ReturnShipment,
    ReturnWindow,
    Truck,
    TruckStop,
)
from warranty.rules.oldparts import may_go_by
from warranty.services.moving import take
from warranty.services.oldparts import errors, photos
from warranty.states.oldparts import OLD_PART_ACTIONS, SHIPMENT_ACTIONS, ShipmentState


@verb
def tag_pieces(*, actor: Actor, pieces: Iterable[OldPartReturn]) -> list[OldPartReturn]:
    """Mark pieces as tagged, all or none; each needs a photo. Those tagged before stay so."""
    chosen = sorted(pieces, key=lambda piece: piece.pk)
    fresh = [piece for piece in chosen if piece.state in OLD_PART_ACTIONS["tag"].before]
    if bare := photos.without_photo(fresh):
        raise errors.NoPhoto(numbers=", ".join(piece.number for piece in bare))
    for piece in fresh:
        row = take(actor, piece, OLD_PART_ACTIONS, "tag")
        row.tagged_at = timezone.now()
        row.save(update_fields=["state", "tagged_at", "changed_at"])
        audit.record(actor, "old_part.tagged", row)
        # What the caller holds is as the row is now.
        piece.state, piece.tagged_at = row.state, row.tagged_at
    return chosen


@verb
def start_shipment(*, actor: Actor, dealer: Dealer | None, note: str = "") -> ReturnShipment:
    """Begin a consignment with its first box; no dealer: pieces of the company's own people."""
    shipment = ReturnShipment.objects.create(
        number=next_number("RS", timezone.localdate()),
        dealer=dealer,
        created_by_id=actor.user_id,
        created_label=actor.label,
        note=note.strip(),
    )
    Box.objects.create(shipment=shipment, number=1)
    audit.record(actor, "shipment.started", shipment)
    return shipment


def _packing(shipment: ReturnShipment) -> ReturnShipment:
    row: ReturnShipment = locked(shipment)
    if row.state != ShipmentState.PACKING:
        raise WrongState
    return row


@verb
def add_box(*, actor: Actor, shipment: ReturnShipment) -> Box:
    shipment = _packing(shipment)
    last = shipment.boxes.aggregate(last=Max("number"))["last"] or 0
    box = Box.objects.create(shipment=shipment, number=last + 1)
    audit.record(actor, "shipment.box_added", shipment, box=box.number)
    return box


@verb
def remove_box(*, actor: Actor, box: Box) -> None:
    """Take an empty box off a shipment that is still being packed."""
    shipment = _packing(box.shipment)
    if box.pieces.exists():
        raise WrongState
    audit.record(actor, "shipment.box_removed", shipment, box=box.number)
    box.delete()


@verb
def close_box(*, actor: Actor, box: Box) -> Box:
    """The list of the box is right; nothing is put in or taken out any more."""
    shipment = _packing(box.shipment)
    box = locked(box)
    if box.closed_at is not None:
        return box
    if not box.pieces.exists():
        raise errors.BoxEmpty(box=box.number)
    box.closed_at = timezone.now()
    box.save(update_fields=["closed_at"])
    audit.record(actor, "shipment.box_closed", shipment, box=box.number)
    return box


@verb
def open_box(*, actor: Actor, box: Box) -> Box:
    """Open a closed box again, as long as the shipment is being packed."""
    shipment = _packing(box.shipment)
    box = locked(box)
    if box.closed_at is not None:
        box.closed_at = None
        box.save(update_fields=["closed_at"])
        audit.record(actor, "shipment.box_opened", shipment, box=box.number)
    return box


def _open(box: Box) -> Box:
    """The box locked behind its shipment, and still open."""
    _packing(box.shipment)
    row: Box = locked(box)
    if row.closed_at is not None:
        raise errors.BoxClosed(box=row.number)
    return row


@verb
def box_piece(*, actor: Actor, piece: OldPartReturn, box: Box) -> OldPartReturn:
    """Put a tagged piece of the same dealer into an open box."""
    box = _open(box)
    if piece.dealer_id != box.shipment.dealer_id:
        raise errors.TagOfAnother(number=piece.number)
    if piece.duty != ReturnDuty.RETURN_TO_FACTORY:
        raise errors.OtherDuty(number=piece.number, duty=piece.get_duty_display())
    row = take(actor, piece, OLD_PART_ACTIONS, "box")
    row.box = box
    row.save(update_fields=["state", "box", "changed_at"])
    audit.record(actor, "old_part.boxed", row, shipment=box.shipment.number, box=box.number)
    return row


@verb
def unbox_piece(*, actor: Actor, piece: OldPartReturn) -> OldPartReturn:
    """Take a piece out of an open box again."""
    if piece.box is not None:
        _open(piece.box)
    row = take(actor, piece, OLD_PART_ACTIONS, "unbox")
    row.box = None
    row.save(update_fields=["state", "box", "changed_at"])
    audit.record(actor, "old_part.unboxed", row)
    return row


@verb
def cancel_shipment(*, actor: Actor, shipment: ReturnShipment) -> ReturnShipment:
    """Give a shipment up while it is packed: its pieces are only tagged again."""
    row = take(actor, shipment, SHIPMENT_ACTIONS, "cancel")
    for piece in OldPartReturn.objects.filter(box__shipment=row).order_by("pk"):
        out = take(actor, piece, OLD_PART_ACTIONS, "unbox")
        out.box = None
        out.save(update_fields=["state", "box", "changed_at"])
        audit.record(actor, "old_part.unboxed", out)
    row.save(update_fields=["state"])
    audit.record(actor, "shipment.cancelled", row)
    return row


@verb
def ship(
    *,
    actor: Actor,
    shipment: ReturnShipment,
    window: ReturnWindow | None = None,
    truck: Truck | None = None,
    carrier: str = "",
    waybill: str = "",
) -> ReturnShipment:
    """Send all boxes off, in a window that is open today or with a truck that passes (R-148)."""
    row = take(actor, shipment, SHIPMENT_ACTIONS, "ship")
    _may_travel(row, window, truck)
    boxes = list(row.boxes.order_by("number"))
    if not boxes:
        raise errors.NothingToShip
    pieces = list(OldPartReturn.objects.filter(box__shipment=row).order_by("pk"))
    filled = {piece.box_id for piece in pieces}
    for box in boxes:
        if box.pk not in filled:
            raise errors.BoxEmpty(box=box.number)
        if box.closed_at is None:
            raise errors.BoxOpen(box=box.number)
    for piece in pieces:
        gone = take(actor, piece, OLD_PART_ACTIONS, "ship")
        gone.save(update_fields=["state", "changed_at"])
        audit.record(actor, "old_part.shipped", gone, shipment=row.number)
    row.window, row.truck = window, truck
    row.carrier, row.waybill = carrier.strip(), waybill.strip()
    row.shipped_at = timezone.now()
    row.shipped_by_id, row.shipped_label = actor.user_id, actor.label
    row.save(
        update_fields=[
            "state",
            "window",
            "truck",
            "carrier",
            "waybill",
            "shipped_at",
            "shipped_by",
            "shipped_label",
        ]
    )
    audit.record(
        actor,
        "shipment.shipped",
        row,
        pieces=len(pieces),
        truck=truck.number if truck else "",
        window=window.name if window else "",
    )
    publish("shipment.shipped", actor=actor, shipment=row)
    return row


def _may_travel(shipment: ReturnShipment, window: ReturnWindow | None, truck: Truck | None) -> None:
    today = timezone.localdate()
    if window is None and truck is None:
        raise errors.NotNow
    if window is not None and not window.opens_on <= today <= window.closes_on:
        raise errors.WindowClosed(
            name=window.name, opens=day(window.opens_on), closes=day(window.closes_on)
        )
    if truck is None:
        return
    if truck.is_cancelled or not may_go_by(today, _passes_on(truck, shipment)):
        raise errors.NotThisTruck(truck=truck.number)


def _passes_on(truck: Truck, shipment: ReturnShipment) -> date:
    """The day on which it passes; the company's own people load it where it starts."""
    if shipment.dealer_id is None:
        return truck.leaves_on
    stop = TruckStop.objects.filter(truck=truck, dealer_id=shipment.dealer_id).first()
    if stop is None:
        raise errors.NotThisTruck(truck=truck.number)
    return stop.passes_on


@verb
def scrap_at_dealer(
    *, actor: Actor, piece: OldPartReturn, photos_taken: Sequence[UploadedFile] = ()
) -> OldPartReturn:
    """The dealer scraps a piece that need not come back, with a photo."""
    if piece.duty != ReturnDuty.DEALER_SCRAPS:
        raise errors.OtherDuty(number=piece.number, duty=piece.get_duty_display())
    row = take(actor, piece, OLD_PART_ACTIONS, "scrap_at_dealer")
    photos.attach_all(actor, row, photos_taken, at_least=1)
    row.save(update_fields=["state", "changed_at"])
    audit.record(actor, "old_part.scrapped_by_dealer", row)
    publish("old_part.excused", actor=actor, piece=row)
    return row


@verb
def scrap_supervised(
    *, actor: Actor, piece: OldPartReturn, photos_taken: Sequence[UploadedFile] = (), words: str
) -> OldPartReturn:
    """A sales representative sees a piece scrapped, with two photos: whole and destroyed."""
    if piece.duty == ReturnDuty.RETURN_TO_FACTORY:
        raise errors.OtherDuty(number=piece.number, duty=piece.get_duty_display())
    row = take(actor, piece, OLD_PART_ACTIONS, "scrap_supervised")
    photos.attach_all(actor, row, photos_taken, at_least=2)
    row.box, row.reason = None, words.strip()
    row.save(update_fields=["state", "box", "reason", "changed_at"])
    audit.record(actor, "old_part.scrapped_supervised", row, words=row.reason)
    publish("old_part.excused", actor=actor, piece=row)
    return row


@verb
def waive(
    *, actor: Actor, piece: OldPartReturn, photos_taken: Sequence[UploadedFile] = (), words: str
) -> OldPartReturn:
    """The technical manager lets a piece off, with a photo and a reason (R-149)."""
    if not words.strip():
        raise errors.NoReason
    row = take(actor, piece, OLD_PART_ACTIONS, "waive")
    photos.attach_all(actor, row, photos_taken, at_least=1)
    row.box, row.reason = None, words.strip()
    row.save(update_fields=["state", "box", "reason", "changed_at"])
    audit.record(actor, "old_part.waived", row, words=row.reason)
    publish("old_part.excused", actor=actor, piece=row)
    return row
