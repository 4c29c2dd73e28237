"""The main job, by hand: a call, an offer, an arrangement, a check, the work done."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from sla.models import Clock, Step
from sla.states import Promise
from tests.flows.conftest import DESK, PHONE, Person, Site, snap
from tickets.models import Ticket
from tickets.states import TicketState
from visits.models import Callback

MINUTE = 60


def take_call(clerk: Page) -> str:
    """Register a call by keyboard only; the number of the ticket."""
    clerk.keyboard.press("n")
    clerk.wait_for_url("**/calls/new")
    expect(clerk.locator("#id_caller_phone")).to_be_focused()
    clerk.keyboard.type("13800138000")
    expect(clerk.locator("#who")).to_contain_text("张丰收")
    expect(clerk.locator("#which input:checked")).to_have_value(re.compile("^4LZ2026"))
    # Caller, region, place, customer, machine, another machine: nothing to add, Tab past them.
    for _ in range(12):
        if clerk.locator("#id_symptom:focus").count():
            break
        clerk.keyboard.press("Tab")
    expect(clerk.locator("#id_symptom")).to_be_focused()
    clerk.keyboard.type("发动机不启动")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("Tab")
    clerk.keyboard.press("ArrowRight")  # urgency: high
    expect(clerk.locator("#beside")).to_contain_text("德州丰收农机")
    snap(clerk, "1-call")
    clerk.keyboard.press("Control+Enter")
    clerk.wait_for_url("**/calls/new?saved=*")
    snap(clerk, "2-call-saved")
    return clerk.locator(".saved-note a").first.inner_text()


def test_a_call_becomes_a_ticket_that_is_offered_arranged_checked_and_done(
    site: Site, person: Person
) -> None:
    clerk = person("clerk", DESK)
    began = time.monotonic()
    number = take_call(clerk)
    assert time.monotonic() - began < MINUTE
    expect(clerk.locator("#id_caller_phone")).to_have_value("")

    dealer = person("dealer_principal", PHONE)
    offer = dealer.locator(".job-card", has_text=number)
    expect(offer.locator(".clock-chip")).to_be_visible()
    snap(dealer, "3-offer")
    offer.locator("form button").tap()
    dealer.wait_for_url(f"**/portal/jobs/{number}/")
    dealer.fill("#id_arrange_technician_name", "李师傅")
    dealer.fill("#id_arrange_technician_phone", "13700137000")
    tomorrow = timezone.localtime() + timedelta(days=1)
    dealer.fill("#id_arrange_visit_at", f"{tomorrow:%Y-%m-%dT10:00}")
    snap(dealer, "4-arrange")
    dealer.locator("#do-arrange button[type=submit]").tap()
    expect(dealer.locator(".job-visit")).to_contain_text("李师傅")
    snap(dealer, "5-arranged")

    clerk.goto(f"{site.url}/tickets/{number}/")
    expect(clerk.locator("#ticket-story")).to_contain_text("李师傅")
    snap(clerk, "6-check")
    clerk.locator("#do-check button[value=yes]").press("Enter")
    expect(clerk.locator("#ticket-main")).not_to_contain_text("李师傅 (")
    expect(clerk.locator("#do-check")).to_have_count(0)

    dealer.goto(f"{site.url}/portal/jobs/{number}/")
    dealer.fill("#id_done_result", "更换起动机，试车正常")
    dealer.locator("#do-done button[type=submit]").tap()
    expect(dealer.locator(".badge.state-done")).to_be_visible()
    snap(dealer, "7-done")

    call_back(site, clerk, number)
    manager = person("manager", DESK)
    manager.goto(f"{site.url}/")
    expect(manager.locator("main")).to_be_visible()
    snap(manager, "9-manager")

    with site.world.owner.scope():
        ticket = Ticket.objects.get(number=number)
        assert ticket.state == TicketState.CLOSED
        clocks = Clock.objects.filter(subject="ticket", subject_id=ticket.pk)
        states = {clock.promise: clock.state for clock in clocks}
    assert states[Promise.ARRANGE] == "met"
    assert states[Promise.CHECK] == "met"


def call_back(site: Site, clerk: Page, number: str) -> None:
    """Wait until the worker has scheduled the callback; let its days pass; make it."""
    deadline = time.monotonic() + MINUTE
    with site.world.owner.scope():
        while not (found := Callback.objects.filter(ticket__number=number)).exists():
            assert time.monotonic() < deadline, "the worker scheduled no callback"
            time.sleep(0.5)
        found.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
        callback = found.get()
    clerk.goto(f"{site.url}/desk/")
    expect(clerk.locator("#desk-callbacks").locator("xpath=../..")).to_contain_text("张丰收")
    clerk.goto(f"{site.url}/callbacks/{callback.number}/")
    snap(clerk, "8-callback")
    clerk.locator("[name=outcome][value=reached]").check(force=True)
    clerk.locator("[name=score][value='5']").check(force=True)
    clerk.locator("[name=is_resolved][value=yes]").check(force=True)
    clerk.locator("form.call-form [data-primary]").press("Enter")
    clerk.wait_for_url(lambda url: not url.endswith(f"/{callback.number}/"))


def test_an_offer_nobody_answers_comes_back_to_the_desk_by_the_worker(
    site: Site, person: Person
) -> None:
    clerk = person("clerk", DESK)
    number = take_call(clerk)
    let_run_out(site, number, Promise.ARRANGE)
    clerk.goto(f"{site.url}/desk/")
    # The page refreshes itself; nobody reloads it.
    row = clerk.locator("#desk-back").locator("xpath=ancestor::section").locator(".work-row")
    expect(row).to_contain_text(number, timeout=60_000)
    snap(clerk, "10-back-at-desk")
    supervisor = person("supervisor", DESK)
    supervisor.goto(f"{site.url}/tickets/{number}/")
    expect(supervisor.locator("#ticket-story")).to_contain_text("未按时答复")
    snap(supervisor, "11-timed-out")


def let_run_out(site: Site, number: str, promise: str) -> None:
    """Turn the clock back, as if the promised time had passed; the sweep does the rest."""
    past = timezone.now() - timedelta(minutes=1)
    with site.world.owner.scope():
        clock = Clock.objects.get(subject_number=number, promise=promise, state="running")
        gap = clock.due_at - past
        Step.objects.filter(clock=clock, state="planned", action="breach").update(at=past)
        Clock.objects.filter(pk=clock.pk).update(
            started_at=clock.started_at - gap, warn_at=past - timedelta(minutes=1), due_at=past
        )


def test_the_call_page_works_without_scripts(site: Site, person: Person) -> None:
    clerk = person("clerk", DESK, scripts=False)
    clerk.goto(f"{site.url}/calls/new")
    clerk.fill("#id_caller_phone", "13800138000")
    clerk.click(".no-script")
    expect(clerk.locator("#who")).to_contain_text("张丰收")
    clerk.fill("#id_symptom", "漏油")
    clerk.click(".call-save button")
    expect(clerk.locator(".saved-note")).to_contain_text("漏油")
