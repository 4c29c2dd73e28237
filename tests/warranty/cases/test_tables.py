"""Every state, action and role of cases, spot checks and claims on suppliers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction

from accounts.roles import Role
from core.errors import WrongState
from tests.cast import Cast, World
from tests.warranty.cases import builders, tables
from warranty.actions import Actions
from warranty.models import SpotCheck
from warranty.services.moving import SameHands, may_take, take
from warranty.states.cases import (
    CASE_ACTIONS,
    RECOVERY_ACTIONS,
    SPOT_CHECK_ACTIONS,
    CaseState,
    RecoveryState,
    SpotCheckState,
)

TABLES: list[Any] = [
    pytest.param("case", CASE_ACTIONS, tables.CASES, CaseState, id="case"),
    pytest.param(
        "spot_check", SPOT_CHECK_ACTIONS, tables.SPOT_CHECKS, SpotCheckState, id="spot_check"
    ),
    pytest.param("recovery", RECOVERY_ACTIONS, tables.RECOVERIES, RecoveryState, id="recovery"),
]


@pytest.fixture
def cast(world: World) -> Any:
    with world.owner.scope():
        yield world.owner


def a_thing(cast: Cast, noun: str, state: str) -> Any:
    """A row born in a state; the open ones of a case and a check may be there once only."""
    if noun == "case":
        machine = builders.another_machine(cast)
        return builders.a_case(
            cast, state, machine=machine, choice="", chosen_by=None, chosen_at=None
        )
    if noun == "spot_check":
        SpotCheck.objects.all().delete()
        return builders.a_bare_check(cast, state)
    return builders.a_recovery(cast, state)


@pytest.mark.parametrize(("noun", "actions", "table", "states"), TABLES)
def test_each_role_takes_from_each_state_what_the_paper_says(
    cast: Cast, noun: str, actions: Actions, table: dict[str, tables.Row], states: Any
) -> None:
    assert set(actions) == set(table)
    actors = {role: cast.actor(role) for role in Role.values} | {"system": cast.system()}
    tried = 0
    for state in states.values:
        thing = a_thing(cast, noun, state)
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
                assert (name in offered) == (role in roles and state in before), (state, name, role)
    assert tried == len(states.values) * len(actors) * len(table)


@pytest.mark.parametrize(("noun", "actions", "table", "states"), TABLES)
def test_a_plain_write_goes_where_the_paper_goes_and_nowhere_else(
    cast: Cast, noun: str, actions: Actions, table: dict[str, tables.Row], states: Any
) -> None:
    allowed = {(state, row[1]) for row in table.values() for state in row[0]}
    for state in states.values:
        for after in states.values:
            thing = a_thing(cast, noun, state)
            model = type(thing)
            rows = model._default_manager.filter(pk=thing.pk)
            if after == state or (state, after) in allowed:
                with transaction.atomic():
                    assert rows.update(state=after) == 1
            else:
                with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
                    rows.update(state=after)


def test_two_roles_of_one_person_are_the_same_hands(cast: Cast) -> None:
    manager, boss = cast.people["manager"], cast.people["technical_manager"]
    case = builders.a_case(cast, "user_chose", chosen_by=manager)
    with pytest.raises(SameHands):
        take(cast.actor("manager"), case, CASE_ACTIONS, "approve")
    assert take(cast.actor("manager"), case, CASE_ACTIONS, "refuse").state == "triggered"
    recovery = builders.a_recovery(cast, "accepted", claimed_by=boss)
    with pytest.raises(SameHands):
        take(cast.actor("technical_manager"), recovery, RECOVERY_ACTIONS, "debit")
