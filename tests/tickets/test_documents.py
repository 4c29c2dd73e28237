"""The papers: what stands on them, in both languages, and that nothing is fetched for them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core import pdf
from tests.tickets.conftest import Desk, accept, arrange, offer
from tickets import documents, services


def text_of(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [("zh-hans", "维修任务单", "故障现象"), ("en", "Jobsheet", "Faultreported")],
)
def test_the_job_sheet_speaks_the_language_asked_for(
    desk: Desk, language: str, title: str, word: str
) -> None:
    ticket = arrange(desk, accept(desk, offer(desk, desk.register(description="冷车启动不了"))))
    called: dict[str, Any] = {"actor": desk.clerk, "ticket": ticket, "is_call": True}
    services.add_note(**called, text="已指导检查油路", visibility="dealer")
    services.add_note(**called, text="客户态度差")
    text = text_of(documents.job_sheet(ticket, tenant=desk.cast.tenant, language=language))
    for expected in (title, word, ticket.number, "冷车启动不了", "4LZ2026000001", "赵师傅"):
        assert expected in text
    assert "已指导检查油路" in text
    assert "客户态度差" not in text, "an internal line leaves the house on no paper"
    assert "400-800-1234" in text


@pytest.mark.parametrize(
    ("language", "title"), [("zh-hans", "产品售后服务登记表"), ("en", "Serviceregister")]
)
def test_the_register_has_one_row_per_ticket(desk: Desk, language: str, title: str) -> None:
    tickets = [desk.register(), desk.in_state("closed")]
    text = text_of(
        documents.service_register(
            documents.register_rows(desk.clerk), tenant=desk.cast.tenant, language=language
        )
    )
    assert title in text
    for ticket in tickets:
        assert ticket.number in text
    assert "换了电瓶" in text


def test_the_pages_are_numbered_and_the_head_repeats(desk: Desk) -> None:
    for _ in range(40):
        desk.register()
    content = documents.service_register(
        documents.register_rows(desk.clerk), tenant=desk.cast.tenant, language="en"
    )
    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) > 1
    last = re.sub(r"\s+", "", pages[-1].extract_text())
    assert f"Page{len(pages)}/{len(pages)}" in last
    assert "Matter" in last


def test_a_register_that_would_be_a_book_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_ROWS", 1)
    desk.register()
    desk.register()
    with pytest.raises(documents.TooManyRows):
        documents.service_register(
            documents.register_rows(desk.clerk), tenant=desk.cast.tenant, language="en"
        )


def test_a_paper_fetches_nothing(settings: Any, tmp_path: Path) -> None:
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    settings.TEMPLATES = templates
    for address in ("http://127.0.0.1:1/x.png", "file:///etc/hostname"):
        (tmp_path / "bad.html").write_text(f'<img src="{address}">')
        with pytest.raises(pdf.NothingFetched):
            pdf.render("bad.html", {}, language="en")


def test_what_people_typed_is_never_markup(desk: Desk) -> None:
    ticket = desk.register(summary='<img src="file:///etc/hostname"> <b>粗</b>')
    text = text_of(documents.job_sheet(ticket, tenant=desk.cast.tenant, language="en"))
    assert "<b>粗</b>" in text
