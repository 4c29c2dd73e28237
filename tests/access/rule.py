"""One row of the access matrix: who may call a URL, by which method, on whose things.

Each app lists its rows in `tests/access/rules/<app>.py` as `RULES = [Rule(…), …]`. A URL of the
resolver without a row, or a row without a URL, fails the suite.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PUBLIC = "public"  # anybody, signed in or not
SIGNED_IN = "signed_in"  # any role of any company


@dataclass(frozen=True)
class Rule:
    """The URL `name`; `methods` maps each allowed method to a permission, PUBLIC or SIGNED_IN.

    `thing` names what the address points at, so that the matrix can ask for one's own, the
    neighbour dealer's and the stranger's: a key of `tests.access.things.THINGS` (for example
    "ticket" fills `number`). `desk_only` marks addresses whose things no dealer ever sees, so
    that a dealer with the permission still meets 404. `also` lists refusals that are right
    answers to the matrix's empty body.
    """

    name: str
    methods: dict[str, str] = field(default_factory=dict)
    thing: str = ""
    kwargs: dict[str, str] = field(default_factory=dict)
    desk_only: bool = False
    also: frozenset[int] = frozenset()
