"""The page's figures against plain Python over the rows of a small world."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from dashboards import queries
from dashboards.figures import Overview
from sla.defaults import install_defaults
from sla.models import Calendar, Clock
from tests.cast import Cast, World, a_ticket, at
from tests.visits.builders import a_callback
from tickets.models import Ticket
from tickets.states import OPEN
from visits.models import Callback

NOW = at("2026-11-20 15:00")
STATES = ["new", "offered", "accepted", "handed_over", "waiting", "done", "closed", "cancelled"]


def a_clock(cast: Cast, ticket: Ticket, promise: str, started: datetime, **facts: Any) -> Clock:
    row: dict[str, Any] = {
        "subject": "ticket",
        "subject_id": ticket.pk,
        "subject_number": ticket.number,
        "promise": promise,
        "holder_kind": "dealer" if ticket.dealer_id else "desk",
        "holder_dealer_id": ticket.dealer_id,
        "holder_label": str(ticket.dealer or "服务台"),
        "calendar": Calendar.objects.get(code="hotline"),
        "minutes": 240 if promise == "check" else 120,
        "started_at": started,
        "warn_at": started + timedelta(minutes=90),
        "due_at": started + timedelta(minutes=120),
    }
    return Clock.objects.create(**(row | facts))


def populate(cast: Cast, seed: int, now: datetime | None = None) -> None:
    """A month of tickets, clocks and calls, by chance but always the same."""
    now = now or timezone.now()
    chance = random.Random(seed)  # noqa: S311
    install_defaults(cast.tenant)
    dealers = [cast.dealer, cast.neighbour, None]
    with tenant_scope(cast.tenant.pk):
        for _ in range(60):
            reported = now - timedelta(minutes=chance.randrange(0, 40 * 24 * 60))
            state = chance.choice(STATES)
            dealer = chance.choice(dealers)
            done_at = reported + timedelta(hours=5) if state in ("done", "closed") else None
            ticket = a_ticket(
                cast,
                state=state,
                dealer=dealer,
                team="dealer" if dealer else "desk",
                region_code=chance.choice(["371402", "371502", "130102", ""]),
                reported_at=reported,
                done_at=done_at,
                closed_at=done_at if state == "closed" else None,
            )
            for promise in ("dispatch", "arrange", "check"):
                clock_state = chance.choice(["running", "met", "met", "cancelled"])
                missed = chance.random() < 0.3
                late = clock_state == "running" and reported + timedelta(minutes=120) <= now
                a_clock(
                    cast,
                    ticket,
                    promise,
                    reported,
                    state=clock_state,
                    missed_at=reported + timedelta(minutes=120) if missed or late else None,
                    finished_at=None if clock_state == "running" else reported,
                )
            if done_at:
                over = chance.random() < 0.7
                a_callback(
                    cast,
                    ticket,
                    due_at=done_at,
                    state="done" if over else "scheduled",
                    score=chance.randrange(1, 6) if over else None,
                    called_at=done_at if over else None,
                )


@pytest.fixture
def seen(world: World) -> Overview:
    populate(world.owner, 7, NOW)
    populate(world.stranger, 8, NOW)
    with world.owner.scope():
        return queries.overview(world.owner.actor("manager"), queries.period_of(30, at=NOW), at=NOW)


def local_day(instant: datetime) -> Any:
    return timezone.localtime(instant).date()


def test_what_is_late_and_due_soon_is_every_running_clock_that_is(
    world: World, seen: Overview
) -> None:
    with world.owner.scope():
        running = list(Clock.objects.filter(state="running"))
    late = [clock for clock in running if clock.due_at <= NOW]
    soon = [clock for clock in running if NOW < clock.due_at <= NOW + timedelta(hours=1)]
    assert (seen.late, seen.soon) == (len(late), len(soon))
    assert sum(each.count for each in seen.soon_by_promise) == len(soon)
    by_holder = Counter(clock.holder_dealer_id for clock in late)
    assert {each.holder.dealer_id: each.count for each in seen.late_by_holder} == by_holder
    assert min(each.oldest for each in seen.late_by_holder) == min(c.due_at for c in late)


def test_open_tickets_add_up_in_every_direction(world: World, seen: Overview) -> None:
    with world.owner.scope():
        tickets = list(Ticket.objects.filter(state__in=OPEN))
    assert seen.open == len(tickets)
    by_state = Counter(ticket.state for ticket in tickets)
    assert {each.key: each.count for each in seen.by_state if each.count} == by_state
    by_region = Counter(ticket.region_code[:2] or "-" for ticket in tickets)
    assert {each.key: each.count for each in seen.by_region} == by_region
    by_dealer = Counter(ticket.dealer_id for ticket in tickets if ticket.dealer_id)
    assert {each.dealer_id: each.open for each in seen.dealers if each.open} == by_dealer


@pytest.mark.parametrize(
    ("promise", "name"), [("dispatch", "dispatched"), ("arrange", "arranged"), ("check", "checked")]
)
def test_shares_count_what_was_decided_in_the_period(
    world: World, seen: Overview, promise: str, name: str
) -> None:
    with world.owner.scope():
        clocks = [
            clock
            for clock in Clock.objects.filter(promise=promise)
            if seen.period.first <= local_day(clock.started_at) <= seen.period.last
        ]
    kept = [clock for clock in clocks if clock.state == "met" and not clock.missed_at]
    decided = [clock for clock in clocks if clock.state == "met" or clock.missed_at]
    share = getattr(seen, name)
    assert (share.part, share.whole) == (len(kept), len(decided))
    assert 0 < share.part < share.whole


def test_the_trend_has_every_day_once_and_adds_up(world: World, seen: Overview) -> None:
    assert [day.on for day in seen.days] == seen.period.each_day
    with world.owner.scope():
        tickets = list(Ticket.objects.all())
    for day in seen.days:
        assert day.reported == sum(local_day(each.reported_at) == day.on for each in tickets)
        assert day.done == sum(
            each.done_at is not None and local_day(each.done_at) == day.on for each in tickets
        )
    assert sum(day.arranged.whole for day in seen.days) == seen.arranged.whole


def test_calls_are_those_that_fell_due(world: World, seen: Overview) -> None:
    with world.owner.scope():
        due = [
            call
            for call in Callback.objects.all()
            if seen.period.first <= local_day(call.due_at) and call.due_at <= NOW
        ]
    made = [call for call in due if call.state == "done"]
    assert (seen.calls.due, seen.calls.made) == (len(due), len(made))
    assert seen.calls.average == round(sum(call.score or 0 for call in made) / len(made), 2)
    assert seen.calls.satisfied == sum((call.score or 0) >= 4 for call in made)
    for dealer in seen.dealers:
        own = [call for call in due if call.dealer_id == dealer.dealer_id]
        assert dealer.calls.due == len(own)


def test_an_empty_company_has_no_shares(world: World) -> None:
    with world.owner.scope():
        seen = queries.overview(world.owner.actor("manager"), queries.period_of(7, at=NOW), at=NOW)
    assert (seen.open, seen.late, seen.soon) == (0, 0, 0)
    assert seen.arranged.percent is None
    assert len(seen.days) == 7


class TestPages:
    def test_the_page_asks_seven_times_however_much_there_is(
        self, world: World, django_assert_num_queries: Any
    ) -> None:
        populate(world.owner, 7)
        manager = world.owner.actor("manager")
        with world.owner.scope(), django_assert_num_queries(7):
            queries.overview(manager, queries.period_of(30))

    def test_only_who_may_look_looks(self, world: World, as_: Callable[..., Any]) -> None:
        for who, status in (("dealer_principal", 403), ("clerk", 403), ("manager", 200)):
            assert as_(who).get("/dashboard/").status_code == status

    def test_a_stranger_sees_their_own_figures(self, world: World, as_: Callable[..., Any]) -> None:
        populate(world.owner, 7)
        seen = as_("manager", world.stranger).get("/dashboard/").context["seen"]
        assert (seen.open, seen.late, seen.arranged.whole, seen.dealers) == (0, 0, 0, [])

    def test_the_list_behind_a_share_has_its_very_rows(
        self, world: World, as_: Callable[..., Any]
    ) -> None:
        populate(world.owner, 7)
        manager = as_("manager")
        seen = manager.get("/dashboard/").context["seen"]
        for outcome, count in (("kept", seen.arranged.part), ("missed", seen.arranged.missed)):
            asked = {"promise": "arrange", "outcome": outcome, "days": 30}
            assert count > 0
            assert len(manager.get("/dashboard/promises/", asked).context["rows"]) == count

    def test_the_api_gives_the_figures_of_the_page(
        self, world: World, as_: Callable[..., Any], api: Callable[..., Any]
    ) -> None:
        populate(world.owner, 7)
        seen = as_("manager").get("/dashboard/?days=90").context["seen"]
        given = api("manager").get("/api/v1/dashboard/", {"days": 90}).json()
        assert given["arranged"]["part"] == seen.arranged.part
        assert given["late"] == seen.late
        assert len(given["days"]) == 90
        assert [each["number"] for each in given["dealers"]] == [
            each.number for each in seen.dealers
        ]
        assert api("manager").get("/api/v1/dashboard/", {"days": 5}).status_code == 422

    def test_the_export_has_a_line_per_dealer(self, world: World, as_: Callable[..., Any]) -> None:
        populate(world.owner, 7)
        lines = as_("manager").get("/dashboard/export/").content.decode().splitlines()
        assert [line.split(",")[0] for line in lines[1:]] == ["D-0001", "D-0002"] or [
            line.split(",")[0] for line in lines[1:]
        ] == ["D-0002", "D-0001"]
        assert len(as_("manager").get("/dashboard/export/?part=days").content.splitlines()) == 31

    def test_a_live_page_that_is_up_to_date_gets_nothing(
        self, world: World, as_: Callable[..., Any]
    ) -> None:
        manager = as_("manager")
        version = manager.get("/dashboard/").context["version"]
        answer = manager.get("/dashboard/", headers={"X-Live-Version": version})
        assert answer.status_code == 204
