"""Hours change from a day on; what was promised, and how it came about, stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.actor import Actor
from core.errors import DomainError
from core.models import AuditEvent, Tenant
from sla import services
from sla.calendar import windows
from sla.calendar_preview import differing_by_hours
from sla.calendars import work_calendar
from sla.defaults import install_defaults
from sla.explain import explanation
from sla.models import Calendar, CalendarHours, Clock
from tests.cast import World
from tests.sla.conftest import TEN, minutes, start
from tests.sla.test_settings import at_the_office

As = Callable[..., Client]
LATER = dict.fromkeys(range(5), windows("11:00-12:00", "14:00-20:00"))
# Tuesday, 10 November 2026, 16:30: two hours reach into Wednesday.
LATE = TEN + minutes(390)


def change(actor: Actor, office: Calendar, on: date, at: datetime) -> CalendarHours:
    return services.change_hours(
        actor=actor, calendar=office, valid_from=on, hours=LATER, reason="冬季作息", at=at
    )


def test_new_clocks_count_by_the_new_hours_from_that_day(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    change(actor, office, date(2026, 11, 11), TEN)
    # One hour until 17:30 by the old hours, one from 11:00 on the next day by the new ones.
    clock = start(at=LATE)
    assert clock.due_at == datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
    assert start(subject_id=2, at=TEN).due_at == TEN + timedelta(hours=2)
    assert not explanation(clock).has_other_calendar_now


def test_running_clocks_keep_the_hours_they_started_with(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    clock = start(at=LATE)
    promised = clock.due_at
    assert promised == datetime(2026, 11, 11, 1, 30, tzinfo=UTC)
    change(actor, office, date(2026, 11, 11), LATE + minutes(5))
    with time_machine.travel(LATE + minutes(10), tick=False):
        services.pause_clocks(actor=actor, subject="thing", subject_id=1, reason="parts")
    with time_machine.travel(LATE + minutes(20), tick=False):
        services.resume_clocks(actor=actor, subject="thing", subject_id=1)
    clock = Clock.objects.get()
    # The ten minutes come back in the hours of old, though the office works others by now.
    assert clock.due_at == promised + minutes(10)
    told = explanation(clock)
    assert told.lines[-1].windows == "08:30-12:00, 13:30-17:30"
    assert not told.has_other_calendar_now


def test_a_clock_promised_anew_takes_the_hours_of_that_moment(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    clock = start(at=LATE)
    change(actor, office, date(2026, 11, 11), LATE + minutes(5))
    Clock.objects.update(hours_as_of=LATE + minutes(6))
    clock = Clock.objects.get()
    services.date_anew(clock)
    assert clock.due_at == datetime(2026, 11, 11, 4, 0, tzinfo=UTC)


def test_the_preview_counts_the_running_clocks_that_would_differ(
    tenant: Tenant, actor: Actor
) -> None:
    office = at_the_office()
    start(at=LATE)
    start(subject_id=2, at=TEN)  # due today, before the new hours begin
    assert differing_by_hours(office, date(2026, 11, 11), LATER) == 1
    assert differing_by_hours(office, date(2026, 11, 12), LATER) == 0


def test_of_two_decisions_for_a_day_the_later_counts_and_both_are_kept(
    tenant: Tenant, actor: Actor
) -> None:
    office = at_the_office()
    change(actor, office, date(2026, 11, 11), TEN)
    services.change_hours(
        actor=actor,
        calendar=office,
        valid_from=date(2026, 11, 11),
        hours=dict.fromkeys(range(5), windows("09:00-10:00")),
        reason="Mended",
        at=TEN + minutes(1),
    )
    office.refresh_from_db()
    assert work_calendar(office).windows_on(date(2026, 11, 11)) == windows("09:00-10:00")
    assert CalendarHours.objects.filter(calendar=office).count() == 2
    events = AuditEvent.objects.filter(verb="calendar.hours_changed").order_by("pk")
    assert [event.data["reason"] for event in events] == ["冬季作息", "Mended"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": date(2026, 11, 9)}, "valid_from"),
        ({"reason": "  "}, "reason"),
        ({"hours": {0: ()}}, None),
    ],
)
def test_a_wrong_change_is_refused(
    tenant: Tenant, actor: Actor, wrong: dict[str, Any], field: str | None
) -> None:
    given: dict[str, Any] = {
        "valid_from": date(2026, 11, 11),
        "hours": LATER,
        "reason": "x",
    } | wrong
    with pytest.raises(DomainError) as error:
        services.change_hours(actor=actor, calendar=at_the_office(), at=TEN, **given)
    assert error.value.field == field
    assert not CalendarHours.objects.exists()


def test_zone_and_hours_stand_once_clocks_have_run(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    start(at=TEN)
    given: dict[str, Any] = {"name": "Office", "follows_holidays": True, "is_default": False}
    with pytest.raises(DomainError) as error:
        services.save_calendar(actor=actor, calendar=office, zone="Asia/Urumqi", **given)
    assert error.value.field == "zone"
    with pytest.raises(DomainError):
        services.save_calendar(actor=actor, calendar=office, zone=office.zone, hours=LATER, **given)
    services.save_calendar(actor=actor, calendar=office, zone="Asia/Shanghai", **given)


def test_the_page_shows_first_what_would_differ(world: World, as_: As) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
        office = at_the_office()
        with time_machine.travel(LATE, tick=False):
            start(at=LATE)
    url, client = reverse("sla:calendar-hours", args=["office"]), as_("administrator")
    form = {f"day_{day}": "11：00～12:00、14:00-20:00" for day in range(5)}
    form |= {"day_5": "", "day_6": "", "valid_from": "2026-11-11", "reason": "冬季作息"}
    with time_machine.travel(LATE + minutes(5), tick=True):
        client = as_("administrator")
        assert client.get(url).status_code == 200
        shown = client.post(url, form)
        assert shown.status_code == 200 and shown.context["differing"] == 1
        assert "冬季作息" in shown.content.decode()
        with world.owner.scope():
            assert not CalendarHours.objects.exists()
        for wrong, field in [
            ({"valid_from": "2026-11-09", "confirmed": "yes"}, "valid_from"),
            ({"valid_from": "2026-02-31"}, "valid_from"),
            ({"reason": ""}, "reason"),
            ({"day_0": "12:00-08:00"}, "day_0"),
            ({"day_0": "08:00-12:00 11:00-13:00"}, "day_0"),
            ({f"day_{day}": "" for day in range(7)}, "__all__"),
        ]:
            answer = client.post(url, form | wrong)
            assert answer.status_code == 422 and field in answer.context["form"].errors, wrong
        assert client.post(url, form | {"confirmed": "yes"}).status_code == 302
    with world.owner.scope():
        office.refresh_from_db()
        assert office.hours.get().decided_by_label
    page = client.get(reverse("sla:calendar", args=["office"]), {"year": "2026"})
    assert len(page.context["shown"].weeks) == 2
