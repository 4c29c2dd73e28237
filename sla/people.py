"""Who is told of a step: people resolved at the moment it fires, never before (R-030)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from accounts.queries import people_in_role, people_of_dealer
from accounts.roles import Role
from sla.models import Clock, Step
from sla.states import HolderKind, StepAction

HOLDER_ROLES = {
    HolderKind.DESK: Role.CLERK,
    HolderKind.TECHNICAL: Role.ENGINEER,
    HolderKind.SALES: Role.SALES_REP,
}
DEALER_ROLES = (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK)
# A rung without anybody on it must not end in silence: the next one up is told instead.
INSTEAD = {
    Role.SUPERVISOR: Role.MANAGER,
    Role.MANAGER: Role.ADMINISTRATOR,
}


# The people of a step, and by their ids the absent ones in whose place they are told.
Reached = tuple[list[User], dict[int, str]]


def resolver(at: datetime) -> Callable[[Clock, Step], Reached]:
    """A function that finds the people of a step; it asks for each group of people once."""
    known: dict[tuple[str, int | None], list[User]] = {}

    def people(role: str, dealer_id: int | None) -> list[User]:
        key = (role, dealer_id)
        if key not in known:
            known[key] = (
                _in_role_or_above(role)
                if dealer_id is None
                else people_of_dealer(dealer_id, DEALER_ROLES)
            )
        return known[key]

    def of_step(clock: Clock, step: Step) -> Reached:
        if step.action == StepAction.ESCALATE:
            return people(step.role, None), {}
        if clock.holder_dealer_id is not None:
            return people("", clock.holder_dealer_id), {}
        return people(HOLDER_ROLES.get(HolderKind(clock.holder_kind), Role.CLERK), None), {}

    return of_step


def _in_role_or_above(role: str) -> list[User]:
    found = people_in_role(role)
    while not found and role in INSTEAD:
        role = INSTEAD[Role(role)]
        found = people_in_role(role)
    return found
