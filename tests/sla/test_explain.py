"""How a due time came about, in words (R-018)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from core.actor import Actor
from core.models import Tenant
from sla import services
from sla.calendar import windows
from sla.daylist import ListedDay
from sla.explain import explanation
from sla.models import Calendar, Clock, PolicyVersion, Step
from sla.queries import explain
from tests.sla.conftest import TEN, minutes, start


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def office(tenant: Tenant) -> None:
    PolicyVersion.objects.update(calendar=Calendar.objects.get(code="office"))


def test_every_day_on_the_way_is_named(tenant: Tenant) -> None:
    office(tenant)
    # Wednesday, 30 September 2026, 17:00: National Day follows, then a make-up Saturday.
    clock = start(at=datetime(2026, 9, 30, 9, 0, tzinfo=UTC))
    lines = explain(clock)
    assert [line.day for line in lines][0] == date(2026, 9, 30)
    assert lines[0].counted == "17:00–17:30" and lines[0].minutes == 30
    assert "National Day" in lines[1].why and not lines[1].is_counted
    assert lines[-1].day == date(2026, 10, 8)
    assert (lines[-1].counted, lines[-1].sum_minutes) == ("08:30–10:00", 120)
    assert "120 in all" in str(lines[-1])
    assert clock.due_at == datetime(2026, 10, 8, 2, 0, tzinfo=UTC)


def test_a_make_up_saturday_is_a_working_day(tenant: Tenant) -> None:
    office(tenant)
    # Friday, 9 October 2026, 17:00; the Saturday after it is worked.
    clock = start(at=datetime(2026, 10, 9, 9, 0, tzinfo=UTC))
    assert "Make-up workday" in explain(clock)[-1].why
    assert clock.due_at == datetime(2026, 10, 10, 2, 0, tzinfo=UTC)


def test_pauses_are_named_on_their_days(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(
        actor=actor, subject="thing", subject_id=1, reason="parts", at=TEN + minutes(30)
    )
    services.resume_clocks(actor=actor, subject="thing", subject_id=1, at=TEN + minutes(60))
    told = explanation(Clock.objects.get())
    assert "paused for 30 min" in told.lines[0].why
    assert told.lines[0].counted == "10:00–10:30, 11:00–12:30"
    assert not told.has_other_calendar_now


def test_a_paused_clock_is_explained_as_if_it_went_on_now(tenant: Tenant, actor: Actor) -> None:
    start()
    services.pause_clocks(
        actor=actor, subject="thing", subject_id=1, reason="parts", at=TEN + minutes(30)
    )
    with time_machine.travel(TEN + timedelta(hours=1), tick=False):
        told = explanation(Clock.objects.get())
    assert told.is_paused and told.lines[-1].counted == "10:00–10:30, 11:00–12:30"


def test_a_calendar_changed_later_is_admitted(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.set_days(
        actor=actor,
        calendar=clock.calendar,
        days=[ListedDay(date(2026, 11, 10), "special", "盘点", windows("09:00-11:00"))],
    )
    clock = Clock.objects.get()
    assert clock.due_at == TEN + minutes(120)
    assert explanation(clock).has_other_calendar_now


def test_the_words_are_chinese_for_chinese_readers(tenant: Tenant) -> None:
    with translation.override("zh-hans"):
        assert "工作日" in explain(start())[0].why


def test_the_page_says_in_words_why_a_step_did_not_fire(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.cancel_clocks(actor=actor, subject="thing", subject_id=1, reason="done", at=TEN)
    assert {step.reason_label for step in clock.steps.all()} == {"The work was done"}
    Step.objects.filter(clock=clock).update(reason="acknowledged: Li Hua")
    step = clock.steps.first()
    assert step is not None and step.reason_label == "Acknowledged by Li Hua"
