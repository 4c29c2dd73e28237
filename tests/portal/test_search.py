"""The one search box."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from parts.services import create_part
from tests.cast import World, a_customer, a_ticket

As = Callable[..., Client]


def found(client: Client, question: str, **headers: str) -> list[str]:
    answer = client.get(reverse("search"), {"q": question}, headers=headers)
    assert answer.status_code == 200 and "data-search-results" in answer.content.decode()
    return [hit.url for group in answer.context["groups"] for hit in group.hits]


@pytest.mark.parametrize("question", ["13800138000", "+86 138-0013", "丰收", "１３８００１３"])
def test_a_customer_is_found_by_what_one_has_at_hand(world: World, as_: As, question: str) -> None:
    url = reverse("machines:customer", args=[world.owner.customer.number])
    assert url in found(as_("clerk"), question)


def test_machines_and_dealers_stand_in_groups_of_their_own(world: World, as_: As) -> None:
    clerk = as_("clerk")
    machine = reverse("machines:machine", args=[world.owner.machine.serial_number])
    assert found(clerk, "2026000001") == [machine]
    dealer = reverse("dealers:detail", args=[world.owner.dealer.number])
    assert dealer in found(clerk, "德州丰收")


def test_parts_are_found_by_number_in_any_spelling_and_by_name(world: World, as_: As) -> None:
    with world.owner.scope():
        create_part(actor=world.owner.system(), number="LF-100", name="机油滤清器")
    url = reverse("parts:detail", args=["LF-100"])
    for who, question in [("clerk", "ｌｆ100"), ("dealer_technician", "滤清")]:
        assert found(as_(who), question) == [url]


def test_nobody_finds_what_is_not_theirs(world: World, as_: As) -> None:
    assert found(as_("clerk"), "FOREIGN") == []
    assert found(as_("dealer_clerk"), "NEIGHBOUR") == []
    assert found(as_("dealer_clerk"), "13900139000") == []
    own = reverse("machines:customer", args=[world.owner.customer.number])
    assert found(as_("dealer_clerk"), "张丰收") == [own]


def test_one_character_asks_for_more_and_finds_nothing(world: World, as_: As) -> None:
    assert found(as_("clerk"), "张") == []
    assert found(as_("clerk"), "") == []


def test_the_box_gets_fewer_hits_than_the_page(world: World, as_: As) -> None:
    with world.owner.scope():
        for number in range(8):
            a_customer(world.owner, f"李重名{number}", f"+86137001{number:05d}")
    clerk = as_("clerk")
    assert len(found(clerk, "重名")) == 8
    assert len(found(clerk, "重名", **{"HX-Request": "true"})) == 5


def test_tickets_are_found_by_number_and_by_the_callers_telephone(world: World, as_: As) -> None:
    with world.owner.scope():
        ticket = a_ticket(world.owner, dealer=world.owner.dealer)
        other = a_ticket(world.owner, summary="邻居的活", dealer=world.owner.neighbour)
    url = reverse("tickets:detail", args=[ticket.number])
    assert found(as_("clerk"), ticket.number) == [url]
    assert url in found(as_("clerk"), "138 0013 8000")
    assert url in found(as_("dealer_clerk"), "13800138000")
    hidden = reverse("tickets:detail", args=[other.number])
    assert hidden in found(as_("clerk"), "邻居的活")
    assert found(as_("dealer_clerk"), "邻居的活") == []


def test_a_customer_and_a_machine_show_their_own_tickets(world: World, as_: As) -> None:
    with world.owner.scope():
        mine = a_ticket(world.owner)
        other = a_ticket(
            world.owner,
            customer=world.owner.neighbour_customer,
            machine=world.owner.neighbour_machine,
        )
    clerk = as_("clerk")
    for page in (
        reverse("machines:customer", args=[world.owner.customer.number]),
        reverse("machines:machine", args=[world.owner.machine.serial_number]),
    ):
        part = clerk.get(page).context["tickets_part"]
        listed = clerk.get(part).content.decode()
        assert mine.number in listed and other.number not in listed
