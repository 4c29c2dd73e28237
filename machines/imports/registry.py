"""Every kind of list: those of this app, and those that higher floors bring."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from core.actor import Actor
from machines.imports.base import Kind
from machines.imports.kinds import KINDS


@cache
def kinds() -> dict[str, type[Kind]]:
    """The kinds by name."""
    paths: list[str] = import_string(settings.IMPORTS)
    more: list[type[Kind]] = [import_string(path) for path in paths]
    return KINDS | {kind.name: kind for kind in more}


def kinds_for(actor: Actor) -> dict[str, type[Kind]]:
    """The kinds that somebody may import: a list does nothing that its pages would refuse."""
    return {name: kind for name, kind in kinds().items() if all(map(actor.may, kind.permissions))}
