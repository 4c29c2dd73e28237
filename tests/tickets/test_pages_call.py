"""The call page: from a ringing telephone to a numbered ticket, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from machines.models import Customer, Machine
from sla.defaults import install_defaults
from tests.cast import World, a_machine, a_ticket
from tickets.models import Ticket
from tickets.states import Team, TicketState

CALL = "/calls/new"


@pytest.fixture(autouse=True)
def _policies(world: World) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)


def a_call(**typed: str) -> dict[str, str]:
    """What a clerk types about a known caller."""
    return {
        "once": "a" * 32,
        "caller_phone": "138 0013 8000",
        "customer": "",
        "who_for": "",
        "symptom": "S01",
        "kind": "repair",
        "urgency": "normal",
        "channel": "phone",
        "route": "rule",
        "caller_name": "",
    } | typed


def tickets(world: World) -> list[Ticket]:
    with world.owner.scope():
        return list(Ticket.objects.select_related("customer", "machine", "dealer", "symptom"))


def test_a_known_number_shows_who_calls_and_which_machine(world: World, as_: Any) -> None:
    page = as_("clerk").get(CALL, {"phone": "１３８００１３８０００"})
    seen = page.context["seen"]
    assert seen.chosen == world.owner.customer
    assert seen.chosen_machine == world.owner.machine
    assert seen.protection.is_within is not None
    assert seen.routes[0].label == str(world.owner.dealer)


def test_only_the_parts_come_back_while_typing(as_: Any) -> None:
    part = as_("clerk").get(CALL, {"caller_phone": "13800138000"}, headers={"HX-Request": "true"})
    assert b'id="who"' in part.content
    assert b"<html" not in part.content


def test_an_open_ticket_of_the_caller_is_shown_as_perhaps_the_same(world: World, as_: Any) -> None:
    with world.owner.scope():
        open_one = a_ticket(world.owner)
    page = as_("clerk").get(CALL, {"phone": "13800138000"})
    assert page.context["seen"].open_tickets == [open_one]


def test_a_saved_call_is_offered_to_the_dealer_of_the_territory(world: World, as_: Any) -> None:
    answer = as_("clerk").post(CALL, a_call())
    (ticket,) = tickets(world)
    assert answer.headers["Location"] == f"{CALL}?saved={ticket.number}"
    assert (ticket.customer, ticket.machine) == (world.owner.customer, world.owner.machine)
    assert ticket.symptom == world.owner.symptom
    assert (ticket.state, ticket.dealer) == (TicketState.OFFERED, world.owner.dealer)


def test_the_next_call_starts_clean_and_names_the_last_ticket(world: World, as_: Any) -> None:
    browser = as_("clerk")
    page = browser.post(CALL, a_call(), follow=True)
    (ticket,) = tickets(world)
    assert page.context["saved"] == ticket
    assert page.context["form"]["symptom"].value() is None
    assert reverse("tickets:job_sheet", args=[ticket.number]) in page.text


def test_a_double_click_makes_one_ticket_and_lands_on_it(world: World, as_: Any) -> None:
    browser = as_("clerk")
    first, second = (browser.post(CALL, a_call()) for _ in range(2))
    assert len(tickets(world)) == 1
    assert first.headers["Location"] == second.headers["Location"]


def test_the_back_button_with_other_entries_asks_before_a_second_ticket(
    world: World, as_: Any
) -> None:
    browser = as_("clerk")
    browser.post(CALL, a_call())
    again = browser.post(CALL, a_call(symptom="漏油"))
    (ticket,) = tickets(world)
    assert again.status_code == 422
    assert ticket.number in again.text
    assert again.context["once"] != "a" * 32
    assert again.context["form"]["symptom"].value() == "漏油"
    browser.post(CALL, a_call(symptom="漏油", once=again.context["once"]))
    assert len(tickets(world)) == 2


def test_an_unknown_number_becomes_a_new_customer_with_a_new_machine(
    world: World, as_: Any
) -> None:
    typed = a_call(
        caller_phone="13912345678",
        caller_name="赵新",
        customer="new",
        region_code="德城区",
        serial="4lz 2026 777777",
        model=world.owner.model.code,
        sold_on="2026-06-01",
    )
    assert as_("clerk").post(CALL, typed).status_code == 302
    (ticket,) = tickets(world)
    assert ticket.customer.name == "赵新"
    assert ticket.caller_phone == "+8613912345678"
    assert ticket.machine.serial_number == "4LZ2026777777"
    with world.owner.scope():
        assert ticket.machine.customer_id == ticket.customer.pk
        assert ticket.customer.phones.get().number == "+8613912345678"


def test_a_stranger_telephone_with_a_known_serial_finds_the_owner(world: World, as_: Any) -> None:
    typed = {"caller_phone": "13912345678", "serial": world.owner.machine.serial_number}
    seen = as_("clerk").get(CALL, typed).context["seen"]
    assert seen.chosen == world.owner.customer
    assert seen.chosen_machine == world.owner.machine


def test_with_several_machines_none_is_guessed(world: World, as_: Any) -> None:
    with world.owner.scope():
        a_machine(world.owner, "4LZ2026000002", world.owner.customer, world.owner.dealer)
    seen = as_("clerk").get(CALL, {"phone": "13800138000"}).context["seen"]
    assert len(seen.machines) == 2
    assert seen.chosen_machine is None


def test_what_the_clerk_chose_stays_chosen_while_she_types_on(world: World, as_: Any) -> None:
    browser = as_("clerk")
    first = browser.get(CALL, {"caller_phone": "13800138000"}).context["seen"]
    typed = {"caller_phone": "13800138000", "who_for": first.who_for, "customer": "new"}
    assert browser.get(CALL, typed).context["seen"].customer == "new"


def test_an_unusual_fault_is_said_to_go_to_the_technical_department_and_goes_there(
    world: World, as_: Any
) -> None:
    browser = as_("clerk")
    seen = browser.get(CALL, {"phone": "13800138000", "symptom": "S99"}).context["seen"]
    assert seen.routes[0].label == Team.TECHNICAL.label
    browser.post(CALL, a_call(symptom="S99"))
    (ticket,) = tickets(world)
    assert (ticket.state, ticket.team) == (TicketState.HANDED_OVER, Team.TECHNICAL)


def test_the_clerk_may_keep_it_at_the_desk_or_choose_a_dealer(world: World, as_: Any) -> None:
    browser = as_("clerk")
    browser.post(CALL, a_call(route="desk"))
    browser.post(CALL, a_call(route="desk", once="b" * 32, region_code="371402"))
    browser.post(CALL, a_call(route=world.owner.dealer.number, once="c" * 32))
    states = sorted(ticket.state for ticket in tickets(world))
    assert states == ["new", "new", "offered"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"caller_phone": "12345"}, "caller_phone"),
        ({"caller_phone": ""}, "caller_phone"),
        ({"symptom": ""}, "symptom"),
        ({"kind": "holiday"}, "kind"),
        ({"region_code": "Atlantis"}, "region_code"),
        ({"sold_on": "31.31.2026"}, "sold_on"),
        ({"serial": "UNKNOWN-1", "region_code": "371402"}, "model"),
        ({"caller_phone": "13912345678", "caller_name": ""}, "caller_name"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(
    world: World, as_: Any, typed: dict[str, str], field: str
) -> None:
    sent = a_call(description="割台异响 <b>", wished_for="明天上午", customer="new") | typed
    if "caller_name" not in typed:
        sent["caller_name"] = "张三"
    page = as_("clerk").post(CALL, sent)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    for name in ("description", "wished_for", "caller_phone", "symptom", "region_code"):
        assert page.context["form"][name].value() == sent.get(name), name
    assert "割台异响 &lt;b&gt;" in page.text
    assert tickets(world) == []


def test_a_refused_machine_leaves_no_half_saved_customer(world: World, as_: Any) -> None:
    with world.owner.scope():
        before = Customer.objects.count(), Machine.objects.count()
    sent = a_call(customer="new", caller_name="李四", caller_phone="13912345678")
    sent |= {"region_code": "371402", "serial": "X" * 41, "model": world.owner.model.code}
    assert as_("clerk").post(CALL, sent).status_code == 422
    with world.owner.scope():
        assert (Customer.objects.count(), Machine.objects.count()) == before


def test_another_companys_customer_and_machine_are_not_found(world: World, as_: Any) -> None:
    theirs = world.stranger
    asked = {"customer": theirs.customer.number + "X", "serial": theirs.machine.serial_number}
    seen = as_("clerk").get(CALL, asked).context["seen"]
    assert seen.chosen is None
    assert seen.chosen_machine is None


def test_who_may_not_create_tickets_gets_no_call_page(as_: Any) -> None:
    for who in ("manager", "engineer", "finance"):
        assert as_(who).get(CALL).status_code == 403


def test_a_dealer_is_sent_to_its_own_intake(as_: Any) -> None:
    answer = as_("dealer_principal").get(CALL)
    assert answer.headers["Location"] == reverse("portal:new")


def test_an_expired_session_is_sent_to_sign_in_and_nothing_is_saved(world: World) -> None:
    browser = Client()
    answer = browser.post(CALL, a_call())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/?next=/calls/new")
    part = browser.get(CALL, headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert tickets(world) == []
