"""The panel of promises on a ticket's page, and what can be done about one from there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.models import OutboxMessage
from sla import services as sla
from sla.defaults import install_defaults
from sla.models import Clock, Delay
from sla.services import Promised
from sla.states import Promise
from tests.cast import World, a_ticket
from tests.tickets.promises import newest, promise_everything
from tickets import services
from tickets.models import Ticket

NEVER_HERE = {Promise.CALLBACK}


@pytest.fixture(autouse=True)
def _promises(world: World) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
        promise_everything()


def page(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}/"


def job(ticket: Ticket) -> str:
    return f"/portal/jobs/{ticket.number}/"


def register(world: World, hours_ago: float = 0, **facts: Any) -> Ticket:
    cast = world.owner
    given: dict[str, Any] = {"kind": "repair", "summary": "收割机不启动", "route": False}
    given |= {"customer": cast.customer, "machine": cast.machine, "caller_phone": "13800138000"}
    given["reported_at"] = timezone.now() - timedelta(hours=hours_ago)
    with cast.scope():
        return services.register_ticket(actor=cast.actor("clerk"), **(given | facts))


def accepted(world: World, hours_ago: float = 0) -> Ticket:
    ticket = register(world, hours_ago)
    cast, at = world.owner, ticket.reported_at
    with cast.scope():
        services.offer_ticket(actor=cast.actor("clerk"), ticket=ticket, dealer=cast.dealer, at=at)
        return services.accept_offer(actor=cast.actor("dealer_principal"), ticket=ticket, at=at)


def with_clocks(world: World, count: int) -> Ticket:
    """A ticket with so many running clocks, every one of them put off once and one paused."""
    cast = world.owner
    with cast.scope():
        ticket: Ticket = a_ticket(cast)
        promises = [promise for promise in Promise if promise not in NEVER_HERE][:count]
        clocks = sla.start_clocks(
            actor=cast.system(),
            subject="ticket",
            subject_id=ticket.pk,
            subject_number=ticket.number,
            facts={},
            promises=[Promised(each, "desk", "Service desk", minutes=600) for each in promises],
            at=timezone.now() - timedelta(minutes=5),
        )
        assert len(clocks) == count
        for clock in clocks:
            sla.announce_delay(
                actor=cast.system(),
                clock=clock,
                agreed_due_at=clock.due_at + timedelta(hours=1),
                cause="缺件",
                consent="电话",
            )
        sla.pause_clocks(
            actor=cast.system(),
            subject="ticket",
            subject_id=ticket.pk,
            reason="customer",
            promises=[promises[0]],
        )
        return ticket


def delay_of(clock: Clock, **changed: Any) -> dict[str, Any]:
    new = timezone.localtime(clock.due_at + timedelta(hours=5))
    body = {
        "promise": clock.promise,
        "agreed_due_at": new.strftime("%Y-%m-%dT%H:%M"),
        "cause": "主轴缺货",
        "consent": "机主本人，电话",
    }
    return body | changed


# What it shows


def test_every_running_clock_is_shown(world: World, as_: Any) -> None:
    ticket = with_clocks(world, 10)
    answer = as_("clerk").get(page(ticket))
    with world.owner.scope():
        live = Clock.objects.filter(subject="ticket", subject_id=ticket.pk)
        promises = set(live.values_list("promise", flat=True))
    assert len(promises) == 10
    for promise in promises:
        assert f'id="promise-{promise}"' in answer.text
    assert answer.text.count("缺件") >= 10


def test_a_page_with_ten_clocks_has_no_query_per_clock(world: World, as_: Any) -> None:
    few, many = with_clocks(world, 2), with_clocks(world, 10)
    client = as_("supervisor")
    client.get(page(few))  # what is asked once per session

    def cost(ticket: Ticket) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page(ticket)).status_code == 200
        return len(caught)

    assert cost(many) == cost(few)


def test_a_dealers_page_with_more_clocks_costs_no_more(world: World, as_: Any) -> None:
    ticket = accepted(world)
    client = as_("dealer_principal")
    client.get(job(ticket))

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(job(ticket)).status_code == 200
        return len(caught)

    first = cost()
    held = [Promise.PARTS, Promise.REPAIR, Promise.OPINION]
    with world.owner.scope():
        sla.start_clocks(
            actor=world.owner.system(),
            subject="ticket",
            subject_id=ticket.pk,
            subject_number=ticket.number,
            facts={},
            promises=[
                Promised(each, "dealer", "D", world.owner.dealer.pk, minutes=600) for each in held
            ],
        )
    assert cost() == first


def test_the_panel_says_whose_time_it_is_and_what_comes_next(world: World, as_: Any) -> None:
    ticket = accepted(world)
    rows = {
        row.clock.promise: row for row in as_("clerk").get(page(ticket)).context["panel"].running
    }
    assert rows["solution"].clock.holder_label == str(world.owner.dealer)
    assert rows["check"].clock.holder_kind == "desk"
    step = rows["arrange"].step
    assert step is not None and step.action == "warn"
    assert rows["arrange"].told == str(world.owner.dealer)


def test_a_wait_is_shown_with_its_reason_and_planned_end(world: World, as_: Any) -> None:
    ticket = accepted(world)
    until = timezone.now() + timedelta(days=2)
    as_("dealer_principal").post(
        reverse("portal:pause", args=[ticket.number]),
        {
            "reason": "parts",
            "note": "主轴",
            "until": timezone.localtime(until).strftime("%Y-%m-%dT%H:%M"),
        },
    )
    panel = as_("clerk").get(page(ticket)).context["panel"]
    waiting = {row.clock.promise: row.pause for row in panel.running if row.pause}
    assert {"arrange", "arrival", "solution"} == set(waiting)
    pause = waiting["solution"]
    assert (pause.reason, pause.note) == ("parts", "主轴")
    assert pause.until is not None and abs(pause.until - until) < timedelta(minutes=1)
    assert "parts" in {row.clock.promise for row in panel.running}


def test_ended_promises_say_in_whose_time_they_were_missed(world: World, as_: Any) -> None:
    ticket = accepted(world, hours_ago=80)
    with world.owner.scope():
        services.arrange(
            actor=world.owner.actor("dealer_principal"),
            ticket=ticket,
            technician_name="赵师傅",
            visit_at=timezone.now() + timedelta(hours=1),
        )
    panel = as_("clerk").get(page(ticket)).context["panel"]
    past = {row.clock.promise: row for row in panel.past}
    assert past["arrange"].clock.missed_at is not None
    assert past["arrange"].whose == str(world.owner.dealer)


def test_the_way_to_the_explanation_stands_beside_each_due_time(world: World, as_: Any) -> None:
    ticket = register(world)
    client = as_("clerk")
    text = client.get(page(ticket)).text
    with world.owner.scope():
        address = newest(ticket, "solution").explanation_url
    assert f'hx-get="{address}"' in text and f'href="{address}"' in text
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200 and "<html" not in part.text


def test_a_dealer_sees_its_own_time_and_the_customers_but_not_our_ladder(
    world: World, as_: Any
) -> None:
    ticket = accepted(world, hours_ago=4)
    answer = as_("dealer_principal").get(job(ticket))
    rows = {row.clock.promise: row for row in answer.context["panel"].running}
    assert set(rows) == {"arrange", "arrival", "solution"}
    assert all(row.step is None and not row.may_acknowledge for row in rows.values())
    assert "/acknowledge/" not in answer.text
    with world.owner.scope():
        services.take_back(
            actor=world.owner.actor("clerk"), ticket=Ticket.objects.get(pk=ticket.pk), reason="x"
        )
    assert as_("dealer_principal").get(job(ticket)).status_code == 404


# Acknowledging


def test_who_may_take_a_late_promise_on_does_so_from_the_page(world: World, as_: Any) -> None:
    ticket = register(world, hours_ago=4)
    with world.owner.scope():
        clock = newest(ticket, "dispatch")
    address = f"/clocks/ticket/{ticket.number}/dispatch/acknowledge/"
    assert address not in as_("clerk").get(page(ticket)).text
    supervisor = as_("supervisor")
    assert address in supervisor.get(page(ticket)).text
    answer = supervisor.post(address, {"next": page(ticket)})
    assert answer.headers["Location"] == page(ticket)
    again = supervisor.get(page(ticket))
    row = next(r for r in again.context["panel"].running if r.clock.pk == clock.pk)
    assert row.clock.acknowledged_label == world.owner.people["supervisor"].name
    assert address not in again.text


# Announced delays


def test_a_delay_is_announced_from_the_page_and_the_customer_is_told(
    world: World, as_: Any
) -> None:
    ticket = accepted(world)
    with world.owner.scope():
        clock = newest(ticket, "arrival")
    shown = as_("clerk").get(page(ticket) + "?do=delay&promise=arrival")
    step = next(s for s in shown.context["steps"] if s["action"].verb == "delay")
    assert step["is_open"] and step["form"]["promise"].value() == "arrival"
    as_("clerk").post(page(ticket) + "delay", delay_of(clock))
    with world.owner.scope():
        moved = Clock.objects.get(pk=clock.pk)
        assert moved.due_at > clock.due_at + timedelta(hours=4)
        delay = Delay.objects.get(clock=clock)
        assert (delay.cause, delay.previous_due_at) == ("主轴缺货", clock.due_at)
        assert ticket.timeline.filter(event="delayed").count() == 1
        told = OutboxMessage.objects.filter(event="ticket.delayed.customer")
        assert told.count() == 1
    assert "主轴缺货" in as_("clerk").get(page(ticket)).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cause", ""),
        ("consent", " "),
        ("agreed_due_at", "2020-01-01T10:00"),
        ("agreed_due_at", "soon"),
        ("promise", "dispatch"),
        ("promise", "check"),
    ],
)
def test_a_delay_that_cannot_be_is_said_at_its_field(
    world: World, as_: Any, field: str, value: str
) -> None:
    ticket = accepted(world)
    with world.owner.scope():
        clock = newest(ticket, "arrival")
    answer = as_("clerk").post(page(ticket) + "delay", delay_of(clock, **{field: value}))
    assert answer.status_code == 422
    step = next(s for s in answer.context["steps"] if s["action"].verb == "delay")
    assert step["form"][field].errors
    assert step["form"]["cause"].value() == delay_of(clock, **{field: value})["cause"]
    with world.owner.scope():
        assert not Delay.objects.exists()


def test_silent_lateness_stays_a_breach(world: World, as_: Any, api: Any) -> None:
    ticket = accepted(world, hours_ago=13)
    with world.owner.scope():
        clock = newest(ticket, "arrival")
    body = {
        "promise": "arrival",
        "agreed_due_at": (timezone.now() + timedelta(days=1)).isoformat(),
        "cause": "x",
        "consent": "y",
    }
    answer = api("clerk").post(f"/api/v1/tickets/{ticket.number}/delay/", body)
    assert answer.status_code == 409
    with world.owner.scope():
        assert Clock.objects.get(pk=clock.pk).due_at == clock.due_at


def test_a_dealer_puts_off_only_what_it_holds(world: World, api: Any) -> None:
    ticket = accepted(world)
    rest = api("dealer_principal")
    new: datetime = timezone.now() + timedelta(days=5)
    body = {"agreed_due_at": new.isoformat(), "cause": "x", "consent": "y"}
    url = f"/api/v1/tickets/{ticket.number}/delay/"
    # The first answer is still the desk's.
    assert rest.post(url, body | {"promise": "first_answer"}).status_code == 422
    assert rest.post(url, body | {"promise": "solution"}).status_code == 200
    with world.owner.scope():
        assert newest(ticket, "solution").due_at == new


# Opinions


def test_an_opinion_is_given_on_the_page_and_in_the_api(world: World, as_: Any, api: Any) -> None:
    ticket = register(world, kind="complaint")
    answer = as_("clerk").post(page(ticket) + "opinion", {"opinion": ""})
    assert answer.status_code == 422
    as_("clerk").post(page(ticket) + "opinion", {"opinion": "属实"})
    shown = api("clerk").get(f"/api/v1/tickets/{ticket.number}/")
    assert shown.data["opinion"] == "属实" and shown.data["opinion_at"]
    assert "属实" in as_("clerk").get(page(ticket)).text
    other = register(world)
    verbs = {s["action"].verb for s in as_("clerk").get(page(other)).context["steps"]}
    assert "opinion" not in verbs
    refused = api("clerk").post(f"/api/v1/tickets/{other.number}/opinion/", {"opinion": "x"})
    assert refused.status_code == 409
