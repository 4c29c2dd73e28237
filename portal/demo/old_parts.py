"""Old parts of the demo's claims on their way: in every state, by the people who would do it."""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle
from typing import Any

from django.utils import timezone

from accounts.actors import Company as Post
from accounts.actors import actor_for
from accounts.models import Membership
from accounts.roles import Role
from core.actor import Actor
from core.tenancy import current_tenant_id
from dealers.models import Dealer
from parts.models import ReturnDuty, Store, StoreKind
from portal.demo.reports import WRITERS, a_picture
from warranty.models import OldPartReturn, Truck
from warranty.services import oldparts

# How far a piece goes, in turn; the first ones free the money that waits for them.
GOALS = (
    "scrap",
    "reusable",
    "scrap",
    "to_supplier",
    "appraised",
    "received",
    "refused",
    "expected",
    "scrap",
    "tagged",
    "boxed",
    "shipped",
    "missing",
    "misjudged",
    "waived",
    "lost",
    "reusable",
    "given_back",
)
COVERED: dict[str, Any] = {
    "finding": "accepted",
    "is_covered": True,
    "cause_class": "material",
    "liable": "producer",
    "words": "材质疏松，断口有夹渣",
}
REFUSED: dict[str, Any] = {
    "finding": "not_quality",
    "is_covered": False,
    "cause_class": "misuse",
    "liable": "user",
    "words": "长期缺油运转造成烧蚀，不属质量问题",
}


def build() -> int:
    """Take the pieces of all claims along; gives how many there are."""
    oldparts.install_windows(actor=Actor.system(current_tenant_id()))
    actors = _people()
    pieces = list(OldPartReturn.objects.filter(state="expected").select_related("part", "dealer"))
    wanted: dict[int, str] = {}
    parcels: dict[int | None, list[OldPartReturn]] = defaultdict(list)
    goals = cycle(GOALS)
    for piece in sorted(pieces, key=lambda each: each.number):
        if piece.duty != ReturnDuty.RETURN_TO_FACTORY:
            _scrap(actors, piece)
            continue
        goal = wanted[piece.pk] = next(goals)
        if goal == "waived":
            oldparts.waive(
                actor=actors[Role.TECHNICAL_MANAGER],
                piece=piece,
                photos_taken=[a_picture("old_part", piece.number)],
                words="仓库进水锈蚀，无法寄回",
            )
        elif goal != "expected":
            sender, photo = _sender(actors, piece.dealer), a_picture("old_part", piece.number)
            oldparts.attach_photo(actor=sender, piece=piece, upload=photo)
            oldparts.tag_pieces(actor=sender, pieces=[piece])
            if goal != "tagged":
                parcels[piece.dealer_id].append(piece)
    _travel(actors, parcels, wanted)
    return len(pieces)


def _people() -> dict[Any, Actor]:
    """Actors of the house by role, of each dealer by its id."""
    found: dict[Any, Actor] = {}
    for post in Membership.objects.select_related("user").order_by("pk"):
        key: Any = post.role
        if post.dealer_id is not None:
            if post.role not in WRITERS or post.role == Role.DEALER_TECHNICIAN:
                continue
            key = post.dealer_id
        if key not in found:
            place = Post(post.pk, current_tenant_id(), "", "", post.role, post.dealer_id)
            found[key] = actor_for(post.user, place)
    return found


def _sender(actors: dict[Any, Actor], dealer: Dealer | None) -> Actor:
    """Who sends for a dealer; our field engineers for our own people and dealers without any."""
    own: Actor = actors[Role.FIELD_ENGINEER]
    return actors.get(dealer.pk, own) if dealer else own


def _scrap(actors: dict[Any, Actor], piece: OldPartReturn) -> None:
    pictures = [a_picture("old_part", f"{piece.number} {place}") for place in (1, 2)]
    if piece.duty == ReturnDuty.SUPERVISED:
        oldparts.scrap_supervised(
            actor=actors[Role.SALES_REP], piece=piece, photos_taken=pictures, words="现场砸毁"
        )
    elif piece.pk % 3:
        oldparts.scrap_at_dealer(
            actor=_sender(actors, piece.dealer), piece=piece, photos_taken=pictures[:1]
        )


