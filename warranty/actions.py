"""State tables with names: which action leads from where to where, and who may take it.

One table per noun stands in `states/`. The trigger of the table, the buttons of a page, the API
and the service that moves all read it; tests try every pair of state, action and role against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Action:
    """One row: from any of `before` to `after`.

    `permission` is what a person needs; empty: nobody but the system. `by_system` says whether
    the system may. `not_by` names fields of the row that hold a person who may not be the actor
    (four eyes).
    """

    name: str
    before: frozenset[str]
    after: str
    permission: str = ""
    by_system: bool = False
    not_by: tuple[str, ...] = ()

    def allows(self, actor: Actor) -> bool:
        """Whether the actor's role may take it at all."""
        if actor.is_system:
            return self.by_system
        return bool(self.permission) and actor.may(self.permission)


class Actions(Mapping[str, Action]):
    """All actions of one noun by name, in the order of a thing's life."""

    def __init__(self, *actions: Action) -> None:
        self._actions = {action.name: action for action in actions}
        assert len(self._actions) == len(actions), "an action stands twice"

    def __getitem__(self, name: str) -> Action:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def moves(self) -> dict[str, set[str]]:
        """The plain table for the database's trigger; a state may always stay as it is."""
        moves: dict[str, set[str]] = {}
        for action in self.values():
            for state in sorted(action.before):
                moves.setdefault(str(state), set()).add(str(action.after))
        return moves

    def open_to(self, actor: Actor, state: str) -> list[str]:
        """Names of the actions that a role may take from a state."""
        return [
            name for name, action in self.items() if state in action.before and action.allows(actor)
        ]


def action(
    name: str,
    before: str | tuple[str, ...],
    after: str,
    permission: str = "",
    *,
    by_system: bool = False,
    not_by: tuple[str, ...] = (),
) -> Action:
    """A row as it is written in the tables."""
    states = (before,) if isinstance(before, str) else before
    return Action(name, frozenset(states), after, permission, by_system, not_by)
