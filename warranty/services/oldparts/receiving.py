"""The keeper's desk: piece by piece against the list of the box (R-150)."""

from __future__ import annotations

from django.utils import timezone

from accounts.queries import people_in_role
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.events import publish
from core.states import locked
from core.tenancy import verb
from warranty.models import Box, OldPartReturn, ReturnShipment
from warranty.rules.oldparts import read_tag
from warranty.services.moving import take
from warranty.services.oldparts import errors, telling
from warranty.states.oldparts import (
    OLD_PART_ACTIONS,
    SHIPMENT_ACTIONS,
    Discrepancy,
    OldPartState,
    ShipmentState,
)

# What a keeper may say of a piece that came.
ARRIVED_WITH = (
    Discrepancy.NONE,
    Discrepancy.WRONG_PART,
    Discrepancy.DAMAGED,
    Discrepancy.NO_TAG,
)


@verb
def receive_piece(
    *, actor: Actor, piece: OldPartReturn, discrepancy: str = "", note: str = ""
) -> OldPartReturn:
    """The piece is here; with a code when it is not as listed."""
    if piece.state == OldPartState.RECEIVED:
        raise errors.ReceivedAlready(number=piece.number, who=piece.received_label)
    row = take(actor, piece, OLD_PART_ACTIONS, "receive")
    row.discrepancy, row.reason = discrepancy, note.strip()
    row.received_at = timezone.now()
    row.received_by_id, row.received_label = actor.user_id, actor.label
    row.save(
        update_fields=[
            "state",
            "discrepancy",
            "reason",
            "received_at",
            "received_by",
            "received_label",
            "changed_at",
        ]
    )
    audit.record(actor, "old_part.received", row, difference=discrepancy, words=row.reason)
    return row


@verb
def receive_tag(*, actor: Actor, box: Box, tag: str, discrepancy: str = "") -> OldPartReturn:
    """Receive what was typed or scanned, if the list of the box's shipment has it.

    A piece that lay in another box of the same shipment is received just as well.
    """
    piece = _tagged(tag)
    if piece.dealer_id != box.shipment.dealer_id:
        raise errors.TagOfAnother(number=piece.number)
    if piece.state == OldPartState.RECEIVED:
        raise errors.ReceivedAlready(number=piece.number, who=piece.received_label)
    if piece.box is None or piece.box.shipment_id != box.shipment_id:
        raise errors.NotOnList(number=piece.number)
    return receive_piece(actor=actor, piece=piece, discrepancy=discrepancy)


def _tagged(tag: str) -> OldPartReturn:
    number = read_tag(tag)
    piece = (
        OldPartReturn.objects.filter(number=number).select_related("box").first()
        if number
        else None
    )
    if piece is None:
        raise errors.UnknownTag(tag=tag.strip()[:60])
    return piece


@verb
def miss_piece(*, actor: Actor, piece: OldPartReturn) -> OldPartReturn:
    """The list says it, the box did not hold it."""
    row = take(actor, piece, OLD_PART_ACTIONS, "miss")
    row.discrepancy = Discrepancy.SHORT
    row.save(update_fields=["state", "discrepancy", "changed_at"])
    audit.record(actor, "old_part.missed", row)
    return row


@verb
def finish_box(*, actor: Actor, box: Box, discrepancy: str = "", note: str = "") -> Box:
    """The box is gone through: what did not come up is missing. Codes for packing and list."""
    shipment = locked(box.shipment)
    if shipment.state != ShipmentState.SHIPPED:
        raise WrongState
    box = locked(box)
    for piece in box.pieces.filter(state=OldPartState.SHIPPED).order_by("pk"):
        miss_piece(actor=actor, piece=piece)
    if discrepancy or note.strip():
        box.discrepancy = discrepancy or box.discrepancy
        box.note = note.strip() or box.note
        box.save(update_fields=["discrepancy", "note"])
    audit.record(
        actor,
        "shipment.box_finished",
        shipment,
        box=box.number,
        difference=box.discrepancy,
        words=box.note,
    )
    return box


