"""Lists of parts and of operations: looked at first, imported whole, twice without effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core.models import Job
from machines.imports import services as imports
from parts import queries
from parts.models import LabourOperation, Part, PartPrice
from tests.cast import World
from tests.parts.conftest import Workshop, build, days_ago

As = Callable[..., Client]
PARTS = (
    (
        "件号*",
        "名称",
        "类别",
        "供应商代码",
        "旧件",
        "替代",
        "适用机型",
        "经销商价",
        "生效日期",
        "批次监控",
    ),
    (
        "ｌf－300",
        "空气滤清器",
        "易损件",
        "",
        "经销商自行报废",
        "lf 100",
        "4LZ-6.0×2",
        "￥28",
        "2026-01-01",
        "",
    ),
    ("dj-72/1500", "", "", "hx", "返厂", "", "", "456.00", "2026年1月1日", "是"),
    ("LF-400", "空气滤清器二代", "wear", "", "", "LF-300", "", "", "", "否"),
)
OPERATIONS = (
    ("工时代码", "名称", "机型", "分钟", "仅限高等级经销商"),
    ("r01", "更换电机", "", "70", "是"),
    ("R01", "", "4LZ-6.0", "90", ""),
    ("R05", "更换滤芯", "4LZ-6.0", "20", ""),
    ("R05", "", "*", "25", ""),
)


@pytest.fixture
def made(world: World) -> Workshop:
    with world.owner.scope():
        shop = build(world.owner)
        shop.part("LF100")
        return shop


def sheet(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("list.xlsx", file.getvalue())


def read(world: World, kind: str, rows: Sequence[Sequence[Any]]) -> Job:
    with world.owner.scope():
        actor = world.owner.actor("administrator")
        job = imports.start_import(actor=actor, kind=kind, upload=sheet(rows))
        imports.read_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def carry_out(world: World, job: Job) -> Job:
    with world.owner.scope():
        actor = world.owner.actor("administrator")
        imports.confirm_import(actor=actor, job=job, only_good=False)
        imports.apply_import(job_id=job.pk)
        job.refresh_from_db()
        return job


def counts(job: Job) -> tuple[int, int, int, int]:
    told = job.result["counts"]
    return told["new"], told["changed"], told["unchanged"], told["wrong"]


def test_parts_come_in_with_prices_and_models_and_twice_changes_nothing(
    world: World, made: Workshop
) -> None:
    job = read(world, "parts", PARTS)
    assert counts(job) == (2, 1, 0, 0), job.result
    assert carry_out(world, job).state == "done", job.message
    with world.owner.scope():
        new, motor = Part.objects.get(number="LF-300"), Part.objects.get(number="DJ-72/1500")
        assert (new.kind, new.replaces.number) == ("wear", "LF100")
        fit = queries.fits(new, world.owner.model)
        assert fit is not None and fit.per_machine == 2
        assert Part.objects.get(number="LF-400").replaces == new
        assert (motor.name, motor.return_duty, motor.supplier) == (
            "驱动电机",
            "return_to_factory",
            made.supplier,
        )
        assert queries.price_of([new, motor], days_ago(0)) == {new.pk: 2_800, motor.pk: 45_600}
        prices = PartPrice.objects.count()
    again = read(world, "parts", PARTS)
    assert counts(again) == (0, 0, 3, 0), again.result
    dearer = [PARTS[0], ("lf-300", "", "", "", "", "", "", "30", "2026-01-01", "")]
    assert carry_out(world, read(world, "parts", dearer)).state == "done"
    with world.owner.scope():
        assert queries.price_of([new], days_ago(0)) == {new.pk: 3_000}
        assert PartPrice.objects.count() == prices


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("件号*", "ĸ"),
        ("件号*", "X" * 41),
        ("类别", "黄金"),
        ("供应商代码", "NO"),
        ("替代", "LF-999"),
        ("适用机型", "4LZ-6.0×0"),
        ("适用机型", "NO"),
        ("经销商价", "12.345"),
        ("经销商价", "-1"),
        ("经销商价", "abc"),
        ("生效日期", "2026-02-30"),
        ("批次监控", "maybe"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_nothing_comes_in(
    world: World, made: Workshop, cell: str, value: str
) -> None:
    row = list(PARTS[1])
    row[PARTS[0].index(cell)] = value
    job = read(world, "parts", [PARTS[0], row])
    assert counts(job) == (0, 0, 0, 1)
    assert [error["row"] for error in job.result["errors"]] == [2]
    assert job.result["errors"][0]["sentence"]
    with world.owner.scope():
        assert not Part.objects.filter(number="LF-300").exists()


def test_operations_come_in_with_their_times(world: World, made: Workshop) -> None:
    job = read(world, "operations", OPERATIONS)
    assert counts(job) == (2, 2, 0, 0), job.result
    assert carry_out(world, job).state == "done", job.message
    with world.owner.scope():
        changed = LabourOperation.objects.get(code="R01")
        assert (changed.name, changed.standard_minutes, changed.is_restricted) == (
            "更换电机",
            70,
            True,
        )
        assert queries.standard_minutes(changed, world.owner.model) == 90
        new = LabourOperation.objects.get(code="R05")
        assert queries.standard_minutes(new, world.owner.model) == 20
        assert queries.standard_minutes(new, None) == 25
    assert counts(read(world, "operations", OPERATIONS)) == (0, 0, 4, 0)


@pytest.mark.parametrize("minutes", ["0", "-5", "1.5", "abc", "99999999"])
def test_minutes_are_whole_and_above_zero(world: World, made: Workshop, minutes: str) -> None:
    rows = [OPERATIONS[0], ("R09", "作业", "", minutes, "")]
    assert counts(read(world, "operations", rows)) == (0, 0, 0, 1)


def test_only_who_may_edit_parts_may_import_them(world: World, made: Workshop, as_: As) -> None:
    page = reverse("imports:new")
    names = [name for name, _label in as_("administrator").get(page).context["kinds"]]
    assert {"parts", "operations"} <= set(names)
    client = as_("supervisor")
    names = [name for name, _label in client.get(page).context["kinds"]]
    assert "customers" in names and not {"parts", "operations"} & set(names)
    answer = client.post(page, {"kind": "parts", "file": sheet(PARTS)})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["kind"]
    job = read(world, "parts", PARTS)
    client.post(reverse("imports:confirm", args=[job.public_id]))
    with world.owner.scope():
        assert Job.objects.get(pk=job.pk).state == "waiting"


def test_the_template_of_parts_can_be_read_again(world: World, made: Workshop, as_: As) -> None:
    answer = as_("administrator").get(reverse("imports:template", args=["parts"]))
    titles = [cell.value for cell in load_workbook(BytesIO(answer.content)).worksheets[0][1]]
    row = ["LF-500" if title == "件号" else "滤芯" if title == "名称" else "" for title in titles]
    assert "件号" in titles and counts(read(world, "parts", [titles, row])) == (1, 0, 0, 0)
