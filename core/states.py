"""State tables: allowed moves as data, one check in Python, the same table in a trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pgtrigger
from django.db import models

from core.errors import WrongState

Moves = Mapping[Any, set[Any]]


def move(thing: models.Model, moves: Moves, to: str, field: str = "state") -> None:
    """Set a state that the table allows, else raise WrongState."""
    if to not in moves.get(getattr(thing, field), set()):
        raise WrongState
    setattr(thing, field, to)


def guard(name: str, moves: Moves, field: str = "state") -> pgtrigger.FSM:
    """The trigger that refuses every other move, whoever writes."""
    pairs = [(str(old), str(new)) for old, news in moves.items() for new in sorted(news)]
    return pgtrigger.FSM(name=name, field=field, transitions=pairs)


def locked(thing: Any) -> Any:
    """The same row again, locked until the transaction ends, as it is now."""
    return type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
