"""Every state, action and role of a claim, against warranty-claims 7.1 written out here anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core.errors import WrongState
from tests.cast import World
from tests.warranty.reviews.builders import a_claim
from warranty.models import Claim
from warranty.services.moving import SameHands, may_take, take
from warranty.states.claims import CLAIM_ACTIONS, ClaimState

SYSTEM = "system"
# Who is meant by the letters of the paper. The principal may do what its clerk may; the desk are
# clerk and supervisor; of the company's own technician's claims he is clerk and principal in one.
DC = {"dealer_clerk", "dealer_principal"}
DP = {"dealer_principal"}
FE = {"field_engineer"}
SD = {"clerk", "supervisor"}
TE = {"engineer", "technical_manager"}
TM = {"technical_manager"}
FI = {"finance", "finance_manager"}
SY = {SYSTEM}
GM = {"manager"}  # decides the highest level (6.10, review levels)

# from, to, action, who: the rows of the paper in its order.
PAPER: list[tuple[str, str, str, set[str]]] = [
    ("draft", "submitted", "submit", DC | FE),
    ("draft", "void", "discard", DC | FE),
    ("submitted", "returned", "return", SY | SD),
    ("submitted", "review", "route", SY),
    ("submitted", "decided", "pass", SY),
    ("submitted", "decided", "reject", SY),
    ("submitted", "void", "withdraw", DC | DP | FE),
    # A filing is routed in the same moment: "review not started" is asked of the decisions.
    ("review", "void", "withdraw", DC | DP | FE),
    ("returned", "submitted", "correct", DC | FE),
    ("returned", "void", "give_up", DP | FE | SY),
    ("review", "review", "raise_level", TE | GM | SY),
    ("review", "returned", "ask_correction", TE | GM),
    ("review", "decided", "decide", TE | TM | GM),
    ("review", "void", "cancel", TM),
    ("decided", "appealed", "appeal", DP),
    ("appealed", "decided", "decide_appeal", TM),
    ("decided", "finance", "ready", SY),
    ("decided", "closed", "close", SY),
    ("finance", "payable", "confirm", FI),
    ("finance", "review", "send_back", FI),
    ("payable", "closed", "book", SY),
    ("payable", "in_settlement", "put_on", SY | {"finance"}),
    ("in_settlement", "payable", "take_off", SY | {"finance"}),
    ("in_settlement", "settled", "settle", SY),
]
ROLES = [*Role.values, SYSTEM]
ALLOWED = {(before, name, role): after for before, after, name, who in PAPER for role in who}


def test_the_paper_has_every_action_and_no_other() -> None:
    assert {name for _before, _after, name, _who in PAPER} == set(CLAIM_ACTIONS)


def test_every_state_action_and_role_moves_as_the_paper_says(world: World) -> None:
    cast = world.owner
    actors = {role: cast.actor(role) for role in Role.values} | {SYSTEM: cast.system()}
    tried = {}
    with cast.scope():
        for state in ClaimState.values:
            # A stranger's hands, so that only role and state decide.
            claim = a_claim(cast, state, created_by=None, filed_by=None)
            for name in CLAIM_ACTIONS:
                for role in ROLES:
                    try:
                        tried[state, name, role] = take(
                            actors[role], claim, CLAIM_ACTIONS, name
                        ).state
                    except PermissionDenied:
                        tried[state, name, role] = "forbidden"
                    except WrongState:
                        tried[state, name, role] = "wrong state"
    assert len(tried) == len(ClaimState.values) * len(CLAIM_ACTIONS) * len(ROLES)
    moved = {key: after for key, after in tried.items() if after in ClaimState.values}
    assert moved == ALLOWED
    # The role is asked before the state: who may never take a step learns nothing of the claim.
    never = {key for key, after in tried.items() if after == "forbidden"}
    may = {(name, role) for _state, name, role in ALLOWED}
    assert never == {key for key in tried if (key[1], key[2]) not in may}


def test_the_database_lets_no_other_move_through(world: World) -> None:
    cast = world.owner
    moves = {(before, after) for before, after, _name, _who in PAPER}
    with cast.scope():
        for before in ClaimState.values:
            claim = a_claim(cast, before)
            for after in ClaimState.values:
                if after == before:
                    continue
                row = Claim.objects.filter(pk=claim.pk)
                try:
                    with transaction.atomic():
                        row.update(state=after)
                        transaction.set_rollback(True)
                    went = True
                except IntegrityError:
                    went = False
                except Exception as error:  # the FSM trigger's own kind of refusal
                    assert "transition" in str(error).lower(), error
                    went = False
                assert went == ((before, after) in moves), (before, after)


@pytest.mark.parametrize(
    ("state", "name", "role", "hands"),
    [
        ("review", "decide", "engineer", "created_by"),
        ("review", "decide", "engineer", "filed_by"),
        ("appealed", "decide_appeal", "technical_manager", "created_by"),
        ("appealed", "decide_appeal", "technical_manager", "filed_by"),
        ("appealed", "decide_appeal", "technical_manager", "decided_by"),
        ("finance", "confirm", "finance", "created_by"),
        ("finance", "confirm", "finance", "filed_by"),
        ("finance", "confirm", "finance", "decided_by"),
        ("finance", "confirm", "finance", "appeal_decided_by"),
    ],
)
def test_the_same_hands_never_take_two_steps(
    world: World, state: str, name: str, role: str, hands: str
) -> None:
    cast = world.owner
    with cast.scope():
        facts: dict[str, Any] = {"created_by": None, "filed_by": None, hands: cast.people[role]}
        claim = a_claim(cast, state, **facts)
        assert name not in may_take(cast.actor(role), claim, CLAIM_ACTIONS)
        with pytest.raises(SameHands):
            take(cast.actor(role), claim, CLAIM_ACTIONS, name)
