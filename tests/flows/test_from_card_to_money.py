"""From the receipt card to the dealer's money, by hand: nine people, one repair, one cent each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

import dealers.services
import parts.services
from machines.models import Machine, Registration
from parts.models import Part
from tests.cast import Cast
from tests.flows.conftest import DESK, PHONE, Person, Site, snap
from tests.warranty.oldparts.builders import a_store, open_window
from tests.warranty.reports.conftest import Job, a_job
from tests.warranty.settlements.builders import an_invoice
from warranty.defaults import install_defaults
from warranty.models import Claim, OldPartReturn, Settlement, WorkReport
from warranty.services.reviews import sweeping

INVOICE, INVOICE_CENTS = "XS-2026-118", 5_000_00
PUMP_CENTS = 1_200_00


def test_a_repair_is_claimed_decided_settled_and_offset(
    site: Site, person: Person, tmp_path: Path
) -> None:
    owner = site.world.owner
    with owner.scope():
        job = before_the_work(owner)
    dealer = person("dealer_principal", PHONE)
    register(site, dealer, owner)
    technician = person("dealer_technician", PHONE)
    report = write_report(site, technician, job, tmp_path)
    claim = file_claim(site, dealer, report)
    claim_it_twice(site, dealer, report, claim)
    engineer = person("engineer", DESK)
    decide(site, engineer, claim)
    accept(site, dealer, claim)
    keeper = person("keeper", DESK)
    tag = send_old_part(site, dealer, tmp_path)
    receive(site, keeper, tag)
    appraise(site, engineer, tag)
    move(site, keeper, tag)
    sweeping.sweep_all()
    finance, boss = person("finance", DESK), person("finance_manager", DESK)
    confirm_by_finance(site, finance, claim)
    settle(site, finance, boss, dealer, owner)
    expect_money(site, dealer, claim, owner)
    call_command("ledger_check", company=owner.tenant.slug)


def before_the_work(cast: Cast) -> Job:
    """Rates, prices, checks, a window that is open, a store, goods that the dealer owes for."""
    system, today = cast.system(), timezone.localdate()
    dealers.services.install_rates(actor=system)
    install_defaults(tenant=cast.tenant)
    job = a_job(cast)
    Part.objects.filter(pk=job.pump.pk).update(
        return_duty="return_to_factory", gate="before_payable"
    )
    parts.services.set_price(
        actor=system, part=job.pump, cents=PUMP_CENTS, from_on=today - timedelta(days=400)
    )
    parts.services.record_serials(actor=system, part=job.pump, numbers=["NEW1"], dealer=cast.dealer)
    open_window(cast)
    a_store(cast)
    an_invoice(cast, INVOICE, INVOICE_CENTS)
    sold_on = today - timedelta(days=10)
    Machine.objects.filter(pk=cast.machine.pk).update(sold_on=sold_on)
    return job


def register(site: Site, dealer: Page, cast: Cast) -> None:
    """The receipt card, on the telephone, signed by the user on the glass."""
    dealer.goto(f"{site.url}/warranty/")
    snap(dealer, "money-01-dealer-home")
    dealer.locator("main a[href='/registrations/']").first.tap()
    dealer.wait_for_url("**/registrations/")
    dealer.locator("a[href='/registrations/new/']").first.tap()
    dealer.wait_for_url("**/registrations/new/")
    dealer.fill("[name=serial_number]", cast.machine.serial_number)
    sold_on = timezone.localdate() - timedelta(days=10)
    dealer.fill("[name=invoice_on]", f"{sold_on:%Y-%m-%d}")
    dealer.fill("[name=invoice_number]", "FP-118")
    dealer.check("[name=is_trial_run]")
    dealer.check("[name=is_trained]")
    dealer.fill("[name=signed_name]", "张丰收")
    expect(dealer.locator("#look")).to_contain_text("谷物联合收割机")
    sign(dealer)
    snap(dealer, "money-02-card")
    dealer.locator("form.form-sheet [data-primary]").tap()
    dealer.wait_for_url("**/registrations/RC-*/")
    snap(dealer, "money-03-registered")
    with cast.scope():
        assert Registration.objects.get().days_late == 0


def write_report(site: Site, page: Page, job: Job, tmp_path: Path) -> str:
    """Parts, labour, a way, a photo, the user's name on the glass; the number of the report."""
    page.goto(f"{site.url}/portal/jobs/{job.ticket.number}/")
    page.locator("a[href*='/warranty/reports/new/']").tap()
    page.wait_for_url("**/warranty/reports/new/**")
    began = job.arrived_at.astimezone(timezone.get_current_timezone())
    page.fill("[name=started_at]", f"{began:%Y-%m-%dT%H:%M}")
    page.fill("[name=finished_at]", f"{began + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.fill("[name=cause]", "高压油泵泄漏")
    page.fill("[name=correction]", "更换高压油泵")
    page.fill("[name=meter_reading]", "320.5")
    page.fill("[name=parts-0-part]", "GY-200 高压油泵")
    page.fill("[name=parts-0-old_serial]", "OLD1")
    page.fill("[name=parts-0-new_serial]", "NEW1")
    page.check("[name=parts-0-is_causal]")
    page.fill("[name=labour-0-operation]", "R10")
    page.fill("[name=labour-0-minutes]", "60")
    page.fill("[name=distance_km]", "42")
    snap(page, "money-04-report")
    page.locator("form.form-sheet [data-primary]").tap()
    page.wait_for_url("**/warranty/reports/WR-*/edit/")
    page.set_input_files("[name=upload]", a_picture(tmp_path / "fault.jpg", 80))
    page.get_by_role("button", name="添加照片").tap()
    expect(page.locator("#report-kept")).to_have_attribute("data-state", "sent")
    page.reload()
    expect(page.locator("#report-photos img")).to_have_count(1)
    sign(page)
    page.fill("[name=signer_name]", "张丰收")
    snap(page, "money-05-report-sign")
    page.get_by_role("button", name="签字并发送").tap()
    page.wait_for_url(lambda url: "/warranty/reports/WR-" in url and "/edit/" not in url)
    snap(page, "money-06-report-signed")
    with job.cast.scope():
        return WorkReport.objects.get(state="signed").number


def file_claim(site: Site, dealer: Page, report: str) -> str:
    """From the report: nothing is typed, and the money to expect is said."""
    dealer.goto(f"{site.url}/warranty/reports/{report}/")
    snap(dealer, "money-07-report-of-dealer")
    dealer.locator("form[action='/warranty/claims/new/'] button").tap()
    dealer.wait_for_url("**/warranty/claims/CL-*/edit/")
    expect(dealer.locator("form.form-sheet")).to_contain_text("高压油泵")
    snap(dealer, "money-08-claim-draft")
    dealer.locator("button[name=file]").tap()
    dealer.wait_for_url(lambda url: "/warranty/claims/CL-" in url and "/edit/" not in url)
    expect(dealer.locator(".money-to-come")).to_contain_text("¥")
    expect(dealer.locator(".badge", has_text="审核").first).to_be_visible()
    snap(dealer, "money-09-claim-filed")
    return dealer.url.rstrip("/").rsplit("/", 1)[1]


def claim_it_twice(site: Site, dealer: Page, report: str, claim: str) -> None:
    """The report offers its claim; who asks for another one is told why there is none."""
    dealer.goto(f"{site.url}/warranty/reports/{report}/")
    expect(dealer.locator("form[action='/warranty/claims/new/']")).to_have_count(0)
    expect(dealer.locator(f"a[href='/warranty/claims/{claim}/']").first).to_be_visible()
    dealer.goto(f"{site.url}/warranty/claims/new/")
    expect(dealer.locator("main")).not_to_contain_text(report)


def decide(site: Site, engineer: Page, claim: str) -> None:
    """Line by line, by keys: the labour is cut with a reason, the rest approved."""
    engineer.goto(f"{site.url}/warranty/")
    snap(engineer, "money-10-engineer-home")
    engineer.goto(f"{site.url}/warranty/claims/{claim}/")
    rows = engineer.locator("[data-review-row]")
    count = rows.count()
    for place in range(count):
        engineer.keyboard.press("ArrowDown")
        row = rows.nth(place)
        expect(row).to_be_focused()
        if "R10" not in row.locator("td").nth(1).inner_text():
            row.press("a")
            row.focus()
            continue
        row.press("r")
        expect(row.locator(".amount")).to_be_focused()
        engineer.keyboard.type("10.00")
        engineer.keyboard.press("Tab")
        engineer.keyboard.press("ArrowDown")
        engineer.keyboard.press("Tab")
        engineer.keyboard.press("Control+a")
        engineer.keyboard.type("按厂定工时核减")
        engineer.keyboard.press("Escape")
    snap(engineer, "money-11-decide")
    engineer.keyboard.press("Control+Enter")
    expect(engineer.locator("[data-review-row]")).to_have_count(0)
    expect(engineer.locator("main")).to_contain_text("按厂定工时核减")
    snap(engineer, "money-12-decided")


def accept(site: Site, dealer: Page, claim: str) -> None:
    """The dealer reads why, and takes it."""
    dealer.goto(f"{site.url}/warranty/claims/{claim}/")
    expect(dealer.locator("main")).to_contain_text("按厂定工时核减")
    snap(dealer, "money-13-decision-read")
    dealer.locator("form[action$='/accept/'] button").tap()
    agree(dealer)
    expect(dealer.locator("form[action$='/accept/']")).to_have_count(0)
    snap(dealer, "money-14-accepted")


def send_old_part(site: Site, dealer: Page, tmp_path: Path) -> str:
    """Photographed, tagged, boxed, sent in the open window; the tag's number."""
    with site.world.owner.scope():
        tag = OldPartReturn.objects.get().number
    dealer.goto(f"{site.url}/warranty/old-parts/")
    snap(dealer, "money-15-old-parts")
    dealer.locator(f"a[href='/warranty/old-parts/{tag}/']").first.tap()
    dealer.wait_for_url(f"**/old-parts/{tag}/")
    dealer.set_input_files("[name=upload]", a_picture(tmp_path / "pump.jpg", 160))
    dealer.locator("form[action$='/photos/'] button").tap()
    expect(dealer.locator("img[src*='/photos/']").first).to_be_visible()
    dealer.locator("form[action='/warranty/old-parts/tag/'] button").tap()
    dealer.wait_for_url("**/old-parts/tags/**")
    dealer.goto(f"{site.url}/warranty/old-parts/{tag}/")
    dealer.locator("form[action='/warranty/shipments/new/'] button").tap()
    dealer.wait_for_url("**/warranty/shipments/*/")
    expect(dealer.locator("main")).to_contain_text(tag)
    snap(dealer, "money-16-packing")
    dealer.locator("form[action$='/close/'] button").tap()
    expect(dealer.locator("form[action$='/open/']")).to_have_count(1)
    dealer.fill("[name=carrier]", "德邦")
    dealer.fill("[name=waybill]", "DPK118")
    dealer.locator("form[action$='/ship/'] button").tap()
    expect(dealer.locator("form[action$='/ship/']")).to_have_count(0)
    snap(dealer, "money-17-shipped")
    return tag


def receive(site: Site, keeper: Page, tag: str) -> None:
    """The keeper goes through the box by its tags."""
    keeper.goto(f"{site.url}/warranty/")
    snap(keeper, "money-18-keeper-home")
    with site.world.owner.scope():
        box = OldPartReturn.objects.select_related("box__shipment").get(number=tag).box
    assert box is not None
    address = f"{site.url}/warranty/shipments/{box.shipment.number}/"
    keeper.goto(address)
    keeper.locator("a[href$='/receive/']").first.click()
    keeper.wait_for_url("**/receive/")
    keeper.fill("[name=tag]", tag)
    keeper.keyboard.press("Enter")
    expect(keeper.locator("table .badge").first).to_have_text("已收到")
    snap(keeper, "money-19-received")
    keeper.goto(f"{site.url}/warranty/old-parts/{tag}/")
    expect(keeper.locator("a[href$='/appraise/']")).to_have_count(0)


def appraise(site: Site, engineer: Page, tag: str) -> None:
    """Somebody else than the keeper judges it and says where it goes."""
    engineer.goto(f"{site.url}/warranty/old-parts/{tag}/")
    engineer.locator("a[href$='/appraise/']").click()
    engineer.wait_for_url("**/appraise/")
    engineer.check("[name=finding][value=accepted]")
    engineer.check("[name=is_covered][value=yes]")
    engineer.select_option("[name=cause_class]", "material")
    engineer.select_option("[name=liable]", "producer")
    snap(engineer, "money-20-appraise")
    engineer.locator("form.form-sheet [data-primary]").click()
    engineer.wait_for_url(lambda url: not url.endswith("/appraise/"))
    engineer.goto(f"{site.url}/warranty/old-parts/{tag}/dispose/")
    engineer.check("[name=to][value=scrap]")
    engineer.locator("form.form-sheet [data-primary]").click()
    engineer.wait_for_url(lambda url: not url.endswith("/dispose/"))
    engineer.goto(f"{site.url}/warranty/old-parts/{tag}/")
    snap(engineer, "money-21-appraised")


def move(site: Site, keeper: Page, tag: str) -> None:
    keeper.goto(f"{site.url}/warranty/old-parts/{tag}/")
    keeper.locator("a[href$='/finish/']").click()
    keeper.wait_for_url("**/finish/")
    keeper.select_option("[name=store]", index=1)
    keeper.locator("form.form-sheet [data-primary]").click()
    keeper.wait_for_url(lambda url: not url.endswith("/finish/"))
    keeper.goto(f"{site.url}/warranty/old-parts/{tag}/")
    snap(keeper, "money-22-moved")
    with site.world.owner.scope():
        assert OldPartReturn.objects.get(number=tag).state == "done"


def confirm_by_finance(site: Site, finance: Page, claim: str) -> None:
    """Confirmed once; a page that is still open elsewhere is told that it came too late."""
    finance.goto(f"{site.url}/warranty/")
    snap(finance, "money-23-finance-home")
    finance.goto(f"{site.url}/warranty/claims/{claim}/")
    late = finance.context.new_page()
    late.goto(f"{site.url}/warranty/claims/{claim}/")
    finance.locator("form[action$='/confirm/'] button").click()
    expect(finance.locator("form[action$='/confirm/']")).to_have_count(0)
    snap(finance, "money-24-confirmed")
    late.locator("form[action$='/confirm/'] button").click()
    expect(late.locator("[role=alert]").first).to_be_visible()
    snap(late, "money-25-confirmed-twice")
    late.close()
    with site.world.owner.scope():
        assert Claim.objects.get(number=claim).state == "payable"


def settle(site: Site, finance: Page, boss: Page, dealer: Page, cast: Cast) -> None:
    """Drafted, checked and issued by another, confirmed on glass, posted, offset."""
    finance.goto(f"{site.url}/warranty/settlements/waiting/?dealer={cast.dealer.number}")
    today = timezone.localdate()
    finance.fill("[name=from_on]", f"{today:%Y-%m-%d}")
    finance.fill("[name=until_on]", f"{today:%Y-%m-%d}")
    snap(finance, "money-26-waiting")
    finance.locator("form.form-sheet [data-primary]").click()
    finance.wait_for_url("**/warranty/settlements/*/")
    address = finance.url
    expect(finance.locator("form[action$='/check/']")).to_have_count(0)
    boss.goto(f"{site.url}/warranty/")
    snap(boss, "money-27-boss-home")
    boss.goto(address)
    step(boss, "check")
    step(boss, "issue")
    snap(boss, "money-28-issued")
    dealer.goto(f"{site.url}/warranty/")
    snap(dealer, "money-29-dealer-home")
    dealer.goto(address)
    other = dealer.context.new_page()
    other.goto(address)
    for page in (dealer, other):
        page.fill("form[action$='/confirm/'] [name=name]", "王经理")
        sign(page)
    snap(dealer, "money-30-notice")
    dealer.locator("form[action$='/confirm/'] button[type=submit]").tap()
    expect(dealer.locator("form[action$='/confirm/']")).to_have_count(0)
    snap(dealer, "money-31-notice-confirmed")
    other.locator("form[action$='/confirm/'] button[type=submit]").tap()
    expect(other.locator("[role=alert]").first).to_be_visible()
    snap(other, "money-32-confirmed-twice")
    other.close()
    boss.goto(address)
    step(boss, "post")
    finance.goto(address)
    expect(finance.locator("form[action$='/offset/']")).to_contain_text(INVOICE)
    snap(finance, "money-33-offset")
    step(finance, "offset")
    snap(finance, "money-34-offset-done")
    forgive(site, "status of 422", "status of 409")


def expect_money(site: Site, dealer: Page, claim: str, cast: Cast) -> None:
    """The dealer's statement of account has the settlement and what is left of the goods."""
    with cast.scope():
        settlement = Settlement.objects.get()
        filed = Claim.objects.get(number=claim)
    assert settlement.net_cents == filed.approved_cents
    left = (INVOICE_CENTS - settlement.net_cents) / 100
    dealer.goto(f"{site.url}/ledger/")
    snap(dealer, "money-35-accounts")
    expect(dealer.locator("main")).to_contain_text(f"{left:,.2f}")
    receivable = dealer.locator("main a[href^='/ledger/accounts/']", has_text="应收").first
    receivable.tap()
    dealer.wait_for_url("**/ledger/accounts/*/")
    expect(dealer.locator("main")).to_contain_text(settlement.number)
    snap(dealer, "money-36-statement")
    dealer.goto(f"{site.url}/warranty/claims/{claim}/")
    snap(dealer, "money-37-claim-at-the-end")


def step(page: Page, name: str) -> None:
    """A step of a settlement, taken; its form is gone then."""
    form = page.locator(f"form[action$='/{name}/']")
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0)


def agree(page: Page) -> None:
    """Yes to the question in the dialog."""
    page.locator("dialog[open] [data-confirm-yes]").tap()


def sign(page: Page) -> None:
    """A name on the glass."""
    canvas = page.locator("canvas[data-signature]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 30)
    page.mouse.down()
    for place in range(1, 12):
        page.mouse.move(box["x"] + 20 + place * 15, box["y"] + 30 + (place % 3) * 12)
    page.mouse.up()


def a_picture(path: Path, shade: int) -> str:
    Image.new("RGB", (64, 48), (shade, 90, 40)).save(path, "JPEG")
    return str(path)


def forgive(site: Site, *expected: str) -> None:
    """What the browser itself notes of a request that was not to succeed."""
    site.complaints[:] = [
        line for line in site.complaints if not any(word in line for word in expected)
    ]
