"""After the work: the clerk calls back by keyboard, the manager sees it on one screen."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import a_ticket
from tests.flows.conftest import PHONE, Person, Site, snap
from tests.visits.builders import a_callback
from tickets.models import Ticket
from visits.models import Callback
from visits.states import CallbackState


def two_calls(site: Site) -> list[Callback]:
    """Finished work of the dealer's, to be called about now."""
    owner = site.world.owner
    with owner.scope():
        return [
            a_callback(
                owner,
                a_ticket(
                    owner,
                    dealer=owner.dealer,
                    team="dealer",
                    state="done",
                    done_at=timezone.now() - timedelta(days=4),
                    result="换了电瓶",
                ),
            )
            for _ in range(2)
        ]


def size_of(page: Page) -> tuple[int, int]:
    """How wide and how high the page is, with what lies beyond the window."""
    root = "document.documentElement"
    return page.evaluate(f"{root}.scrollWidth"), page.evaluate(f"{root}.scrollHeight")


def test_the_clerk_calls_back_without_a_mouse(site: Site, person: Person) -> None:
    happy, unhappy = two_calls(site)
    clerk = person("clerk")
    clerk.goto(f"{site.url}/callbacks/")
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/callbacks/{happy.number}/")
    snap(clerk, "callback")
    for key in ("y", "5", "Control+Enter"):
        clerk.keyboard.press(key)
    # The next one comes by itself.
    clerk.wait_for_url(f"**/callbacks/{unhappy.number}/")
    for key in ("n", "1", "Tab"):
        clerk.keyboard.press(key)
    clerk.keyboard.type("还是漏油")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/callbacks/")
    expect(clerk.locator(".alert-success")).to_contain_text("重新打开")
    with site.world.owner.scope():
        assert set(Callback.objects.values_list("state", flat=True)) == {CallbackState.DONE}
        states = dict(Ticket.objects.values_list("pk", "state"))
        assert states == {happy.ticket_id: "closed", unhappy.ticket_id: "new"}
    phone = person("clerk", PHONE)
    phone.goto(f"{site.url}/callbacks/{happy.number}/")
    assert size_of(phone)[0] <= PHONE[0]


def test_the_manager_sees_it_on_one_screen(site: Site, person: Person) -> None:
    two_calls(site)
    owner = site.world.owner
    with owner.scope():
        for state in ("new", "accepted"):
            a_ticket(owner, state=state, dealer=owner.dealer if state != "new" else None)
    manager = person("manager")
    manager.goto(f"{site.url}/dashboard/")
    expect(manager.locator(".chart-canvas canvas")).to_have_count(3)
    snap(manager, "manager")
    assert size_of(manager) == (1440, 900)
    manager.get_by_role("link", name="2", exact=True).first.click()
    manager.wait_for_url("**/tickets/?open=1")
    expect(manager.locator("#rows > *")).to_have_count(2)
    phone = person("manager", PHONE)
    phone.goto(f"{site.url}/dashboard/")
    expect(phone.locator(".chart-canvas canvas")).to_have_count(3)
    snap(phone, "manager-phone")
    assert size_of(phone)[0] <= PHONE[0]
