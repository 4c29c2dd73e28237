"""Goods receivables: booked once by name, by hand, over the API and as a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook
from rest_framework.test import APIClient

from core.errors import DomainError
from ledger import services
from ledger.models import JournalEntry
from ledger.queries import open_invoices
from ledger.services import SourcePosted
from tests.cast import Cast, World

As = Callable[..., Client]
TODAY = date(2026, 11, 2)
PAGE = "/ledger/receivables/"


def book(cast: Cast, **given: Any) -> JournalEntry:
    usual: dict[str, Any] = {
        "actor": cast.actor("finance"),
        "dealer": cast.dealer,
        "invoice": "XS-1",
        "cents": 100_00,
        "on": TODAY,
    }
    return services.book_receivable(**(usual | given))


def test_an_invoice_is_booked_once_and_never_otherwise(cast: Cast) -> None:
    first = book(cast)
    assert book(cast) == first
    with pytest.raises(SourcePosted):
        book(cast, cents=101_00)
    assert book(cast, dealer=cast.neighbour) != first
    below = book(cast, dealer=cast.sub_dealer, invoice="XS-2")
    line = below.lines.get(account__role="receivable")
    assert (line.account.dealer, line.behalf) == (cast.dealer, cast.sub_dealer)
    seen = open_invoices(cast.actor("dealer_principal"))
    assert [(row.item, row.cents) for row in seen] == [("XS-1", 100_00), ("XS-2", 100_00)]
    assert len(open_invoices(cast.actor("finance"))) == 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"invoice": " "}, "invoice"),
        ({"invoice": "X" * 33}, "invoice"),
        ({"cents": 0}, "amount"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, given: Any, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        book(cast, **given)
    assert refused.value.field == field


def test_finance_books_on_the_page_and_nobody_else(world: World, as_: As) -> None:
    body = {"dealer": "D-0001", "invoice": "XS-7", "cents": "12.345", "on": "2026年11月2日"}
    wrong = as_("finance").post(PAGE + "book/", body)
    assert wrong.status_code == 422
    assert "XS-7" in wrong.content.decode()
    assert as_("manager").post(PAGE + "book/", body | {"cents": "12.34"}).status_code == 403
    assert as_("finance").post(PAGE + "book/", body | {"cents": "12.34"}).status_code == 302
    assert "XS-7" in as_("dealer_principal").get(PAGE).content.decode()
    assert "XS-7" not in as_("neighbour_principal").get(PAGE).content.decode()
    assert as_("finance").get(PAGE + "export/?format=csv").status_code == 200


def sheet(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    made = Workbook()
    page = made.active
    assert page is not None
    page.append(("dealer", "invoice", "date", "amount"))
    for row in rows:
        page.append(row)
    file = BytesIO()
    made.save(file)
    return SimpleUploadedFile("invoices.xlsx", file.getvalue())


def test_a_sheet_is_booked_whole_or_not_at_all(world: World, as_: As) -> None:
    finance = as_("finance")
    good = ("D-0001", "XS-1", date(2026, 11, 2), 120.5)
    bad = ("D-9999", "XS-2", date(2026, 11, 2), 1.005)
    refused = finance.post(PAGE + "import/", {"upload": sheet(good, bad)})
    assert refused.status_code == 422
    assert "3" in refused.content.decode()
    with world.owner.scope():
        assert JournalEntry.objects.count() == 0
    answer = finance.post(
        PAGE + "import/", {"upload": sheet(good, ("D-0002", "A", "2026-11-03", 5))}
    )
    assert answer.status_code == 302
    with world.owner.scope():
        assert JournalEntry.objects.count() == 2
    text = SimpleUploadedFile("a.txt", b"x")
    assert finance.post(PAGE + "import/", {"upload": text}).status_code == 422


def test_the_api_books_and_lists(world: World, api: Callable[..., APIClient]) -> None:
    body = {"dealer": "D-0001", "invoice": "XS-1", "amount": "10.00", "on": "2026-11-02"}
    rest = api("finance")
    address = "/api/v1/receivables/"
    assert rest.post(address, body | {"amount": "1.005"}, format="json").status_code == 422
    assert rest.post(address, body, format="json").status_code == 201
    assert rest.post(address, body | {"amount": "11.00"}, format="json").status_code == 409
    rows = rest.get(address).json()
    assert rows == [{"dealer": "D-0001", "invoice": "XS-1", "on": "2026-11-02", "open": "10.00"}]
    assert api("neighbour_principal").get(address).json() == []
    assert api("dealer_principal").post(address, body, format="json").status_code == 403
