"""The page of a ticket: what it shows to whom, and every action on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sla.defaults import install_defaults
from tests.cast import World, a_ticket
from tickets import services
from tickets.models import Offer, SupervisionCheck, Ticket, TicketWatch, TimelineEntry
from tickets.states import Team, TicketState


@pytest.fixture(autouse=True)
def _policies(world: World) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)


@pytest.fixture
def at_desk(world: World) -> Ticket:
    """A ticket that waits at the desk, its dispatch clock running."""
    return registered(world)


@pytest.fixture
def offered(world: World, at_desk: Ticket) -> Ticket:
    with world.owner.scope():
        services.offer_ticket(
            actor=world.owner.actor("clerk"), ticket=at_desk, dealer=world.owner.dealer
        )
        at_desk.refresh_from_db()
        return at_desk


def registered(world: World, **facts: Any) -> Ticket:
    cast = world.owner
    given: dict[str, Any] = {"kind": "repair", "summary": "收割机不启动", "route": False}
    given |= {"customer": cast.customer, "machine": cast.machine, "caller_phone": "13800138000"}
    with cast.scope():
        return services.register_ticket(actor=cast.actor("clerk"), **(given | facts))


def url(ticket: Ticket, *tail: str) -> str:
    return f"/tickets/{ticket.number}/" + "/".join(tail)


def again(world: World, ticket: Ticket) -> Ticket:
    with world.owner.scope():
        return Ticket.objects.select_related("dealer", "merged_into").get(pk=ticket.pk)


def test_the_first_screen_says_what_is_promised_and_what_to_do_next(
    at_desk: Ticket, as_: Any
) -> None:
    page = as_("clerk").get(url(at_desk))
    assert [clock.promise for clock in page.context["live_clocks"]][0] == "dispatch"
    assert page.context["following"]["action"].verb == "offer"
    assert page.context["proposed"]
    assert at_desk.number in page.text


def test_the_stranger_gets_what_a_missing_ticket_gets(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    for who, cast in [("clerk", world.stranger), ("neighbour_principal", world.owner)]:
        assert as_(who, cast).get(url(at_desk)).status_code == 404
        assert as_(who, cast).post(url(at_desk, "note"), {"text": "x"}).status_code in (403, 404)


def test_a_dealer_is_shown_its_tickets_in_the_portal(offered: Ticket, as_: Any) -> None:
    answer = as_("dealer_principal").get(url(offered))
    assert answer.headers["Location"] == f"/portal/jobs/{offered.number}/"


def test_the_desk_offers_by_the_number_that_the_list_suggests(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    answer = as_("clerk").post(url(at_desk, "offer"), {"dealer": "d-0001 德州丰收"})
    assert answer.headers["Location"] == url(at_desk)
    assert again(world, at_desk).dealer == world.owner.dealer


def test_an_unknown_dealer_is_said_at_the_field_with_the_words_kept(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    page = as_("clerk").post(url(at_desk, "offer"), {"dealer": "D-0999 没有这家"})
    assert page.status_code == 422
    form = page.context["following"]["form"]
    assert form["dealer"].errors
    assert form["dealer"].value() == "D-0999 没有这家"
    assert again(world, at_desk).state == TicketState.NEW


def test_who_may_not_dispatch_gets_403_and_nothing_happens(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    for who in ("manager", "engineer", "finance", "keeper"):
        answer = as_(who).post(url(at_desk, "offer"), {"dealer": world.owner.dealer.number})
        assert answer.status_code == 403
    with world.owner.scope():
        assert not Offer.objects.exists()


def test_an_engineer_arranges_only_what_the_department_holds(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    visit = timezone.localtime() + timedelta(days=1)
    typed = {"technician_name": "李工", "visit_at": f"{visit:%Y-%m-%dT%H:%M}"}
    assert as_("engineer").post(url(at_desk, "arrange"), typed).status_code == 403
    as_("clerk").post(url(at_desk, "hand-over"), {"team": "technical"})
    assert as_("engineer").post(url(at_desk, "arrange"), typed).status_code == 302
    assert again(world, at_desk).state == TicketState.ARRANGED


def test_withdrawn_and_taken_back_tickets_are_at_the_desk_with_the_reason(
    world: World, offered: Ticket, as_: Any
) -> None:
    clerk = as_("clerk")
    assert clerk.post(url(offered, "withdraw"), {"reason": ""}).status_code == 422
    clerk.post(url(offered, "withdraw"), {"reason": "客户改期"})
    ticket = again(world, offered)
    assert (ticket.state, ticket.team) == (TicketState.NEW, Team.DESK)
    assert "客户改期" in clerk.get(url(offered)).text


def test_the_check_is_recorded_once(world: World, offered: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    clerk.post(url(offered, "check"), {"is_arranged": "yes", "note": "已约明早"})
    with world.owner.scope():
        check = SupervisionCheck.objects.get(ticket=offered)
    assert check.is_arranged
    second = clerk.post(url(offered, "check"), {"is_arranged": "no"})
    assert second.status_code == 422
    assert "data-form-errors" in second.text


def test_done_closed_and_reopened(world: World, at_desk: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    assert clerk.post(url(at_desk, "done"), {"result": " "}).status_code == 422
    clerk.post(url(at_desk, "done"), {"result": "电话指导后正常"})
    clerk.post(url(at_desk, "close"))
    assert again(world, at_desk).state == TicketState.CLOSED
    clerk.post(url(at_desk, "reopen"), {"reason": "又坏了"})
    assert again(world, at_desk).state == TicketState.NEW


def test_a_complaint_is_not_done_without_its_cause(world: World, as_: Any) -> None:
    ticket = registered(world, kind="complaint")
    page = as_("clerk").post(url(ticket, "done"), {"result": "已道歉"})
    assert page.status_code == 422
    (step,) = [s for s in page.context["steps"] if s["action"].verb == "done"]
    assert "cause" in step["form"].errors
    assert step["form"]["result"].value() == "已道歉"
    assert again(world, ticket).state == TicketState.NEW


def test_a_step_of_yesterday_is_refused_with_a_sentence(
    world: World, offered: Ticket, as_: Any
) -> None:
    # The page is old: meanwhile the ticket was offered.
    page = as_("clerk").post(url(offered, "hand-over"), {"team": "sales"})
    assert page.status_code == 422
    assert again(world, offered).state == TicketState.OFFERED


def test_two_clerks_on_one_ticket_lose_nothing(world: World, at_desk: Ticket, as_: Any) -> None:
    typed = {
        "kind": "repair",
        "urgency": "high",
        "severity": "general",
        "summary": "割台异响",
        "description": "",
        "caller_name": "张丰收",
        "caller_phone": "13800138000",
        "region_code": "371402",
        "address": "",
        "wished_for": "",
    }
    old = {"version": str(at_desk.version)}
    supervisor, clerk = as_("supervisor"), as_("clerk")
    assert supervisor.post(url(at_desk, "edit"), typed | old).status_code == 302
    mine = typed | old | {"summary": "割台异响，漏油"}
    page = clerk.post(url(at_desk, "edit"), mine)
    assert page.status_code == 422
    assert again(world, at_desk).summary == "割台异响"
    (step,) = [s for s in page.context["steps"] if s["action"].verb == "edit"]
    assert step["is_open"]
    assert step["form"]["summary"].value() == "割台异响，漏油"
    # Having looked again, she saves once more with the newest version.
    again_typed = mine | {"version": step["form"]["version"].value()}
    assert clerk.post(url(at_desk, "edit"), again_typed).status_code == 302
    assert again(world, at_desk).summary == "割台异响，漏油"


def test_merging_leads_to_the_ticket_that_goes_on(world: World, at_desk: Ticket, as_: Any) -> None:
    other = registered(world)
    clerk = as_("clerk")
    missing = clerk.post(url(at_desk, "merge"), {"into": "T-19990101-0001"})
    assert missing.status_code == 422
    answer = clerk.post(url(at_desk, "merge"), {"into": other.number.lower()})
    assert answer.headers["Location"] == url(other)
    assert again(world, at_desk).merged_into == other


def test_another_companys_ticket_is_no_target_of_a_merge(
    world: World, at_desk: Ticket, as_: Any
) -> None:
    with world.stranger.scope():
        theirs = a_ticket(world.stranger, number="T-20260101-0777")
    page = as_("clerk").post(url(at_desk, "merge"), {"into": theirs.number})
    assert page.status_code == 422
    assert again(world, at_desk).state == TicketState.NEW


def test_internal_notes_stay_inside(world: World, offered: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    clerk.post(url(offered, "note"), {"text": "客户欠款 SECRET", "visibility": "internal"})
    clerk.post(url(offered, "note"), {"text": "带起动机 OPEN", "visibility": "dealer"})
    seen = as_("dealer_principal").get(f"/portal/jobs/{offered.number}/").text
    assert "OPEN" in seen
    assert "SECRET" not in seen
    assert "SECRET" in clerk.get(url(offered)).text


def test_a_disguised_file_is_refused_at_its_field(world: World, at_desk: Ticket, as_: Any) -> None:
    upload = SimpleUploadedFile("photo.jpg", b"MZ this is a program", "image/jpeg")
    page = as_("clerk").post(url(at_desk, "attach"), {"upload": upload})
    assert page.status_code == 422
    with world.owner.scope():
        assert not at_desk.attachments.exists()


def test_watching_starts_and_stops(world: World, at_desk: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    clerk.post(url(at_desk, "watch"))
    with world.owner.scope():
        assert TicketWatch.objects.filter(ticket=at_desk).count() == 1
    clerk.post(url(at_desk, "watch"), {"stop": "1"})
    with world.owner.scope():
        assert not TicketWatch.objects.filter(ticket=at_desk).exists()


def test_two_people_on_one_ticket_see_each_other(at_desk: Ticket, as_: Any) -> None:
    assert as_("clerk").get(url(at_desk)).context["others"] == []
    page = as_("supervisor").get(url(at_desk))
    assert len(page.context["others"]) == 1


def test_a_live_part_comes_only_when_something_is_new(at_desk: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    version = clerk.get(url(at_desk)).context["story_version"]
    part = url(at_desk, "live", "story")
    assert clerk.get(part, headers={"X-Live-Version": version}).status_code == 204
    clerk.post(url(at_desk, "note"), {"text": "新的", "visibility": "internal"})
    fresh = clerk.get(part, headers={"X-Live-Version": version})
    assert fresh.status_code == 200
    assert "新的" in fresh.text
    signed_out = Client().get(part, headers={"X-Live-Version": version})
    assert signed_out.status_code == 401


def test_the_due_times_explain_themselves(at_desk: Ticket, as_: Any) -> None:
    page = as_("clerk").get(url(at_desk, "clocks/"))
    assert page.status_code == 200
    assert page.context["rows"][0]["steps"]


def test_an_action_asked_for_by_address_opens_its_form(at_desk: Ticket, as_: Any) -> None:
    answer = as_("clerk").get(url(at_desk, "cancel"))
    assert answer.headers["Location"] == f"{url(at_desk)}?do=cancel#do-cancel"
    page = as_("clerk").get(url(at_desk), {"do": "cancel"})
    (step,) = [s for s in page.context["steps"] if s["action"].verb == "cancel"]
    assert step["is_open"]


def test_what_people_wrote_is_shown_as_text(world: World, at_desk: Ticket, as_: Any) -> None:
    clerk = as_("clerk")
    clerk.post(
        url(at_desk, "note"), {"text": "<script>alert(1)</script>", "visibility": "internal"}
    )
    page = clerk.get(url(at_desk))
    assert "<script>alert(1)</script>" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    with world.owner.scope():
        assert TimelineEntry.objects.filter(text__contains="<script>").exists()
