"""Every state, action and role of settlements, adjustments and invoices."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import Role
from core.errors import WrongState
from tests.cast import Cast
from tests.warranty.settlements import tables
from warranty.actions import Actions
from warranty.models import Adjustment, Settlement
from warranty.services.moving import may_take, take
from warranty.states.settlements import (
    ADJUSTMENT_ACTIONS,
    INVOICE_ACTIONS,
    SETTLEMENT_ACTIONS,
    AdjustmentState,
    InvoiceState,
    SettlementState,
)

TABLES: list[Any] = [
    ("settlement", SETTLEMENT_ACTIONS, tables.SETTLEMENTS, SettlementState, "state"),
    ("adjustment", ADJUSTMENT_ACTIONS, tables.ADJUSTMENTS, AdjustmentState, "state"),
    ("settlement", INVOICE_ACTIONS, tables.INVOICES, InvoiceState, "invoice_state"),
]


def a_thing(cast: Cast, noun: str, field: str, state: str) -> Any:
    if noun == "settlement":
        return Settlement.objects.create(
            number=f"ST-{field}-{state}",
            dealer=cast.dealer,
            from_on="2026-10-01",
            until_on="2026-10-31",
            pay_mode="offset",
            # A dealer has one draft at a time.
            **({"state": "posted"} | {field: state}),
        )
    return Adjustment.objects.create(
        number=f"AJ-{state}",
        dealer=cast.dealer,
        payee=cast.dealer,
        kind="deduction",
        cents=-1,
        words="x",
        state=state,
    )


@pytest.mark.parametrize(("noun", "actions", "table", "states", "field"), TABLES)
def test_each_role_takes_from_each_state_what_the_paper_says(
    cast: Cast, noun: str, actions: Actions, table: dict[str, tables.Row], states: Any, field: str
) -> None:
    assert set(actions) == set(table)
    actors = {role: cast.actor(role) for role in Role.values} | {"system": cast.system()}
    tried = 0
    for state in states.values:
        thing = a_thing(cast, noun, field, state)
        for role, actor in actors.items():
            offered = may_take(actor, thing, actions, field=field)
            for name, (before, after, roles) in table.items():
                tried += 1
                if role not in roles:
                    with pytest.raises(PermissionDenied):
                        take(actor, thing, actions, name, field=field)
                elif state not in before:
                    with pytest.raises(WrongState):
                        take(actor, thing, actions, name, field=field)
                else:
                    moved = take(actor, thing, actions, name, field=field)
                    assert getattr(moved, field) == after
                allowed = role in roles and state in before
                assert (name in offered) == allowed, (state, name, role)
    assert tried == len(states.values) * len(actors) * len(table)
