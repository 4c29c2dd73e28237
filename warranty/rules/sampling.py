"""Which settled claims a spot check looks at: drawn by a stored seed, so anybody can draw again."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from random import Random


def sample_size(population: int, percent: int, least: int) -> int:
    """So many percent of the claims, rounded up, at least some, never more than there are."""
    return min(population, max(least, ceil(population * percent / 100)))


def drawn(numbers: Iterable[str], *, seed: int, percent: int, least: int) -> list[str]:
    """The claims of the sample by their numbers; the same seed and claims give the same sample."""
    among = sorted(numbers)
    chosen = Random(seed).sample(among, sample_size(len(among), percent, least))  # noqa: S311 - repeatable, no secret
    return sorted(chosen)
