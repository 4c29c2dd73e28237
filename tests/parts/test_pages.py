"""The pages of parts, as the people who use them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AuditEvent
from machines.models import ProductModel
from parts import queries, services
from parts.models import LabourOperation, Part, PartSerial, StockMove, Supplier
from tests.cast import NEIGHBOUR_CANARY, World
from tests.parts.conftest import Workshop, build, days_ago

As = Callable[..., Client]
MOST_QUERIES = 8
PART = {
    "number": "ｌf－200",
    "name": "柴油滤清器",
    "kind": "wear",
    "layer": "wear",
    "unit": "piece",
    "return_duty": "dealer_scraps",
    "gate": "none",
    "is_active": "on",
}


@pytest.fixture
def made(world: World) -> Workshop:
    """The workshop, made; the pages open the wall themselves."""
    with world.owner.scope():
        return build(world.owner)


def asked(client: Client, url: str) -> tuple[Any, list[str]]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    ignored = ("SAVEPOINT", "RELEASE", "SELECT set_config")
    return answer, [q["sql"] for q in seen if not q["sql"].startswith(ignored)]


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("parts:list", {}),
        ("parts:suppliers", {}),
        ("parts:operations", {}),
        ("parts:store", {"code": "MAIN"}),
        ("parts:moves", {"code": "MAIN"}),
        ("parts:serials", {"number": "LF-100"}),
    ],
)
def test_a_list_takes_few_queries_and_no_row_stands_twice(
    world: World, made: Workshop, as_: As, name: str, kwargs: dict[str, str]
) -> None:
    with world.owner.scope():
        for n in range(55):
            part = made.part(f"X-{n}", supplier=made.supplier)
            services.create_supplier(actor=made.actor, code=f"S{n}", name="供应商")
            operation = services.create_operation(
                actor=made.actor, code=f"O{n}", name="作业", standard_minutes=5
            )
            services.time_operation(
                actor=made.actor, operation=operation, model=world.owner.model, minutes=n + 1
            )
            services.book_stock(
                actor=made.actor, store=made.main, part=part, quantity=n + 1, reason="入库"
            )
        services.record_serials(
            actor=made.actor, part=made.filter, numbers=[f"SN{n}" for n in range(55)]
        )
    client = as_("engineer")
    url = reverse(name, kwargs=kwargs)
    client.get(url)
    answer, sent = asked(client, url)
    assert answer.status_code == 200
    assert len(sent) <= MOST_QUERIES, "\n".join(sent)
    listed = answer.context["listed"]
    assert len(listed.rows) == 50
    rest = client.get(url, {"after": listed.next_after}).context["listed"]
    keys = [row.pk for row in (*listed.rows, *rest.rows)]
    assert rest.next_after == "" and len(keys) == len(set(keys)) >= 55


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ｌｆ－１"}, {"LF-100"}),
        ({"q": "电机"}, {"DJ-72/1500"}),
        ({"kind": "wear"}, {"LF-100"}),
        ({"is_watched": "true"}, {"DJ-72/1500"}),
        ({"model": "4LZ-6.0"}, {"LF-100", "DJ-72/1500"}),
        ({"model": "4LZ-9"}, {"LF-100"}),
        ({"supplier": "hx"}, {"DJ-72/1500"}),
        ({"q": "%"}, set()),
        ({"kind": "nonsense"}, {"LF-100", "DJ-72/1500"}),
    ],
)
def test_parts_are_found(
    world: World, made: Workshop, as_: As, query: dict[str, str], found: set[str]
) -> None:
    with world.owner.scope():
        ProductModel.objects.create(line=world.owner.line, code="4LZ-9", name="另一型")
        services.fit_part(actor=made.actor, part=made.motor, model=world.owner.model)
    listed = as_("clerk").get(reverse("parts:list"), query).context["listed"]
    assert {part.number for part in listed.rows} == found


def test_a_dealer_reads_its_price_and_pieces_but_neither_supplier_nor_stock(
    world: World, made: Workshop, as_: As
) -> None:
    with world.owner.scope():
        services.edit_part(actor=made.actor, part=made.motor, is_serialised=True)
        for kind, cents in [("dealer", 45_600), ("retail", 99_900)]:
            services.set_price(
                actor=made.actor, part=made.motor, cents=cents, from_on=days_ago(1), kind=kind
            )
        for dealer, serial in [(world.owner.dealer, "PIECE-1"), (world.owner.neighbour, "PIECE-2")]:
            services.record_serials(
                actor=made.actor, part=made.motor, numbers=[serial], dealer=dealer
            )
        services.book_stock(
            actor=made.actor, store=made.main, part=made.motor, quantity=5, reason="入库"
        )
    url = reverse("parts:detail", args=["DJ-72/1500"])
    body = as_("dealer_clerk").get(url).content.decode()
    assert "¥456.00" in body and "PIECE-1" in body
    for hidden in ("¥999", "PIECE-2", "华星电机", "主库", NEIGHBOUR_CANARY):
        assert hidden not in body
    body = as_("engineer").get(url).content.decode()
    for shown in ("¥456.00", "¥999.00", "PIECE-1", "PIECE-2", "华星电机", "主库"):
        assert shown in body
    query = {"supplier": "HX"}
    assert not as_("dealer_clerk").get(reverse("parts:list"), query).context["listed"].rows


def test_a_part_is_added_and_the_number_folded(world: World, made: Workshop, as_: As) -> None:
    client = as_("engineer")
    answer = client.post(
        reverse("parts:new"), PART | {"replaces": "LF-100 机油滤清器", "supplier": "HX"}
    )
    assert answer.headers["Location"] == reverse("parts:detail", args=["LF-200"])
    with world.owner.scope():
        part = Part.objects.get(number="LF-200")
        assert (part.replaces, part.supplier) == (made.filter, made.supplier)
        assert not part.is_common and part.is_active
    again = client.post(reverse("parts:new"), PART)
    assert again.status_code == 422
    assert again.context["form"].errors.keys() == {"number"}
    assert "柴油滤清器" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "　 "}, "number"),
        ({"number": "－" * 41}, "number"),
        ({"name": ""}, "name"),
        ({"replaces": "NO-SUCH"}, "replaces"),
        ({"supplier": "NO-SUCH"}, "supplier"),
        ({"kind": "gold"}, "kind"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field_and_nothing_typed_is_lost(
    world: World, made: Workshop, as_: As, wrong: dict[str, str], field: str
) -> None:
    answer = as_("engineer").post(reverse("parts:new"), PART | {"shelf": "Z-99"} | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Z-99" in answer.content.decode()


def test_a_part_is_edited_and_its_history_told(world: World, made: Workshop, as_: As) -> None:
    client = as_("keeper")
    url = reverse("parts:edit", args=["LF-100"])
    assert client.get(url).context["form"]["shelf"].value() == ""
    client.post(url, PART | {"name": "机油滤清器", "shelf": "B-02", "is_common": "on"})
    body = client.get(reverse("parts:detail", args=["LF-100"])).content.decode()
    assert "B-02" in body and "— → B-02" in body


def test_a_price_is_typed_as_people_write_it(world: World, made: Workshop, as_: As) -> None:
    client = as_("finance_manager")
    url = reverse("parts:price", args=["LF-100"])
    good = {"kind": "dealer", "cents": "￥１,２３４．５", "from_on": "2026年3月5日"}
    assert client.post(url, good).status_code == 302
    with world.owner.scope():
        assert queries.price_of([made.filter], days_ago(0)) == {made.filter.pk: 123_450}
    for wrong, field in [
        ({"cents": "12.345"}, "cents"),
        ({"cents": "-1"}, "cents"),
        ({"cents": "abc"}, "cents"),
        ({"from_on": "2026-02-30"}, "from_on"),
        ({"cents": "99"}, "reason"),
    ]:
        answer = client.post(url, good | wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert client.post(url, good | {"cents": "99", "reason": "笔误"}).status_code == 302


def test_models_are_named_and_taken_off(world: World, made: Workshop, as_: As) -> None:
    client = as_("engineer")
    url = reverse("parts:fits", args=["DJ-72/1500"])
    assert client.post(url, {"model": "4LZ-6.0", "per_machine": "２"}).status_code == 302
    assert client.post(url, {"model": "4LZ-6.0", "per_machine": "0"}).status_code == 422
    assert client.post(url, {"model": "NONE", "per_machine": "1"}).status_code == 422
    with world.owner.scope():
        assert made.motor.fits.get().per_machine == 2
    client.post(reverse("parts:unfit", args=["DJ-72/1500"]), {"model": "4LZ-6.0"})
    with world.owner.scope():
        assert not made.motor.fits.exists()


def test_pieces_are_recorded_line_by_line(world: World, made: Workshop, as_: As) -> None:
    client = as_("keeper")
    url = reverse("parts:serials_new", args=["DJ-72/1500"])
    client.post(url, {"numbers": "sn 1\r\n\r\nＳＮ２\nSN1", "batch": "B7", "dealer": "D-0001"})
    with world.owner.scope():
        rows = PartSerial.objects.order_by("serial_number")
        assert [(r.serial_number, r.batch, r.dealer_id) for r in rows] == [
            ("SN1", "B7", world.owner.dealer.pk),
            ("SN2", "B7", world.owner.dealer.pk),
        ]
    for wrong, field in [
        ({"numbers": "\n \n"}, "numbers"),
        ({"numbers": "X" * 41}, "numbers"),
        ({"numbers": "\n".join(f"S{n}" for n in range(501))}, "numbers"),
        ({"numbers": "S1", "dealer": "D-9999"}, "dealer"),
        ({"numbers": "S1", "sold_on": "2999-01-01"}, "sold_on"),
    ]:
        answer = client.post(url, wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    found = client.get(reverse("parts:serials", args=["DJ-72/1500"]), {"q": "ｂ7"})
    assert len(found.context["listed"].rows) == 2


def test_stock_moves_by_the_keeper_only(world: World, made: Workshop, as_: As) -> None:
    client = as_("keeper")
    url = reverse("parts:move_new", args=["MAIN"])

    def move(**facts: str) -> Any:
        return client.post(url, {"part": "LF-100", "quantity": "3", "reason": "盘点"} | facts)

    assert move(way="in", value_cents="30").status_code == 302
    assert move(way="over", quantity="1", to_store="SCRAP").status_code == 302
    assert move(way="out", quantity="0.5").status_code == 302
    with world.owner.scope():
        assert queries.stock_of(made.main) == {made.filter.pk: Decimal("1.5")}
        assert [int(queries.worth_of(each)) for each in (made.main, made.scrap)] == [15, 10]
        assert set(StockMove.objects.values_list("by_label", flat=True)) == {"keeper "}
    for facts, field in [
        ({"way": "out", "quantity": "9"}, "quantity"),
        ({"way": "out", "quantity": "-1"}, "quantity"),
        ({"way": "out", "quantity": "0"}, "quantity"),
        ({"way": "out", "quantity": "1", "value_cents": "99"}, "value_cents"),
        ({"way": "in", "quantity": "1.234"}, "quantity"),
        ({"way": "in", "value_cents": "-5"}, "value_cents"),
        ({"way": "in", "part": "NO"}, "part"),
        ({"way": "over"}, "to_store"),
        ({"way": "over", "to_store": "MAIN"}, "to_store"),
        ({"way": "in", "reason": " "}, "reason"),
    ]:
        answer = move(**facts)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), facts
    page = client.get(reverse("parts:moves", args=["MAIN"]), {"way": "false", "part": "lf-100"})
    assert [row.quantity for row in page.context["listed"].rows] == [Decimal("-0.5"), -1]
    assert client.get(reverse("parts:moves", args=["MAIN"]), {"after": "??"}).status_code in (
        409,
        422,
    )


def test_a_suppliers_entry_falls_due_and_is_confirmed(
    world: World, made: Workshop, as_: As
) -> None:
    with world.owner.scope():
        Supplier.objects.update(confirmed_on=days_ago(93))
    client = as_("engineer")
    query = {"confirmation": "false"}
    listed = client.get(reverse("parts:suppliers"), query).context["listed"]
    assert [row.code for row in listed.rows] == ["HX"]
    client.post(reverse("parts:supplier_confirm", args=["HX"]))
    assert not client.get(reverse("parts:suppliers"), query).context["listed"].rows
    url = reverse("parts:supplier_edit", args=["HX"])
    answer = client.post(url, {"name": "华星", "phone": "12", "duty_percent": "120"})
    assert list(answer.context["form"].errors) == ["phone", "duty_percent"]
    client.post(url, {"name": "华星", "phone": "0534-7654321", "duty_percent": "80"})
    with world.owner.scope():
        supplier = Supplier.objects.get()
        assert (supplier.name, supplier.phone) == ("华星", "+865347654321")
        assert int(supplier.duty_percent) == 80


def test_operations_are_timed_by_model_and_include_others(
    world: World, made: Workshop, as_: As
) -> None:
    client = as_("engineer")
    client.post(
        reverse("parts:operation_new"),
        {"code": "r02", "name": "拆装护罩", "standard_minutes": "10"},
    )
    page = reverse("parts:operation", args=["R01"])
    for name, data in [
        ("time", {"model": "4LZ-6.0", "minutes": "90"}),
        ("time", {"model": "", "minutes": "45"}),
        ("include", {"included": "R02 拆装护罩"}),
    ]:
        answer = client.post(reverse(f"parts:operation_{name}", args=["R01"]), data)
        assert answer.headers["Location"] == page
    with world.owner.scope():
        assert queries.standard_minutes(made.change, world.owner.model) == 90
        assert [each.code for each in queries.included_in(made.change)] == ["R02"]
    circle = client.post(reverse("parts:operation_include", args=["R02"]), {"included": "R01"})
    assert circle.status_code == 422 and list(circle.context["include_form"].errors) == ["included"]
    wrong = client.post(reverse("parts:operation_time", args=["R01"]), {"minutes": "0"})
    assert wrong.status_code == 422 and list(wrong.context["time_form"].errors) == ["minutes"]
    client.post(reverse("parts:operation_untime", args=["R01"]), {"model": ""})
    client.post(reverse("parts:operation_exclude", args=["R01"]), {"included": "R02"})
    with world.owner.scope():
        operation = LabourOperation.objects.get(code="R01")
        assert operation.fits.count() == 1 and not operation.includes.exists()
    listed = client.get(reverse("parts:operations"), {"model": "4LZ-6.0"}).context["listed"]
    assert {row.code for row in listed.rows} == {"R01", "R02"}


@pytest.mark.parametrize(
    ("who", "name", "args", "noun", "cells"),
    [
        ("engineer", "parts:export", [], "part", ["LF-100", "机油滤清器"]),
        ("administrator", "parts:suppliers_export", [], "supplier", ["HX", "华星电机"]),
        ("engineer", "parts:operations_export", [], "operation", ["R01", "更换驱动电机"]),
        ("keeper", "parts:stock_export", ["MAIN"], "stock", ["LF-100", "机油滤清器"]),
    ],
)
def test_what_is_filtered_is_exported_and_the_audit_knows(
    world: World,
    made: Workshop,
    as_: As,
    who: str,
    name: str,
    args: list[str],
    noun: str,
    cells: list[str],
) -> None:
    with world.owner.scope():
        services.book_stock(
            actor=made.actor, store=made.main, part=made.filter, quantity=1, reason="入库"
        )
    query = {"q": cells[0], "format": "xlsx"}
    answer = as_(who).get(reverse(name, args=args), query)
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2 and list(rows[1][:2]) == cells
    with world.owner.scope():
        assert AuditEvent.objects.filter(verb=f"{noun}.exported", data={"rows": 1}).exists()


def test_suggestions_name_parts_and_operations(world: World, made: Workshop, as_: As) -> None:
    client = as_("dealer_technician")
    body = client.get(reverse("parts:options"), {"part": "lf"}).content.decode()
    assert 'value="LF-100 机油滤清器"' in body
    body = client.get(reverse("parts:operation_options"), {"included": "电机"}).content.decode()
    assert 'value="R01 更换驱动电机"' in body
