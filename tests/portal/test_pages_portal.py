"""The dealers' portal: offers, jobs, own intake, and nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sla.defaults import install_defaults
from tests.cast import World
from tickets import services
from tickets.models import Ticket
from tickets.states import Team, TicketChannel, TicketState

HOME = "/portal/"


@pytest.fixture
def offered(world: World) -> Ticket:
    cast = world.owner
    clerk = cast.actor("clerk")
    with cast.scope():
        install_defaults(cast.tenant)
        ticket = services.register_ticket(
            actor=clerk,
            kind="repair",
            summary="收割机不启动",
            customer=cast.customer,
            machine=cast.machine,
            route=False,
        )
        services.offer_ticket(actor=clerk, ticket=ticket, dealer=cast.dealer)
        return Ticket.objects.get(pk=ticket.pk)


def job(ticket: Ticket, *tail: str) -> str:
    return f"/portal/jobs/{ticket.number}/" + "".join(f"{part}/" for part in tail)


def again(world: World, ticket: Ticket) -> Ticket:
    with world.owner.scope():
        return Ticket.objects.get(pk=ticket.pk)


def tomorrow() -> str:
    return f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT09:30}"


def test_a_new_offer_stands_first_with_its_clock_and_two_buttons(offered: Ticket, as_: Any) -> None:
    page = as_("dealer_principal").get(HOME)
    assert page.context["offers"] == [offered]
    # The nearest of what the dealer owes: by day the arrangement, before nine the arrival.
    assert vars(page.context["offers"][0])["clock"].promise in ("arrange", "arrival")
    assert job(offered, "accept") in page.text


def test_accepted_and_arranged_in_two_steps(world: World, offered: Ticket, as_: Any) -> None:
    dealer = as_("dealer_clerk")
    dealer.post(job(offered, "accept"))
    assert again(world, offered).state == TicketState.ACCEPTED
    dealer.post(job(offered, "arrange"), {"technician_name": "李师傅", "visit_at": tomorrow()})
    ticket = again(world, offered)
    assert (ticket.state, ticket.technician_name) == (TicketState.ARRANGED, "李师傅")
    assert timezone.localtime(ticket.visit_at).hour == 9


def test_a_job_without_a_callers_number_calls_the_customer(
    world: World, offered: Ticket, as_: Any
) -> None:
    page = as_("dealer_technician").get(job(offered))
    assert offered.caller_phone == ""
    assert 'href="tel:+8613800138000"' in page.text
    assert page.context["map_url"].startswith("https://uri.amap.com/")


def test_a_second_accept_is_refused_with_a_sentence(
    world: World, offered: Ticket, as_: Any
) -> None:
    dealer = as_("dealer_principal")
    dealer.post(job(offered, "accept"))
    page = dealer.post(job(offered, "accept"))
    assert page.status_code == 422
    assert page.context["sentence"]
    assert again(world, offered).state == TicketState.ACCEPTED


def test_a_refusal_needs_its_reason_and_leads_back_to_the_jobs(
    world: World, offered: Ticket, as_: Any
) -> None:
    dealer = as_("dealer_principal")
    assert dealer.post(job(offered, "refuse"), {"reason": " "}).status_code == 422
    answer = dealer.post(job(offered, "refuse"), {"reason": "没有技师"})
    assert answer.headers["Location"] == HOME
    ticket = again(world, offered)
    assert (ticket.state, ticket.team) == (TicketState.NEW, Team.DESK)
    assert dealer.get(job(offered)).status_code == 404


def test_a_wrong_time_keeps_what_was_typed(world: World, offered: Ticket, as_: Any) -> None:
    dealer = as_("dealer_principal")
    dealer.post(job(offered, "accept"))
    typed = {"technician_name": "李师傅", "technician_phone": "123", "visit_at": "gestern"}
    page = dealer.post(job(offered, "arrange"), typed)
    assert page.status_code == 422
    form = page.context["following"]["form"]
    assert set(form.errors) == {"technician_phone", "visit_at"}
    assert form["technician_name"].value() == "李师傅"
    assert form["visit_at"].value() == "gestern"


def test_a_technician_sees_the_job_but_answers_no_offer(
    world: World, offered: Ticket, as_: Any
) -> None:
    technician = as_("dealer_technician")
    assert technician.get(HOME).context["offers"] == []
    page = technician.get(job(offered))
    verbs = {step["action"].verb for step in page.context["steps"]}
    assert page.context["following"] is None
    assert not verbs & {"accept", "refuse", "arrange"}
    assert technician.post(job(offered, "accept")).status_code == 403
    assert technician.get("/portal/new/").status_code == 403


def test_the_neighbour_and_the_stranger_see_nothing(
    world: World, offered: Ticket, as_: Any
) -> None:
    for who, cast in [("neighbour_principal", world.owner), ("dealer_principal", world.stranger)]:
        browser = as_(who, cast)
        assert browser.get(HOME).context["offers"] == []
        assert browser.get(job(offered)).status_code == 404
        assert browser.post(job(offered, "accept")).status_code == 404
    assert again(world, offered).state == TicketState.OFFERED


def test_the_desk_has_no_portal(offered: Ticket, as_: Any) -> None:
    assert as_("clerk").get(HOME).status_code == 403
    answer = as_("clerk").post(job(offered, "note"), {"text": "x"})
    assert answer.headers["Location"] == f"/tickets/{offered.number}/"


def test_an_own_intake_is_filed_and_waits_to_be_arranged(world: World, as_: Any) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
    typed = {"once": "f" * 32, "caller_phone": "13800138000", "symptom": "漏油"}
    typed |= {"kind": "repair", "urgency": "normal"}
    dealer = as_("dealer_principal")
    first, second = (dealer.post("/portal/new/", typed) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    with world.owner.scope():
        ticket = Ticket.objects.select_related("customer", "dealer").get()
    assert (ticket.channel, ticket.state) == (TicketChannel.DEALER, TicketState.ACCEPTED)
    assert (ticket.dealer, ticket.customer) == (world.owner.dealer, world.owner.customer)


def test_a_dealers_intake_finds_no_customer_of_the_neighbours(world: World, as_: Any) -> None:
    seen = as_("dealer_principal").get("/portal/new/", {"caller_phone": "13900139000"})
    assert seen.context["seen"].customers == []
    theirs = {"serial": world.owner.neighbour_machine.serial_number}
    assert as_("dealer_principal").get("/portal/new/", theirs).context["seen"].machines == []


def test_the_jobs_page_is_quiet_while_nothing_is_new(offered: Ticket, as_: Any) -> None:
    dealer = as_("dealer_principal")
    version = dealer.get(HOME).context["version"]
    assert dealer.get(HOME, headers={"X-Live-Version": version}).status_code == 204
