"""What a new company starts with: three calendars and the profile "machinery core" (R-018)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from django.utils import timezone

from core.actor import Actor
from core.models import Tenant
from core.tenancy import tenant_scope
from sla.china import KNOWN_THROUGH, NOTICES, china_days
from sla.models import Calendar, CalendarDay, CalendarYear, Policy, PolicyVersion, Target
from sla.profiles import CORE
from sla.profiles.base import ALWAYS, HOTLINE, OFFICE, PolicyPlan

# What a company starts with counts for all that it brings from before.
EVER = datetime(2000, 1, 1, tzinfo=UTC)

WEEK = range(7)
WINDOWS: dict[str, dict[str, list[list[str]]]] = {
    OFFICE: {str(day): [["08:30", "12:00"], ["13:30", "17:30"]] for day in WEEK[:5]},
    # The service line answers from nine to ten at night on every day of the year.
    HOTLINE: {str(day): [["09:00", "22:00"]] for day in WEEK},
    ALWAYS: {str(day): [["00:00", "24:00"]] for day in WEEK},
}
NAMES = {
    "zh-hans": {OFFICE: "办公日历", HOTLINE: "服务热线日历", ALWAYS: "全天候日历"},
    "en": {OFFICE: "Office hours", HOTLINE: "Hotline hours", ALWAYS: "Around the clock"},
}


def install_defaults(tenant: Tenant, *, by_night: Collection[str] = ()) -> None:
    """Give a tenant what it lacks of calendars and policies; what it has stays as it is.

    Policies named in `by_night` count around the clock (a service line that never closes).
    """
    names = NAMES.get(tenant.language, NAMES["en"])
    with tenant_scope(tenant.pk):
        calendars = {code: _calendar(tenant, code, names[code]) for code in WINDOWS}
        there = set(Policy.objects.values_list("code", flat=True))
        for plan in CORE.policies:
            if plan.code not in there:
                _policy(
                    plan,
                    plan.name(tenant.language),
                    calendars,
                    hours=ALWAYS if plan.code in by_night else plan.calendar,
                )


def _calendar(tenant: Tenant, code: str, name: str) -> Calendar:
    follows_holidays = code == OFFICE
    has_default = Calendar.objects.filter(is_default=True).exists()
    calendar, is_new = Calendar.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "zone": tenant.time_zone,
            "windows": WINDOWS[code],
            "is_default": code == HOTLINE and not has_default,
            "follows_holidays": follows_holidays,
            "known_from": date(min(NOTICES), 1, 1) if follows_holidays else None,
            "known_through": KNOWN_THROUGH if follows_holidays else None,
        },
    )
    if is_new and follows_holidays:
        CalendarDay.objects.bulk_create(
            CalendarDay(
                calendar=calendar,
                on=day,
                kind=rule.kind.value,
                name=rule.name,
                source=rule.source,
            )
            for day, rule in china_days().items()
        )
        CalendarYear.objects.bulk_create(
            CalendarYear(
                calendar=calendar,
                year=notice.year,
                source=notice.source,
                loaded_at=timezone.now(),
                loaded_by_label=Actor.system(tenant.pk).label,
            )
            for notice in NOTICES.values()
        )
    return calendar


def _policy(plan: PolicyPlan, name: str, calendars: dict[str, Calendar], *, hours: str) -> None:
    version = PolicyVersion.objects.create(
        policy=Policy.objects.create(code=plan.code, name=name),
        number=1,
        valid_from=EVER,
        position=plan.position,
        conditions=plan.conditions,
        calendar=calendars[hours],
    )
    Target.objects.bulk_create(
        Target(
            version=version,
            promise=each.promise,
            minutes=each.minutes,
            warn_percent=each.warn_percent,
            calendar=calendars[each.calendar] if each.calendar else None,
            ladder=plan.ladder_of(each),
        )
        for each in plan.plans
    )
