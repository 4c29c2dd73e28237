"""The one function that moves reports, claims, old parts, settlements and all beside them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError, WrongState
from core.states import locked
from warranty.actions import Actions

T = TypeVar("T", bound=models.Model)


class SameHands(DomainError):
    code = "warranty.same_hands"
    message = _("You took part in this before. Somebody else has to take this step.")


def take(actor: Actor, thing: T, actions: Actions, name: str, *, field: str = "state") -> T:
    """The row locked and moved by a named action, not yet saved.

    Raises PermissionDenied for a role that may not take it, WrongState from another state, and
    SameHands where four eyes are asked for and these two were there before.
    """
    action = actions[name]
    if not action.allows(actor):
        raise PermissionDenied
    row: T = locked(thing)
    if getattr(row, field) not in action.before:
        raise WrongState
    if actor.user_id is not None and any(
        getattr(row, person) == actor.user_id for person in action.not_by
    ):
        raise SameHands
    setattr(row, field, action.after)
    return row


def take_all(
    actor: Actor, things: models.QuerySet[T], actions: Actions, name: str, **also: Any
) -> list[T]:
    """Many rows locked, moved by one named action and saved, with other columns set alike.

    All or nothing: refused as `take` would refuse the first that does not go.
    """
    action = actions[name]
    if not action.allows(actor):
        raise PermissionDenied
    rows = list(things.order_by("pk").select_for_update(of=("self",)))
    for row in rows:
        if getattr(row, "state", None) not in action.before:
            raise WrongState
        if actor.user_id is not None and any(
            getattr(row, person) == actor.user_id for person in action.not_by
        ):
            raise SameHands
        vars(row)["state"] = action.after
    if rows:
        model = type(rows[0])
        moved = model._default_manager.filter(pk__in=[row.pk for row in rows])
        moved.update(state=action.after, **also)
    return rows


def may_take(
    actor: Actor, thing: models.Model, actions: Actions, *, field: str = "state"
) -> set[str]:
    """Names of the actions that this person may take now: what a page offers as buttons."""
    return {
        name
        for name in actions.open_to(actor, getattr(thing, field))
        if actor.user_id is None
        or all(getattr(thing, person) != actor.user_id for person in actions[name].not_by)
    }
