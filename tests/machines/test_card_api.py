"""Receipt cards by API and by Excel: the same rules as on the page."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from rest_framework.test import APIClient

from core.models import Job
from machines import services
from machines.imports import services as imports
from machines.models import Customer, Machine, Registration
from tests.cast import World

AsClient = Callable[..., APIClient]


def today(days_ago: int = 0) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


@pytest.fixture
def stock(world: World) -> Machine:
    with world.owner.scope():
        return services.create_machine(
            actor=world.owner.system(),
            serial_number="4LZ-YARD-1",
            model=world.owner.model,
            dealer=world.owner.dealer,
        )


def sale(**more: Any) -> dict[str, Any]:
    return {
        "serial_number": "4lz-yard-1",
        "customer_name": "王小麦",
        "customer_phone": "13800001111",
        "invoice_on": str(today(3)),
    } | more


def test_a_dealer_registers_by_api_and_reads_the_coverage(
    world: World, api: AsClient, stock: Machine
) -> None:
    client = api("dealer_clerk")
    made = client.post("/api/v1/registrations/", sale(), format="json")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["channel"], told["days_late"], told["dealer"]) == ("api", 0, "D-0001")
    assert client.get(f"/api/v1/registrations/{told['number']}/").json() == told
    listed = client.get("/api/v1/registrations/?serial=4LZ-YARD-1").json()["results"]
    assert [each["number"] for each in listed] == [told["number"]]
    coverage = client.get("/api/v1/machines/4LZ-YARD-1/coverage/").json()
    assert (coverage["is_claim_eligible"], coverage["why"]) == (True, "")
    assert coverage["coverage"][0]["layer"] == "whole"
    assert client.get("/api/v1/coverage-plans/").json()["results"][0]["model"] == "4LZ-6.0"


@pytest.mark.parametrize(
    ("more", "status", "field"),
    [
        ({"invoice_on": str(today(-1))}, 422, "invoice_on"),
        ({"serial_number": "NO-SUCH"}, 422, "serial_number"),
        ({"customer_phone": "12"}, 422, "customer_phone"),
        ({"customer_name": ""}, 422, "customer"),
        ({"received_on": str(today(1))}, 422, "received_on"),
        ({"dealer": "D-0002"}, 422, "dealer"),
        ({"signature": [[1]]}, 422, "signature"),
    ],
)
def test_what_is_wrong_has_its_field(
    world: World, api: AsClient, stock: Machine, more: dict[str, Any], status: int, field: str
) -> None:
    answer = api("dealer_clerk").post("/api/v1/registrations/", sale(**more), format="json")
    assert answer.status_code == status, answer.content
    assert field in str(answer.json()["error"])
    with world.owner.scope():
        assert not Registration.objects.exists()
        assert not Customer.objects.filter(name="王小麦").exists()


def test_serials_of_strangers_and_neighbours_look_unknown(
    world: World, api: AsClient, stock: Machine
) -> None:
    said = set()
    for serial in (
        "NO-SUCH",
        world.stranger.machine.serial_number,
        world.owner.neighbour_machine.serial_number,
    ):
        answer = api("dealer_clerk").post(
            "/api/v1/registrations/", sale(serial_number=serial), format="json"
        )
        said.add((answer.status_code, str(answer.json()["error"]["fields"])))
    assert len(said) == 1


def test_a_late_card_is_waived_by_api_by_another_person_only(
    world: World, api: AsClient, stock: Machine
) -> None:
    late = sale(invoice_on=str(today(30)))
    number = (
        api("dealer_clerk").post("/api/v1/registrations/", late, format="json").json()["number"]
    )
    address = f"/api/v1/registrations/{number}/waive/"
    reason = {"reason": "春节停运"}
    assert api("dealer_principal").post(address, reason, format="json").status_code == 403
    assert api("clerk").post(address, reason, format="json").status_code == 403
    assert api("manager").post(address, {"reason": ""}, format="json").status_code == 422
    done = api("manager").post(address, reason, format="json")
    assert done.status_code == 200
    assert done.json()["is_waived"] is True
    assert api("technical_manager").post(address, reason, format="json").status_code == 409


def xlsx(*rows: Any) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


HEAD = ("出厂编号", "销售日期", "客户姓名", "客户电话", "收到日期", "试车", "培训")


def sent(world: World, *rows: Any) -> Job:
    with world.owner.scope():
        job = imports.start_import(
            actor=world.owner.actor("supervisor"),
            kind="registrations",
            upload=SimpleUploadedFile("cards.xlsx", xlsx(HEAD, *rows)),
        )
        imports.read_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def carried_out(world: World, job: Job, *, only_good: bool = False) -> Job:
    with world.owner.scope():
        imports.confirm_import(actor=world.owner.actor("supervisor"), job=job, only_good=only_good)
        imports.apply_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def test_a_list_of_cards_is_imported_once(world: World, stock: Machine) -> None:
    day = today(30)
    row = (
        "４lz-yard-1",
        f"{day.year}年{day.month}月{day.day}日",
        "王小麦",
        "138 0000 1111",
        today(15),
        "是",
        "否",
    )
    job = sent(world, row)
    assert job.result["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}
    carried_out(world, job)
    with world.owner.scope():
        card = Registration.objects.get()
        assert (card.channel, card.days_late, card.is_trial_run) == ("import", 0, True)
        assert (card.customer.name, card.dealer_id) == ("王小麦", world.owner.dealer.pk)
    again = sent(world, row)
    assert again.result["counts"] == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}


def test_wrong_rows_say_why_and_good_ones_may_go_in(world: World, stock: Machine) -> None:
    job = sent(
        world,
        ("NO-SUCH", today(3), "赵", "13800001112", None, None, None),
        ("4LZ-YARD-1", "去年", "王小麦", "13800001111", None, None, None),
        (world.owner.machine.serial_number, today(3), None, None, None, "也许", None),
        (world.stranger.machine.serial_number, today(3), "赵", "13800001112", None, None, None),
    )
    assert job.result["counts"]["wrong"] == 4
    said = {error["row"]: error["sentence"] for error in job.result["errors"]}
    assert said[2] == said[5]
    assert "去年" in said[3] and "也许" in said[4]


def test_a_sale_in_the_future_fails_its_row_only(world: World, stock: Machine) -> None:
    job = sent(
        world,
        ("4LZ-YARD-1", today(-3), "王小麦", "13800001111", None, None, None),
        (world.owner.machine.serial_number, date(2026, 5, 1), None, None, None, None, None),
    )
    job = carried_out(world, job, only_good=True)
    assert job.result["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 1}
    with world.owner.scope():
        assert Registration.objects.get().machine_id == world.owner.machine.pk
        assert not Customer.objects.filter(name="王小麦").exists()
