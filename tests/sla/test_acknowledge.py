"""Taking a promise on stops its ladder, once, whoever comes at the same time (R-030)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actor import Actor
from core.models import AuditEvent, Tenant
from core.tenancy import tenant_scope
from sla import services
from sla.defaults import install_defaults
from sla.models import Calendar, Clock, PolicyVersion, Step
from sla.services.answering import NothingToAcknowledge
from sla.sweep import sweep_all
from tests.cast import Cast, World, a_ticket
from tests.sla.conftest import TEN, make_tenant, minutes, start

As = Callable[..., Client]
THING: dict[str, Any] = {"subject": "thing", "subject_id": 1}


def steps() -> dict[str, str]:
    """The state of each step, by what it does and to whom."""
    rows = Step.objects.order_by("position").values_list("action", "role", "state")
    return {f"{action} {role}".strip(): state for action, role, state in rows}


# The verb


def test_acknowledging_stops_what_goes_further_up(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    for late in (95, 121):
        services.sweep(TEN + minutes(late))
    taken = services.acknowledge(
        actor=actor, clock=clock, note="I drive there", at=TEN + minutes(122)
    )
    assert (taken.acknowledged_at, taken.acknowledged_label) == (TEN + minutes(122), actor.label)
    assert services.sweep(TEN + minutes(600)) == 0
    assert steps() == {
        "warn": "fired",
        "breach": "fired",
        "escalate supervisor": "fired",
        "escalate manager": "suppressed",
    }
    assert Step.objects.get(role="manager").reason == f"acknowledged: {actor.label}"
    event = AuditEvent.objects.get(verb="clock.acknowledged")
    assert (event.data["stopped"], event.data["note"]) == (1, "I drive there")


def test_the_breach_itself_still_counts(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.acknowledge(actor=actor, clock=clock, at=TEN + minutes(100))
    services.sweep(TEN + minutes(600))
    clock.refresh_from_db()
    assert clock.missed_at == TEN + minutes(120)
    assert steps()["breach"] == "fired"
    assert steps()["escalate supervisor"] == "suppressed"


def test_a_second_acknowledgement_changes_nothing(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.acknowledge(actor=actor, clock=clock, at=TEN)
    other = Actor.system(tenant.pk, "somebody else")
    again = services.acknowledge(actor=other, clock=clock, at=TEN + minutes(9))
    assert (again.acknowledged_at, again.acknowledged_label) == (TEN, actor.label)
    assert AuditEvent.objects.filter(verb="clock.acknowledged").count() == 1


def test_a_pause_does_not_wake_what_was_stopped(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.pause_clocks(actor=actor, **THING, reason="customer", at=TEN + minutes(10))
    services.acknowledge(actor=actor, clock=clock, at=TEN + minutes(20))
    services.resume_clocks(actor=actor, **THING, at=TEN + minutes(30))
    services.sweep(TEN + minutes(900))
    assert steps()["escalate manager"] == "suppressed"
    assert steps()["breach"] == "fired"


def test_a_finished_promise_cannot_be_taken_on(tenant: Tenant, actor: Actor) -> None:
    clock = start()
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(5))
    with pytest.raises(NothingToAcknowledge):
        services.acknowledge(actor=actor, clock=clock)
    assert Clock.objects.get().acknowledged_at is None


def test_a_step_after_the_promise_was_kept_is_cancelled(tenant: Tenant, actor: Actor) -> None:
    start()
    services.sweep(TEN + minutes(121))
    services.meet_clock(actor=actor, **THING, promise="dispatch", at=TEN + minutes(130))
    assert services.sweep(TEN + minutes(600)) == 0
    assert steps()["escalate manager"] == "cancelled"
    assert Step.objects.get(role="manager").reason == "The promise was kept"


def test_an_acknowledgement_that_is_promised_is_kept_by_it(tenant: Tenant, actor: Actor) -> None:
    clock = start(promise="acknowledge", holder_kind="management", minutes=30)
    taken = services.acknowledge(actor=actor, clock=clock, at=TEN + minutes(7))
    assert (taken.state, taken.finished_at) == ("met", TEN + minutes(7))
    assert services.sweep(TEN + minutes(600)) == 0


# Two at once


def in_thread(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()


def test_two_who_acknowledge_at_once_are_one(committed_world: World) -> None:
    cast = committed_world.owner
    clock = begin(cast, at=timezone.now() - timedelta(hours=1))

    def take(who: str) -> str:
        with tenant_scope(cast.tenant.pk):
            taken = services.acknowledge(actor=cast.actor(who), clock=clock)
        return str(taken.acknowledged_label)

    with ThreadPoolExecutor(2) as pool:
        both = [partial(take, who) for who in ("supervisor", "manager")]
        jobs = [pool.submit(in_thread, work) for work in both]
        names = {job.result(timeout=60) for job in jobs}
    assert len(names) == 1
    with cast.scope():
        assert AuditEvent.objects.filter(verb="clock.acknowledged").count() == 1


def test_acknowledging_while_the_sweep_fires_leaves_no_step_half_done(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = make_tenant("acme")
    now = timezone.now()
    with tenant_scope(company.pk):
        clocks = [start(subject_id=number, at=now - timedelta(days=9)) for number in range(40)]
    fired: list[int] = []

    def publish(event: str, *, firings: list[Any], at: datetime) -> None:
        time.sleep(0.01)
        fired.extend(firing.step.pk for firing in firings)

    monkeypatch.setattr("sla.sweep.publish", publish)

    def take_all() -> None:
        for clock in clocks:
            with tenant_scope(company.pk):
                services.acknowledge(actor=Actor.system(company.pk), clock=clock, at=now)

    with ThreadPoolExecutor(2) as pool:
        sweeping = pool.submit(in_thread, lambda: sweep_all(now))
        taking = pool.submit(in_thread, take_all)
        sweeping.result(timeout=120)
        taking.result(timeout=120)
    sweep_all(now)
    with tenant_scope(company.pk):
        rows = list(Step.objects.values_list("pk", "action", "state"))
    # Every step ended one way: published once, or stopped; nothing both, nothing neither.
    assert sorted(fired) == sorted(pk for pk, _, state in rows if state == "fired")
    assert {state for _, _, state in rows} <= {"fired", "suppressed"}
    stopped = {action for _, action, state in rows if state == "suppressed"}
    assert stopped <= {"escalate", "warn"}


# Pages and API


def begin(cast: Cast, **changes: Any) -> Clock:
    """An arrange clock of the cast's dealer that ran out half an hour ago."""
    with cast.scope():
        install_defaults(cast.tenant)
        PolicyVersion.objects.update(calendar=Calendar.objects.get(code="always"))
        ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="accepted")
        given: dict[str, Any] = {
            "actor": cast.system(),
            "subject": "ticket",
            "subject_id": ticket.pk,
            "subject_number": ticket.number,
            "promise": "arrange",
            "holder_kind": "dealer",
            "holder_label": cast.dealer.name,
            "holder_dealer_id": cast.dealer.pk,
            "facts": {},
            "at": timezone.now() - timedelta(minutes=150),
        }
        clock = services.start_clock(**(given | changes))
    assert clock is not None
    return clock


