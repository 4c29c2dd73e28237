"""What must not be overlooked, on the first page of those who can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and where it is mended."""

    text: str
    url: str = ""
    action: str = ""


@cache
def _sources() -> list[Any]:
    paths: list[str] = import_string(settings.NOTICES)
    return [import_string(path) for path in paths]


def notices_for(actor: Actor) -> list[Notice]:
    """Everything that `config.wiring` names and that concerns this actor."""
    return [notice for source in _sources() for notice in source(actor)]
