"""The recorded events read once: problems still open, repairs that count, stays, stopped clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from warranty.remedies.values import Case, Event, EventType, Severity

REPLACES = frozenset({EventType.MAIN_PART_REPLACED, EventType.ASSEMBLY_REPLACED})
STOPS = {
    EventType.SELLER_REFUSES: EventType.SELLER_PERFORMS,
    EventType.APPRAISAL_START: EventType.APPRAISAL_END,
}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that is open on the day of asking. Same code, same problem.

    `since` is the day of the fault or of the hand-in, the earlier: that day must lie inside the
    period (P9). `repairs` counts finished repairs since the part or the machine was replaced (P8).
    """

    code: str
    since: date
    faults: tuple[Event, ...]
    repairs: int
    handed_in: date | None  # still in the workshop since that day
    part_replaced_on: date | None  # the chain of Art. 29 and 30 has begun
    unit_replaced_on: date | None  # and has gone on to the whole machine

    @property
    def component(self) -> str:
        return next((each.component for each in reversed(self.faults) if each.component), "")

    def is_any(self, severity: Severity) -> bool:
        return any(each.severity == severity for each in self.faults)

    def concerns(self, event: Event) -> bool:
        """Whether the event speaks of the same part; by code where one names no component."""
        if self.component and event.component:
            return self.component == event.component
        return self.code == event.code


@dataclass(frozen=True, slots=True)
class Stay:
    """From the hand-in until the thing is back with the user; `end` None is still in repair."""

    code: str
    start: date
    start_at: datetime | None
    end: date | None = None
    end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair recorded as done (P7: a bare diagnosis is none, nor is a repair that the user
    pays for because an exclusion was proven)."""

    code: str
    on: date
    position: int
    is_safety: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Days between two dates, the first not counted."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans as one, so that no day counts twice."""
    done: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, each.end)):
        if done and span.start <= done[-1].end:
            done[-1] = Span(done[-1].start, max(done[-1].end, span.end))
        else:
            done.append(span)
    return done


@dataclass
class _Told:
    """What has been said of one code so far."""

    faults: list[Event] = field(default_factory=list)
    since: date | None = None
    handed_in: date | None = None
    repairs: int = 0
    part_replaced_on: date | None = None
    unit_replaced_on: date | None = None
    is_excluded: bool = False

    def report(self, event: Event) -> None:
        self.since = min(self.since or event.on, event.on)
        if event.type == EventType.FAULT:
            self.faults.append(event)
        elif self.handed_in is None:
            self.handed_in = event.on

    def settle(self) -> None:
        self.faults, self.since, self.handed_in = [], None, None
        self.is_excluded = False


