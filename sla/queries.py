"""Reads of clocks: of one subject, of a page of subjects, of a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from core.actor import Actor
from sla.access import visible
from sla.models import Clock


def clocks_of(actor: Actor, subject: str, subject_id: int) -> list[Clock]:
    """Every clock of a subject that the actor sees, the oldest first."""
    return clocks_of_many(actor, subject, [subject_id]).get(subject_id, [])


def clocks_of_many(actor: Actor, subject: str, ids: Iterable[int]) -> dict[int, list[Clock]]:
    """The clocks of many subjects in one query, by the subject's id; the oldest first."""
    found: dict[int, list[Clock]] = defaultdict(list)
    clocks = visible(actor).filter(subject=subject, subject_id__in=list(ids))
    for clock in clocks.order_by("started_at", "id"):
        found[clock.subject_id].append(clock)
    return dict(found)