def api_url(clock: Clock) -> str:
    names = [clock.subject, clock.subject_number, clock.promise]
    return reverse("api-clock-acknowledge", args=names)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor", 302),
        ("manager", 302),
        ("administrator", 302),
        ("clerk", 403),
        ("engineer", 403),
        ("dealer_principal", 403),
        ("dealer_clerk", 403),
        ("neighbour_principal", 404),
    ],
)
def test_who_may_take_a_promise_on(world: World, as_: As, who: str, status: int) -> None:
    clock = begin(world.owner)
    assert as_(who).post(clock.acknowledge_url).status_code == status
    assert as_(who, world.stranger).post(clock.acknowledge_url).status_code == 404
    with world.owner.scope():
        clock.refresh_from_db()
    assert (clock.acknowledged_at is not None) == (status == 302)


def test_whoever_was_told_by_a_step_may_take_it_on(world: World, as_: As) -> None:
    clock = begin(world.owner)
    client = as_("keeper")
    assert client.post(clock.acknowledge_url).status_code == 403
    with world.owner.scope():
        services.sweep()
        told = Step.objects.get(clock=clock, role="supervisor")
        assert told.told_ids == [world.owner.people["supervisor"].pk]
        told.told_ids = [world.owner.people["keeper"].pk]
        told.save(update_fields=["told_ids"])
    assert client.post(clock.acknowledge_url).status_code == 302


