"""Lists of holidays come in year by year; what waited for them is dated anew (R-016)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from sla.calendar_preview import ListChange, compared
from sla.calendars import built, days_of, hours_of, in_words, spans_written
from sla.daylist import ORDINARY, ListedDay, written
from sla.models import Calendar, CalendarDay, CalendarYear, Clock, Step
from sla.services.calendars import new_edition
from sla.services.dating import DATES, date_all_anew
from sla.states import LIVE, StepState


@dataclass(frozen=True, slots=True)
class Settled:
    """What a list did to the clocks that waited for it."""

    checked: int = 0
    moved: int = 0  # got another due time
    told: int = 0  # of those checked: some of their steps had fired, and stay as they were


@verb
def load_year(
    *,
    actor: Actor,
    calendar: Calendar,
    year: int,
    days: Sequence[ListedDay],
    source: str,
    at: datetime | None = None,
) -> tuple[ListChange, Settled]:
    """Make a year's list the one given; years follow one another without a gap.

    Running and paused clocks that were provisional are dated anew; all others keep their times.
    """
    calendar = locked(calendar)
    check_year(calendar, year)
    if not source.strip():
        raise DomainError(_("Say where the list comes from."), field="source")
    listed = [day for day in days if day.kind != ORDINARY]
    if not listed:
        raise DomainError(_("The list holds no day."), field="lines")
    if strays := [day for day in listed if day.on.year != year]:
        raise DomainError(
            _("%(day)s is no day of %(year)s."), field="lines", day=strays[0].on, year=year
        )
    change = compared(calendar, year, listed)
    gone = [old.on for old in (*change.removed, *change.replaced)]
    calendar.days.filter(on__in=gone).delete()
    _add(calendar, (*change.added, *change.changed), source)
    CalendarYear.objects.update_or_create(
        calendar=calendar,
        year=year,
        defaults={
            "source": source.strip()[:200],
            "loaded_at": at or timezone.now(),
            "loaded_by_label": actor.label,
        },
    )
    years = calendar.years.order_by("year").values_list("year", flat=True)
    calendar.known_from = date(min(years), 1, 1)
    calendar.known_through = date(max(years), 12, 31)
    calendar.save(update_fields=["known_from", "known_through"])
    _check(calendar, [year])
    settled = settle(actor, calendar)
    audit.record(
        actor,
        "calendar.year_loaded",
        calendar,
        year=year,
        source=source,
        added=_lines(change.added),
        changed=_lines(change.changed),
        removed=_lines(change.removed),
        same=len(change.same),
        clocks=settled.moved,
    )
    return change, settled


@verb
def set_days(
    *, actor: Actor, calendar: Calendar, days: Sequence[ListedDay], source: str = ""
) -> Settled:
    """Enter single days beside a list: a special day, a holiday of the house, or a mend.

    `ORDINARY` lets a day follow its week again. Clocks that are no longer provisional keep
    their times.
    """
    calendar = locked(calendar)
    if not days:
        raise DomainError(_("Name at least one day."), field="on")
    known = set(calendar.years.values_list("year", flat=True))
    for day in days:
        if calendar.follows_holidays and day.on.year not in known:
            raise DomainError(
                _("The list of %(year)s is not loaded yet; load it first."),
                field="on",
                year=day.on.year,
            )
    old = calendar.days.filter(on__in=[day.on for day in days])
    before = [f"{on} {name} {kind}" for on, kind, name in old.values_list("on", "kind", "name")]
    old.delete()
    _add(calendar, (day for day in days if day.kind != ORDINARY), source)
    _check(calendar, {day.on.year for day in days})
    settled = settle(actor, calendar)
    audit.record(
        actor,
        "calendar.days_changed",
        calendar,
        before=before,
        days=_lines(days),
        source=source,
        clocks=settled.moved,
    )
    return settled


def check_year(calendar: Calendar, year: int) -> None:
    """Refuse a year that would leave a gap in what is known, or that means nothing here."""
    if not calendar.follows_holidays:
        raise DomainError(
            _("This calendar does not follow holidays; say so in its settings first."),
            field="year",
        )
    if not 2000 <= year <= 2100:
        raise DomainError(_("The year must lie between 2000 and 2100."), field="year")
    years = set(calendar.years.values_list("year", flat=True))
    if not years or min(years) - 1 <= year <= max(years) + 1:
        return
    missing = max(years) + 1 if year > max(years) else min(years) - 1
    raise DomainError(
        _("%(year)s cannot be loaded while %(missing)s is missing; load %(missing)s first."),
        field="year",
        year=year,
        missing=missing,
    )


def settle(actor: Actor, calendar: Calendar) -> Settled:
    """Date the live clocks anew that were promised before their days were announced.

    What has fired stays as it fired.
    """
    waiting = Clock.objects.filter(calendar=calendar, is_provisional=True, state__in=LIVE)
    clocks = list(waiting.order_by("id").select_for_update(of=("self",)))
    if not clocks:
        return Settled()
    before = {clock.pk: clock.due_at for clock in clocks}
    for clock in clocks:
        clock.calendar = calendar
    date_all_anew(clocks)
    Clock.objects.bulk_update(clocks, DATES, batch_size=500)
    moved = [clock for clock in clocks if clock.due_at != before[clock.pk]]
    audit.record_all(
        [
            audit.event(
                actor,
                "clock.dated_anew",
                clock,
                promise=clock.promise,
                before=before[clock.pk],
                due_at=clock.due_at,
            )
            for clock in moved
        ]
    )
    fired = Step.objects.filter(clock__in=before, state=StepState.FIRED)
    return Settled(len(clocks), len(moved), fired.values("clock").distinct().count())


def _check(calendar: Calendar, years: Iterable[int]) -> None:
    """Refuse what leaves a year without a working minute; then others read the calendar anew."""
    with in_words("lines"):
        value = built(calendar, days_of(calendar), hours_of(calendar))
    for year in years:
        if not value.minutes_in(year):
            raise DomainError(
                _("With these days %(year)s has no working minute."), field="lines", year=year
            )
    new_edition(calendar)


def _add(calendar: Calendar, days: Iterable[ListedDay], source: str) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=calendar,
            on=day.on,
            kind=day.kind,
            name=day.name,
            windows=spans_written(day.windows),
            source=source.strip()[:200],
        )
        for day in days
    )


def _lines(days: Iterable[ListedDay]) -> list[str]:
    return written(days).splitlines()
