"""What went up the ladder, and whose fault a breach was (R-030)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from sla import services
from sla.models import Clock, Liability, Step
from sla.services.answering import NotMissed
from tests.cast import CANARY, World
from tests.sla.test_acknowledge import begin

As = Callable[..., Client]
PAGE = "/clocks/escalations/"


@pytest.fixture
def late(world: World) -> Clock:
    """The dealer's arrange clock, missed half an hour ago and told to the supervisor."""
    clock = begin(world.owner)
    with world.owner.scope():
        services.sweep()
        clock.refresh_from_db()
    return clock


def liability_url(clock: Clock, turn: int = 1) -> str:
    names = [clock.subject, clock.subject_number, clock.promise, turn]
    return reverse("sla:liability", args=names)


def shown(client: Client, **asked: str) -> list[Step]:
    return list(client.get(PAGE, asked).context["rows"])


def test_the_page_tells_what_fired_and_who_was_told(world: World, late: Clock, as_: As) -> None:
    client = as_("supervisor")
    (step,) = shown(client)
    assert (step.action, step.role, step.state) == ("escalate", "supervisor", "fired")
    page = client.get(PAGE).content.decode()
    assert world.owner.people["supervisor"].name in page
    assert late.subject_number in page


def test_every_state_can_be_asked_for_with_its_reason(world: World, late: Clock, as_: As) -> None:
    client = as_("manager")
    assert [step.role for step in shown(client, state="planned")] == ["manager"]
    assert [step.state for step in shown(client, state="")] == ["planned", "fired"]
    client.post(late.acknowledge_url)
    (stopped,) = shown(client, state="suppressed")
    assert world.owner.people["manager"].name in vars(stopped)["why"]
    assert shown(client, state="cancelled") == []


def test_a_pause_shows_what_it_holds(world: World, late: Clock, as_: As) -> None:
    with world.owner.scope():
        services.pause_clocks(
            actor=world.owner.system(),
            subject="ticket",
            subject_id=late.subject_id,
            reason="customer",
        )
    assert [step.role for step in shown(as_("manager"), state="held")] == ["manager"]


def test_open_ones_are_those_that_nobody_took_on(world: World, late: Clock, as_: As) -> None:
    client = as_("supervisor")
    assert (len(shown(client, open="open")), shown(client, open="taken")) == (1, [])
    client.post(late.acknowledge_url)
    assert (shown(client, open="open"), len(shown(client, open="taken"))) == ([], 1)
    with world.owner.scope():
        services.cancel_clocks(
            actor=world.owner.system(), subject="ticket", subject_id=late.subject_id, reason="x"
        )
    assert len(shown(client, open="over")) == 1


def test_the_list_is_filtered_by_role_and_promise(world: World, late: Clock, as_: As) -> None:
    client = as_("supervisor")
    assert len(shown(client, role="supervisor", promise="arrange")) == 1
    assert shown(client, role="manager") == []
    assert shown(client, promise="dispatch") == []


def test_pages_follow_each_other_without_a_gap(world: World, late: Clock, as_: As) -> None:
    with world.owner.scope():
        at = timezone.now()
        Step.objects.bulk_create(
            Step(clock=late, position=n, action="escalate", at=at, state="fired", role="manager")
            for n in range(10, 70)
        )
    client = as_("supervisor")
    first = client.get(PAGE).context
    rest = client.get(PAGE, {"after": first["next_after"]}).context
    numbers = [step.pk for step in [*first["rows"], *rest["rows"]]]
    assert (len(numbers), len(set(numbers)), rest["next_after"]) == (61, 61, "")
    assert client.get(PAGE, {"after": "rubbish"}).status_code == 409


def test_the_number_of_queries_does_not_grow_with_the_rows(
    world: World, late: Clock, as_: As, django_assert_max_num_queries: Any
) -> None:
    client = as_("supervisor")
    client.get(PAGE)
    with django_assert_max_num_queries(100) as few:
        client.get(PAGE)
    with world.owner.scope():
        Step.objects.bulk_create(
            Step(clock=late, position=n, action="escalate", at=timezone.now(), state="fired")
            for n in range(10, 40)
        )
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(PAGE)


@pytest.mark.parametrize("who", ["clerk", "engineer", "dealer_principal", "neighbour_principal"])
def test_others_read_neither_list_nor_file(world: World, late: Clock, as_: As, who: str) -> None:
    client = as_(who)
    assert client.get(PAGE).status_code == 403
    assert client.get(PAGE + "export/").status_code == 403


