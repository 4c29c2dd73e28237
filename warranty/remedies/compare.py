"""An answer beside what an example expects of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from warranty.remedies.reading import Expected
from warranty.remedies.values import Entitlement


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that does not agree."""

    key: str
    expected: Any
    found: Any


def differences(expected: Expected, answer: Entitlement) -> list[Difference]:
    """Options as an exact set; payer, dates and amounts where stated; articles all cited.

    A finer citation counts: 24(1)(4) cites 24(1).
    """
    found: list[Difference] = []
    if expected.options is not None and expected.options != answer.options:
        found.append(Difference("options", sorted(expected.options), sorted(answer.options)))
    for key, value in expected.payer.items():
        own = getattr(answer.payer, key)
        if own != value:
            found.append(Difference(f"payer.{key}", value, own))
    for key, day in expected.dates.items():
        if answer.dates.get(key) != day:
            found.append(Difference(f"dates.{key}", day, answer.dates.get(key)))
    for key, amount in expected.amounts.items():
        if answer.amounts.get(key) != amount:
            found.append(Difference(f"amounts.{key}", amount, answer.amounts.get(key)))
    uncited = [
        article
        for article in expected.articles
        if not any(own == article or own.startswith(f"{article}(") for own in answer.articles)
    ]
    if uncited:
        found.append(Difference("article", uncited, list(answer.articles)))
    return found
