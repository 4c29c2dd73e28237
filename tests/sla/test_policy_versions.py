"""Policies are dated: a version never changes, they never overlap, a planned one can go (R-002)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone, translation

from core.actor import Actor
from core.errors import Conflict, DomainError
from core.models import AuditEvent, Tenant
from sla import editions, services
from sla.models import Calendar, Policy, PolicyVersion, Target
from sla.services import NewTarget
from tests.sla.conftest import TEN, minutes, start
from tests.sla.test_settings import edit

TARGETS = [NewTarget("dispatch", 45)]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def core() -> Policy:
    return Policy.objects.get(code="core")


def refused(work: Any) -> DatabaseError:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        work()
    return error.value


def made_before() -> None:
    """A version is final once its transaction is over; a test is one long transaction."""
    PolicyVersion.objects.update(created_at=TEN)


def test_a_version_never_changes(tenant: Tenant) -> None:
    made_before()
    version = core().versions.get()
    for change in ({"position": 1}, {"conditions": {"kind": ["repair"]}}, {"is_active": False}):
        rows = PolicyVersion.objects.filter(pk=version.pk)
        assert "never changes" in str(
            refused(lambda rows=rows, change=change: rows.update(**change))
        )
    assert "never change" in str(refused(lambda: version.targets.update(minutes=1)))
    assert "never change" in str(refused(lambda: version.targets.all().delete()))
    assert "never change" in str(
        refused(lambda: Target.objects.create(version=version, promise="opinion", minutes=1))
    )
    PolicyVersion.objects.filter(pk=version.pk).update(valid_to=timezone.now())
    assert refused(version.delete)


def test_a_version_that_clocks_were_promised_by_stays(tenant: Tenant) -> None:
    clock = start()
    rows = PolicyVersion.objects.filter(pk=clock.version_id or 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows._raw_delete("default")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_two_versions_are_never_in_force_at_once(tenant: Tenant) -> None:
    version = core().versions.get()
    with pytest.raises(DatabaseError, match="at once"), transaction.atomic():
        PolicyVersion.objects.create(
            policy=version.policy,
            number=2,
            valid_from=version.valid_from + timedelta(days=1),
            valid_to=version.valid_from + timedelta(days=2),
            position=1,
            calendar=version.calendar,
        )


def test_a_future_version_counts_from_its_moment_on(tenant: Tenant, actor: Actor) -> None:
    begins = timezone.now() + timedelta(days=3)
    edit(actor, core(), valid_from=begins, targets=TARGETS)
    assert start(at=begins - minutes(1)).minutes == 120
    later = start(subject_id=2, at=begins)
    assert (later.minutes, later.policy_version) == (45, 2)
    assert [row.number for row in editions.in_force(begins) if row.policy.code == "core"] == [2]


def test_a_planned_version_is_withdrawn_and_the_one_before_it_stays(
    tenant: Tenant, actor: Actor
) -> None:
    begins = timezone.now() + timedelta(days=3)
    edit(actor, core(), valid_from=begins, targets=TARGETS)
    made_before()
    with pytest.raises(DomainError, match="planned already"):
        edit(actor, core(), targets=TARGETS)
    services.withdraw_version(actor=actor, policy=core(), number=2)
    assert core().versions.get().valid_to is None
    assert start(at=begins + minutes(1)).minutes == 120
    with pytest.raises(DomainError, match="in force"):
        services.withdraw_version(actor=actor, policy=core(), number=1)
    with pytest.raises(Conflict):
        services.withdraw_version(actor=actor, policy=core(), number=2)


def test_a_change_says_who_and_why(tenant: Tenant, actor: Actor) -> None:
    with pytest.raises(DomainError, match="Say why"):
        edit(actor, core(), reason="  ")
    edit(actor, core(), reason="The dealers asked for it")
    newest = core().versions.get(valid_to=None)
    assert (newest.reason, newest.author_label) == ("The dealers asked for it", actor.label)
    event = AuditEvent.objects.filter(verb="policy.changed").latest("id")
    assert event.data["reason"] == "The dealers asked for it"


def test_a_version_does_not_begin_in_the_past(tenant: Tenant, actor: Actor) -> None:
    with pytest.raises(DomainError, match="has passed"):
        edit(actor, core(), valid_from=TEN)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"targets": [NewTarget("dispatch", 0)]}, "at least a minute"),
        ({"targets": [NewTarget("dispatch", -5)]}, "at least a minute"),
        ({"targets": [NewTarget("dispatch", 366 * 24 * 60 + 1)]}, "at most"),
        ({"targets": [NewTarget("wish", 5)]}, "no promise"),
        ({"targets": [NewTarget("dispatch", 5), NewTarget("dispatch", 6)]}, "once"),
        ({"targets": [NewTarget("dispatch", 5, 100)]}, "percent"),
        (
            {"targets": [NewTarget("dispatch", 30, 75, [{"after": -30, "action": "remind"}])]},
            "before the start",
        ),
        ({"targets": [NewTarget("dispatch", 30, 75, [{"after": 0}])]}, "role"),
        ({"conditions": {"urgency": ["soon"]}}, "no answer"),
        ({"conditions": {"weather": ["rain"]}}, "Nobody can say"),
    ],
)
def test_a_wrong_policy_is_refused_with_a_sentence(
    tenant: Tenant, actor: Actor, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(DomainError) as error:
        edit(actor, core(), **changes)
    assert said in str(error.value)
    assert core().versions.count() == 1


def test_a_promise_can_count_other_hours_than_its_policy(tenant: Tenant, actor: Actor) -> None:
    always = Calendar.objects.get(code="always")
    edit(actor, core(), targets=[NewTarget("dispatch", 24 * 60, calendar=always)])
    night = timezone.now()
    assert start(at=night).due_at == night + timedelta(days=1)


def test_the_history_says_what_changed(tenant: Tenant, actor: Actor) -> None:
    edit(actor, core(), position=70, targets=[NewTarget("dispatch", 90)])
    rows = list(editions.with_changes(list(editions.versions(core()))))
    (newest, changes), (_first, none) = rows
    assert (newest.number, none) == (2, [])
    told = {change.what: (change.before, change.after) for change in changes}
    assert told["Order"] == ("90", "70")
    before, after = told["Dispatch"]
    assert before.startswith("2 h") and after == "1 h 30 min; reminder at 75 %"
    assert told["Callback"][1] == ""


def test_a_disabled_policy_sends_nothing_new_and_keeps_its_word(
    tenant: Tenant, actor: Actor
) -> None:
    running = start()
    targets = [NewTarget(one.promise, one.minutes) for one in running.version.targets.all()]
    edit(actor, core(), is_active=False, targets=targets)
    running.refresh_from_db()
    assert (running.state, running.due_at) == ("running", TEN + minutes(120))
    assert running.steps.filter(state="planned").count() == 4
    assert (
        services.start_clock(
            actor=actor,
            subject="thing",
            subject_id=2,
            subject_number="N-2",
            promise="dispatch",
            holder_kind="desk",
            holder_label="Desk",
            facts={"kind": "repair"},
        )
        is None
    )
