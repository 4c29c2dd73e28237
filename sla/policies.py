"""Which policy catches a subject: the first, in their order, whose conditions all fit (R-018).

Pure: the conditions and the facts go in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def fits(conditions: Mapping[str, Sequence[str]], facts: Mapping[str, str]) -> bool:
    """Whether each named fact is one of the listed values; no conditions catch everything.

    A fact that nobody states fits no list: an unknown urgency is not "urgent".
    """
    return all(
        name in facts and facts[name] in allowed for name, allowed in conditions.items() if allowed
    )


def covers(wider: Mapping[str, Sequence[str]], narrower: Mapping[str, Sequence[str]]) -> bool:
    """Whether everything that fits the narrower conditions also fits the wider ones."""
    return all(
        narrower.get(name) and set(narrower[name]) <= set(allowed)
        for name, allowed in wider.items()
        if allowed
    )
