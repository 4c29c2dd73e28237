"""A work report on a telephone whose network comes and goes: nothing is lost, nothing is double."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.flows.conftest import PHONE, Person, Site, snap
from tests.warranty.reports.conftest import Job, a_job
from tickets.models import Ticket
from warranty.models import Evidence, WorkReport

NET_BACK = 30_000


def test_a_report_is_written_and_signed_without_a_network(
    site: Site, person: Person, tmp_path: Path
) -> None:
    owner = site.world.owner
    with owner.scope():
        job = a_job(owner)
    page = person("dealer_technician", size=PHONE)
    page.goto(f"{site.url}/portal/jobs/{job.ticket.number}/")
    page.get_by_role("link", name="填写报告单").click()
    page.wait_for_url("**/warranty/reports/new/**")
    expect(page.locator("[name=complaint]")).to_have_value("收割机不启动\n早上打不着火")

    page.context.set_offline(True)
    _write(page)
    page.get_by_role("button", name="保存", exact=True).click()
    kept = page.locator("#report-kept")
    expect(kept).to_have_attribute("data-state", "waiting")
    _photograph(page, tmp_path / "fault.jpg")
    expect(page.locator("[data-waiting-photo]")).to_have_count(1)
    _sign(page)
    expect(kept).to_contain_text("已在本机签字")
    snap(page, "report-390-offline")
    with owner.scope():
        assert not WorkReport.objects.exists()

    page.context.set_offline(False)
    page.wait_for_url("**/warranty/reports/WR-*/", timeout=NET_BACK)
    snap(page, "report-390-signed")
    with owner.scope():
        report = WorkReport.objects.get()
        assert (report.state, report.cause) == ("signed", "高压油泵泄漏")
        assert report.signature
        assert report.signed_at is not None
        assert report.sealed_at is not None
        assert report.device_at is not None
        assert report.device_at <= report.signed_at < report.sealed_at
        assert [row.part.number for row in report.parts.all()] == ["GY-200"]
        assert Evidence.objects.get().report == report
        assert Ticket.objects.get(pk=job.ticket.pk).state == "done"
    _forgive(site, "ERR_INTERNET_DISCONNECTED")


def test_what_is_wrong_is_said_when_the_network_is_back_and_what_was_typed_stays(
    site: Site, person: Person
) -> None:
    owner = site.world.owner
    with owner.scope():
        job = a_job(owner)
    page = person("dealer_technician", size=PHONE)
    _open(page, site, job)
    page.context.set_offline(True)
    _write(page)
    page.fill("[name=parts-0-quantity]", "2")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#report-kept")).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    expect(page.locator("#report-kept")).to_have_attribute("data-state", "wrong", timeout=NET_BACK)
    expect(page.get_by_text("该机器上此配件只有 1 件。")).to_be_visible()
    # A page that was closed meanwhile has it all again.
    _open(page, site, job)
    expect(page.locator("[name=cause]")).to_have_value("高压油泵泄漏")
    page.fill("[name=parts-0-quantity]", "1")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#report-kept")).to_have_attribute("data-state", "sent", timeout=NET_BACK)
    with owner.scope():
        assert WorkReport.objects.get().parts.count() == 1
    page.reload()
    expect(page.locator("[name=cause]")).to_have_value("高压油泵泄漏")
    expect(page.locator("#report-kept")).to_be_hidden()
    _forgive(site, "ERR_INTERNET_DISCONNECTED", "status of 422")


def _forgive(site: Site, *expected: str) -> None:
    """What the browser itself notes of a request that could not, or was not to, succeed."""
    site.complaints[:] = [
        line for line in site.complaints if not any(word in line for word in expected)
    ]


def _open(page: Page, site: Site, job: Job) -> None:
    page.goto(f"{site.url}/warranty/reports/new/?ticket={job.ticket.number}")


def _write(page: Page) -> None:
    begun = page.input_value("[name=started_at]")
    page.fill("[name=finished_at]", begun[:-2] + f"{(int(begun[-2:]) + 1) % 60:02d}")
    if page.input_value("[name=finished_at]") < begun:
        page.fill("[name=finished_at]", begun)
    page.fill("[name=cause]", "高压油泵泄漏")
    page.fill("[name=correction]", "更换高压油泵")
    page.fill("[name=parts-0-part]", "GY-200 高压油泵")
    page.fill("[name=parts-0-new_serial]", "NEW1")
    page.fill("[name=labour-0-operation]", "R10")
    page.fill("[name=labour-0-minutes]", "45")


def _photograph(page: Page, path: Path) -> None:
    Image.new("RGB", (64, 48), (120, 80, 40)).save(path, "JPEG")
    page.set_input_files("[name=upload]", str(path))
    page.get_by_role("button", name="添加照片").click()


def _sign(page: Page) -> None:
    canvas = page.locator("canvas[data-signature]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 20 + step * 15, box["y"] + 30 + (step % 3) * 12)
    page.mouse.up()
    page.get_by_role("button", name="签字并发送").click()
