"""What a demo company is made of, as values."""

from __future__ import annotations

from dataclasses import dataclass

# Days of an average year, from 0 on 1 January.
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Bump:
    """A season: most around `day` of the year, fading over `width` days, `height` times as much."""

    day: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """A symptom with what is usually behind it and what is done about it."""

    name: str
    name_en: str
    severity: str
    cause: str
    result: str
    is_unusual: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A product line with its models, its seasons and its troubles; `share` of the tickets."""

    code: str
    name: str
    name_en: str
    share: float
    models: tuple[tuple[str, str, int], ...]
    troubles: tuple[Trouble, ...]
    seasons: tuple[Bump, ...] = ()
    is_bought_in: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A manufacturer of the demo, at full scale."""

    slug: str
    domain: str
    name: str
    name_en: str
    hotline: str
    address: str
    lines: tuple[Line, ...]
    provinces: tuple[str, ...]
    cities_per_dealer: float
    customers: int
    machines: int
    tickets: int
    cooperative: str
    cooperative_share: float
    dealer_kinds: tuple[str, ...]
    has_plates: bool = False
