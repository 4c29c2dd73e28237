"""What the manager reads, as values: shares, days, dealers. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

PERIODS = (7, 30, 90)
USUAL = 30
# From this score on a customer counts as satisfied.
SATISFIED = 4
# A change of the kept share below this many points is said to be none.
NOTICEABLE = 2.0


@dataclass(frozen=True, slots=True)
class Period:
    """The last days up to and with today, in the reader's zone."""

    days: int
    first: date
    last: date
    start: datetime
    end: datetime

    @property
    def each_day(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]


@dataclass(slots=True)
class Share:
    """So many of so many; no share at all of nothing."""

    part: int = 0
    whole: int = 0

    def add(self, part: int, whole: int) -> None:
        self.part += part
        self.whole += whole

    @property
    def missed(self) -> int:
        return self.whole - self.part

    @property
    def percent(self) -> float | None:
        """One place behind the point; never rounded up to a hundred that was not reached."""
        if not self.whole:
            return None
        exact = 100 * self.part / self.whole
        shown = round(exact, 1)
        return 99.9 if shown == 100 and self.part < self.whole else shown  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds what: a dealer by number, or a department by name."""

    kind: str
    label: str
    dealer_id: int | None
    number: str = ""


@dataclass(slots=True)
class HolderLate:
    holder: Holder
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar: what it stands for, its name and its height."""

    key: str
    label: str
    count: int


@dataclass(slots=True)
class Day:
    """One day of the trend."""

    on: date
    reported: int = 0
    done: int = 0
    arranged: Share = field(default_factory=Share)
    checked: Share = field(default_factory=Share)


@dataclass(slots=True)
class Calls:
    """Callbacks that fell due: made, answered well, and the scores given."""

    due: int = 0
    made: int = 0
    scored: int = 0
    score_sum: int = 0
    satisfied: int = 0

    def add(self, other: Calls) -> None:
        self.due += other.due
        self.made += other.made
        self.scored += other.scored
        self.score_sum += other.score_sum
        self.satisfied += other.satisfied

    @property
    def rate(self) -> Share:
        return Share(self.made, self.due)

    @property
    def satisfaction(self) -> Share:
        return Share(self.satisfied, self.scored)

    @property
    def average(self) -> float | None:
        return round(self.score_sum / self.scored, 2) if self.scored else None


@dataclass(slots=True)
class DealerFigures:
    """One dealer: what is open and late now, and how promises were kept in the period."""

    dealer_id: int
    number: str = ""
    name: str = ""
    open: int = 0
    late: int = 0
    arranged: Share = field(default_factory=Share)
    calls: Calls = field(default_factory=Calls)


@dataclass(slots=True)
class Overview:
    """Everything of the manager's page, at one instant."""

    at: datetime
    period: Period
    soon: int
    soon_by_promise: list[Slice]
    late: int
    late_by_holder: list[HolderLate]
    open: int
    by_state: list[Slice]
    by_region: list[Slice]
    dispatched: Share
    arranged: Share
    checked: Share
    promised_minutes: dict[str, int]
    calls: Calls
    days: list[Day]
    dealers: list[DealerFigures]


def weakest_first(dealers: Iterable[DealerFigures]) -> list[DealerFigures]:
    """Who needs the manager most: late now, then promises missed in the period, then open."""
    return sorted(
        dealers, key=lambda each: (-each.late, -each.arranged.missed, -each.open, each.number)
    )


SORTS = {
    "name": lambda each: each.name,
    "open": lambda each: each.open,
    "late": lambda each: each.late,
    "arranged": lambda each: _or_least(each.arranged.percent),
    "calls": lambda each: _or_least(each.calls.rate.percent),
    "score": lambda each: _or_least(each.calls.average),
}


def sorted_by(dealers: Iterable[DealerFigures], wish: str) -> list[DealerFigures]:
    """By a column (`-` in front: falling); else the weakest first."""
    key = SORTS.get(wish.removeprefix("-"))
    if key is None:
        return weakest_first(dealers)
    return sorted(dealers, key=key, reverse=wish.startswith("-"))


def _or_least(value: float | None) -> float:
    return -1.0 if value is None else value


def change(days: list[Day]) -> float | None:
    """By how many points the share arranged in time rose from the first half to the second."""
    middle = len(days) // 2
    halves = []
    for half in (days[:middle], days[middle:]):
        share = Share()
        for day in half:
            share.add(day.arranged.part, day.arranged.whole)
        if not share.whole:
            return None
        halves.append(100 * share.part / share.whole)
    return round(halves[1] - halves[0], 1)
