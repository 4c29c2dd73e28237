"""What a new company starts with: three calendars and the profile "machinery core" (R-018)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.models import Tenant
from core.tenancy import tenant_scope
from sla.china import KNOWN_THROUGH, china_days
from sla.models import Calendar, CalendarDay, Policy, PolicyVersion, Target
from sla.states import Promise

# What a company starts with counts for all that it brings from before.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
OFFICE, HOTLINE, ALWAYS = "office", "hotline", "always"

WEEK = range(7)
WINDOWS: dict[str, dict[str, list[list[str]]]] = {
    OFFICE: {str(day): [["08:30", "12:00"], ["13:30", "17:30"]] for day in WEEK[:5]},
    # The service line answers from nine to ten at night on every day of the year.
    HOTLINE: {str(day): [["09:00", "22:00"]] for day in WEEK},
    ALWAYS: {str(day): [["00:00", "24:00"]] for day in WEEK},
}
NAMES = {
    "zh-hans": {
        OFFICE: "办公日历",
        HOTLINE: "服务热线日历",
        ALWAYS: "全天候日历",
        "urgent": "紧急",
        "complaint": "投诉",
        "consultation": "咨询",
        "core": "农机三包通用",
    },
    "en": {
        OFFICE: "Office hours",
        HOTLINE: "Hotline hours",
        ALWAYS: "Around the clock",
        "urgent": "Urgent",
        "complaint": "Complaint",
        "consultation": "Consultation",
        "core": "Machinery core",
    },
}

# Working minutes after the due time, and who is told then.
LADDER = [{"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"}]
# What is urgent goes up faster.
URGENT_LADDER = [{"after": 0, "role": "supervisor"}, {"after": 15, "role": "manager"}]


@dataclass(frozen=True, slots=True)
class Profile:
    """One policy of the profile: what it catches, and the minutes of each promise."""

    code: str
    position: int
    conditions: dict[str, list[str]]
    minutes: dict[Promise, int]
    ladder: list[dict[str, Any]]


# Two hours to dispatch, two to arrange, four to check: working minutes of the hotline.
CHAIN = {Promise.DISPATCH: 120, Promise.ARRANGE: 120, Promise.CHECK: 240}
# Four days of the hotline's thirteen hours.
CALLBACK = {Promise.CALLBACK: 4 * 13 * 60}
PROFILES = (
    Profile(
        "urgent",
        10,
        {"urgency": ["urgent"]},
        CHAIN | CALLBACK | {Promise.FIRST_ANSWER: 30, Promise.ARRANGE: 60},
        URGENT_LADDER,
    ),
    Profile(
        "complaint",
        20,
        {"kind": ["complaint"]},
        CHAIN | CALLBACK | {Promise.FIRST_ANSWER: 120},
        LADDER,
    ),
    Profile(
        "consultation",
        30,
        {"kind": ["consultation"]},
        CHAIN | CALLBACK | {Promise.FIRST_ANSWER: 15},
        LADDER,
    ),
    Profile("core", 90, {}, CHAIN | CALLBACK, LADDER),
)


def install_defaults(tenant: Tenant) -> None:
    """Give a tenant what it lacks of calendars and policies; what it has stays as it is."""
    names = NAMES.get(tenant.language, NAMES["en"])
    with tenant_scope(tenant.pk):
        calendars = {code: _calendar(tenant, code, names[code]) for code in WINDOWS}
        for profile in PROFILES:
            _policy(profile, names[profile.code], calendars[HOTLINE])


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
                source=rule.source[:120],
            )
            for day, rule in china_days().items()
        )
    return calendar


def _policy(profile: Profile, name: str, calendar: Calendar) -> None:
    policy, is_new = Policy.objects.get_or_create(code=profile.code, defaults={"name": name})
    if is_new:
        version = PolicyVersion.objects.create(
            policy=policy,
            number=1,
            valid_from=EVER,
            position=profile.position,
            conditions=profile.conditions,
            calendar=calendar,
        )
        Target.objects.bulk_create(
            Target(version=version, promise=promise, minutes=minutes, ladder=profile.ladder)
            for promise, minutes in profile.minutes.items()
        )
