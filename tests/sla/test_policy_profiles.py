"""The shipped promises are those of the requirements; profiles add, and change only if said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone, translation

from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from machines.models import ProductLine
from sla import services
from sla.facts import check_conditions
from sla.ladder import check_ladder
from sla.models import Policy, PolicyVersion, Target
from sla.policies import fits
from sla.profiles import PROFILES
from sla.profiles.base import ALWAYS, HOTLINE, OFFICE
from sla.services.profiles import planned
from tests.sla.conftest import start

HOUR, DAY = 60, 24 * 60
REPAIR = {"kind": "repair", "urgency": "normal", "severity": "general", "zone": "province"}
CITY = REPAIR | {"zone": "city"}
COMPLAINT = REPAIR | {"kind": "complaint"}
QUESTION = REPAIR | {"kind": "consultation"}
# The table “Deadlines”: the promise, what is asked, minutes, the hours that count.
DEADLINES = [
    ("dispatch", REPAIR, 2 * HOUR, HOTLINE),
    ("arrange", REPAIR, 2 * HOUR, HOTLINE),
    ("check", REPAIR, 4 * HOUR, HOTLINE),
    ("first_answer", REPAIR, 2 * HOUR, HOTLINE),
    ("first_answer", QUESTION, 15, HOTLINE),
    ("first_answer", COMPLAINT, 2 * HOUR, HOTLINE),
    ("first_answer", REPAIR | {"urgency": "urgent"}, 30, HOTLINE),
    ("acknowledge", REPAIR | {"urgency": "urgent"}, 30, HOTLINE),
    ("arrival", CITY, 2 * HOUR, ALWAYS),
    ("arrival", REPAIR | {"zone": "around"}, 12 * HOUR, ALWAYS),
    ("arrival", REPAIR, 48 * HOUR, ALWAYS),
    ("repair", REPAIR, 24 * HOUR, ALWAYS),
    ("parts", REPAIR, 72 * HOUR, ALWAYS),
    ("complaint_answer", COMPLAINT, 24 * HOUR, ALWAYS),
    ("opinion", COMPLAINT, 48 * HOUR, ALWAYS),
    ("solution", COMPLAINT, 72 * HOUR, ALWAYS),
    ("solution", QUESTION, 8 * HOUR, HOTLINE),
    ("solution", QUESTION | {"severity": "grave"}, 3 * 450, OFFICE),
    ("solution", REPAIR, 2 * DAY, ALWAYS),
    ("solution", REPAIR | {"severity": "grave"}, 7 * DAY, ALWAYS),
    ("solution", REPAIR | {"kind": "return"}, 7 * DAY, ALWAYS),
]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("promise", "facts", "wanted", "hours"), DEADLINES)
def test_the_core_promises_what_the_requirements_say(
    tenant: Tenant, promise: str, facts: dict[str, str], wanted: int, hours: str
) -> None:
    clock = start(promise=promise, facts=facts)
    assert (clock.minutes, clock.calendar.code) == (wanted, hours)


def test_an_ordinary_case_needs_no_acknowledgement(tenant: Tenant, actor: Actor) -> None:
    promised = services.Promised("acknowledge", "management", "Management")
    assert not services.start_clocks(
        actor=actor,
        subject="thing",
        subject_id=1,
        subject_number="N-1",
        facts=REPAIR,
        promises=[promised],
    )


@pytest.mark.parametrize("code", sorted(PROFILES))
def test_every_profile_is_whole(tenant: Tenant, code: str) -> None:
    profile = PROFILES[code]
    codes = [plan.code for plan in profile.policies]
    assert len(set(codes)) == len(codes)
    for plan in profile.policies:
        assert not check_conditions(plan.conditions)
        assert plan.english != plan.chinese
        for each in plan.plans:
            assert each.rule.startswith("R-")
            assert not check_ladder(each.minutes, plan.ladder_of(each), promise=each.promise)
    everything = [plan for plan in profile.policies if fits(plan.conditions, {})]
    assert [plan.code for plan in everything] == codes[-1:]


@pytest.mark.parametrize("code", sorted(set(PROFILES) - {"machinery"}))
def test_a_profile_is_put_into_force_and_stands_when_asked_again(
    tenant: Tenant, actor: Actor, code: str
) -> None:
    before = Policy.objects.count()
    done = services.install_profile(actor=actor, code=code)
    assert len(done) == len(PROFILES[code].policies) == Policy.objects.count() - before
    assert services.install_profile(actor=actor, code=code) == []
    assert not any(row.changes for row in planned(PROFILES[code]))


def test_a_profile_for_one_product_line_leaves_the_others_alone(
    tenant: Tenant, actor: Actor
) -> None:
    ProductLine.objects.create(code="APP", name="软件")
    services.install_profile(actor=actor, code="software", lines=["APP"])
    now = timezone.now()
    ours = start(promise="first_answer", facts=REPAIR | {"product_line": "APP"}, at=now)
    other = start(promise="first_answer", facts=REPAIR, subject_id=2, at=now)
    assert (ours.minutes, other.minutes) == (60, 120)


def test_what_stands_is_not_overwritten_without_being_said(tenant: Tenant, actor: Actor) -> None:
    Target.objects.filter(version__policy__code="core", promise="dispatch").update(minutes=90)
    row = next(row for row in planned(PROFILES["machinery"]) if row.plan.code == "core")
    assert [change.what for change in row.changes] == ["Dispatch"]
    assert services.install_profile(actor=actor, code="machinery") == []
    assert start().minutes == 90
    assert services.install_profile(actor=actor, code="machinery", overwrite=["core"]) == ["core"]
    newest = PolicyVersion.objects.get(policy__code="core", valid_to=None)
    assert (newest.number, newest.targets.get(promise="dispatch").minutes) == (2, 120)
    assert "Machinery core" in newest.reason


def test_an_unknown_profile_is_refused(tenant: Tenant, actor: Actor) -> None:
    with pytest.raises(DomainError, match="no such profile"):
        services.install_profile(actor=actor, code="bakery")
