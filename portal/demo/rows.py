"""Rows of the demo's year, gathered and inserted in bulk, parents first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from core.models import NumberCounter
from machines.models import DealerCustomer
from portal.demo.hours import instant
from sla.models import Clock, Hand, Pause, Step
from tickets.models import Offer, SupervisionCheck, Ticket, TimelineEntry
from visits.models import Callback, CallbackAttempt, Visit

BATCH = 1_000


@dataclass(slots=True)
class Book:
    """The numbers given per kind and day; handed to the product's own counters at the end."""

    last: Counter[tuple[str, date]] = field(default_factory=Counter)

    def number(self, kind: str, at: int) -> str:
        """The next number of a kind on the day of an instant (seconds of China's wall clock)."""
        day = instant(at + 8 * 3_600).date()
        self.last[kind, day] += 1
        return f"{kind}-{day:%Y%m%d}-{self.last[kind, day]:04d}"

    def hand_over(self) -> None:
        NumberCounter.objects.bulk_create(
            (NumberCounter(kind=kind, on=on, last=last) for (kind, on), last in self.last.items()),
            batch_size=BATCH,
        )


@dataclass(slots=True)
class Rows:
    """What a batch of stories consists of."""

    tickets: list[Ticket] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    entries: list[TimelineEntry] = field(default_factory=list)
    # A clock names its subject by number only, so it waits for the subject's key.
    clocks: list[tuple[Clock, Ticket | Callback]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    checks: list[SupervisionCheck] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    attempts: list[CallbackAttempt] = field(default_factory=list)
    served: set[tuple[int, int]] = field(default_factory=set)

    def insert(self, already_served: set[tuple[int, int]]) -> None:
        """Insert everything; merged tickets after those that they were merged into."""
        with kept_times(Ticket, Visit, Callback):
            _insert([ticket for ticket in self.tickets if ticket.merged_into is None])
            _insert([ticket for ticket in self.tickets if ticket.merged_into is not None])
            _insert(self.callbacks)
            for clock, subject in self.clocks:
                clock.subject_id = subject.pk
            _insert([clock for clock, _subject in self.clocks])
            groups: tuple[Sequence[models.Model], ...] = (
                self.offers,
                self.entries,
                self.steps,
                self.pauses,
                self.hands,
                self.checks,
                self.visits,
                self.attempts,
            )
            for rows in groups:
                _insert(rows)
        _insert(
            [
                DealerCustomer(dealer_id=dealer, customer_id=customer)
                for dealer, customer in sorted(self.served - already_served)
            ]
        )
        already_served |= self.served


def _insert(rows: Sequence[Any]) -> None:
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)


@contextmanager
def kept_times(*tables: type[models.Model]) -> Iterator[None]:
    """Let rows of the past say themselves when they were made, not the moment of the insert."""
    fields = [
        (one, name)
        for table in tables
        for one in table._meta.local_fields
        for name in ("auto_now", "auto_now_add")
        if getattr(one, name, False)
    ]
    for one, name in fields:
        setattr(one, name, False)
    try:
        yield
    finally:
        for one, name in fields:
            setattr(one, name, True)
