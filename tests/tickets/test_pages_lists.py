"""The list of tickets and the desk: what stands where, in how many queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sla.defaults import install_defaults
from tests.cast import World, a_ticket
from tickets import services
from tickets.models import SavedView, Ticket

LIST = "/tickets/"
# Transactions, walls and the person: asked on every page, whatever it shows.
SHELL = (
    "SAVEPOINT",
    "set_config",
    "django_session",
    "accounts_",
    "core_tenant",
    "notifications_",
)


def numbers(page: Any) -> list[str]:
    return [ticket.number for ticket in page.context["tickets"]]


def test_the_tabs_hold_what_they_say(world: World, as_: Any) -> None:
    with world.owner.scope():
        new = a_ticket(world.owner)
        offered = a_ticket(world.owner, state="offered", team="dealer", dealer=world.owner.dealer)
        done = a_ticket(world.owner, state="done")
    clerk = as_("clerk")
    assert set(numbers(clerk.get(LIST))) == {new.number, offered.number}
    assert numbers(clerk.get(LIST, {"state": "new"})) == [new.number]
    assert numbers(clerk.get(LIST, {"state": "done"})) == [done.number]
    assert len(numbers(clerk.get(LIST, {"view": "all"}))) == 3


def test_a_dealer_lists_only_its_own(world: World, as_: Any) -> None:
    with world.owner.scope():
        a_ticket(world.owner)
        a_ticket(world.owner, state="offered", team="dealer", dealer=world.owner.neighbour)
        own = a_ticket(world.owner, state="offered", team="dealer", dealer=world.owner.dealer)
    assert numbers(as_("dealer_clerk").get(LIST, {"view": "all"})) == [own.number]


def test_filters_stand_as_chips_that_can_be_taken_off(world: World, as_: Any) -> None:
    page = as_("clerk").get(LIST, {"state": ["new", "done"], "late": "1", "region": "37"})
    chips = [(chip["name"], chip["value"]) for chip in page.context["chips"]]
    assert chips == [("state", "new"), ("state", "done"), ("region", None), ("late", None)]


def test_a_wrong_filter_is_said_and_breaks_nothing(as_: Any) -> None:
    page = as_("clerk").get(LIST, {"since": "yesterday-ish"})
    assert page.status_code == 200
    assert "since" in page.context["filter_form"].errors


def test_pages_go_on_by_key_without_gap_or_repeat(world: World, as_: Any) -> None:
    now = timezone.now()
    with world.owner.scope():
        made = [
            a_ticket(world.owner, reported_at=now - timedelta(minutes=i // 2)).number
            for i in range(60)
        ]
    clerk = as_("clerk")
    first = clerk.get(LIST)
    second = clerk.get(LIST, {"after": first.context["next_after"]})
    seen = numbers(first) + numbers(second)
    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == set(made)
    assert second.context["next_after"] == ""


def test_the_list_asks_at_most_eight_questions_however_long_it_is(world: World, as_: Any) -> None:
    with world.owner.scope():
        for _ in range(40):
            a_ticket(world.owner, state="offered", team="dealer", dealer=world.owner.dealer)
    clerk = as_("clerk")
    clerk.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        clerk.get(LIST, {"state": "offered"})
    own = [q["sql"] for q in asked if not any(word in q["sql"] for word in SHELL)]
    assert len(own) <= 8, "\n".join(own)


def test_a_view_is_kept_under_its_name_for_oneself_only(world: World, as_: Any) -> None:
    clerk = as_("clerk")
    clerk.post("/tickets/views/save", {"name": "我的急件", "query": "urgency=urgent&after=zzz"})
    with world.owner.scope():
        assert SavedView.objects.get().query == "urgency=urgent"
    assert "我的急件" in clerk.get(LIST).text
    assert "我的急件" not in as_("supervisor").get(LIST).text
    assert as_("supervisor").post("/tickets/views/delete", {"name": "我的急件"}).status_code == 404
    clerk.post("/tickets/views/delete", {"name": "我的急件"})
    with world.owner.scope():
        assert not SavedView.objects.exists()


def test_the_supervisor_offers_many_at_once_and_hears_what_could_not_be(
    world: World, as_: Any
) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
        new, done = a_ticket(world.owner), a_ticket(world.owner, state="done")
    sent = {"number": [new.number, done.number, "T-19990101-0001"], "dealer": "D-0001"}
    page = as_("supervisor").post("/tickets/bulk", sent, follow=True)
    with world.owner.scope():
        assert Ticket.objects.get(pk=new.pk).dealer == world.owner.dealer
        assert Ticket.objects.get(pk=done.pk).dealer is None
    said = [str(message) for message in page.context["messages"]]
    assert len(said) == 2
    assert said[1].startswith(done.number)
    assert as_("clerk").post("/tickets/bulk", sent).status_code == 403


@pytest.mark.parametrize("sent", [{}, {"number": ["T-1"]}, {"number": ["T-1"], "dealer": "没有"}])
def test_a_bulk_step_without_its_choice_says_so(as_: Any, sent: dict[str, Any]) -> None:
    page = as_("supervisor").post("/tickets/bulk", sent, follow=True)
    assert [m.level_tag for m in page.context["messages"]] == ["error"]


def test_the_desk_shows_what_waits_in_the_order_of_the_work(world: World, as_: Any) -> None:
    cast = world.owner
    clerk = cast.actor("clerk")
    with cast.scope():
        install_defaults(cast.tenant)
        given: dict[str, Any] = {
            "actor": clerk,
            "kind": "repair",
            "summary": "不启动",
            "route": False,
        }
        fresh = services.register_ticket(**given)
        refused = services.register_ticket(**given)
        services.offer_ticket(actor=clerk, ticket=refused, dealer=cast.dealer)
        services.refuse_offer(
            actor=cast.actor("dealer_principal"), ticket=refused, reason="没有技师"
        )
        checked = services.register_ticket(**given)
        services.offer_ticket(actor=clerk, ticket=checked, dealer=cast.dealer)
        checked.checks.update(due_at=timezone.now())
    page = as_("clerk").get("/desk/")
    assert [check.ticket_id for check in page.context["checks"]] == [checked.pk]
    assert page.context["back"] == [refused]
    assert page.context["fresh"] == [fresh]
    version = page.context["version"]
    quiet = as_("clerk").get("/desk/", headers={"X-Live-Version": version})
    assert quiet.status_code == 204


def test_an_export_is_watched_by_who_ordered_it_only(world: World, as_: Any) -> None:
    clerk = as_("clerk")
    answer = clerk.post("/tickets/export", {"query": "state=new&view=all"})
    status = answer.headers["Location"]
    assert clerk.get(status).status_code == 200
    assert as_("supervisor").get(status).status_code == 404
    assert as_("engineer").post("/tickets/export", {}).status_code == 403
