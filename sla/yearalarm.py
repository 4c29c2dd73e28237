"""The list of the coming year must not be forgotten: from November on that is told (R-016)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import publish
from core.models import Tenant
from core.notices import Notice
from core.tenancy import tenant_scope
from core.words import day as day_in_words
from sla.calendar.instants import zone_named
from sla.models import Calendar

log = structlog.get_logger(__name__)

# The notice of the coming year appears in October or November.
ALARM_MONTH = 11


@dataclass(frozen=True, slots=True)
class MissingList:
    """A calendar that follows holidays, and the first year that it needs and lacks."""

    calendar: Calendar
    year: int

    @property
    def sentence(self) -> str:
        if self.calendar.known_through is None:
            what = _("{name}: no list of holidays is loaded; every due time is provisional.")
            return what.format(name=self.calendar.name)
        what = _(
            "{name}: the list of {year} is missing. Due times after {day} are provisional until "
            "it is loaded."
        )
        return what.format(
            name=self.calendar.name,
            year=self.year,
            day=day_in_words(self.calendar.known_through),
        )


def missing_lists(today: date) -> list[MissingList]:
    """The lists that should be there today: this year's, from 1 November the next one's too."""
    needed = today.year + (today.month >= ALARM_MONTH)
    found = []
    for calendar in Calendar.objects.filter(follows_holidays=True).order_by("name", "id"):
        known = calendar.known_through
        if known is None:
            found.append(MissingList(calendar, today.year))
        elif known.year < needed:
            found.append(MissingList(calendar, known.year + 1))
    return found


def notices(actor: Actor) -> list[Notice]:
    """The same for the home of those who can load a list."""
    if not actor.may("calendar.manage"):
        return []
    return [
        Notice(
            missing.sentence,
            f"{reverse('sla:calendar-days', args=[missing.calendar.code])}?year={missing.year}",
            _("Load the list"),
        )
        for missing in missing_lists(timezone.localdate())
    ]


def tell_all(at: datetime | None = None) -> int:
    """Publish what is missing in every company; whoever is wired tells people, once a week."""
    moment = at or timezone.now()
    told = 0
    for tenant_id, zone in Tenant.objects.filter(is_active=True).values_list("pk", "time_zone"):
        try:
            with tenant_scope(tenant_id):
                today = moment.astimezone(zone_named(zone)).date()
                week = "{}-W{:02}".format(*today.isocalendar()[:2])
                for missing in missing_lists(today):
                    publish("calendar.list_missing", missing=missing, week=week)
                    told += 1
        except Exception:
            # One tenant's trouble must not cost the others their warning; it is tried again.
            log.exception("sla.missing_list_not_told", sick_tenant=tenant_id)
    return told
