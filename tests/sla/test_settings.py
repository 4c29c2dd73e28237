"""Calendars and policies change; what was promised stands, what was provisional is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from core.actor import Actor
from core.errors import Conflict, DomainError
from core.models import Tenant
from core.tenancy import tenant_scope
from sla import services
from sla.calendar import windows
from sla.daylist import ListedDay
from sla.defaults import install_defaults
from sla.models import Calendar, CalendarDay, Clock, Policy, PolicyVersion, Target
from sla.services import NewTarget
from tests.sla.conftest import TEN, minutes, start

# 30 December 2026, 17:00 in Shanghai; the holidays of 2027 are not announced yet.
YEAR_END = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)


def at_the_office() -> Calendar:
    office = Calendar.objects.get(code="office")
    PolicyVersion.objects.update(calendar=office)
    return office


def test_the_defaults_come_once(tenant: Tenant) -> None:
    kinds = (Calendar, CalendarDay, Policy, PolicyVersion, Target)
    before = [kind.objects.count() for kind in kinds]
    Policy.objects.filter(code="core").update(name="Ours")
    Target.objects.filter(version__policy__code="core", promise="dispatch").update(minutes=90)
    install_defaults(tenant)
    assert [kind.objects.count() for kind in kinds] == before
    assert Policy.objects.get(code="core").name == "Ours"
    assert start().minutes == 90
    assert before[0] == 3 and before[2] == 10


def test_the_defaults_speak_the_language_of_the_company(db: None) -> None:
    chinese = Tenant.objects.create(slug="zh", name="丰禾")
    install_defaults(chinese)
    with tenant_scope(chinese.pk):
        assert Calendar.objects.get(is_default=True).name == "服务热线日历"


def test_a_due_time_beyond_the_announced_holidays_is_provisional(tenant: Tenant) -> None:
    at_the_office()
    assert start(at=YEAR_END).is_provisional
    assert not start(subject_id=2, at=TEN).is_provisional


def test_loading_the_next_year_settles_what_was_provisional(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    clock = start(at=YEAR_END)
    firm = start(subject_id=2, at=TEN)
    assert clock.due_at == datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
    _change, settled = services.load_year(
        actor=actor,
        calendar=office,
        year=2027,
        days=[
            ListedDay(date(2027, 1, 1), "holiday", "元旦"),
            ListedDay(date(2027, 1, 2), "makeup", "元旦"),
        ],
        source="2027",
    )
    clock.refresh_from_db()
    assert settled.moved == 1
    assert (clock.due_at, clock.is_provisional) == (
        datetime(2027, 1, 2, 2, 0, tzinfo=UTC),
        False,
    )
    assert clock.steps.get(action="breach").at == clock.due_at
    firm.refresh_from_db()
    assert firm.due_at == Clock.objects.get(pk=firm.pk).due_at


def test_a_day_can_be_made_ordinary_again(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    services.set_days(
        actor=actor, calendar=office, days=[ListedDay(date(2026, 10, 1), "ordinary", "")]
    )
    clock = start(at=datetime(2026, 10, 1, 1, 0, tzinfo=UTC))
    assert clock.due_at == datetime(2026, 10, 1, 3, 0, tzinfo=UTC)


def test_calendar_without_working_hours_ends_with_an_error(tenant: Tenant, actor: Actor) -> None:
    with pytest.raises(DomainError):
        services.save_calendar(
            actor=actor,
            calendar=Calendar(code="none"),
            name="None",
            zone="Asia/Shanghai",
            hours={},
            follows_holidays=False,
            is_default=False,
        )


def test_two_windows_on_one_weekday_leave_lunch_out(tenant: Tenant, actor: Actor) -> None:
    office = at_the_office()
    services.save_calendar(
        actor=actor,
        calendar=office,
        name="Office",
        zone="Asia/Shanghai",
        hours={day: windows("09:00-11:00", "14:00-16:00") for day in range(5)},
        follows_holidays=True,
        is_default=True,
    )
    assert start(at=TEN).due_at == datetime(2026, 11, 10, 7, 0, tzinfo=UTC)
    assert Calendar.objects.get(is_default=True).code == "office"


LADDER = ({"after": 0, "role": "supervisor"}, {"after": 30, "role": "manager"})


def edit(actor: Actor, policy: Policy, **changes: object) -> Policy:
    newest = policy.versions.get(valid_to=None)
    given = {
        "version": newest.number,
        "name": policy.name,
        "position": newest.position,
        "conditions": newest.conditions,
        "calendar": newest.calendar,
        "is_active": newest.is_active,
        "reason": "The winter is over",
        "targets": [NewTarget("dispatch", 45, 50, LADDER)],
    }
    return services.save_policy(actor=actor, policy=policy, **(given | changes))


def test_policy_change_mid_ticket_follows_the_written_rule(tenant: Tenant, actor: Actor) -> None:
    running = start()
    edit(actor, Policy.objects.get(code="core"))
    running.refresh_from_db()
    assert (running.due_at, running.policy_version) == (TEN + minutes(120), 1)
    later = start(subject_id=2, at=timezone.now())
    assert (later.minutes, later.policy_version) == (45, 2)
    rungs = later.steps.filter(action="escalate").order_by("position")
    assert list(rungs.values_list("role", "after_minutes")) == [("supervisor", 0), ("manager", 30)]


def test_two_administrators_do_not_overwrite_each_other(tenant: Tenant, actor: Actor) -> None:
    policy = Policy.objects.get(code="core")
    edit(actor, policy)
    with pytest.raises(Conflict):
        edit(actor, policy, version=1)


def test_a_policy_promises_something(tenant: Tenant, actor: Actor) -> None:
    with pytest.raises(DomainError):
        edit(actor, Policy.objects.get(code="core"), targets=[])
    assert Target.objects.filter(version__policy__code="core").exists()