@verb
def note_surplus(*, actor: Actor, box: Box, words: str) -> Box:
    """Something lay in the box that is not on the list: kept, and told to the dealer.

    A piece of this dealer stays where its own story is; it is only marked.
    """
    if not words.strip():
        raise errors.NoReason
    shipment = locked(box.shipment)
    if shipment.state not in (ShipmentState.SHIPPED, ShipmentState.RECEIVED):
        raise WrongState
    box = locked(box)
    box.discrepancy = Discrepancy.SURPLUS
    box.note = "; ".join(filter(None, [box.note, words.strip()]))[:200]
    box.save(update_fields=["discrepancy", "note"])
    audit.record(actor, "shipment.surplus", shipment, box=box.number, words=words.strip())
    marked = OldPartReturn.objects.filter(
        number=read_tag(words), dealer_id=shipment.dealer_id
    ).first()
    if marked is not None and marked.state != OldPartState.RECEIVED:
        marked = locked(marked)
        marked.discrepancy = Discrepancy.SURPLUS
        marked.save(update_fields=["discrepancy", "changed_at"])
        audit.record(actor, "old_part.surplus", marked, shipment=shipment.number)
    telling.tell(
        telling.owners(shipment.dealer_id),
        "old_part.surplus",
        {"number": shipment.number, "box": box.number, "words": words.strip()},
        f"shipment.surplus:{shipment.pk}:{box.pk}:{words.strip()[:60]}",
        telling.shipment_page(shipment),
    )
    return box


@verb
def receive_shipment(
    *, actor: Actor, shipment: ReturnShipment, discrepancy: str = "", note: str = ""
) -> ReturnShipment:
    """All boxes are gone through: the dealer hears what came, the engineers have work (R-150)."""
    row = take(actor, shipment, SHIPMENT_ACTIONS, "receive")
    pieces = OldPartReturn.objects.filter(box__shipment=row)
    waiting = pieces.filter(state=OldPartState.SHIPPED).count()
    if waiting:
        raise errors.StillOnTheWay(count=waiting)
    row.discrepancy = discrepancy
    row.note = note.strip() or row.note
    row.received_at = timezone.now()
    row.received_by_id, row.received_label = actor.user_id, actor.label
    row.save(
        update_fields=[
            "state",
            "discrepancy",
            "note",
            "received_at",
            "received_by",
            "received_label",
        ]
    )
    came = pieces.filter(received_at__isnull=False).count()
    missing = pieces.filter(state=OldPartState.NOT_RECEIVED).count()
    audit.record(actor, "shipment.received", row, came=came, missing=missing)
    params = {"number": row.number, "came": came, "missing": missing}
    telling.tell(
        telling.owners(row.dealer_id),
        "shipment.received",
        params,
        f"shipment.received:{row.pk}",
        telling.shipment_page(row),
    )
    if came:
        telling.tell(
            people_in_role(Role.ENGINEER),
            "old_part.to_appraise",
            params,
            f"old_part.to_appraise:{row.pk}",
        )
    publish("shipment.received", actor=actor, shipment=row)
    return row


@verb
def expect_again(*, actor: Actor, piece: OldPartReturn, note: str = "") -> OldPartReturn:
    """A missing piece turned out to be still with the dealer: it is asked for again."""
    row = take(actor, piece, OLD_PART_ACTIONS, "expect_again")
    row.box, row.discrepancy, row.reason = None, "", note.strip()
    row.save(update_fields=["state", "box", "discrepancy", "reason", "changed_at"])
    audit.record(actor, "old_part.expected_again", row, words=row.reason)
    return row


@verb
def lose_piece(*, actor: Actor, piece: OldPartReturn, words: str) -> OldPartReturn:
    """Lost by the carrier: the carrier is liable, the dealer's money waits no longer."""
    if not words.strip():
        raise errors.NoReason
    row = take(actor, piece, OLD_PART_ACTIONS, "lose")
    row.reason = words.strip()
    row.save(update_fields=["state", "reason", "changed_at"])
    audit.record(actor, "old_part.lost", row, words=row.reason)
    publish("old_part.excused", actor=actor, piece=row)
    return row
