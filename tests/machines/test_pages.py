"""The pages of customers, machines and products, as the people who use them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AuditEvent
from machines.models import Customer, CustomerPhone, Machine, Ownership, ProductLine, ProductModel
from tests.cast import World, a_customer, a_machine

As = Callable[..., Client]
MOST_QUERIES = 8


def asked(client: Client, url: str) -> tuple[Any, list[str]]:
    """The answer, and the queries that read or write (the walls' settings are no reads)."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    ignored = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return answer, [q["sql"] for q in seen if not q["sql"].startswith(ignored)]


@pytest.mark.parametrize("name", ["machines:customers", "machines:machines", "dealers:list"])
def test_a_list_takes_few_queries_however_long_it_is(world: World, as_: As, name: str) -> None:
    with world.owner.scope():
        for number in range(60):
            customer = a_customer(world.owner, f"客户{number}", f"+86138001{number:05d}")
            a_machine(world.owner, f"LIST{number:04d}", customer, world.owner.dealer)
    client = as_("clerk")
    client.get(reverse(name))
    answer, queries = asked(client, reverse(name))
    assert answer.status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_more_shows_the_next_customers_and_none_twice(world: World, as_: As) -> None:
    with world.owner.scope():
        made = [a_customer(world.owner, f"客户{n}", f"+86138002{n:05d}") for n in range(55)]
    client = as_("clerk")
    first = client.get(reverse("machines:customers"))
    listed = first.context["listed"]
    assert len(listed.rows) == 50
    second = client.get(reverse("machines:customers"), {"after": listed.next_after})
    rest = second.context["listed"]
    assert rest.next_after == ""
    numbers = [c.number for c in [*listed.rows, *rest.rows]]
    assert len(numbers) == len(set(numbers)) == len(made) + 2


@pytest.mark.parametrize(
    ("question", "count"),
    [("１３８ 0013 8000", 1), ("8001380", 1), ("丰收", 1), ("山东", 0), ("%", 0), ("x" * 80, 0)],
)
def test_the_list_of_customers_is_searched_in_any_spelling(
    world: World, as_: As, question: str, count: int
) -> None:
    with world.owner.scope():
        Customer.objects.update(address="")
    answer = as_("clerk").get(reverse("machines:customers"), {"q": question})
    assert len(answer.context["listed"].rows) == count


def test_a_dealer_lists_its_own_customers_and_machines_only(world: World, as_: As) -> None:
    dealer = as_("dealer_clerk")
    customers = dealer.get(reverse("machines:customers")).context["listed"].rows
    machines = dealer.get(reverse("machines:machines")).context["listed"].rows
    assert [c.pk for c in customers] == [world.owner.customer.pk]
    assert [m.pk for m in machines] == [world.owner.machine.pk]


def test_a_clerk_opens_a_file_with_two_telephones(world: World, as_: As) -> None:
    answer = as_("clerk").post(
        reverse("machines:customer_new"),
        {
            "name": "赵铁柱",
            "phones": "１３７ 0013 7000 本人\n0534-2345678 办公室",
            "kind": "person",
            "customer_class": "ordinary",
            "region_code": "山东省",
            "language": "zh-hans",
        },
    )
    with world.owner.scope():
        customer = Customer.objects.get(name="赵铁柱")
        phones = list(customer.phones.order_by("pk").values_list("number", "label", "is_primary"))
    assert answer.url == reverse("machines:customer", args=[customer.number])
    assert customer.region_code == "37"
    assert phones == [("+8613700137000", "本人", True), ("+865342345678", "办公室", False)]


def test_a_wrong_telephone_names_its_line_and_keeps_what_was_typed(world: World, as_: As) -> None:
    answer = as_("clerk").post(
        reverse("machines:customer_new"),
        {"name": "赵铁柱", "phones": "13700137000\n12345", "address": "河边村 8 号"},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "河边村 8 号" in page and "赵铁柱" in page and "12345" in page
    (sentence,) = answer.context["form"].errors["phones"]
    assert "2" in sentence and "13800138000" in sentence


def test_a_known_telephone_asks_once_whether_it_is_the_same_customer(world: World, as_: As) -> None:
    client = as_("clerk")
    data = {
        "name": "张丰收",
        "phones": "13800138000",
        "kind": "person",
        "customer_class": "ordinary",
        "language": "zh-hans",
    }
    asked_back = client.post(reverse("machines:customer_new"), data)
    assert asked_back.status_code == 422
    assert world.owner.customer.number in asked_back.content.decode()
    saved = client.post(reverse("machines:customer_new"), data | {"is_another": "on"})
    assert saved.status_code == 302
    with world.owner.scope():
        assert CustomerPhone.objects.filter(number="+8613800138000").count() == 2


def test_the_partial_answers_with_the_new_record_for_the_call_page(world: World, as_: As) -> None:
    data = {
        "name": "赵铁柱",
        "phones": "13700137000",
        "kind": "person",
        "customer_class": "ordinary",
        "language": "zh-hans",
    }
    answer = as_("clerk").post(reverse("machines:customer_new") + "?partial=1", data)
    with world.owner.scope():
        number = Customer.objects.get(name="赵铁柱").number
    assert answer.status_code == 201
    assert number in answer.content.decode() and "<html" not in answer.content.decode()
    assert number in answer["HX-Trigger"]


def test_a_merge_is_shown_first_and_done_when_confirmed(world: World, as_: As) -> None:
    with world.owner.scope():
        other = a_customer(world.owner, "张丰收（旧）", "+8613700137000")
    url = reverse("machines:customer_merge", args=[other.number])
    client = as_("supervisor")
    target = f"{world.owner.customer.number} 张丰收"
    preview = client.post(url, {"target": target})
    assert "137 0013 7000" in preview.content.decode()
    with world.owner.scope():
        assert Customer.objects.get(pk=other.pk).merged_into is None
    done = client.post(url, {"target": target, "confirmed": "1"})
    assert done.url == reverse("machines:customer", args=[world.owner.customer.number])
    old = client.get(reverse("machines:customer", args=[other.number]))
    assert old.url == done.url


def test_a_merge_into_oneself_or_into_a_strangers_customer_is_refused(
    world: World, as_: As
) -> None:
    number = world.owner.customer.number
    for target in (number, world.stranger.customer.number, "nobody", ","):
        answer = as_("clerk").post(
            reverse("machines:customer_merge", args=[number]),
            {"target": target, "confirmed": "1"},
        )
        assert answer.status_code == 422 and answer.context["form"].errors["target"]


def test_a_machine_is_sold_on_and_its_history_stays(world: World, as_: As) -> None:
    with world.owner.scope():
        buyer = a_customer(world.owner, "钱二手", "+8613700137000")
    serial = world.owner.machine.serial_number
    answer = as_("clerk").post(
        reverse("machines:machine_sell_on", args=[serial]),
        {"customer": f"{buyer.number} 钱二手", "on": "2026-10-01"},
    )
    assert answer.status_code == 302
    page = as_("clerk").get(answer.url).content.decode()
    assert "张丰收" in page and "钱二手" in page
    with world.owner.scope():
        assert Ownership.objects.filter(machine=world.owner.machine).count() == 2


def test_a_serial_number_in_use_is_said_at_the_field(world: World, as_: As) -> None:
    answer = as_("clerk").post(
        reverse("machines:machine_new"),
        {"serial_number": "４lz ２０２６000001", "model": world.owner.model.code},
    )
    assert answer.status_code == 422 and answer.context["form"].errors["serial_number"]
    with world.owner.scope():
        assert Machine.objects.count() == 2


def test_a_serial_number_may_hold_a_slash(world: World, as_: As) -> None:
    client = as_("clerk")
    answer = client.post(
        reverse("machines:machine_new"),
        {"serial_number": "LN/24/7", "model": world.owner.model.code},
    )
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("machines:machine_edit", args=["LN/24/7"])).status_code == 200


def test_an_export_holds_the_filtered_rows_as_harmless_texts(world: World, as_: As) -> None:
    with world.owner.scope():
        a_customer(world.owner, "=HYPERLINK(1)", "+8613700137000")
    client = as_("supervisor")
    url = reverse("machines:customers_export")
    text = client.get(url, {"q": "HYPERLINK", "format": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "张丰收" not in text
    book = load_workbook(BytesIO(client.get(url, {"format": "xlsx"}).content))
    cell = book.active["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    with world.owner.scope():
        noted = AuditEvent.objects.filter(verb="customer.exported").order_by("pk")
        assert [event.data["rows"] for event in noted] == [1, 3]


def test_the_administrator_adds_a_line_and_a_model_once(world: World, as_: As) -> None:
    client = as_("administrator")
    line = {"code": "tricycle", "name": "电动三轮车"}
    assert client.post(reverse("machines:line_new"), line).status_code == 302
    again = client.post(reverse("machines:line_new"), line)
    assert again.status_code == 422 and again.context["form"].errors["code"]
    model = {"line": "TRICYCLE", "code": "DS-100", "name": "大运", "coverage_months": "24"}
    assert client.post(reverse("machines:model_new"), model).status_code == 302
    with world.owner.scope():
        assert ProductLine.objects.get(code="TRICYCLE").name == "电动三轮车"
        assert ProductModel.objects.get(code="DS-100").coverage_months == 24
