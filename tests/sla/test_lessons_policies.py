"""What other helpdesks got wrong about policies and ladders, each as a promise that we keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actor import Actor
from core.models import Tenant
from machines.models import ProductLine
from sla import services
from sla.defaults import install_defaults
from sla.models import Calendar, Clock, Policy, Step
from sla.services import NewTarget
from sla.sweep import sweep
from tests.cast import World, a_ticket
from tests.sla.conftest import minutes, start

pytestmark = pytest.mark.django_db

SUPERVISOR = {"after": 0, "action": "escalate", "role": "supervisor"}


def save(actor: Actor, code: str, **changes: Any) -> Policy:
    """The next version of a policy: dispatch within an hour, the rest as it was."""
    policy = Policy.objects.get(code=code)
    newest = policy.versions.get(valid_to=None)
    given: dict[str, Any] = {
        "version": newest.number,
        "name": policy.name,
        "position": newest.position,
        "conditions": newest.conditions,
        "calendar": newest.calendar,
        "is_active": True,
        "targets": [NewTarget("dispatch", 60, 75, (SUPERVISOR,))],
        "reason": "tried out",
    }
    return services.save_policy(actor=actor, policy=policy, **(given | changes))


def test_editing_a_policy_does_not_stall_the_site(tenant: Tenant, actor: Actor) -> None:
    """However many clocks run by it, a change of policy writes the same few rows."""
    start(subject_id=1)
    with CaptureQueriesContext(connection) as few:
        save(actor, "core")
    for subject_id in range(2, 40):
        start(subject_id=subject_id)
    before = list(Clock.objects.order_by("id").values_list("due_at", flat=True))
    with CaptureQueriesContext(connection) as many:
        save(actor, "core")
    assert len(many) == len(few)
    assert list(Clock.objects.order_by("id").values_list("due_at", flat=True)) == before


def test_exclusion_applies_only_to_its_queues(tenant: Tenant, actor: Actor) -> None:
    """What holds for one product line leaves the others as they were."""
    ProductLine.objects.create(code="seeder", name="Seeders")
    save(actor, "core", targets=[NewTarget("dispatch", 120)])
    services.save_policy(
        actor=actor,
        policy=Policy(code="seeders"),
        version=1,
        name="Seeders",
        position=5,
        conditions={"product_line": ["seeder"]},
        calendar=Calendar.objects.get(code="always"),
        is_active=True,
        targets=[NewTarget("dispatch", 600)],
    )
    now = timezone.now()
    seeder = start(subject_id=1, at=now, facts={"kind": "repair", "product_line": "seeder"})
    tractor = start(subject_id=2, at=now, facts={"kind": "repair", "product_line": "tractor"})
    unknown = start(subject_id=3, at=now, facts={"kind": "repair"})
    assert (seeder.minutes, tractor.minutes, unknown.minutes) == (600, 120, 120)


def test_escalation_setting_has_an_effect(tenant: Tenant, actor: Actor) -> None:
    """Who stands on the ladder is who is told."""
    told: list[Any] = []
    for role in ("supervisor", "manager"):
        save(actor, "core", targets=[NewTarget("dispatch", 60, 75, (SUPERVISOR | {"role": role},))])
        clock = start(subject_id=len(told) + 1, at=timezone.now())
        sweep(clock.due_at + minutes(1))
        step = Step.objects.get(clock=clock, action="escalate")
        assert step.state == "fired"
        told.append(step.told)
    assert told == [["acme supervisor"], ["acme manager"]]


def test_notify_only_changes_nothing(world: World) -> None:
    """A rung that reminds leaves urgency, holder and state of the ticket as they are."""
    install_defaults(world.owner.tenant)
    with world.owner.scope():
        ticket = a_ticket(world.owner)
        now = timezone.now()
        services.start_clock(
            actor=world.owner.system(),
            subject="ticket",
            subject_id=ticket.pk,
            subject_number=ticket.number,
            promise="dispatch",
            holder_kind="desk",
            holder_label="Service desk",
            facts={},
            minutes=60,
            at=now - timedelta(days=9),
        )
        clock = Clock.objects.get()
        Step.objects.create(clock=clock, position=9, action="remind", at=clock.due_at)
        watched = ("urgency", "team", "dealer_id", "state", "severity", "version")
        before = [getattr(ticket, name) for name in watched]
        sweep(now)
        ticket.refresh_from_db()
        assert Step.objects.get(position=9).state == "fired"
        assert [getattr(ticket, name) for name in watched] == before
