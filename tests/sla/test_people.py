"""Who is told of a step: found when it fires, deputies for who is away, never nobody (R-030)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts import absences
from accounts.models import Membership, User
from core import words
from core.actor import Actor
from core.models import Tenant
from sla import services
from sla.models import Clock, Step
from sla.people import resolver
from tests.sla.conftest import make_dealer, make_person, start


def away(user: User, deputy: User | None, at: datetime, tenant: Tenant) -> None:
    posts = Membership.objects.in_bulk(field_name="id")
    of_user = {post.user_id: post for post in posts.values()}
    absences.enter_absence(
        actor=Actor.system(tenant.pk),
        member=of_user[user.pk],
        deputy=of_user[deputy.pk] if deputy else None,
        starts_at=at - timedelta(days=1),
        ends_at=at + timedelta(days=1),
    )


def told(clock: Clock, action: str, at: datetime, role: str = "") -> tuple[list[str], list[str]]:
    people, instead = resolver(at)(clock, Step(clock=clock, action=action, role=role))
    return [user.name for user in people], list(instead.values())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_the_deputy_is_told_instead_and_both_names_are_kept(tenant: Tenant, now: datetime) -> None:
    supervisor = User.objects.get(email="supervisor@acme.example")
    away(supervisor, make_person("spare", "engineer"), now, tenant)
    start(at=now - timedelta(days=3))
    services.sweep(now)
    step = Step.objects.get(role="supervisor")
    assert step.told == ["spare engineer (for acme supervisor)"]
    with translation.override("en"):
        assert words.told(step.told) == "spare engineer for acme supervisor"
    with translation.override("zh-hans"):
        assert words.told(step.told) == "spare engineer（代 acme supervisor）"


def test_who_is_back_is_told_himself(tenant: Tenant, now: datetime) -> None:
    supervisor = User.objects.get(email="supervisor@acme.example")
    away(supervisor, make_person("spare", "engineer"), now, tenant)
    clock = start(at=now)
    later = now + timedelta(days=1)
    assert told(clock, "escalate", later, "supervisor") == (["acme supervisor"], [])


def test_a_holder_without_a_deputy_is_replaced_by_the_supervisors(
    tenant: Tenant, now: datetime
) -> None:
    away(User.objects.get(email="clerk@acme.example"), None, now, tenant)
    clock = start(at=now)
    assert told(clock, "warn", now) == (["acme supervisor"], ["acme clerk"])
    assert told(clock, "remind", now) == (["acme supervisor"], ["acme clerk"])


@pytest.mark.parametrize("role", ["engineer", "keeper", "sales_rep", "finance", "no_such_role"])
def test_a_rung_of_an_empty_role_goes_up(tenant: Tenant, now: datetime, role: str) -> None:
    assert told(start(at=now), "escalate", now, role) == (["acme supervisor"], [])


def test_an_empty_house_goes_up_to_the_administrator(tenant: Tenant, now: datetime) -> None:
    Membership.objects.filter(role__in=["supervisor", "manager"]).update(is_active=False)
    make_person("last", "administrator")
    assert told(start(at=now), "escalate", now, "engineer") == (["last administrator"], [])


def test_a_dealer_without_people_is_no_silence(tenant: Tenant, now: datetime) -> None:
    dealer = make_dealer("East")
    clock = start(
        at=now,
        promise="arrange",
        holder_kind="dealer",
        holder_label="East",
        holder_dealer_id=dealer.pk,
    )
    assert told(clock, "breach", now) == (["acme supervisor"], [])
    make_person("east", "dealer_clerk", dealer_id=dealer.pk)
    assert told(clock, "breach", now) == (["east dealer_clerk"], [])


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("management", "manager"),
        ("parts", "keeper"),
        ("technician", "engineer"),
        ("technical", "engineer"),
        ("sales", "sales_rep"),
    ],
)
def test_each_kind_of_holder_has_its_people(
    tenant: Tenant, now: datetime, kind: str, role: str
) -> None:
    if role != "manager":
        make_person("acme", role)
    assert told(start(at=now, holder_kind=kind), "warn", now) == ([f"acme {role}"], [])


def test_a_call_to_a_program_tells_nobody(tenant: Tenant, now: datetime) -> None:
    assert told(start(at=now), "webhook", now) == ([], [])
    assert told(start(at=now), "raise", now, "manager") == (["acme manager"], [])


def test_the_absent_are_asked_for_once_for_all_steps(
    tenant: Tenant, now: datetime, django_assert_num_queries: Any
) -> None:
    clock = start(at=now)
    steps = [
        Step(clock=clock, action="warn"),
        Step(clock=clock, action="escalate", role="supervisor"),
        Step(clock=clock, action="escalate", role="manager"),
    ]
    # One for each group of people, one for the absences of all.
    with django_assert_num_queries(4):
        people = resolver(now)
        for step in [*steps, *steps]:
            people(clock, step)
