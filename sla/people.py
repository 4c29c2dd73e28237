"""Who is told of a step: people resolved at the moment it fires, never before (R-014, R-030)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from accounts.models import Absence, User
from accounts.queries import absences_at, people_in_role, people_of_dealer, reached, told_names
from accounts.roles import Role
from sla.models import Clock, Step
from sla.states import HolderKind, StepAction

__all__ = ["Reached", "in_role_or_above", "resolver", "told_names"]

HOLDER_ROLES = {
    HolderKind.DESK: Role.CLERK,
    HolderKind.TECHNICAL: Role.ENGINEER,
    HolderKind.TECHNICIAN: Role.ENGINEER,
    HolderKind.SALES: Role.SALES_REP,
    HolderKind.PARTS: Role.KEEPER,
    HolderKind.MANAGEMENT: Role.MANAGER,
}
DEALER_ROLES = (Role.DEALER_PRINCIPAL, Role.DEALER_CLERK)
OF_THE_HOLDER = (StepAction.WARN, StepAction.BREACH, StepAction.REMIND)
# A rung without anybody on it must not end in silence: the next one up is told instead.
ABOVE_ALL = Role.SUPERVISOR
INSTEAD: dict[str, str] = {
    Role.SUPERVISOR: Role.MANAGER,
    Role.MANAGER: Role.ADMINISTRATOR,
}

# The people of a step, and by their ids the names of the absent in whose place they are told.
Reached = tuple[list[User], dict[int, str]]


def resolver(at: datetime) -> Callable[[Clock, Step], Reached]:
    """A function that finds the people of a step; it asks for each group of people once.

    Who is away is asked once for all groups: their deputies are told, else the supervisors.
    """
    known: dict[tuple[str, int | None], Reached] = {}

    @cache
    def away() -> dict[int, Absence]:
        return absences_at(at)

    def people(role: str, dealer_id: int | None) -> Reached:
        key = (role, dealer_id)
        if key not in known:
            found = reached(_named(role, dealer_id), at, away=away())
            known[key] = (found.people, found.instead)
        return known[key]

    def of_step(clock: Clock, step: Step) -> Reached:
        if step.action not in OF_THE_HOLDER:
            # A call to a program, or a deed that tells its own people, names a role or nobody.
            return people(step.role, None) if step.role else ([], {})
        if clock.holder_dealer_id is not None:
            return people("", clock.holder_dealer_id)
        return people(HOLDER_ROLES.get(HolderKind(clock.holder_kind), Role.CLERK), None)

    return of_step


def in_role_or_above(role: str) -> list[User]:
    """The people of a role, or of the first above it that has any."""
    found = people_in_role(role)
    while not found and role != Role.ADMINISTRATOR:
        role = INSTEAD.get(role, ABOVE_ALL)
        found = people_in_role(role)
    return found


def _named(role: str, dealer_id: int | None) -> Iterable[User]:
    if dealer_id is None:
        return in_role_or_above(role)
    # A dealer without anybody to answer: the house must hear of it instead.
    return people_of_dealer(dealer_id, DEALER_ROLES) or in_role_or_above(ABOVE_ALL)
