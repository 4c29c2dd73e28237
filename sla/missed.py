"""A breach names whose time it was: who held the clock at its due time (R-019, R-020)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from sla.models import Clock, Hand
from sla.rules import is_breached
from sla.states import ClockState

# What a breach writes on its clock: since when, and whose time it was.
MISSED = ("missed_at", "missed_kind", "missed_label", "missed_dealer_id")


def mark_missed(clocks: Iterable[Clock]) -> None:
    """Mark clocks as broken since their due time, on whoever held them then; a mark stays.

    The caller knows that they are late: the sweep by a due step, the other verbs by `late_at`.
    One statement; one or two more when clocks among them run through all hands.
    """
    late = [clock for clock in clocks if clock.missed_at is None]
    hands = _hands_at_due([clock for clock in late if clock.is_through])
    since_passed = []
    for clock in late:
        kind, dealer_id, label = holder_of(clock)
        hand = hands.get(clock.pk)
        if hand and (hand.holder_kind, hand.holder_dealer_id, hand.holder_label) != (
            kind,
            dealer_id,
            label,
        ):
            kind, dealer_id, label = hand.holder_kind, hand.holder_dealer_id, hand.holder_label
            since_passed.append(clock)
        clock.missed_at, clock.missed_kind = clock.due_at, kind
        clock.missed_dealer_id, clock.missed_label = dealer_id, label
    Clock.objects.bulk_update(since_passed, MISSED)
    passed = {clock.pk for clock in since_passed}
    still = [clock.pk for clock in late if clock.pk not in passed]
    if still:
        Clock.objects.filter(pk__in=still).update(
            missed_at=F("due_at"),
            missed_kind=F("holder_kind"),
            missed_label=F("holder_label"),
            missed_dealer_id=F("holder_dealer_id"),
        )


def late_at(clocks: Iterable[Clock], at: datetime) -> list[Clock]:
    """Those whose due time passed while they ran, though no sweep may have seen it yet."""
    return [
        clock
        for clock in clocks
        if clock.missed_at is None
        and clock.state == ClockState.RUNNING
        and is_breached(clock.due_at, at)
    ]


def holder_of(clock: Clock) -> tuple[str, int | None, str]:
    """Kind, dealer and name of who holds it now."""
    return (clock.holder_kind, clock.holder_dealer_id, clock.holder_label)


def _hands_at_due(clocks: Sequence[Clock]) -> dict[int, Hand]:
    if not clocks:
        return {}
    due = {clock.pk: clock.due_at for clock in clocks}
    found: dict[int, Hand] = {}
    for hand in Hand.objects.filter(clock__in=list(due)).order_by("started_at", "id"):
        # At the instant of a pass the clock is still in the hands that give it on: theirs was
        # the time up to it.
        if hand.clock_id not in found or hand.started_at < due[hand.clock_id]:
            found[hand.clock_id] = hand
    return found
