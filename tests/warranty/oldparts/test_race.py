"""Two hands at once: exactly one receives, boxes, appraises or moves a piece."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from core.errors import DomainError
from tests.cast import Cast, World
from tests.warranty.oldparts.builders import (
    a_claim,
    a_part,
    a_piece,
    a_store,
    received,
    shipped,
    tagged,
)
from warranty.models import Appraisal, OldPartReturn
from warranty.services import oldparts

HANDS = 4


def at_once(cast: Cast, step: Callable[[int], Any]) -> list[str]:
    """What each hand gets: "done", or the code of the refusal."""
    barrier = Barrier(HANDS)

    def hand(place: int) -> str:
        try:
            with cast.scope():
                barrier.wait()
                step(place)
            return "done"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(hand, range(HANDS)))


def test_one_of_many_receives_a_piece(committed_world: World) -> None:
    cast = committed_world.owner
    keeper = cast.actor("keeper")
    with cast.scope():
        piece = a_piece(cast)
        box = shipped(cast, [piece]).boxes.get()
    said = at_once(
        cast, lambda _place: oldparts.receive_tag(actor=keeper, box=box, tag=piece.number)
    )
    assert said.count("done") == 1
    assert set(said) <= {"done", "old_part.received_already", "state.not_allowed"}


def test_a_piece_lies_in_one_box_only(committed_world: World) -> None:
    cast = committed_world.owner
    actor = cast.actor("dealer_clerk")
    with cast.scope():
        piece = tagged(cast, a_piece(cast))
        boxes = [
            oldparts.start_shipment(actor=actor, dealer=cast.dealer).boxes.get()
            for _each in range(HANDS)
        ]
    said = at_once(
        cast, lambda place: oldparts.box_piece(actor=actor, piece=piece, box=boxes[place])
    )
    assert said.count("done") == 1
    with cast.scope():
        assert OldPartReturn.objects.get(pk=piece.pk).box_id == boxes[said.index("done")].pk


def test_a_piece_is_appraised_once_and_moved_once(committed_world: World) -> None:
    cast = committed_world.owner
    engineer, keeper = cast.actor("engineer"), cast.actor("keeper")
    with cast.scope():
        scrap = a_store(cast)
        piece = received(cast, a_piece(cast))
    judgement: dict[str, Any] = {
        "finding": "accepted",
        "is_covered": True,
        "cause_class": "make",
        "liable": "producer",
    }
    said = at_once(cast, lambda _place: oldparts.appraise(actor=engineer, piece=piece, **judgement))
    assert said.count("done") == 1
    with cast.scope():
        assert Appraisal.objects.filter(old_part=piece).count() == 1
        piece.refresh_from_db()
        oldparts.dispose(actor=engineer, piece=piece, to="scrap", store=scrap)
        piece.refresh_from_db()
    said = at_once(cast, lambda _place: oldparts.finish(actor=keeper, piece=piece))
    assert said.count("done") == 1
    with cast.scope():
        assert scrap.moves.count() == 1


def test_making_pieces_twice_at_once_makes_them_once(committed_world: World) -> None:
    cast = committed_world.owner
    with cast.scope():
        claim = a_claim(cast, [(a_part(cast), "2")])
    said = at_once(cast, lambda _place: oldparts.make_pieces(actor=cast.system(), claim=claim))
    assert said == ["done"] * HANDS
    with cast.scope():
        assert claim.old_parts.count() == 2
