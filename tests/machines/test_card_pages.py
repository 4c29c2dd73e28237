"""The pages of receipt cards, coverage and plans: typed, told, kept, refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from machines import services
from machines.models import Customer, Machine, Registration
from tests.cast import World, a_customer
from tests.machines.builders import card_of, today

MOST_QUERIES = 14
AsSomebody = Callable[..., Client]


def typed(**more: Any) -> dict[str, Any]:
    return {
        "serial_number": "4lz-yard-1",
        "customer_name": "王小麦",
        "customer_phone": "138 0000 1111",
        "invoice_on": str(today(3)),
        "is_trained": "on",
    } | more


def test_a_dealer_registers_a_sale_on_one_page(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    client = as_("dealer_clerk")
    assert client.get("/registrations/new/?serial=4LZ-YARD-1").status_code == 200
    answer = client.post("/registrations/new/", typed())
    with world.owner.scope():
        card = Registration.objects.get()
        assert (card.channel, card.days_late, card.customer.name) == ("portal", 0, "王小麦")
        assert (card.is_trained, card.is_trial_run) == (True, False)
        assert card.customer.phones.get().number == "+8613800001111"
    assert answer.status_code == 302
    assert answer["Location"] == f"/registrations/{card.number}/"
    page = client.get(answer["Location"]).content.decode()
    assert "王小麦" in page and "4LZ-YARD-1" in page


def test_the_chinese_way_to_write_a_day_is_read(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    day = today(2)
    answer = as_("clerk").post(
        "/registrations/new/", typed(invoice_on=f"{day.year}年{day.month}月{day.day}日")
    )
    assert answer.status_code == 302
    with world.owner.scope():
        assert Registration.objects.get().invoice_on == day


def test_what_being_late_costs_is_said_before_it_is_saved(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    client = as_("dealer_clerk")
    late = typed(invoice_on=str(today(25)))
    look = client.get("/registrations/look/", late)
    assert "逾期 5 天：豁免之前，三包索赔不予受理。" in look.content.decode()
    asked = client.post("/registrations/new/", late)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "逾期 5 天：豁免之前，三包索赔不予受理。" in page
    assert "王小麦" in page and "138 0000 1111" in page  # nothing typed is lost
    with world.owner.scope():
        assert not Registration.objects.exists()
        assert not Customer.objects.filter(name="王小麦").exists()
    saved = client.post("/registrations/new/", late | {"is_late_seen": "on"})
    assert saved.status_code == 302
    with world.owner.scope():
        assert Registration.objects.get().days_late == 5


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"invoice_on": str(today(-1))}, "invoice_on"),
        ({"invoice_on": str(today(300)), "is_late_seen": "on"}, "invoice_on"),
        ({"invoice_on": "yesterday"}, "invoice_on"),
        ({"serial_number": "NO-SUCH"}, "serial_number"),
        ({"customer_name": ""}, "customer_name"),
        ({"customer_phone": "123"}, "customer_phone"),
        ({"delivered_on": str(today(-5))}, "delivered_on"),
        ({"signature": "[[1,2,3]]"}, "signature"),
        ({"signature": "{"}, "signature"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(
    world: World, as_: AsSomebody, stock: Machine, more: dict[str, str], field: str
) -> None:
    answer = as_("dealer_clerk").post("/registrations/new/", typed(**more))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with world.owner.scope():
        assert not Registration.objects.exists()
        assert not Customer.objects.filter(name="王小麦").exists()


def test_strangers_and_neighbours_serials_look_unknown(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    client = as_("dealer_clerk")
    serials = [
        "NO-SUCH",
        world.stranger.machine.serial_number,
        world.owner.neighbour_machine.serial_number,
    ]
    said = set()
    for serial in serials:
        answer = client.post("/registrations/new/", typed(serial_number=serial))
        said.add(str(answer.context["form"].errors["serial_number"]))
        look = client.get("/registrations/look/", {"serial_number": serial})
        assert look.context["machine"] is None
    assert len(said) == 1


def test_a_machine_that_is_registered_says_so_and_a_double_click_makes_one_card(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    client = as_("dealer_clerk")
    twice = typed(once="a" * 32)
    first = client.post("/registrations/new/", twice)
    again = client.post("/registrations/new/", twice)
    assert first["Location"] == again["Location"]
    other = client.post("/registrations/new/", typed(once="b" * 32))
    assert other.status_code == 422
    assert "RC-" in str(other.context["form"].errors["serial_number"])
    with world.owner.scope():
        assert Registration.objects.count() == 1
        assert Customer.objects.filter(name="王小麦").count() == 1


def test_a_known_telephone_and_name_is_no_second_customer(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    with world.owner.scope():
        known = a_customer(world.owner, "王小麦", "+8613800001111", world.owner.dealer)
    as_("dealer_clerk").post("/registrations/new/", typed())
    with world.owner.scope():
        assert Registration.objects.get().customer_id == known.pk


def test_the_desk_enters_a_paper_card_with_the_day_it_came_in(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    answer = as_("clerk").post(
        "/registrations/new/",
        typed(invoice_on=str(today(30)), received_on=str(today(12)), channel="phone"),
    )
    assert answer.status_code == 302
    with world.owner.scope():
        card = Registration.objects.get()
        assert (card.days_late, card.channel) == (0, "phone")


def test_the_code_on_a_machine_leads_to_the_form_and_later_to_the_machine(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    client = as_("dealer_technician")
    found = client.get("/machines/4LZ-YARD-1/scan/")
    assert found["Location"] == "/registrations/new/?serial=4LZ-YARD-1&channel=qr"
    client.post("/registrations/new/", typed(channel="qr"))
    with world.owner.scope():
        assert Registration.objects.get().channel == "qr"
    assert client.get("/machines/4LZ-YARD-1/scan/")["Location"] == "/machines/4LZ-YARD-1/"
    assert as_("neighbour_principal").get("/machines/4LZ-YARD-1/scan/").status_code == 404


def test_a_manager_waives_and_the_dealer_reads_why(world: World, as_: AsSomebody) -> None:
    card = card_of(world.owner, invoice_on=today(40))
    address = f"/registrations/{card.number}/"
    dealer = as_("dealer_principal")
    assert "waive/" not in dealer.get(address).content.decode()
    assert dealer.post(f"{address}waive/", {"reason": "x"}).status_code == 403
    manager = as_("manager")
    assert manager.post(f"{address}waive/", {"reason": ""}).status_code == 422
    assert manager.post(f"{address}waive/", {"reason": "洪水阻断道路"}).status_code == 302
    assert "洪水阻断道路" in dealer.get(address).content.decode()


def test_who_registered_it_cannot_waive_it(world: World, as_: AsSomebody) -> None:
    mine = world.owner.actor("technical_manager")
    card = card_of(world.owner, invoice_on=today(40), actor=mine)
    answer = as_("technical_manager").post(
        f"/registrations/{card.number}/waive/", {"reason": "because"}
    )
    assert answer.status_code == 422
    with world.owner.scope():
        card.refresh_from_db()
        assert card.waived_at is None


def test_the_list_is_filtered_by_lateness_dealer_and_month(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    late = card_of(world.owner, invoice_on=today(40))
    fine = card_of(world.owner, machine=stock, invoice_on=today(1))
    client = as_("clerk")

    def numbers(query: str) -> set[str]:
        page = client.get(f"/registrations/?{query}")
        assert page.status_code == 200
        return {card.number for card in page.context["listed"].rows}

    both = {late.number, fine.number}
    assert numbers("") == both
    assert numbers("lateness=open") == {late.number}
    assert numbers("lateness=in_time") == {fine.number}
    assert numbers("lateness=waived") == set()
    assert numbers("dealer=D-0002") == set()
    assert numbers(f"month={today(40):%Y-%m}&lateness=late") == {late.number}
    assert numbers("month=nonsense") == set()
    assert numbers("q=yard") == {fine.number}
    assert as_("neighbour_principal").get("/registrations/").context["listed"].rows == []
    export = as_("supervisor").get("/registrations/export/?lateness=open&format=csv")
    assert late.number in export.content.decode("utf-8-sig")
    assert fine.number not in export.content.decode("utf-8-sig")


def test_a_known_sale_is_not_typed_again(world: World, as_: AsSomebody) -> None:
    page = as_("dealer_clerk").get(
        f"/registrations/new/?serial={world.owner.machine.serial_number}"
    )
    assert page.context["form"]["invoice_on"].value() == "2026-05-01"
    assert page.context["days_late"] > 0


def test_a_merged_customer_takes_the_cards_along(world: World) -> None:
    card = card_of(world.owner, invoice_on=today(5))
    with world.owner.scope():
        heir = a_customer(world.owner, "张丰收", "+8613800138001", world.owner.dealer)
        services.merge_customers(
            actor=world.owner.system(), source=world.owner.customer, target=heir
        )
        card.refresh_from_db()
        assert card.customer_id == heir.pk