def test_another_company_sees_nothing_of_it(world: World, late: Clock, as_: As) -> None:
    begin(world.stranger)
    with world.stranger.scope():
        services.sweep()
    assert CANARY not in as_("supervisor").get(PAGE).content.decode()
    assert len(shown(as_("supervisor", world.stranger))) == 1


def test_the_file_holds_the_decision_and_the_audit_keeps_who_took_it(
    world: World, late: Clock, as_: As
) -> None:
    client = as_("supervisor")
    client.post(liability_url(late), {"fault": "holder", "decision": "扣 2 分"})
    file = client.get(PAGE + "export/", {"format": "csv"})
    text = file.content.decode("utf-8-sig")
    assert late.subject_number in text
    assert "扣 2 分" in text
    assert world.owner.dealer.name in text
    with world.owner.scope():
        assert AuditEvent.objects.get(verb="escalation.exported").data["rows"] == 1


# Whose fault it was


def test_a_supervisor_decides_whose_fault_it_was(world: World, late: Clock, as_: As) -> None:
    client = as_("supervisor")
    answer = client.post(liability_url(late), {"fault": "holder", "decision": "未按时派人"})
    assert answer.status_code == 302
    with world.owner.scope():
        settled = Liability.objects.get()
    assert (settled.fault, settled.at_fault) == ("holder", world.owner.dealer.name)
    assert settled.decided_label == world.owner.people["supervisor"].name
    assert "未按时派人" in client.get(liability_url(late)).content.decode()
    (step,) = shown(client)
    assert vars(step)["decision"] == settled


def test_a_later_decision_replaces_the_first_and_both_stay(
    world: World, late: Clock, as_: As
) -> None:
    as_("supervisor").post(liability_url(late), {"fault": "holder", "decision": "first"})
    as_("manager").post(liability_url(late), {"fault": "nobody", "decision": "flood"})
    with world.owner.scope():
        rows = list(Liability.objects.order_by("id").values_list("fault", "is_current"))
        events = AuditEvent.objects.filter(verb="clock.liability_settled").order_by("id")
        assert [event.data["is_revised"] for event in events] == [False, True]
    assert rows == [("holder", False), ("nobody", True)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"fault": "holder", "decision": " "}, "decision"),
        ({"fault": "other", "decision": "x"}, "at_fault"),
        ({"fault": "weather", "decision": "x"}, "fault"),
        ({"decision": "x"}, "fault"),
        ({"fault": "nobody", "decision": "x" * 501}, "decision"),
    ],
)
def test_a_decision_says_who_and_why(
    world: World, late: Clock, as_: As, given: dict[str, str], field: str
) -> None:
    answer = as_("supervisor").post(liability_url(late), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    with world.owner.scope():
        assert Liability.objects.count() == 0


def test_what_was_not_missed_is_nobodys_fault(world: World) -> None:
    clock = begin(world.owner, at=timezone.now())
    with world.owner.scope(), pytest.raises(NotMissed):
        services.settle_liability(
            actor=world.owner.system(), clock=clock, fault="holder", decision="x"
        )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 302),
        ("administrator", 403),
        ("clerk", 403),
        ("dealer_principal", 403),
        ("neighbour_principal", 403),
    ],
)
def test_who_may_decide(world: World, late: Clock, as_: As, who: str, status: int) -> None:
    given = {"fault": "holder", "decision": "x"}
    assert as_(who).post(liability_url(late), given).status_code == status
    if status == 302:
        assert as_(who).get(liability_url(late, 2)).status_code == 404
        assert as_(who, world.stranger).post(liability_url(late), given).status_code == 404


def test_each_clock_of_a_promise_has_its_own_decision(world: World, late: Clock, as_: As) -> None:
    with world.owner.scope():
        owner = world.owner
        services.cancel_clocks(
            actor=owner.system(), subject="ticket", subject_id=late.subject_id, reason="x"
        )
        second = services.start_clock(
            actor=owner.system(),
            subject="ticket",
            subject_id=late.subject_id,
            subject_number=late.subject_number,
            promise="arrange",
            holder_kind="dealer",
            holder_label=owner.neighbour.name,
            holder_dealer_id=owner.neighbour.pk,
            facts={},
            at=timezone.now() - timedelta(minutes=125),
        )
        assert second is not None
        services.sweep()
    client = as_("supervisor")
    client.post(liability_url(late, 2), {"fault": "holder", "decision": "x"})
    with world.owner.scope():
        assert Liability.objects.get().clock == second
    linked = {vars(step)["liability_url"] for step in shown(client)}
    assert linked == {liability_url(late, 1), liability_url(late, 2)}
