"""The pages of coverage and plans, the papers, the figures, the reminders."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from machines import services
from machines.models import Coverage, CoveragePlan, Machine
from notifications.models import Notification
from sla.defaults import install_defaults
from sla.models import Clock
from sla.sweep import sweep
from tests.cast import World
from tests.machines.builders import card_of, today

MOST_QUERIES = 14
AsSomebody = Callable[..., Client]


def test_coverage_stands_on_the_machine_and_moves_only_with_a_reason(
    world: World, as_: AsSomebody
) -> None:
    card_of(world.owner, invoice_on=today(5))
    client = as_("technical_manager")
    serial = world.owner.machine.serial_number
    address = f"/machines/{serial}/coverage/1/extend/"
    assert client.get(address).status_code == 200
    assert client.get(f"/machines/{serial}/coverage/9/extend/").status_code == 404
    wrong = client.post(address, {"kind": "stopped_days", "days": "3", "reason": ""})
    assert wrong.status_code == 422
    done = client.post(
        address, {"kind": "stopped_days", "days": "3", "reason": "等待鉴定", "document": "鉴-07"}
    )
    assert done.status_code == 302
    with world.owner.scope():
        row = Coverage.objects.get()
        assert row.events.get().by_label == "technical_manager "
    assert "鉴-07" in client.get(f"/machines/{serial}/").content.decode()


def test_plans_are_dated_versions_and_used_ones_stay(world: World, as_: AsSomebody) -> None:
    client = as_("administrator")
    blank = {
        "terms-TOTAL_FORMS": "2",
        "terms-INITIAL_FORMS": "0",
        "terms-0-layer": "whole",
        "terms-0-months": "12",
        "terms-0-parts_percent": "100",
        "terms-0-labour_percent": "100",
        "terms-0-travel_percent": "50",
        "terms-1-layer": "wear",
        "terms-1-parts_percent": "100",
        "terms-1-labour_percent": "100",
        "terms-1-travel_percent": "100",
    }
    first = client.post(
        "/plans/new/", blank | {"from_on": str(today(400)), "start_rule": "invoice"}
    )
    assert first.status_code == 302
    battery = {
        "terms-1-months": "12",
        "terms-1-component": "电池",
        "terms-1-tiers": "6 换新;9 周转;12 维修",
    }
    second = client.post(
        "/plans/new/", blank | battery | {"from_on": str(today(10)), "start_rule": "invoice"}
    )
    assert second.status_code == 302
    with world.owner.scope():
        old, new = CoveragePlan.objects.order_by("version")
        assert (old.until_on, new.until_on) == (today(11), None)
        assert new.terms.get(component="电池").tiers[1] == {"until_month": 9, "answer": "周转"}
    card = card_of(world.owner, invoice_on=today(5))
    assert card.plan_id == new.pk
    assert client.get("/plans/").status_code == 200
    client.post("/plans/2/all/withdraw/")
    with world.owner.scope():
        assert CoveragePlan.objects.filter(pk=new.pk).exists()
    wrong = client.post(
        "/plans/new/",
        blank | {"terms-0-months": "", "from_on": str(today()), "start_rule": "invoice"},
    )
    assert wrong.status_code == 422


def test_papers_are_pdfs_in_both_languages(world: World, as_: AsSomebody) -> None:
    card = card_of(
        world.owner, invoice_on=today(40), signature=[[10, 10, 200, 150]], signed_name="张丰收"
    )
    client = as_("dealer_clerk")
    serial = world.owner.machine.serial_number
    for address in (
        f"/registrations/{card.number}/card.pdf",
        f"/registrations/{card.number}/certificate.pdf",
        f"/machines/{serial}/label/",
    ):
        for language in ("en", "zh-hans"):
            answer = client.get(f"{address}?language={language}")
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF")


def test_compliance_and_missing_cards_are_the_dealers_own(
    world: World, as_: AsSomebody, stock: Machine
) -> None:
    card_of(world.owner, invoice_on=today(1), machine=stock)
    rows = as_("manager").get("/registrations/compliance/").context["rows"]
    assert {row.dealer.number for row in rows} == {"D-0001", "D-0002"}
    mine = as_("dealer_principal").get("/registrations/compliance/").context["rows"]
    assert [row.dealer.number for row in mine] == ["D-0001"]
    missing = as_("dealer_principal").get("/registrations/missing/").context["rows"]
    assert [machine.serial_number for machine in missing] == [world.owner.machine.serial_number]


def test_the_dealer_is_reminded_and_a_missed_card_reaches_the_supervisor(world: World) -> None:
    owner = world.owner
    install_defaults(owner.tenant)
    with owner.scope():
        sold = services.create_machine(
            actor=owner.system(),
            serial_number="4LZ-SOLD",
            model=owner.model,
            dealer=owner.dealer,
            customer=owner.customer,
            sold_on=today(),
        )
        clock = Clock.objects.get(subject="machine", subject_id=sold.pk)

        def told(event: str) -> set[str]:
            rows = Notification.objects.filter(event=event)
            return {row.user.email.split("@")[0] for row in rows.select_related("user")}

        sweep(clock.due_at - timedelta(days=10) + timedelta(minutes=1))
        assert {"dealer_principal", "dealer_clerk"} <= told("card.due")
        assert told("card.missed") == set()
        assert Notification.objects.filter(event="card.due").count() == 2
        sweep(clock.due_at - timedelta(days=3) + timedelta(minutes=1))
        assert Notification.objects.filter(event="card.due").count() == 4
        sweep(clock.due_at + timedelta(minutes=1))
        assert {"dealer_principal", "dealer_clerk", "supervisor"} <= told("card.missed")
        clock.refresh_from_db()
        assert clock.missed_at is not None


def test_lists_ask_as_often_for_many_cards_as_for_one(
    world: World, as_: AsSomebody, django_assert_max_num_queries: Any
) -> None:
    client = as_("clerk")
    with world.owner.scope():
        for n in range(6):
            sold = services.create_machine(
                actor=world.owner.system(),
                serial_number=f"4LZ-MANY-{n}",
                model=world.owner.model,
                dealer=world.owner.dealer,
            )
            services.register_machine(
                actor=world.owner.system(),
                machine=sold,
                dealer=world.owner.dealer,
                customer=world.owner.customer,
                invoice_on=today(3),
            )
    for address in ("/registrations/", "/registrations/missing/", "/plans/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address).status_code == 200


def test_a_dealers_first_page_counts_the_cards_that_are_missing(
    world: World, as_: AsSomebody
) -> None:
    client = as_("dealer_principal")
    assert client.get("/portal/").context["cards_missing"] == 1
    card_of(world.owner, invoice_on=today(40))
    assert client.get("/portal/").context["cards_missing"] == 0