def test_the_dealers_people_do_not_stop_the_house_though_they_were_told(
    world: World, as_: As
) -> None:
    clock = begin(world.owner)
    with world.owner.scope():
        services.sweep()
        breach = Step.objects.get(clock=clock, action="breach")
        assert world.owner.people["dealer_principal"].pk in breach.told_ids
    assert as_("dealer_principal").post(clock.acknowledge_url).status_code == 403


def test_the_engineer_acknowledges_urgent_cases_only(world: World, as_: As) -> None:
    urgent = begin(
        world.owner,
        promise="acknowledge",
        holder_kind="management",
        holder_dealer_id=None,
        minutes=600,
    )
    assert as_("clerk").post(urgent.acknowledge_url).status_code == 403
    assert as_("engineer").post(urgent.acknowledge_url).status_code == 302
    with world.owner.scope():
        urgent.refresh_from_db()
    assert urgent.state == "met"


def test_the_button_leads_back_to_where_it_stood_and_nowhere_else(world: World, as_: As) -> None:
    clock = begin(world.owner)
    client = as_("supervisor")
    back = client.post(clock.acknowledge_url, {"next": "/clocks/?promise=arrange"})
    assert back["Location"] == "/clocks/?promise=arrange"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        back = client.post(clock.acknowledge_url, {"next": elsewhere})
        assert back["Location"] == f"/tickets/{clock.subject_number}/"


def test_the_ticket_tells_who_took_it_on(world: World, as_: As) -> None:
    clock = begin(world.owner)
    as_("supervisor").post(clock.acknowledge_url, {"note": "我去现场"})
    page = as_("clerk").get(f"/tickets/{clock.subject_number}/").content.decode()
    assert world.owner.people["supervisor"].name in page
    assert "我去现场" in page
    theirs = as_("dealer_principal").get(f"/portal/jobs/{clock.subject_number}/")
    assert "我去现场" not in theirs.content.decode()


def test_a_note_that_is_too_long_is_left_out_and_the_ladder_stops_all_the_same(
    world: World, as_: As
) -> None:
    clock = begin(world.owner)
    assert as_("supervisor").post(clock.acknowledge_url, {"note": "x" * 201}).status_code == 302
    with world.owner.scope():
        clock.refresh_from_db()
    assert clock.acknowledged_at is not None


def test_the_rest_api_acknowledges_once(world: World, api: Callable[..., Any]) -> None:
    clock = begin(world.owner)
    client = api("supervisor")
    first = client.post(api_url(clock), {"note": "on it"}, format="json")
    assert first.status_code == 200
    assert first.json()["acknowledged_label"] == world.owner.people["supervisor"].name
    assert client.post(api_url(clock), {}, format="json").json() == first.json()
    assert api("manager").post(api_url(clock), {}, format="json").json() == first.json()


def test_the_rest_api_refuses_in_its_own_shape(world: World, api: Callable[..., Any]) -> None:
    clock = begin(world.owner)
    client = api("supervisor")
    too_long = client.post(api_url(clock), {"note": "x" * 201}, format="json")
    assert too_long.status_code == 422
    assert api("dealer_principal").post(api_url(clock)).status_code == 403
    assert api("neighbour_principal").post(api_url(clock)).status_code == 404
    assert api("supervisor", world.stranger).post(api_url(clock)).status_code == 404
    with world.owner.scope():
        services.cancel_clocks(
            actor=world.owner.system(),
            subject="ticket",
            subject_id=clock.subject_id,
            reason="cancelled",
        )
    over = client.post(api_url(clock), {}, format="json")
    assert (over.status_code, over.json()["error"]["code"]) == (409, "clock.nothing_to_acknowledge")
