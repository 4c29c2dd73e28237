"""From the receipt card to the dealer's money, by hand; so far: the card on the telephone."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from machines.models import Machine, Registration
from tests.cast import Cast
from tests.flows.conftest import PHONE, Person, Site, snap


def test_a_dealer_registers_a_sale_on_the_telephone(site: Site, person: Person) -> None:
    owner = site.world.owner
    sold_on = timezone.localdate() - timedelta(days=10)
    with owner.scope():
        Machine.objects.filter(pk=owner.machine.pk).update(sold_on=sold_on)
    register(site, person("dealer_principal", PHONE), owner)


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
