"""The way of a piece through many hands: packed, sent, received, judged, moved; and wrong turns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import WrongState
from notifications.models import Notification
from tests.cast import Cast, World
from tests.warranty.oldparts.builders import (
    REFUSED,
    a_claim,
    a_part,
    a_piece,
    a_store,
    appraised,
    boxed,
    open_window,
    photographed,
    received,
    shipped,
    tagged,
)
from warranty.models import OldPartReturn
from warranty.services import oldparts
from warranty.services.moving import SameHands
from warranty.services.oldparts import errors


@pytest.fixture
def cast(world: World) -> Iterator[Cast]:
    with world.owner.scope():
        yield world.owner


def test_approving_a_piece_moves_that_piece_and_no_other(cast: Cast) -> None:
    claim = a_claim(cast, [(a_part(cast), "3")])
    pieces = oldparts.make_pieces(actor=cast.system(), claim=claim)
    shipped(cast, pieces)
    for piece in pieces:
        oldparts.receive_piece(actor=cast.actor("keeper"), piece=piece)
    before = {row["id"]: row for row in OldPartReturn.objects.values()}
    oldparts.appraise(
        actor=cast.actor("engineer"),
        piece=pieces[1],
        finding="accepted",
        is_covered=True,
        cause_class="make",
        liable="producer",
    )
    after = {row["id"]: row for row in OldPartReturn.objects.values()}
    assert after[pieces[1].pk]["state"] == "appraised"
    for other in (pieces[0], pieces[2]):
        assert after[other.pk] == before[other.pk]


def test_a_piece_goes_from_the_dealer_into_the_reusable_store_at_a_set_value(cast: Cast) -> None:
    store = a_store(cast, "reusable")
    piece = appraised(cast, a_piece(cast))
    oldparts.dispose(actor=cast.actor("engineer"), piece=piece, to="reusable", store=store)
    oldparts.finish(actor=cast.actor("keeper"), piece=piece, value_cents=4_500)
    piece.refresh_from_db()
    move = store.moves.get()
    assert (piece.state, piece.store_id, int(move.quantity)) == ("done", store.pk, 1)
    assert move.value_cents == 4_500
    assert (move.source_kind, move.source_id) == ("old_part", piece.pk)
    with pytest.raises(WrongState):
        oldparts.finish(actor=cast.actor("keeper"), piece=piece, value_cents=4_500)
    assert store.moves.count() == 1


def test_scrap_has_no_value_and_goes_into_no_other_store(cast: Cast) -> None:
    scrap, reusable = a_store(cast), a_store(cast, "reusable")
    piece = appraised(cast, a_piece(cast))
    with pytest.raises(errors.WrongStore):
        oldparts.dispose(actor=cast.actor("engineer"), piece=piece, to="scrap", store=reusable)
    oldparts.dispose(actor=cast.actor("engineer"), piece=piece, to="scrap")
    with pytest.raises(errors.WrongStore):
        oldparts.finish(actor=cast.actor("keeper"), piece=piece, store=reusable)
    oldparts.finish(actor=cast.actor("keeper"), piece=piece, store=scrap, value_cents=100)
    assert scrap.moves.get().value_cents == 0


def test_the_receiver_never_appraises_also_through_a_second_role(cast: Cast) -> None:
    piece = received(cast, a_piece(cast))
    OldPartReturn.objects.filter(pk=piece.pk).update(received_by=cast.people["engineer"])
    piece.refresh_from_db()
    with pytest.raises(SameHands):
        oldparts.appraise(actor=cast.actor("engineer"), piece=piece, **REFUSED)
    with pytest.raises(PermissionDenied):
        oldparts.appraise(actor=cast.actor("keeper"), piece=piece, **REFUSED)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"is_covered": True}, errors.FindingContradicts),
        ({"words": "  "}, errors.NoWords),
        ({"liable": "supplier"}, errors.NoSupplier),
    ],
)
def test_an_appraisal_that_contradicts_itself_is_not_kept(
    cast: Cast, change: dict[str, Any], error: type[Exception]
) -> None:
    piece = received(cast, a_piece(cast))
    with pytest.raises(error):
        oldparts.appraise(actor=cast.actor("engineer"), piece=piece, **(REFUSED | change))
    piece.refresh_from_db()
    assert piece.state == "received"
    assert not piece.appraisals.exists()


def test_a_tag_needs_a_photo_and_only_pictures_are_photos(cast: Cast) -> None:
    bare, other = a_piece(cast), a_piece(cast)
    photographed(cast, other)
    actor = cast.actor("dealer_clerk")
    with pytest.raises(errors.NoPhoto) as refused:
        oldparts.tag_pieces(actor=actor, pieces=[other, bare])
    assert bare.number in str(refused.value)
    other.refresh_from_db()
    assert other.state == "expected"
    letter = SimpleUploadedFile("a.txt", "不是照片".encode(), "text/plain")
    with pytest.raises(oldparts.photos.NoPicture):
        oldparts.attach_photo(actor=actor, piece=bare, upload=letter)


def test_a_shipment_leaves_only_in_an_open_window_or_with_a_truck_that_passes(cast: Cast) -> None:
    actor, today = cast.actor("dealer_clerk"), timezone.localdate()
    shipment = boxed(cast, [a_piece(cast)])
    with pytest.raises(errors.NotNow):
        oldparts.ship(actor=actor, shipment=shipment)
    later = oldparts.create_window(
        actor=cast.system(),
        name="后期",
        opens_on=today + timedelta(days=30),
        closes_on=today + timedelta(days=40),
    )
    with pytest.raises(errors.WindowClosed):
        oldparts.ship(actor=actor, shipment=shipment, window=later)
    truck = oldparts.create_truck(
        actor=cast.actor("keeper"), plate="鲁N1", driver_name="孙师傅", leaves_on=today
    )
    with pytest.raises(errors.NotThisTruck):
        oldparts.ship(actor=actor, shipment=shipment, truck=truck)
    oldparts.add_stop(actor=cast.actor("keeper"), truck=truck, dealer=cast.dealer, passes_on=today)
    assert Notification.objects.filter(event="truck.passes").count() == 2
    oldparts.ship(actor=actor, shipment=shipment, truck=truck)
    shipment.refresh_from_db()
    assert (shipment.state, shipment.truck) == ("shipped", truck)
    with pytest.raises(errors.TruckUsed):
        oldparts.cancel_truck(actor=cast.actor("keeper"), truck=truck)


def test_a_dealer_that_owes_pieces_hears_of_a_truck(cast: Cast) -> None:
    a_piece(cast)
    oldparts.create_truck(
        actor=cast.actor("keeper"),
        plate="鲁N1",
        driver_name="孙师傅",
        leaves_on=timezone.localdate(),
        stops=[(cast.dealer, timezone.localdate()), (cast.neighbour, timezone.localdate())],
    )
    told = {each.user for each in Notification.objects.filter(event="truck.passes")}
    assert told == {cast.people["dealer_principal"], cast.people["dealer_clerk"]}


def test_a_closed_box_takes_nothing_and_an_open_or_empty_one_does_not_travel(cast: Cast) -> None:
    actor = cast.actor("dealer_clerk")
    shipment = boxed(cast, [a_piece(cast)])
    late = tagged(cast, a_piece(cast))
    box = shipment.boxes.get()
    with pytest.raises(errors.BoxClosed):
        oldparts.box_piece(actor=actor, piece=late, box=box)
    second = oldparts.add_box(actor=actor, shipment=shipment)
    with pytest.raises(errors.BoxEmpty):
        oldparts.ship(actor=actor, shipment=shipment, window=open_window(cast))
    oldparts.box_piece(actor=actor, piece=late, box=second)
    with pytest.raises(errors.BoxOpen):
        oldparts.ship(actor=actor, shipment=shipment, window=open_window(cast))
    late.refresh_from_db()
    assert late.state == "boxed"
    oldparts.close_box(actor=actor, box=second)
    oldparts.ship(actor=actor, shipment=shipment, window=open_window(cast))
    with pytest.raises(WrongState):
        oldparts.open_box(actor=actor, box=second)


def test_a_piece_of_another_dealer_or_another_duty_goes_into_no_box(cast: Cast) -> None:
    actor = cast.system()
    shipment = oldparts.start_shipment(actor=actor, dealer=cast.dealer)
    box = shipment.boxes.get()
    theirs = tagged(
        cast,
        a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine),
        "neighbour_principal",
    )
    with pytest.raises(errors.TagOfAnother):
        oldparts.box_piece(actor=cast.actor("dealer_clerk"), piece=theirs, box=box)
    to_scrap = tagged(cast, a_piece(cast, part_return_duty="dealer_scraps"))
    with pytest.raises(errors.OtherDuty):
        oldparts.box_piece(actor=cast.actor("dealer_clerk"), piece=to_scrap, box=box)


def test_the_keeper_receives_by_tag_and_what_does_not_come_up_is_missing(cast: Cast) -> None:
    claim = a_claim(cast, [(a_part(cast), "3")])
    pieces = oldparts.make_pieces(actor=cast.system(), claim=claim)
    shipment = shipped(cast, pieces)
    keeper, box = cast.actor("keeper"), shipment.boxes.get()
    typed = pieces[0].number.replace("-", "－").lower()
    oldparts.receive_tag(actor=keeper, box=box, tag=typed, discrepancy="damaged")
    code = f"https://sanbao.example/warranty/old-parts/{pieces[1].number}/"
    oldparts.receive_tag(actor=keeper, box=box, tag=code)
    with pytest.raises(errors.ReceivedAlready):
        oldparts.receive_tag(actor=keeper, box=box, tag=code)
    with pytest.raises(errors.StillOnTheWay):
        oldparts.receive_shipment(actor=keeper, shipment=shipment)
    oldparts.finish_box(actor=keeper, box=box, discrepancy="packing", note="纸箱破")
    oldparts.receive_shipment(actor=keeper, shipment=shipment, discrepancy="short")
    states = [OldPartReturn.objects.get(pk=piece.pk) for piece in pieces]
    assert [(each.state, each.discrepancy) for each in states] == [
        ("received", "damaged"),
        ("received", ""),
        ("not_received", "short"),
    ]
    told = Notification.objects.filter(event="shipment.received")
    assert {each.user for each in told} == {
        cast.people["dealer_principal"],
        cast.people["dealer_clerk"],
    }
    engineers = Notification.objects.filter(event="old_part.to_appraise")
    assert {each.user for each in engineers} == {cast.people["engineer"]}
    oldparts.expect_again(actor=keeper, piece=pieces[2])
    pieces[2].refresh_from_db()
    assert (pieces[2].state, pieces[2].box) == ("expected", None)


def test_unknown_foreign_and_unlisted_tags_say_what_they_are(cast: Cast) -> None:
    shipment = shipped(cast, [a_piece(cast)])
    keeper, box = cast.actor("keeper"), shipment.boxes.get()
    theirs = a_piece(cast, dealer=cast.neighbour, machine=cast.neighbour_machine)
    unlisted = a_piece(cast)
    for tag, error in [
        ("OP-20200101-0001", errors.UnknownTag),
        ("钢板", errors.UnknownTag),
        (theirs.number, errors.TagOfAnother),
        (unlisted.number, errors.NotOnList),
    ]:
        with pytest.raises(error) as refused:
            oldparts.receive_tag(actor=keeper, box=box, tag=tag)
        assert refused.value.field == "tag"
    oldparts.note_surplus(actor=keeper, box=box, words=unlisted.number)
    unlisted.refresh_from_db()
    assert (unlisted.state, unlisted.discrepancy) == ("expected", "surplus")
    assert Notification.objects.filter(event="old_part.surplus").count() == 2


def test_who_sent_a_shipment_never_receives_it(cast: Cast) -> None:
    shipment = shipped(cast, [a_piece(cast)])
    shipment.shipped_by = cast.people["keeper"]
    shipment.save(update_fields=["shipped_by"])
    with pytest.raises(SameHands):
        oldparts.receive_shipment(actor=cast.actor("keeper"), shipment=shipment)


def test_a_shipment_given_up_frees_its_pieces(cast: Cast) -> None:
    piece = a_piece(cast)
    shipment = boxed(cast, [piece])
    oldparts.cancel_shipment(actor=cast.actor("dealer_clerk"), shipment=shipment)
    piece.refresh_from_db()
    assert (piece.state, piece.box) == ("tagged", None)


def test_windows_never_overlap_and_one_that_moves_takes_its_pieces_along(cast: Cast) -> None:
    today, actor = timezone.localdate(), cast.actor("administrator")
    first = oldparts.create_window(
        actor=actor,
        name="六月",
        opens_on=today + timedelta(days=20),
        closes_on=today + timedelta(days=30),
    )
    with pytest.raises(errors.WindowsOverlap):
        oldparts.create_window(
            actor=actor,
            name="又一个",
            opens_on=today + timedelta(days=30),
            closes_on=today + timedelta(days=50),
        )
    piece = a_piece(cast)
    assert piece.due_on == first.closes_on
    later = first.closes_on + timedelta(days=5)
    oldparts.edit_window(
        actor=actor, window=first, name="六月", opens_on=first.opens_on, closes_on=later
    )
    piece.refresh_from_db()
    assert piece.due_on == later
    oldparts.edit_window(
        actor=actor,
        window=first,
        name="六月",
        opens_on=first.opens_on,
        closes_on=today + timedelta(days=25),
    )
    piece.refresh_from_db()
    assert piece.due_on == later


def test_the_companys_own_people_send_their_pieces_the_same_way(cast: Cast) -> None:
    piece = a_piece(cast, by_own_people=True)
    shipment = shipped(cast, [piece], "field_engineer")
    assert shipment.dealer is None
    oldparts.receive_piece(actor=cast.actor("keeper"), piece=piece)
