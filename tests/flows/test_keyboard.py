"""Without a mouse: the keys of the help page, the lists, and the order of the call page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.cast import a_ticket
from tests.flows.conftest import Person, Site, snap

FOCUS_RING = """() => {
    const el = document.activeElement, face = getComputedStyle(el.closest(".pick-row") ?? el);
    const own = getComputedStyle(el);
    return own.outlineStyle !== "none" || own.boxShadow !== "none" || face.outlineStyle !== "none";
}"""
# The order in which a clerk asks: number, who, where; which machine; what; who gets it; save.
ORDER = ["caller_phone", "caller_name", "region_code", "address", "customer", "machine", "serial"]
ORDER += ["symptom", "kind", "urgency", "channel", "description", "wished_for", "route", "save"]


def focused(page: Page) -> str:
    """The name of the field that has the focus; `save` for the main button."""
    return page.evaluate(
        "() => { const el = document.activeElement;"
        " return el.matches('[data-primary]') ? 'save' : el.name || el.id || el.tagName; }"
    )


def test_the_call_page_is_walked_in_the_order_of_the_conversation(
    site: Site, person: Person
) -> None:
    clerk = person("clerk")
    clerk.keyboard.press("n")
    clerk.wait_for_url("**/calls/new")
    clerk.keyboard.type("13800138000")
    expect(clerk.locator("#which input:checked")).to_have_count(1)
    walked = []
    for _ in range(30):
        walked.append(focused(clerk))
        assert clerk.evaluate(FOCUS_RING), f"nobody sees that {walked[-1]} has the focus"
        if walked[-1] == "save":
            break
        clerk.keyboard.press("Tab")
    assert list(dict.fromkeys(walked)) == ORDER


def test_the_keys_of_the_help_do_what_it_says(site: Site, person: Person) -> None:
    with site.world.owner.scope():
        older, newer = (a_ticket(site.world.owner).number for _ in range(2))
    clerk = person("clerk")
    clerk.goto(f"{site.url}/tickets/")
    clerk.keyboard.press("?")
    expect(clerk.locator("#shortcuts-dialog")).to_be_visible()
    snap(clerk, "shortcuts")
    clerk.keyboard.press("Escape")
    expect(clerk.locator("#shortcuts-dialog")).to_be_hidden()
    clerk.keyboard.press("j")
    clerk.keyboard.press("j")
    clerk.keyboard.press("k")
    first = clerk.locator("#rows > .row-focus a").first
    expect(first).to_be_focused()
    number = first.inner_text()
    assert number in {older, newer}
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/tickets/{number}/")

    clerk.keyboard.press("/")
    expect(clerk.locator("#search")).to_be_focused()
    clerk.keyboard.type(older)
    expect(clerk.locator("#search-results")).to_contain_text(older)
    clerk.keyboard.press("ArrowDown")
    clerk.keyboard.press("Enter")
    clerk.wait_for_url(f"**/tickets/{older}/")

    # A form of the ticket, opened, filled and sent.
    note = clerk.locator("#do-note")
    note.locator("summary").press("Enter")
    clerk.keyboard.press("Tab")
    clerk.keyboard.type("客户下午在家")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("#ticket-story")).to_contain_text("客户下午在家")