def _travel(
    actors: dict[Any, Actor],
    parcels: dict[int | None, list[OldPartReturn]],
    wanted: dict[int, str],
) -> None:
    """Boxes of each dealer, with a truck that passes them all today."""
    keeper, today = actors[Role.KEEPER], timezone.localdate()
    stops = [
        (pieces[0].dealer, today) for pieces in parcels.values() if pieces[0].dealer is not None
    ]
    truck = oldparts.create_truck(
        actor=keeper,
        plate="鲁N7F832",
        driver_name="孙国强",
        driver_phone="+8613905340832",
        leaves_on=today,
        stops=stops,
    )
    for pieces in parcels.values():
        packed = [piece for piece in pieces if wanted[piece.pk] == "boxed"]
        sent = [piece for piece in pieces if wanted[piece.pk] != "boxed"]
        if packed:
            _pack(actors, packed)
        if sent:
            _send(actors, sent, truck, wanted)


def _pack(actors: dict[Any, Actor], pieces: list[OldPartReturn]) -> Any:
    sender = _sender(actors, pieces[0].dealer)
    shipment = oldparts.start_shipment(actor=sender, dealer=pieces[0].dealer)
    box = shipment.boxes.get()
    for piece in pieces:
        oldparts.box_piece(actor=sender, piece=piece, box=box)
    return oldparts.close_box(actor=sender, box=box).shipment


def _send(
    actors: dict[Any, Actor],
    pieces: list[OldPartReturn],
    truck: Truck,
    wanted: dict[int, str],
) -> None:
    on_way = [piece for piece in pieces if wanted[piece.pk] == "shipped"]
    arrived = [piece for piece in pieces if wanted[piece.pk] != "shipped"]
    sender, keeper = _sender(actors, pieces[0].dealer), actors[Role.KEEPER]
    if on_way:
        oldparts.ship(actor=sender, shipment=_pack(actors, on_way), truck=truck)
    if not arrived:
        return
    shipment = oldparts.ship(actor=sender, shipment=_pack(actors, arrived), truck=truck)
    box = shipment.boxes.get()
    for piece in arrived:
        piece.refresh_from_db()
        goal = wanted[piece.pk]
        if goal == "lost":
            oldparts.lose_piece(actor=keeper, piece=piece, words="承运途中散箱丢失")
        elif goal != "missing":
            oldparts.receive_tag(actor=keeper, box=box, tag=piece.number)
    oldparts.finish_box(actor=keeper, box=box)
    oldparts.receive_shipment(actor=keeper, shipment=shipment)
    for piece in arrived:
        _judge(actors, piece, wanted[piece.pk])


def _judge(actors: dict[Any, Actor], piece: OldPartReturn, goal: str) -> None:
    if goal in ("lost", "missing", "received"):
        return
    engineer, keeper = actors[Role.ENGINEER], actors[Role.KEEPER]
    refused = goal in ("refused", "misjudged", "given_back")
    judgement = REFUSED if refused else COVERED
    if goal == "to_supplier" and piece.part.supplier_id is not None:
        judgement = COVERED | {"liable": "supplier", "supplier": piece.part.supplier}
    oldparts.appraise(actor=engineer, piece=piece, **judgement)
    if goal == "misjudged":
        oldparts.misjudge(
            actor=actors[Role.TECHNICAL_MANAGER],
            piece=piece,
            words="复检：滚道原有裂纹，属质量问题",
        )
    if goal in ("given_back", "scrap", "reusable", "to_supplier"):
        to = "back_to_dealer" if goal == "given_back" else goal
        kind = {"scrap": StoreKind.SCRAP, "reusable": StoreKind.REUSABLE}.get(goal)
        store = Store.objects.filter(kind=kind).first() if kind else None
        oldparts.dispose(actor=engineer, piece=piece, to=to, store=store)
        # Every other one still waits for the keeper.
        if piece.pk % 2 and goal != "given_back":
            oldparts.finish(actor=keeper, piece=piece, store=store, value_cents=3_000)
