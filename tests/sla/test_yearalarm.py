"""From November on a missing list is told: by message, on the pages, once a week (R-016)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from sla import services
from sla.daylist import ListedDay
from sla.defaults import install_defaults
from sla.models import Calendar
from sla.tasks import tell_missing_lists
from sla.yearalarm import missing_lists, tell_all
from tests.cast import World

As = Callable[..., Client]
# Monday, 2 November 2026, 10:00 in Shanghai.
NOVEMBER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def installed(world: World) -> World:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
    return world


def told(world: World) -> list[str]:
    with world.owner.scope():
        rows = Notification.objects.filter(event="calendar.list_missing").order_by("pk")
        return [row.cause for row in rows]


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 31), []),
        (date(2026, 11, 1), [2027]),
        (date(2026, 12, 31), [2027]),
        (date(2027, 1, 1), [2027]),
        (date(2028, 6, 1), [2027]),
    ],
)
def test_next_year_without_a_calendar_raises_an_alarm(
    installed: World, today: date, years: list[int]
) -> None:
    with installed.owner.scope():
        missing = missing_lists(today)
    assert [(each.calendar.code, each.year) for each in missing] == [
        ("office", year) for year in years
    ]


def test_a_calendar_that_follows_holidays_without_any_list_is_named_at_once(
    installed: World,
) -> None:
    with installed.owner.scope():
        Calendar.objects.filter(code="hotline").update(follows_holidays=True)
        missing = missing_lists(date(2026, 3, 1))
        assert [(each.calendar.code, each.year) for each in missing] == [("hotline", 2026)]
        assert missing[0].sentence


def test_each_administrator_is_told_once_a_week(installed: World) -> None:
    for moment in (
        NOVEMBER,
        NOVEMBER.replace(hour=9),
        NOVEMBER.replace(day=8, hour=15),  # Sunday, 23:00
    ):
        tell_all(moment)
    first = told(installed)
    assert len(first) == 1 and first[0].endswith(":list:2027:2026-W45")
    tell_all(NOVEMBER.replace(day=9))
    assert len(told(installed)) == 2


def test_october_tells_nobody_and_a_loaded_list_ends_it(installed: World) -> None:
    with time_machine.travel(datetime(2026, 10, 31, 15, 0, tzinfo=UTC), tick=False):
        tell_missing_lists()
    assert told(installed) == []
    # Half an hour of UTC later it is November in Shanghai; the day is the company's.
    with time_machine.travel(datetime(2026, 10, 31, 16, 30, tzinfo=UTC), tick=False):
        tell_missing_lists()
    assert len(told(installed)) == 1
    with installed.owner.scope():
        services.load_year(
            actor=installed.owner.system(),
            calendar=Calendar.objects.get(code="office"),
            year=2027,
            days=[ListedDay(date(2027, 1, 1), "holiday", "元旦")],
            source="通知",
        )
    with time_machine.travel(datetime(2026, 11, 20, 2, 0, tzinfo=UTC), tick=False):
        tell_missing_lists()
    assert len(told(installed)) == 1


def test_the_message_reads_well_and_leads_to_the_page(installed: World, as_: As) -> None:
    tell_all(NOVEMBER)
    with installed.owner.scope():
        message = Notification.objects.get(event="calendar.list_missing")
    assert message.url == "/settings/calendars/office/days/?year=2027"
    text = as_("administrator").get(reverse("notifications:list")).content.decode()
    assert "2027" in text and "办公日历" in text


@pytest.mark.parametrize("name", ["accounts:settings", "sla:calendars", "sla:health"])
def test_the_pages_of_the_administrator_say_it(installed: World, as_: As, name: str) -> None:
    link = "/settings/calendars/office/days/?year=2027"
    with time_machine.travel(NOVEMBER, tick=True):
        assert link in as_("administrator").get(reverse(name)).content.decode()
    with time_machine.travel(datetime(2026, 10, 20, tzinfo=UTC), tick=True):
        assert link not in as_("administrator").get(reverse(name)).content.decode()


def test_who_cannot_load_a_list_is_not_bothered(installed: World, as_: As) -> None:
    with time_machine.travel(NOVEMBER, tick=True):
        text = as_("clerk").get(reverse("accounts:settings")).content.decode()
    assert "2027" not in text
