"""The administrator changes calendars; running promises keep their times (R-002, R-016)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked
from core.tenancy import verb
from sla.calendar import Window
from sla.calendar.instants import zone_named
from sla.calendars import built, days_of, hours_of, in_words, week_written
from sla.models import Calendar, CalendarHours, LocalCalendar


@verb
def save_calendar(
    *,
    actor: Actor,
    calendar: Calendar,
    name: str,
    zone: str,
    hours: Mapping[int, Sequence[Window]] | None = None,
    follows_holidays: bool,
    is_default: bool,
) -> Calendar:
    """Set a calendar, new or known. Once clocks have run by it, zone and first hours stand.

    Those hours change from a day on, by `change_hours`.
    """
    is_new = calendar.pk is None
    before = {} if is_new else _facts(Calendar.objects.get(pk=calendar.pk))
    wanted = calendar.windows if hours is None else week_written(hours)
    if not is_new and calendar.clocks.exists():
        if zone != calendar.zone:
            raise DomainError(
                _("Clocks have run in this zone already. Make another calendar for another zone."),
                field="zone",
            )
        if wanted != calendar.windows:
            raise DomainError(
                _("Clocks have run by these hours already. Change the hours from a day on.")
            )
    calendar.name, calendar.zone, calendar.windows = name, zone, wanted
    calendar.follows_holidays = follows_holidays
    _check(calendar)
    if is_default and not calendar.is_default:
        Calendar.objects.filter(is_default=True).update(is_default=False)
    calendar.is_default = calendar.is_default or is_default
    calendar.edition = uuid.uuid4()
    calendar.save()
    audit.record(
        actor,
        "calendar.created" if is_new else "calendar.changed",
        calendar,
        before=before,
        **_facts(calendar),
    )
    return calendar


@verb
def change_hours(
    *,
    actor: Actor,
    calendar: Calendar,
    valid_from: date,
    hours: Mapping[int, Sequence[Window]],
    reason: str,
    at: datetime | None = None,
) -> CalendarHours:
    """Let other hours count from a day on; clocks that run already keep the ones they have."""
    calendar = locked(calendar)
    decided = at or timezone.now()
    with in_words("zone"):
        today = decided.astimezone(zone_named(calendar.zone)).date()
    if valid_from < today:
        raise DomainError(
            _("Hours of days that are over cannot change; choose today or a later day."),
            field="valid_from",
        )
    if not reason.strip():
        raise DomainError(_("Say why the hours change."), field="reason")
    windows = week_written(hours)
    with in_words():
        built(calendar, days_of(calendar), [*hours_of(calendar), (valid_from, windows)])
    change = CalendarHours.objects.create(
        calendar=calendar,
        valid_from=valid_from,
        windows=windows,
        reason=reason.strip()[:200],
        decided_at=decided,
        decided_by_label=actor.label,
    )
    new_edition(calendar)
    audit.record(
        actor,
        "calendar.hours_changed",
        calendar,
        valid_from=valid_from,
        windows=windows,
        reason=change.reason,
    )
    return change


@verb
def set_local(
    *,
    actor: Actor,
    instead_of: Calendar,
    calendar: Calendar,
    region_code: str = "",
    dealer_id: int | None = None,
    dealer_label: str = "",
) -> LocalCalendar:
    """Let another calendar count in a region or at a dealer; running clocks keep theirs."""
    instead_of = locked(instead_of)
    if calendar.pk == instead_of.pk:
        raise DomainError(_("A calendar cannot stand in for itself."), field="calendar")
    if bool(region_code) == (dealer_id is not None):
        raise DomainError(_("Name a region or a dealer, one of the two."), field="region")
    local, _is_new = LocalCalendar.objects.update_or_create(
        instead_of=instead_of,
        region_code=region_code,
        dealer_id=dealer_id,
        defaults={"calendar": calendar, "dealer_label": dealer_label[:160]},
    )
    new_edition(instead_of)
    audit.record(
        actor,
        "calendar.local_set",
        instead_of,
        calendar=calendar.code,
        region=region_code,
        dealer=dealer_label,
    )
    return local


@verb
def remove_local(*, actor: Actor, local: LocalCalendar) -> None:
    """Let the calendar itself count there again."""
    instead_of = locked(local.instead_of)
    audit.record(
        actor,
        "calendar.local_removed",
        instead_of,
        calendar=local.calendar.code,
        region=local.region_code,
        dealer=local.dealer_label,
    )
    local.delete()
    new_edition(instead_of)


def new_edition(calendar: Calendar) -> None:
    """What any process has kept of the calendar in memory is out of date now."""
    calendar.edition = uuid.uuid4()
    calendar.save(update_fields=["edition"])


def _check(calendar: Calendar) -> None:
    is_new = calendar.pk is None
    with in_words("zone"):
        zone_named(calendar.zone)
    with in_words():
        built(calendar, [] if is_new else days_of(calendar), [] if is_new else hours_of(calendar))


def _facts(calendar: Calendar) -> dict[str, object]:
    return {
        "zone": calendar.zone,
        "windows": calendar.windows,
        "follows_holidays": calendar.follows_holidays,
        "is_default": calendar.is_default,
    }
