"""Tags for each piece of a claim, what its money waits for, and what it costs not to send them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from dealers.models import DealerLevel
from tests.cast import Cast, World
from tests.warranty.oldparts.builders import (
    REFUSED,
    a_claim,
    a_part,
    a_photo,
    a_piece,
    a_store,
    appraised,
    decide,
    put,
    received,
    tagged,
)
from warranty.models import Adjustment, ClaimLine, ClaimVersion, OldPartReturn
from warranty.services import oldparts
from warranty.services.oldparts.calendar import install_windows
from warranty.services.oldparts.sweeping import sweep


@pytest.fixture
def cast(world: World) -> Iterator[Cast]:
    with world.owner.scope():
        yield world.owner


def gone_by(cast: Cast, days: int = 1) -> int:
    """The sweep so many days from now."""
    return sweep(actor=cast.system(), today=timezone.localdate() + timedelta(days=days))


def overdue(cast: Cast, piece: OldPartReturn) -> OldPartReturn:
    OldPartReturn.objects.filter(pk=piece.pk).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    sweep(actor=cast.system())
    piece.refresh_from_db()
    return piece


def test_three_bearings_make_three_pieces_and_asking_again_makes_no_more(cast: Cast) -> None:
    bearing, oil = a_part(cast), a_part(cast, unit="litre")
    claim = a_claim(cast, [(bearing, "3"), (oil, "2.5")])
    pieces = oldparts.make_pieces(actor=cast.system(), claim=claim)
    assert [(each.part, each.piece) for each in pieces] == [
        (bearing, 1),
        (bearing, 2),
        (bearing, 3),
        (oil, 1),
    ]
    assert len({each.number for each in pieces}) == 4
    again = oldparts.make_pieces(actor=cast.system(), claim=claim)
    assert [each.pk for each in again] == [each.pk for each in pieces]
    assert {each.state for each in again} == {"expected"}


def test_a_correction_calls_off_the_pieces_it_no_longer_claims(cast: Cast) -> None:
    kept, gone = a_part(cast), a_part(cast)
    claim = a_claim(cast, [(kept, "1"), (gone, "2")])
    oldparts.make_pieces(actor=cast.actor("dealer_clerk"), claim=claim)
    second = ClaimVersion.objects.create(
        claim=claim, number=2, body={}, digest="1" * 64, filed_at=timezone.now()
    )
    ClaimLine.objects.create(
        version=second,
        position=1,
        kind="part",
        part=kept,
        report_part=claim.report.parts.get(part=kept),
        quantity=1,
        unit_cents=1,
        claimed_cents=1,
        computed_cents=1,
    )
    claim.version_count = 2
    claim.save(update_fields=["version_count"])
    live = oldparts.make_pieces(actor=cast.actor("dealer_clerk"), claim=claim)
    assert [each.part for each in live] == [kept]
    assert claim.old_parts.filter(part=gone, state="cancelled").count() == 2


def test_duty_and_gate_come_from_the_part_unless_the_grade_says_otherwise(cast: Cast) -> None:
    facts = {"part_return_duty": "supervised", "part_gate": "before_payable"}
    assert (a_piece(cast, **facts).duty, a_piece(cast, **facts).gate) == (
        "supervised",
        "before_payable",
    )
    DealerLevel.objects.filter(pk=cast.level.pk).update(old_part_gate="deduct")
    cast.dealer.refresh_from_db()
    assert a_piece(cast, **facts).gate == "deduct"
    assert a_piece(cast, by_own_people=True, **facts).gate == "before_payable"


def test_a_piece_is_due_when_the_next_window_in_reach_closes(cast: Cast) -> None:
    today = timezone.localdate()
    assert a_piece(cast).due_on == today + timedelta(days=90)
    install_windows(actor=cast.system())
    due_on = a_piece(cast).due_on
    assert due_on > today
    assert (due_on.month, due_on.day) in {(6, 30), (12, 31)}


def test_a_void_claim_calls_off_what_has_not_arrived(cast: Cast) -> None:
    piece = a_piece(cast)
    other = received(cast, a_piece(cast))
    assert oldparts.cancel_pieces(actor=cast.actor("dealer_clerk"), claim=piece.claim) == 1
    assert oldparts.cancel_pieces(actor=cast.actor("dealer_clerk"), claim=other.claim) == 0
    piece.refresh_from_db()
    assert piece.state == "cancelled"


@pytest.mark.parametrize(
    ("gate", "state", "is_met"),
    [
        ("none", "expected", True),
        ("deduct", "expected", True),
        ("before_payable", "expected", False),
        ("before_payable", "shipped", False),
        ("before_payable", "received", False),
        ("before_payable", "not_received", False),
        ("before_payable", "overdue", False),
        ("before_payable", "appraised", True),
        ("before_payable", "done", True),
        ("before_payable", "waived", True),
        ("before_payable", "supervised_scrap", True),
        ("before_payable", "dealer_scrapped", True),
        ("before_payable", "lost_in_transit", True),
        ("before_payable", "misjudged", True),
        ("before_payable", "cancelled", True),
    ],
)
def test_money_waits_for_gated_pieces_alone(
    cast: Cast, gate: str, state: str, is_met: bool
) -> None:
    piece = put(a_piece(cast, part_gate=gate), state)
    assert oldparts.gate_met(piece.claim) == is_met


def test_one_missing_piece_holds_the_whole_claim_and_a_rejected_line_none(cast: Cast) -> None:
    claim = a_claim(cast, [(a_part(cast), "2")])
    first, second = oldparts.make_pieces(actor=cast.system(), claim=claim)
    appraised(cast, first)
    assert not oldparts.gate_met(claim)
    decide(cast, claim, approved=0, state="decided")
    second.refresh_from_db()
    assert second.state == "expected"
    assert oldparts.gate_met(claim)


def test_a_refused_piece_is_charged_once_its_line_is_decided_and_then_no_longer_waits(
    cast: Cast,
) -> None:
    claim = a_claim(cast, [(a_part(cast), "3")], cents=10_000)
    pieces = oldparts.make_pieces(actor=cast.system(), claim=claim)
    appraised(cast, pieces[0], **REFUSED)
    for piece in pieces[1:]:
        appraised(cast, piece)
    assert not Adjustment.objects.exists()
    assert not oldparts.gate_met(claim)
    decide(cast, claim)
    sweep(actor=cast.system())
    taken = Adjustment.objects.get()
    assert (taken.kind, taken.cents, taken.old_part_id) == ("deduction", -3_333, pieces[0].pk)
    assert taken.state == "notified"
    assert taken.object_until == timezone.localdate() + timedelta(days=7)
    assert "试验台上未发现故障" in taken.words
    assert oldparts.gate_met(claim)
    sweep(actor=cast.system())
    assert Adjustment.objects.count() == 1


def test_a_piece_refused_after_the_decision_is_charged_at_once(cast: Cast) -> None:
    piece = a_piece(cast)
    decide(cast, piece.claim)
    appraised(cast, piece, **REFUSED)
    assert Adjustment.objects.get().cents == -30_000


def test_nothing_is_charged_where_the_money_does_not_hang_on_the_piece(cast: Cast) -> None:
    for facts in ({"part_gate": "none"}, {"by_own_people": True}):
        piece = a_piece(cast, **facts)
        decide(cast, piece.claim)
        row = put(piece, "received", received_by=cast.people["keeper"])
        oldparts.appraise(actor=cast.actor("engineer"), piece=row, **REFUSED)
        assert oldparts.gate_met(piece.claim)
    sweep(actor=cast.system())
    assert not Adjustment.objects.exists()


def test_a_misjudged_piece_is_credited_to_the_cent(cast: Cast) -> None:
    piece = a_piece(cast)
    decide(cast, piece.claim)
    appraised(cast, piece, **REFUSED)
    oldparts.misjudge(actor=cast.actor("technical_manager"), piece=piece, words="复检发现内圈裂纹")
    piece.refresh_from_db()
    assert piece.state == "misjudged"
    assert piece.appraisals.order_by("-number").first().is_covered
    assert sum(Adjustment.objects.values_list("cents", flat=True)) == 0
    assert Adjustment.objects.get(kind="addition").cents == 30_000


def test_a_piece_not_sent_is_warned_of_then_overdue_and_its_dealer_files_no_more(
    cast: Cast,
) -> None:
    from notifications.models import Notification

    piece = a_piece(cast)
    assert not oldparts.overdue_dealer(cast.dealer.pk)
    gone_by(cast, 80)
    gone_by(cast, 81)
    warned = Notification.objects.filter(event="old_part.due_soon")
    assert {each.user for each in warned} == {
        cast.people["dealer_principal"],
        cast.people["dealer_clerk"],
    }
    assert warned.count() == 2
    overdue(cast, piece)
    assert piece.state == "overdue"
    assert oldparts.overdue_dealer(cast.dealer.pk)
    assert not oldparts.overdue_dealer(cast.neighbour.pk)
    told = Notification.objects.filter(event="old_part.overdue")
    assert cast.people["sales_rep"] in {each.user for each in told}
    # Tagged late it is on its way to a box, but new claims wait until it has left.
    tagged(cast, piece)
    sweep(actor=cast.system())
    piece.refresh_from_db()
    assert piece.state == "tagged"
    assert oldparts.overdue_dealer(cast.dealer.pk)


def test_a_missing_piece_that_was_paid_is_deducted_after_the_time_to_object(cast: Cast) -> None:
    piece = a_piece(cast, part_gate="deduct")
    decide(cast, piece.claim)
    overdue(cast, piece)
    taken = Adjustment.objects.get()
    assert (taken.kind, taken.cents, taken.state) == ("deduction", -30_000, "notified")
    assert piece.state == "overdue"
    Adjustment.objects.filter(pk=taken.pk).update(state="final")
    assert sweep(actor=cast.system()) == 1
    piece.refresh_from_db()
    assert piece.state == "deducted"
    assert sweep(actor=cast.system()) == 0


def test_a_line_that_waits_for_its_piece_is_never_deducted_for_lateness(cast: Cast) -> None:
    piece = a_piece(cast, part_gate="before_payable")
    decide(cast, piece.claim)
    overdue(cast, piece)
    assert not Adjustment.objects.exists()
    assert not oldparts.gate_met(piece.claim)


def test_a_piece_that_came_after_its_deduction_is_paid_back(cast: Cast) -> None:
    piece = a_piece(cast, part_gate="deduct")
    decide(cast, piece.claim)
    overdue(cast, piece)
    appraised(cast, piece)
    assert sum(Adjustment.objects.values_list("cents", flat=True)) == 0


def test_a_refused_piece_that_nobody_fetches_is_scrapped_after_thirty_days(cast: Cast) -> None:
    scrap = a_store(cast)
    piece = appraised(cast, a_piece(cast), **REFUSED)
    assert piece.keep_until == timezone.localdate() + timedelta(days=30)
    oldparts.dispose(actor=cast.actor("engineer"), piece=piece, to="back_to_dealer")
    assert gone_by(cast, 30) == 0
    assert gone_by(cast, 31) == 1
    piece.refresh_from_db()
    assert (piece.state, piece.store) == ("done", scrap)
    assert scrap.moves.get().quantity == 1


def test_the_dealer_scraps_with_a_photo_what_need_not_come_back(cast: Cast) -> None:
    piece = a_piece(cast, part_return_duty="dealer_scraps")
    with pytest.raises(oldparts.errors.TooFewPhotos):
        oldparts.scrap_at_dealer(actor=cast.actor("dealer_clerk"), piece=piece)
    oldparts.scrap_at_dealer(
        actor=cast.actor("dealer_clerk"), piece=piece, photos_taken=[a_photo()]
    )
    assert oldparts.gate_met(piece.claim)
    other = a_piece(cast)
    with pytest.raises(oldparts.errors.OtherDuty):
        oldparts.scrap_at_dealer(
            actor=cast.actor("dealer_clerk"), piece=other, photos_taken=[a_photo()]
        )


def test_supervised_scrapping_takes_two_photos_and_a_waiver_a_reason(cast: Cast) -> None:
    piece = a_piece(cast, part_return_duty="supervised")
    rep, manager = cast.actor("sales_rep"), cast.actor("technical_manager")
    with pytest.raises(oldparts.errors.TooFewPhotos):
        oldparts.scrap_supervised(actor=rep, piece=piece, photos_taken=[a_photo()], words="")
    oldparts.scrap_supervised(
        actor=rep, piece=piece, photos_taken=[a_photo(), a_photo()], words="现场压碎"
    )
    other = a_piece(cast)
    with pytest.raises(oldparts.errors.NoReason):
        oldparts.waive(actor=manager, piece=other, photos_taken=[a_photo()], words=" ")
    oldparts.waive(actor=manager, piece=other, photos_taken=[a_photo()], words="洪水冲走")
    assert oldparts.gate_met(piece.claim)
    assert oldparts.gate_met(other.claim)
