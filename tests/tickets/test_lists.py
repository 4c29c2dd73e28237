"""Lists: what the filters catch, keys of pages, how many queries a page costs, who looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from core import keyset
from core.actor import Actor
from core.tenancy import dealer_wall
from sla.models import Clock
from tests.cast import a_ticket
from tests.tickets.conftest import Desk, accept, arrange, later, offer
from tickets import presence, queries, services
from tickets.filters import TicketFilter
from tickets.models import Ticket


def found(actor: Actor, query: str) -> set[str]:
    rows = TicketFilter(QueryDict(query), queryset=queries.ticket_list(actor), actor=actor).qs
    return {ticket.number for ticket in rows}


@pytest.mark.parametrize(
    ("query", "caught"),
    [
        ("", {"A", "B", "C"}),
        ("state=new", {"B"}),
        ("state=new&state=offered", {"A", "B"}),
        ("open=1", {"A", "B"}),
        ("kind=complaint", {"B"}),
        ("urgency=urgent", {"B"}),
        ("team=dealer", {"A"}),
        ("dealer=d-0001", {"A"}),
        ("dealer=D-9999", set()),
        ("region=37", {"A", "B"}),
        ("region=65", {"C"}),
        ("region=3;drop", set()),
        ("breach=1", {"C"}),
        ("since=2026-11-02", {"A", "B"}),
        ("until=2026-11-01", {"C"}),
        ("reopened=1", {"C"}),
        ("q=冒黑烟", {"B"}),
        ("q=13800138000", {"A", "B", "C"}),
        ("q=4lz2026 000001", {"A", "B", "C"}),
        ("q=张", set()),
        ("kind=nonsense", {"A", "B", "C"}),
        ("late=1", set()),
        ("due_within=60", set()),
        ("mine=1", {"B"}),
    ],
)
def test_a_filter_catches(desk: Desk, query: str, caught: set[str]) -> None:
    cast, early = desk.cast, later(-14 * 24 * 60)
    a_ticket(cast, number="A", dealer=cast.dealer, team="dealer", state="offered")
    a_ticket(
        cast,
        number="B",
        kind="complaint",
        urgency="urgent",
        summary="发动机冒黑烟",
        created_by=cast.people["clerk"],
    )
    a_ticket(
        cast,
        number="C",
        state="cancelled",
        region_code="650100",
        has_breach=True,
        reopen_count=1,
        reported_at=early,
    )
    assert found(desk.clerk, query) == caught


def test_late_and_soon_due_are_told_by_the_clocks(desk: Desk) -> None:
    late, soon = desk.register(), desk.register()
    now = timezone.now()
    Clock.objects.filter(subject_id=late.pk).update(
        started_at=now - timedelta(hours=3), due_at=now - timedelta(minutes=5)
    )
    Clock.objects.filter(subject_id=soon.pk).update(
        started_at=now - timedelta(hours=1), due_at=now + timedelta(minutes=30)
    )
    assert found(desk.clerk, "late=1") == {late.number}
    assert found(desk.clerk, "due_within=60") == {soon.number}
    counts = queries.counts(desk.clerk)
    assert (counts["open"], counts["new"], counts["late"]) == (2, 2, 1)


def test_a_dealer_searches_only_its_own_rows(desk: Desk) -> None:
    mine = offer(desk, desk.register())
    desk.register()
    with dealer_wall(desk.dealer.dealer_ids):
        assert found(desk.dealer, "q=不启动") == {mine.number}
        assert found(desk.dealer, "q=13800138000") == {mine.number}
    with dealer_wall(desk.neighbour.dealer_ids):
        assert found(desk.neighbour, "q=不启动") == set()


def test_pages_by_key_have_no_gap_and_no_repeat_even_at_one_instant(desk: Desk) -> None:
    at = timezone.now()
    numbers = [a_ticket(desk.cast, reported_at=at).number for _ in range(7)]
    seen, after = [], ""
    while True:
        page = keyset.page(queries.ticket_list(desk.clerk), after=after, size=3)
        seen += [ticket.number for ticket in page.rows]
        if not page.next_after:
            break
        after = page.next_after
    assert seen == list(reversed(numbers))


@pytest.mark.parametrize("key", ["x", "🙂", "MS4x=", "1.1", "A" * 300, "MS4w"])
def test_a_damaged_key_is_refused(key: str) -> None:
    with pytest.raises(keyset.BadKey):
        keyset.read_key(key)


def test_a_key_reads_back_what_it_says() -> None:
    at = timezone.now()
    assert keyset.read_key(keyset.key_of(at, 42)) == (at, 42)


def test_the_list_costs_the_same_for_few_and_many_rows(
    api: Callable[..., APIClient], desk: Desk
) -> None:
    rest = api("clerk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert rest.get("/api/v1/tickets/").status_code == 200
        reads = [q for q in caught if "tickets_ticket" in q["sql"] and "SELECT" in q["sql"]]
        assert len(reads) == 1
        return len(caught)

    desk.register()
    first = cost()
    for _ in range(20):
        desk.register()
    assert cost() <= first


def test_a_page_of_the_list_is_one_query(desk: Desk) -> None:
    for _ in range(5):
        arrange(desk, accept(desk, offer(desk, desk.register())))
    with CaptureQueriesContext(connection) as caught:
        for ticket in keyset.page(queries.ticket_list(desk.clerk)).rows:
            assert ticket.customer and ticket.machine and ticket.machine.model and ticket.dealer
    assert len(caught) == 1


def test_two_people_on_one_ticket_see_each_other(desk: Desk) -> None:
    ticket = desk.register()
    assert presence.seen(desk.clerk, ticket) == []
    assert presence.seen(desk.supervisor, ticket) == [desk.clerk.label]
    assert presence.seen(desk.clerk, ticket) == [desk.supervisor.label]
    presence.left(desk.supervisor, ticket)
    assert presence.seen(desk.clerk, ticket) == []


def test_without_redis_the_page_still_works(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = redis.Redis(port=1, socket_connect_timeout=0.1)
    monkeypatch.setattr(presence, "_redis", lambda: dead)
    assert presence.seen(desk.clerk, Ticket(pk=1)) == []


def test_a_saved_view_is_ones_own_and_the_same_name_replaces_it(desk: Desk) -> None:
    services.save_view(actor=desk.clerk, name="急件", query="urgency=urgent&after=x&q=")
    services.save_view(actor=desk.clerk, name="急件", query="urgency=high")
    assert [view.query for view in queries.saved_views(desk.clerk)] == ["urgency=high"]
    assert not queries.saved_views(desk.supervisor).exists()
    view = queries.saved_views(desk.clerk).get()
    services.delete_view(actor=desk.supervisor, view=view)
    assert queries.saved_views(desk.clerk).exists()
    services.delete_view(actor=desk.clerk, view=view)
    assert not queries.saved_views(desk.clerk).exists()