class History:
    """The events up to the day of asking, in order; later ones are not known yet."""

    def __init__(self, case: Case) -> None:
        self.ask_date = case.ask_date
        known = (each for each in case.events if each.on <= case.ask_date)
        self.events = tuple(sorted(known, key=lambda each: each.on))
        self._told: dict[str, _Told] = {}
        self._repairs: list[Repair] = []
        for position, event in enumerate(self.events):
            self._tell(position, event)

    def _tell(self, position: int, event: Event) -> None:
        told = self._told.setdefault(event.code, _Told()) if event.code else _Told()
        if event.type in (EventType.FAULT, EventType.SENT_FOR_REPAIR):
            told.report(event)
        elif event.type == EventType.EXCLUSION_PROVEN:
            told.is_excluded = True
        elif event.type == EventType.REPAIR_DONE:
            if not told.is_excluded:
                is_safety = event.is_safety or any(
                    each.severity == Severity.SEVERE_SAFETY for each in told.faults
                )
                self._repairs.append(Repair(event.code, event.on, position, is_safety))
                told.repairs += 1
            told.settle()
        elif event.type == EventType.PART_REPLACED:
            told.part_replaced_on = event.on
            told.repairs = 0
            told.settle()
        elif event.type == EventType.UNIT_REPLACED:
            if told.part_replaced_on:
                told.unit_replaced_on = event.on
            self._repairs.clear()
            for each in self._told.values():
                each.repairs = 0
                each.settle()
        elif event.type in REPLACES:
            told.settle()

    def of(self, *types: EventType) -> Iterator[Event]:
        return (each for each in self.events if each.type in types)

    def first(self, kind: EventType) -> Event | None:
        return next(self.of(kind), None)

    def last(self, kind: EventType) -> Event | None:
        return next((each for each in reversed(self.events) if each.type == kind), None)

    @cached_property
    def is_unprovable(self) -> bool:
        """No certificate, invoice or register proves the period."""
        return self.first(EventType.PERIOD_NOT_PROVABLE) is not None

    def exclusion_of(self, problem: Problem) -> Event | None:
        """The exclusion proven for the part of this problem and not since repaired or replaced."""
        ends = {EventType.REPAIR_DONE, EventType.PART_REPLACED}
        found: Event | None = None
        for event in self.of_this_unit:
            if event.type == EventType.EXCLUSION_PROVEN and problem.concerns(event):
                found = event
            elif found and event.type in ends and event.code == found.code:
                found = None
        return found

    @cached_property
    def unit_replaced_on(self) -> date | None:
        """The day on which the present machine came in place of an earlier one."""
        event = self.last(EventType.UNIT_REPLACED)
        return event.on if event else None

    @cached_property
    def of_this_unit(self) -> tuple[Event, ...]:
        """What happened since the last replacement; of the machine before it nothing counts."""
        last = max(
            (n for n, each in enumerate(self.events) if each.type == EventType.UNIT_REPLACED),
            default=-1,
        )
        return self.events[last + 1 :]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Open problems, in the order in which they were reported."""
        found = [
            Problem(
                code=code,
                since=told.since,
                faults=tuple(told.faults),
                repairs=told.repairs,
                handed_in=told.handed_in,
                part_replaced_on=told.part_replaced_on,
                unit_replaced_on=told.unit_replaced_on,
            )
            for code, told in self._told.items()
            if told.since
        ]
        return tuple(sorted(found, key=lambda each: each.since))

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """Finished repairs of the present machine."""
        return tuple(self._repairs)

    @cached_property
    def repairs_of_code(self) -> dict[str, int]:
        """Finished repairs by problem, up to the latest fault of any."""
        faults = [n for n, each in enumerate(self.events) if each.type == EventType.FAULT]
        counts: dict[str, int] = {}
        for repair in self.repairs:
            if faults and repair.position < faults[-1]:
                counts[repair.code] = counts.get(repair.code, 0) + 1
        return counts

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Every stay of the present machine; one still in repair has no end, and one for a
        fault that is the user's own does not count."""
        ending = {EventType.REPAIR_DONE, EventType.PART_REPLACED} | REPLACES
        running: dict[str, Stay] = {}
        done: list[Stay] = []
        for event in self.of_this_unit:
            if event.type == EventType.EXCLUSION_PROVEN:
                running.pop(event.code, None)
            elif event.type == EventType.SENT_FOR_REPAIR:
                running.setdefault(event.code, Stay(event.code, event.on, event.at))
            elif event.type in ending and event.code in running:
                stay = running.pop(event.code)
                done.append(Stay(stay.code, stay.start, stay.start_at, event.on, event.at))
        return tuple(sorted([*done, *running.values()], key=lambda each: each.start))

    @cached_property
    def spans_in_repair(self) -> list[Span]:
        """Stays of the present machine as spans of days, a running one until the day of asking."""
        return merged(Span(each.start, each.end or self.ask_date) for each in self.stays)

    @cached_property
    def stopped(self) -> list[Span]:
        """The clock stands still from the user's request until the seller performs, or the
        appraisal's result is there; a stop that goes on, until the day of asking."""
        spans = []
        for begins, ends in STOPS.items():
            since: date | None = None
            for event in self.of(begins, ends):
                if event.type == begins:
                    since = since or event.on
                elif since:
                    spans.append(Span(since, event.on))
                    since = None
            if since:
                spans.append(Span(since, self.ask_date))
        return merged(spans)

    def km_by(self, day: date) -> Event | None:
        """The last reading of the present car on or before a day."""
        readings = (each for each in reversed(self.of_this_unit) if each.km is not None)
        return next((each for each in readings if each.on <= day), None)
