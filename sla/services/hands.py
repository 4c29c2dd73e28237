"""Whose time it is: the customer's own clock runs through all hands, and a breach names one.

The holder on the clock is the one who holds it now; `Hand` keeps who held it before. The hands
of a clock follow each other without a gap: together they are its whole span.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.tenancy import verb
from sla.calendars import calendar_of
from sla.missed import holder_of
from sla.models import Clock, Hand, Pause
from sla.rules import used
from sla.services.dating import aware, locked_clocks


@verb
def pass_clocks(
    *,
    actor: Actor,
    subject: str,
    subject_id: int,
    holder_kind: str,
    holder_label: str,
    holder_dealer_id: int | None = None,
    at: datetime | None = None,
) -> int:
    """Put the clocks that run through all hands into the next ones; returns how many changed.

    One hand ends at the instant at which the next begins. Due times, used time and pauses stay.
    Passing to who holds it already changes nothing.
    """
    to = (holder_kind, holder_dealer_id, holder_label)
    clocks = [
        clock
        for clock in locked_clocks(subject, subject_id)
        if clock.is_through and holder_of(clock) != to
    ]
    if not clocks:
        return 0
    passed_at = aware(at)
    open_hands = Hand.objects.filter(clock__in=[clock.pk for clock in clocks], ended_at=None)
    began = dict(open_hands.values_list("clock_id", "started_at"))
    # A pass that is entered late cannot lie before the last one.
    instants = {clock.pk: max(passed_at, began[clock.pk]) for clock in clocks}
    open_hands.update(ended_at=Greatest(F("started_at"), Value(passed_at)))
    events = []
    for clock in clocks:
        before = clock.holder_label
        clock.holder_kind, clock.holder_dealer_id, clock.holder_label = to
        events.append(
            audit.event(
                actor,
                "clock.passed",
                clock,
                promise=clock.promise,
                came_from=before,
                holder=holder_label,
            )
        )
    Hand.objects.bulk_create(first_hand(clock, instants[clock.pk]) for clock in clocks)
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(
        holder_kind=holder_kind, holder_dealer_id=holder_dealer_id, holder_label=holder_label
    )
    audit.record_all(events)
    return len(clocks)


def first_hand(clock: Clock, at: datetime) -> Hand:
    """The hand that its holder lends a clock from that instant on (not saved)."""
    return Hand(
        clock=clock,
        holder_kind=clock.holder_kind,
        holder_dealer_id=clock.holder_dealer_id,
        holder_label=clock.holder_label,
        started_at=at,
    )


def let_go(clocks: Iterable[Clock], at: datetime) -> None:
    """End the open hands of clocks that end."""
    ids = [clock.pk for clock in clocks if clock.is_through]
    if ids:
        Hand.objects.filter(clock__in=ids, ended_at=None).update(
            ended_at=Greatest(F("started_at"), Value(at))
        )


def used_by_hand(clock: Clock, at: datetime | None = None) -> list[tuple[str, int]]:
    """Whose time it was: each holder's working minutes outside the pauses, in their order."""
    end = clock.finished_at or at or timezone.now()
    return time_by_hand(clock, hands_of([clock])[clock.pk], list(clock.pauses.all()), end)


def time_by_hand(
    clock: Clock, hands: Iterable[Hand], pauses: Iterable[Pause], end: datetime
) -> list[tuple[str, int]]:
    """The same out of rows at hand, up to that instant; who held it twice is named once."""
    calendar = calendar_of(clock)
    cuts = [
        (pause.started_at, pause.ended_at or end)
        for pause in pauses
        if (pause.ended_at or end) > pause.started_at
    ]
    sums: dict[str, timedelta] = defaultdict(timedelta)
    for hand in hands:
        sums[hand.holder_label] += used(hand.started_at, calendar, hand.ended_at or end, cuts)
    return [(label, time // timedelta(minutes=1)) for label, time in sums.items()]


def hands_of(clocks: Iterable[Clock]) -> dict[int, list[Hand]]:
    """The hands of clocks in order; one that is no through clock was in one hand always."""
    found: dict[int, list[Hand]] = {}
    through = []
    for clock in clocks:
        if clock.is_through:
            found[clock.pk] = []
            through.append(clock.pk)
        else:
            hand = first_hand(clock, clock.started_at)
            hand.ended_at = clock.finished_at
            found[clock.pk] = [hand]
    if through:
        for hand in Hand.objects.filter(clock__in=through).order_by("started_at", "id"):
            found[hand.clock_id].append(hand)
    return found
