"""What a new list changes in a year: shown before it is saved, then carried out as shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sla.calendars import spans_read
from sla.daylist import ListedDay
from sla.models import Calendar


@dataclass(frozen=True, slots=True)
class ListChange:
    """The days of a year before and after; `replaced` are the old ones of `changed`."""

    added: tuple[ListedDay, ...]
    removed: tuple[ListedDay, ...]
    changed: tuple[ListedDay, ...]
    replaced: tuple[ListedDay, ...]
    same: tuple[ListedDay, ...]

    @property
    def pairs(self) -> list[tuple[ListedDay, ListedDay]]:
        """Each changed day: as it was, as it will be."""
        return list(zip(self.replaced, self.changed, strict=True))


def compared(calendar: Calendar, year: int, days: Iterable[ListedDay]) -> ListChange:
    """The list given against what the calendar knows of that year."""
    now = {day.on: day for day in known_days(calendar, year)}
    then = {day.on: ListedDay(day.on, day.kind, day.name, day.windows) for day in days}
    both = sorted(now.keys() & then.keys())
    differ = [on for on in both if now[on] != then[on]]
    return ListChange(
        added=tuple(then[on] for on in sorted(then.keys() - now.keys())),
        removed=tuple(now[on] for on in sorted(now.keys() - then.keys())),
        changed=tuple(then[on] for on in differ),
        replaced=tuple(now[on] for on in differ),
        same=tuple(then[on] for on in both if now[on] == then[on]),
    )


def known_days(calendar: Calendar, year: int) -> list[ListedDay]:
    """The days of a year that differ from their week, as a list holds them."""
    rows = calendar.days.filter(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
    return [
        ListedDay(on, kind, name, spans_read(own))
        for on, kind, name, own in rows.order_by("on").values_list("on", "kind", "name", "windows")
    ]
