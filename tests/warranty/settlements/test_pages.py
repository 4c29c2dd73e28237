"""The pages of money, from finance's first click to the dealer's signature."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from tests.cast import World
from tests.warranty.settlements.builders import (
    a_claim,
    a_draft,
    an_adjustment,
    an_invoice,
    confirmed,
    issued,
    posted,
)
from warranty import notices
from warranty.models import Adjustment, Dispute, Settlement
from warranty.services import settlements as services

As = Callable[..., Client]
BASE = "/warranty/settlements/"


def in_chinese(words: str) -> str:
    """As the cast reads it."""
    with translation.override("zh-hans"):
        return gettext(words)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_whole_way_over_the_pages(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        an_invoice(cast, "XS-1", 500_00)
    finance, boss, dealer = as_("finance"), as_("finance_manager"), as_("dealer_principal")
    page = text(finance.get(BASE + "waiting/"))
    assert "D-0001" in page
    assert "190.50" in page
    today = timezone.localdate().isoformat()
    body = {"dealer": "D-0001", "from_on": today, "until_on": today}
    made = finance.post(BASE + "waiting/", body)
    assert made.status_code == 302
    one = made["Location"]
    assert dealer.get(one).status_code == 404, "a draft is the house's own"
    assert boss.post(one + "check/").status_code == 302
    assert boss.post(one + "issue/").status_code == 302
    page = text(dealer.get(one))
    with cast.scope():
        settlement = Settlement.objects.get()
        digest = services.latest_notice(settlement).digest
    assert digest in page
    wrong = dealer.post(one + "confirm/", {"digest": digest, "name": "王经理", "code": "XX"})
    assert wrong.status_code == 422
    assert "王经理" in text(wrong), "nothing typed is lost"
    signed = {"digest": digest, "name": "王经理", "signature": json.dumps([[1, 1, 50, 50]])}
    assert dealer.post(one + "confirm/", signed).status_code == 302
    again = dealer.post(one + "confirm/", signed)
    assert again.status_code == 422
    assert "王经理" in text(again)
    assert boss.post(one + "post/", {"on": today}).status_code == 302
    page = text(finance.get(one))
    assert "XS-1" in page
    assert 'value="190.50"' in page, "the oldest invoice is proposed"
    assert finance.post(one + "offset/", {"item-0": "600"}).status_code == 422
    assert finance.post(one + "offset/", {"item-0": "190.505"}).status_code == 422
    assert finance.post(one + "offset/", {"item-0": "190.50"}).status_code == 302
    assert finance.post(one + "close/").status_code == 302
    with cast.scope():
        settlement.refresh_from_db()
        assert settlement.state == "closed"
    paper = dealer.get(one + "notices/1/")
    assert b"".join(paper.streaming_content)[:5] == b"%PDF-"
    assert in_chinese("Posted to the books") in text(finance.get(one))
    assert text(dealer.get(BASE)).count(settlement.number) >= 1


def test_a_dealer_disputes_by_line_and_the_words_stay(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        settlement = issued(cast)
        line = settlement.lines.get(kind="labour")
        digest = services.latest_notice(settlement).digest
    dealer = as_("dealer_principal")
    address = f"{BASE}{settlement.number}/dispute/"
    assert "明细 2" in text(dealer.get(address))
    assert dealer.post(address, {"digest": digest}).status_code == 422
    body = {"digest": "0" * 64, f"words-{line.pk}": "工时不对"}
    stale = dealer.post(address, body)
    assert stale.status_code == 422
    assert "工时不对" in text(stale)
    assert dealer.post(address, body | {"digest": digest}).status_code == 302
    with cast.scope():
        assert Dispute.objects.get().words == "工时不对"
    assert as_("finance_manager").post(f"{BASE}{settlement.number}/reissue/").status_code == 302
    with cast.scope():
        assert set(Settlement.objects.values_list("state", flat=True)) == {"issued", "draft"}


def test_lines_are_taken_off_on_their_page(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        settlement = a_draft(cast)
        line = settlement.lines.get(kind="parts")
    finance = as_("finance")
    address = f"{BASE}{settlement.number}/lines/"
    assert finance.post(address, {"reason": "等发票"}).status_code == 422
    kept = finance.post(address, {"line": [line.pk]})
    assert kept.status_code == 422
    assert f'value="{line.pk}"' in text(kept)
    assert finance.post(address, {"line": [line.pk], "reason": "等发票"}).status_code == 302
    with cast.scope():
        settlement.refresh_from_db()
        assert settlement.net_cents == 90_50


def test_the_paper_is_recorded_and_a_reversal_needs_a_reason(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        settlement = issued(cast)
        code = notices.code_of(services.latest_notice(settlement).digest)
    one = f"{BASE}{settlement.number}/"
    body = {"digest": code, "name": "王经理", "document": "档案 7"}
    assert as_("clerk").post(one + "paper/", body).status_code == 302
    with cast.scope():
        posted(cast, Settlement.objects.get())
    manager = as_("manager")
    assert manager.post(one + "reverse/", {"reason": ""}).status_code == 422
    assert manager.post(one + "reverse/", {"reason": "错单"}).status_code == 302


def test_adjustments_over_the_pages(world: World, as_: As) -> None:
    finance, boss, dealer = as_("finance"), as_("finance_manager"), as_("dealer_principal")
    base = "/warranty/adjustments/"
    body = {"dealer": "D-0001", "kind": "penalty", "cents": "1.005", "words": "旧件混装"}
    wrong = finance.post(base + "new/", body)
    assert wrong.status_code == 422
    assert "旧件混装" in text(wrong)
    made = finance.post(base + "new/", body | {"cents": "88"})
    assert made.status_code == 302
    one = made["Location"]
    assert dealer.get(one).status_code == 404
    assert finance.post(one + "approve/").status_code == 403
    assert boss.post(one + "approve/").status_code == 302
    assert "旧件混装" in text(dealer.get(one))
    assert dealer.post(one + "object/", {"words": ""}).status_code == 422
    assert dealer.post(one + "object/", {"words": "箱单齐全"}).status_code == 302
    assert "箱单齐全" in text(boss.get(one))
    assert boss.post(one + "uphold/", {"answer": "照片可见混装"}).status_code == 302
    assert boss.post(one + "drop/", {"answer": "too late"}).status_code == 422
    with world.owner.scope():
        assert Adjustment.objects.get().state == "final"
    assert "AJ-" in text(dealer.get(base))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_go_along_as_files(world: World, as_: As, kind: str) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        issued(cast)
        an_adjustment(cast)
    finance = as_("finance")
    assert finance.get(f"{BASE}export/?format={kind}").status_code == 200
    assert finance.get(f"/warranty/adjustments/export/?format={kind}").status_code == 200


def test_the_work_lists_count_what_waits(world: World, as_: As) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        an_adjustment(cast)
    assert in_chinese("Dealers whose money waits for a settlement") in text(
        as_("finance").get("/warranty/")
    )
    with cast.scope():
        settlement = issued(cast)
    assert in_chinese("Settlement notices to answer") in text(
        as_("dealer_principal").get("/warranty/")
    )
    with cast.scope():
        confirmed(cast, settlement)
    assert in_chinese("Confirmed settlements to post") in text(
        as_("finance_manager").get("/warranty/")
    )


def test_a_long_list_costs_no_more_queries(
    world: World, as_: As, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    cast = world.owner
    with cast.scope():
        for _ in range(3):
            a_claim(cast)
            confirmed(cast)
    finance = as_("finance")
    finance.get(BASE)
    with django_assert_max_num_queries(30):
        assert finance.get(BASE).status_code == 200
