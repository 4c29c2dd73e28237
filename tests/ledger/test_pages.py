"""The pages of the books: who sees what, pages that add up, months closed by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from ledger import services
from ledger.check import Finding, Result, keep
from ledger.models import Period
from tests.cast import NEIGHBOUR_CANARY, World
from tests.ledger.conftest import Books, last_month, open_books

pytestmark = pytest.mark.django_db
As = Callable[..., Client]


@pytest.fixture
def posted(world: World) -> Books:
    """Three months of a dealer's money, and a neighbour's."""
    with world.owner.scope():
        books = open_books(world.owner)
        books.post(1_000, on=last_month())
        books.post(250)
        books.invoice("FP-1", 7_000)
        open_books(world.owner, world.owner.neighbour).post(9_900, narration=NEIGHBOUR_CANARY)
    return books


def payable_page(client: Client, **asked: Any) -> Any:
    return client.get(reverse("ledger:account", args=["D-0001:payable"]), asked)


def test_finance_sees_all_balances_and_a_dealer_its_own(as_: As, posted: Books) -> None:
    rows = as_("finance").get(reverse("ledger:accounts")).context["rows"]
    by_code = {row.code: row.balance for row in rows}
    assert by_code["D-0001:payable"] == Decimal("12.50")
    assert by_code["cost_labour"] == Decimal("111.50")
    own = as_("dealer_principal").get(reverse("ledger:accounts"))
    assert [row.code for row in own.context["rows"]] == [
        f"D-0001:{role}"
        for role in ("deductions", "parts_credit", "parts_deposit", "payable", "receivable")
    ]
    assert NEIGHBOUR_CANARY not in own.content.decode()
    assert as_("dealer_clerk").get(reverse("ledger:accounts")).status_code == 403


def test_accounts_are_found_by_the_dealers_name(as_: As, posted: Books) -> None:
    page = as_("finance").get(reverse("ledger:accounts"), {"q": "丰收"})
    assert {row.dealer.number for row in page.context["rows"]} == {"D-0001"}
    assert not as_("finance").get(reverse("ledger:accounts"), {"q": "nobody"}).context["rows"]


def test_a_list_of_accounts_costs_the_same_for_more_rows(as_: As, world: World) -> None:
    client = as_("finance")
    with world.owner.scope():
        open_books(world.owner).post()
    counts = []
    for dealer in (world.owner.neighbour, None):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("ledger:accounts"))
        counts.append(len(asked))
        if dealer:
            with world.owner.scope():
                open_books(world.owner, dealer).post()
    assert counts[0] == counts[1]


def test_a_statement_runs_from_the_day_asked_with_what_came_before(as_: As, posted: Books) -> None:
    today = timezone.localdate()
    shown = payable_page(as_("dealer_principal"), since=f"{today:%Y-%m-%d}").context["statement"]
    assert (shown.opening, shown.closing) == (Decimal("10.00"), Decimal("12.50"))
    assert [row.balance for row in shown.rows] == [Decimal("12.50")]
    until = payable_page(as_("finance"), until=f"{last_month():%Y-%m-%d}").context["statement"]
    assert (until.opening, until.closing) == (0, Decimal("10.00"))


def test_a_day_that_cannot_be_read_is_said_at_its_field(as_: As, posted: Books) -> None:
    page = payable_page(as_("finance"), since="soon")
    assert page.status_code == 422
    assert page.context["form"].errors["since"]
    wrong = payable_page(as_("finance"), since="2026-02-01", until="2026-01-01")
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["until"]


def test_pages_of_a_statement_add_up(as_: As, posted: Books, world: World) -> None:
    with world.owner.scope():
        for number in range(120):
            books_day = last_month() + timedelta(days=number % 3)
            posted.post(number + 1, on=books_day)
    client, after, seen, last = as_("finance"), "", 0, Decimal(0)
    while True:
        shown = payable_page(client, after=after).context["statement"]
        assert shown.opening == last
        seen, last, after = seen + len(shown.rows), shown.closing, shown.next_after
        if not after:
            break
    assert seen == 122
    assert last == Decimal("12.50") + Decimal(sum(range(1, 121))) / 100
    assert payable_page(client, after="damaged").status_code in (409, 422)


@pytest.mark.parametrize("who", ["finance", "dealer_principal"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_statement_is_taken_along_and_that_is_audited(
    as_: As, posted: Books, world: World, kind: str, who: str
) -> None:
    url = reverse("ledger:export", args=["D-0001:payable"])
    answer = as_(who).get(url, {"format": kind})
    assert answer.status_code == 200
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 3
        assert lines[-1].endswith("2.50,12.50")
    with world.owner.scope():
        assert AuditEvent.objects.get(verb="account.exported").data == {"rows": 2}


def test_an_entry_shows_a_dealer_its_own_line_only(as_: As, posted: Books, world: World) -> None:
    with world.owner.scope():
        entry = posted.post(77)
        reversal = services.reverse_entry(actor=posted.actor, entry=entry, reason="误记")
    url = reverse("ledger:entry", args=[entry.number])
    mine = as_("dealer_principal").get(url)
    assert [line.account.code for line in mine.context["lines"]] == ["D-0001:payable"]
    assert "cost_labour" not in mine.content.decode()
    full = as_("finance").get(url)
    assert len(full.context["lines"]) == 2
    assert reversal.number in full.content.decode()
    assert as_("neighbour_principal").get(url).status_code == 404
    assert as_("finance", world.stranger).get(url).status_code == 404


def test_finance_closes_a_month_and_a_manager_opens_it_with_a_reason(
    as_: As, posted: Books, world: World
) -> None:
    month = f"{last_month():%Y-%m}"
    close, reopen = reverse("ledger:period-close"), reverse("ledger:period-reopen")
    for who, url in [("manager", close), ("finance", reopen), ("dealer_principal", close)]:
        assert as_(who).post(url, {"month": month, "reason": "x"}).status_code == 403
    assert as_("finance").get(reverse("ledger:periods")).context["months"].to_close
    assert as_("finance").post(close, {"month": month}).status_code == 302
    again = as_("finance").post(close, {"month": month})
    assert again.status_code == 422
    empty = as_("manager").post(reopen, {"month": month, "reason": ""})
    assert (empty.status_code, bool(empty.context["form"].errors["reason"])) == (422, True)
    assert as_("manager").post(reopen, {"month": month, "reason": "漏记"}).status_code == 302
    with world.owner.scope():
        assert set(Period.objects.values_list("state", flat=True)) == {"open"}
    for wrong in ("2026-13", "", "x"):
        assert as_("finance").post(close, {"month": wrong}).status_code == 422
    assert as_("manager").post(reopen, {"month": "2001-01", "reason": "x"}).status_code == 404


def test_what_the_nightly_check_found_stands_above_the_accounts(
    as_: As, posted: Books, world: World
) -> None:
    with world.owner.scope():
        keep(world.owner.tenant, Result(1, 1, 2, [Finding("gap", "There is no entry J-1.")]))
    assert (
        "There is no entry J-1." in as_("finance").get(reverse("ledger:accounts")).content.decode()
    )
    own = as_("dealer_principal").get(reverse("ledger:accounts")).content.decode()
    assert "There is no entry" not in own


def test_the_way_to_the_books_stands_among_the_settings(as_: As) -> None:
    for who, is_there in [("finance", True), ("manager", True), ("clerk", False)]:
        page = as_(who).get(reverse("accounts:settings")).content.decode()
        assert (reverse("ledger:accounts") in page) is is_there


def test_a_program_reads_balances_statements_and_entries(
    api: Callable[..., Any], posted: Books, world: World
) -> None:
    finance, own = api("finance"), api("dealer_principal")
    rows = finance.get(reverse("api-accounts")).json()["results"]
    assert {row["code"]: row["balance"] for row in rows}["D-0001:payable"] == "12.50"
    assert {row["dealer"] for row in own.get(reverse("api-accounts")).json()["results"]} == {
        "D-0001"
    }
    url = reverse("api-account-statement", args=["D-0001:payable"])
    shown = own.get(url, {"since": f"{timezone.localdate():%Y-%m-%d}"}).json()
    assert (shown["opening"], shown["closing"], shown["next_after"]) == ("10.00", "12.50", "")
    assert own.get(url, {"since": "soon"}).status_code == 422
    number = shown["rows"][0]["entry"]
    seen = own.get(reverse("api-entry", args=[number])).json()
    assert [line["account"] for line in seen["lines"]] == ["D-0001:payable"]
    assert len(finance.get(reverse("api-entry", args=[number])).json()["lines"]) == 2
