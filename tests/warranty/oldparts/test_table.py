"""Every state, action and role of a piece and a shipment, against the paper (7.2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import Role
from core.errors import WrongState
from tests.cast import World
from tests.warranty.oldparts.builders import a_piece, put
from warranty.actions import Actions
from warranty.models import ReturnShipment
from warranty.services.moving import SameHands, may_take, take
from warranty.states.oldparts import (
    OLD_PART_ACTIONS,
    SHIPMENT_ACTIONS,
    OldPartState,
    ShipmentState,
)

# Written out from warranty-claims 7.2 and its side exits, not from the code.
Row = tuple[set[str], str, set[str]]
DC = {"dealer_clerk", "dealer_principal", "field_engineer"}
SENDERS = DC | {"sales_rep"}
WK, TE, TM = {"keeper"}, {"engineer", "technical_manager"}, {"technical_manager"}
SR, SY = {"sales_rep"}, {"system"}
WITH_DEALER = {"expected", "tagged", "boxed", "overdue"}
DISPOSED = {"reusable", "scrap", "to_supplier", "back_to_dealer"}
PIECES: dict[str, Row] = {
    "tag": ({"expected", "overdue"}, "tagged", DC),
    "box": ({"tagged"}, "boxed", DC),
    "unbox": ({"boxed"}, "tagged", DC),
    "ship": ({"boxed"}, "shipped", SENDERS),
    "receive": ({"shipped", "not_received"}, "received", WK),
    "miss": ({"shipped"}, "not_received", WK),
    "lose": ({"shipped", "not_received"}, "lost_in_transit", WK),
    "expect_again": ({"not_received"}, "expected", WK),
    "appraise": ({"received"}, "appraised", TE),
    "reuse": ({"appraised"}, "reusable", TE),
    "scrap": ({"appraised"}, "scrap", TE),
    "give_to_supplier": ({"appraised"}, "to_supplier", TE),
    "give_back": ({"appraised"}, "back_to_dealer", TE),
    # The system ends the keeping of a refused piece that nobody fetched.
    "finish": (DISPOSED, "done", WK | SY),
    "waive": (WITH_DEALER, "waived", TM),
    "scrap_supervised": (WITH_DEALER, "supervised_scrap", SR),
    "scrap_at_dealer": ({"expected", "tagged"}, "dealer_scrapped", DC),
    "overdue": ({"expected", "tagged", "boxed"}, "overdue", SY),
    "deduct": ({"overdue", "not_received", "appraised", "done"} | DISPOSED, "deducted", SY),
    "misjudge": ({"appraised", "done", "deducted"} | DISPOSED, "misjudged", TM),
    "cancel": (WITH_DEALER | {"shipped", "not_received"}, "cancelled", SY),
}
SHIPMENTS: dict[str, Row] = {
    "ship": ({"packing"}, "shipped", SENDERS),
    "cancel": ({"packing"}, "cancelled", DC),
    "receive": ({"shipped"}, "received", WK),
}


def a_thing(world: World, noun: str, state: str) -> Any:
    cast = world.owner
    if noun == "piece":
        return put(a_piece(cast), state)
    from tests.warranty.oldparts.builders import open_window

    return ReturnShipment.objects.create(
        number=f"RS-{state}", dealer=cast.dealer, state=state, window=open_window(cast)
    )


@pytest.mark.parametrize(
    ("noun", "actions", "table", "states"),
    [
        ("piece", OLD_PART_ACTIONS, PIECES, OldPartState),
        ("shipment", SHIPMENT_ACTIONS, SHIPMENTS, ShipmentState),
    ],
)
def test_each_role_takes_from_each_state_what_the_paper_says(
    world: World, noun: str, actions: Actions, table: dict[str, Row], states: Any
) -> None:
    cast = world.owner
    actors = {role: cast.actor(role) for role in Role.values} | {"system": cast.system()}
    tried = 0
    with cast.scope():
        assert set(actions) == set(table)
        for state in states.values:
            thing = a_thing(world, noun, state)
            for role, actor in actors.items():
                offered = may_take(actor, thing, actions)
                for name, (before, after, roles) in table.items():
                    tried += 1
                    if role not in roles:
                        with pytest.raises(PermissionDenied):
                            take(actor, thing, actions, name)
                    elif state not in before:
                        with pytest.raises(WrongState):
                            take(actor, thing, actions, name)
                    else:
                        assert take(actor, thing, actions, name).state == after
                    allowed = role in roles and state in before
                    assert (name in offered) == allowed, (state, name, role)
    assert tried == len(states.values) * len(actors) * len(table)


@pytest.mark.parametrize(
    ("name", "state", "hand", "field"),
    [
        ("appraise", "received", "technical_manager", "received_by"),
        ("finish", "scrap", "keeper", "appraised_by"),
        ("misjudge", "done", "technical_manager", "appraised_by"),
    ],
)
def test_two_steps_of_one_piece_take_two_people(
    world: World, name: str, state: str, hand: str, field: str
) -> None:
    cast = world.owner
    actor = cast.actor(hand)
    with cast.scope():
        piece = put(a_piece(cast), state, **{field: cast.people[hand]})
        assert name not in may_take(actor, piece, OLD_PART_ACTIONS)
        with pytest.raises(SameHands):
            take(actor, piece, OLD_PART_ACTIONS, name)
