"""The owner's company, inside its scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests.cast import World


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page asked before leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(world: World) -> Any:
    with world.owner.scope():
        yield world.owner
