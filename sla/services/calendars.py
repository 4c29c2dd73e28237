"""The administrator changes calendars; running promises keep their times (R-016)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from core import audit
from core.actor import Actor
from core.states import locked
from core.tenancy import verb
from sla.calendar import Window
from sla.calendars import built, in_words
from sla.daylist import ORDINARY, ListedDay
from sla.models import Calendar, CalendarDay, Clock
from sla.services.dating import date_anew
from sla.states import ClockState


@verb
def save_calendar(
    *,
    actor: Actor,
    calendar: Calendar,
    name: str,
    zone: str,
    hours: dict[int, Sequence[Window]],
    known_through: date | None,
    is_default: bool,
) -> Calendar:
    """Set a calendar's hours, new or known; running clocks keep the times they promised."""
    is_new = calendar.pk is None
    before = {} if is_new else {"windows": calendar.windows, "zone": calendar.zone}
    calendar.name, calendar.zone, calendar.known_through = name, zone, known_through
    calendar.windows = {
        str(weekday): [str(window).split("-") for window in windows]
        for weekday, windows in sorted(hours.items())
    }
    calendar.edition = uuid.uuid4()
    with in_words("zone"):
        built(calendar, [] if is_new else list(_days(calendar)))
    if is_default and not calendar.is_default:
        Calendar.objects.filter(is_default=True).update(is_default=False)
    calendar.is_default = calendar.is_default or is_default
    calendar.save()
    audit.record(
        actor,
        "calendar.created" if is_new else "calendar.changed",
        calendar,
        before=before,
        windows=calendar.windows,
        zone=zone,
    )
    return calendar


@verb
def load_days(
    *,
    actor: Actor,
    calendar: Calendar,
    days: Sequence[ListedDay],
    known_through: date | None,
    source: str = "",
) -> int:
    """Enter holidays and make-up days; clocks that waited for them are dated anew.

    Returns how many running clocks got other times.
    """
    calendar = locked(calendar)
    calendar.days.filter(on__in=[day.on for day in days]).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, on=day.on, kind=day.kind, name=day.name, source=source[:120])
        for day in days
        if day.kind != ORDINARY
    )
    calendar.known_through = known_through
    calendar.edition = uuid.uuid4()
    with in_words("lines"):
        built(calendar, list(_days(calendar)))
    calendar.save(update_fields=["known_through", "edition"])
    moved = _settle_provisional(actor, calendar)
    audit.record(
        actor,
        "calendar.days_loaded",
        calendar,
        days=len(days),
        known_through=known_through,
        source=source,
        clocks=moved,
    )
    return moved


def _settle_provisional(actor: Actor, calendar: Calendar) -> int:
    """Date the running clocks anew that were promised before their days were announced."""
    waiting = Clock.objects.filter(
        calendar=calendar, is_provisional=True, state=ClockState.RUNNING
    ).order_by("id")
    moved = 0
    for clock in waiting.select_for_update(of=("self",)):
        clock.calendar = calendar
        before = clock.due_at
        date_anew(clock)
        clock.save(update_fields=["warn_at", "due_at", "is_provisional"])
        if clock.due_at != before:
            moved += 1
            audit.record(
                actor, "clock.dated_anew", clock, promise=clock.promise, due_at=clock.due_at
            )
    return moved


def _days(calendar: Calendar) -> Any:
    return calendar.days.values_list("on", "kind", "name", "source")
