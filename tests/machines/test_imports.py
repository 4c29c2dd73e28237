"""Lists from Excel and CSV: looked at first, then imported as a whole or not at all."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from core.errors import DomainError
from core.models import AuditEvent, Job
from dealers.models import Dealer, Territory
from machines.imports import files, services
from machines.imports.cells import read_day
from machines.models import Customer, Machine
from tests.cast import World

As = Callable[..., Client]
Rows = Sequence[Sequence[Any]]


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(*rows: Sequence[str], encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


CUSTOMERS = (
    ("姓名", "电话", "地区", "备注"),
    ("赵铁柱", "１３７ 0013 7000、0534-2345678", "德城区", ""),
    ("钱多多", 13700137001.0, "371502", "大户"),
)
MACHINES = (
    ("出厂编号*", "机型", "客户电话", "经销商编号", "销售日期", "看不懂"),
    ("new－001", "4LZ-6.0", "13800138000", "D-0001", "２０２４年3月5日", "x"),
    ("new-002", "4LZ-6.0", "", "", date(2024, 3, 5), ""),
)


def sent(world: World, kind: str, content: bytes, name: str = "list.xlsx") -> Job:
    """A file that a worker has read."""
    with world.owner.scope():
        job = services.start_import(
            actor=world.owner.actor("supervisor"),
            kind=kind,
            upload=SimpleUploadedFile(name, content),
        )
        services.read_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def imported(world: World, job: Job, *, only_good: bool = False) -> Job:
    with world.owner.scope():
        services.confirm_import(actor=world.owner.actor("supervisor"), job=job, only_good=only_good)
        services.apply_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def counts(job: Job) -> tuple[int, int, int, int]:
    told = job.result["counts"]
    return told["new"], told["changed"], told["unchanged"], told["wrong"]


@pytest.mark.parametrize(
    "content",
    [
        xlsx(*CUSTOMERS),
        csv_of(*[[str(c) for c in row] for row in CUSTOMERS]).replace(b".0", b""),
        csv_of(*[[str(c) for c in row] for row in CUSTOMERS], encoding="gb18030").replace(
            b".0", b""
        ),
    ],
    ids=["xlsx", "csv utf-8", "csv gb18030"],
)
def test_customers_come_in_and_a_second_import_changes_nothing(
    world: World, content: bytes
) -> None:
    job = sent(world, "customers", content)
    assert counts(job) == (2, 0, 0, 0), job.result
    with world.owner.scope():
        assert not Customer.objects.filter(name="赵铁柱").exists()
    job = imported(world, job)
    assert job.state == "done" and counts(job) == (2, 0, 0, 0)
    with world.owner.scope():
        customer = Customer.objects.get(name="赵铁柱")
        assert customer.region_code == "371402"
        assert list(customer.phones.order_by("pk").values_list("number", flat=True)) == [
            "+8613700137000",
            "+865342345678",
        ]
        assert AuditEvent.objects.filter(verb="import.customers.applied").count() == 1
        before = AuditEvent.objects.count()
    again = sent(world, "customers", content)
    assert counts(again) == (0, 0, 2, 0)
    with world.owner.scope():
        assert AuditEvent.objects.count() == before


def test_machines_find_model_owner_and_dealer_and_read_every_way_of_a_date(world: World) -> None:
    job = sent(world, "machines", xlsx(*MACHINES))
    assert counts(job) == (2, 0, 0, 0), job.result
    assert job.result["ignored"] == ["看不懂"]
    imported(world, job)
    with world.owner.scope():
        machine = Machine.objects.get(serial_number="NEW-001")
        assert machine.customer == world.owner.customer and machine.dealer == world.owner.dealer
        assert machine.sold_on == date(2024, 3, 5)
        assert machine.ownerships.get().from_on == date(2024, 3, 5)
    assert counts(sent(world, "machines", xlsx(*MACHINES))) == (0, 0, 2, 0)


def test_dealers_come_in_with_their_regions_and_a_sub_dealer_below(world: World) -> None:
    rows = (
        ("经销商编号", "名称", "等级", "电话", "地区", "上级经销商", "服务区域"),
        ("D-0100", "山东大丰", "A", "0534-2345678", "山东省", "", "德州市、聊城市"),
        ("D-0101", "禹城小丰", "a", "13700137000", "禹城市", "D-0100", ""),
    )
    job = sent(world, "dealers", xlsx(*rows))
    assert counts(job) == (2, 0, 0, 0), job.result
    imported(world, job)
    with world.owner.scope():
        parent = Dealer.objects.get(number="D-0100")
        assert Dealer.objects.get(number="D-0101").parent == parent
        codes = Territory.objects.filter(dealer=parent).values_list("region_code", flat=True)
        assert sorted(codes) == ["3714", "3715"]
    assert counts(sent(world, "dealers", xlsx(*rows))) == (0, 0, 2, 0)


def test_empty_cells_leave_what_is_stored(world: World) -> None:
    number = world.owner.customer.number
    rows = (("客户编号", "姓名", "地址", "备注"), (number, "张丰收", "", "换了拖拉机"))
    job = imported(world, sent(world, "customers", xlsx(*rows)))
    assert counts(job) == (0, 1, 0, 0)
    with world.owner.scope():
        customer = Customer.objects.get(number=number)
    assert customer.note == "换了拖拉机" and customer.address == world.owner.customer.address


WRONG = (
    ("出厂编号", "机型", "客户电话", "生产日期", "销售日期"),
    ("GOOD-1", "4LZ-6.0", "", "", ""),
    ("BAD-1", "没有的机型", "", "", ""),
    ("BAD-2", "4LZ-6.0", "123", "", "2024-02-30"),
    ("", "4LZ-6.0", "", "", ""),
    ("GOOD-1", "4LZ-6.0", "", "", ""),
    ("BAD-3", "4LZ-6.0", "", "2024-05-01", "2024-03-01"),
    ("BAD-4", "", "", "", ""),
    ("4LZ2026000001", "4LZ-6.0", "13900139000", "", ""),
)


def test_each_wrong_row_says_where_and_what_is_wrong(world: World) -> None:
    job = sent(world, "machines", xlsx(*WRONG))
    assert counts(job) == (1, 0, 0, 7)
    told = {(error["row"], error["column"]) for error in job.result["errors"]}
    with world.owner.scope():
        pass
    assert {row for row, _column in told} == {3, 4, 5, 6, 7, 8, 9}
    assert len([row for row, _column in told if row == 4]) == 2
    assert all(error["sentence"] for error in job.result["errors"])


def test_wrong_rows_refuse_the_whole_unless_the_good_ones_are_wanted(world: World) -> None:
    job = sent(world, "machines", xlsx(*WRONG))
    with world.owner.scope():
        with pytest.raises(services.RowsAreWrong):
            services.confirm_import(actor=world.owner.actor("supervisor"), job=job, only_good=False)
        assert not Machine.objects.filter(serial_number="GOOD-1").exists()
    job = imported(world, job, only_good=True)
    assert job.state == "done"
    with world.owner.scope():
        assert Machine.objects.filter(serial_number="GOOD-1").exists()
        assert not Machine.objects.filter(serial_number__startswith="BAD").exists()


def test_what_went_wrong_since_the_preview_takes_the_whole_import_back(world: World) -> None:
    job = sent(world, "machines", xlsx(*MACHINES))
    with world.owner.scope():
        # Between preview and yes the owner's telephone goes to somebody else.
        world.owner.customer.phones.all().delete()
    job = imported(world, job)
    assert job.state == "failed" and job.message
    with world.owner.scope():
        assert not Machine.objects.filter(serial_number__startswith="NEW").exists()


def test_an_import_is_carried_out_once_however_often_the_task_comes(world: World) -> None:
    job = imported(world, sent(world, "customers", xlsx(*CUSTOMERS)))
    with world.owner.scope():
        services.apply_import(job_id=job.pk)
        services.read_import(job_id=job.pk)
        with pytest.raises(services.NotReady):
            services.confirm_import(actor=world.owner.actor("supervisor"), job=job, only_good=True)
        assert Customer.objects.filter(name="赵铁柱").count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"\xd0\xcf\x11\xe0" + b"x" * 100, b"PK\x03\x04 broken", b"\x89PNG\x00\x00\x00"],
    ids=["empty", "blank", "old excel", "broken zip", "picture"],
)
def test_what_is_no_table_is_refused_at_once_with_a_sentence(
    world: World, as_: As, content: bytes
) -> None:
    answer = as_("supervisor").post(
        reverse("imports:new"),
        {"kind": "customers", "file": SimpleUploadedFile("客户.xlsx", content)},
    )
    assert answer.status_code == 422 and answer.context["form"].errors["file"]
    with world.owner.scope():
        assert not Job.objects.exists()


def test_a_file_of_100_mb_is_refused_with_a_sentence() -> None:
    with pytest.raises(DomainError) as refused:
        files.check_size(100 * 1024 * 1024)
    assert "100" in str(refused.value) and refused.value.field == "file"


def test_a_text_file_without_the_titles_fails_with_a_sentence(world: World) -> None:
    job = sent(world, "customers", b"hello,world\n1,2\n", "客户.csv")
    assert job.state == "failed" and "姓名" in job.message or "Name" in job.message


@pytest.mark.parametrize(
    "text", ["2024年3月5日", "2024/3/5", "2024-03-05", "２０２４／３／５", "20240305", "2024.3.5"]
)
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    assert read_day(text) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["2024-02-30", "5.3.2024", "昨天", "45000", "1024-03-05"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_day(text)


def test_the_page_shows_the_preview_and_takes_the_yes(world: World, as_: As) -> None:
    job = sent(world, "customers", xlsx(*CUSTOMERS))
    client = as_("supervisor")
    url = reverse("imports:detail", args=[job.public_id])
    page = client.get(url)
    assert page.status_code == 200
    assert reverse("imports:confirm", args=[job.public_id]) in page.content.decode()
    client.post(reverse("imports:confirm", args=[job.public_id]))
    with world.owner.scope():
        assert Job.objects.get().state == "running"
    assert 'data-live="' in client.get(url).content.decode()


def test_an_import_is_only_for_those_who_may_and_of_ones_own_company(world: World, as_: As) -> None:
    job = sent(world, "customers", xlsx(*CUSTOMERS))
    url = reverse("imports:detail", args=[job.public_id])
    assert as_("clerk").get(url).status_code == 403
    assert as_("supervisor", world.stranger).get(url).status_code == 404
    assert as_("supervisor").get(url).status_code == 200


@pytest.mark.parametrize("kind", ["dealers", "customers", "machines"])
def test_the_template_can_be_filled_and_read_back(world: World, as_: As, kind: str) -> None:
    answer = as_("supervisor").get(reverse("imports:template", args=[kind]))
    job = sent(world, kind, answer.content)
    # Titles without rows: understood, and nothing to do.
    assert job.state == "failed" and job.result == {} and job.message
