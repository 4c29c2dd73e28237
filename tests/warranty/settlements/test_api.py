"""Settlements and adjustments over REST: the whole way, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from tests.cast import World
from tests.warranty.settlements.builders import a_claim, an_invoice, issued
from warranty.services import settlements as services

Api = Callable[..., APIClient]
BASE = "/api/v1/settlements/"
DRAFT = {"dealer": "D-0001", "from_on": "2026-01-01", "until_on": "2099-12-31"}


def post(rest: APIClient, address: str, body: Any = None) -> Any:
    return rest.post(address, body or {}, format="json")


def test_the_whole_way_over_rest(world: World, api: Api) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        an_invoice(cast, "XS-1", 500_00)
    finance, boss, dealer = api("finance"), api("finance_manager"), api("dealer_principal")
    assert post(finance, BASE, DRAFT | {"dealer": "D-9999"}).status_code == 422
    made = post(finance, BASE, DRAFT)
    assert made.status_code == 201
    assert made.json()["net"] == "190.50"
    assert post(finance, BASE, DRAFT).status_code == 409
    one = f"{BASE}{made.json()['number']}/"
    assert dealer.get(one).status_code == 404
    assert post(finance, one + "check/").status_code == 403
    assert post(boss, one + "check/").json()["state"] == "checked"
    notice = post(boss, one + "issue/").json()["notices"][0]
    seen = dealer.get(one).json()
    assert [line["amount"] for line in seen["lines"]] == ["100.00", "60.00", "30.50"]
    body = {"digest": notice["digest"], "name": "王经理", "code": notice["digest"][:8]}
    assert post(dealer, one + "confirm/", body | {"code": "00000000"}).status_code == 422
    assert post(dealer, one + "confirm/", body).json()["state"] == "confirmed"
    assert post(dealer, one + "confirm/", body).status_code == 409
    assert post(boss, one + "post/").json()["left"] == "190.50"
    use = {"amounts": [{"item": "XS-1", "amount": "190.50"}]}
    more = {"amounts": [{"item": "XS-1", "amount": "190.505"}]}
    assert post(finance, one + "offset/", more).status_code == 422
    assert post(finance, one + "offset/", use).json()["left"] == "0.00"
    assert post(finance, one + "offset/", use).status_code == 409
    assert post(finance, one + "close/").json()["state"] == "closed"
    listed = dealer.get(BASE).json()["results"]
    assert [row["state"] for row in listed] == ["closed"]


def test_a_dispute_names_lines_and_words(world: World, api: Api) -> None:
    cast = world.owner
    with cast.scope():
        a_claim(cast)
        settlement = issued(cast)
        digest = services.latest_notice(settlement).digest
        line = settlement.lines.get(kind="labour")
    dealer, one = api("dealer_principal"), f"{BASE}{settlement.number}/"
    body: dict[str, Any] = {"digest": digest, "lines": [{"id": line.pk, "words": "工时不对"}]}
    strange = body | {"lines": [{"id": 0, "words": "x"}]}
    assert post(dealer, one + "dispute/", strange).status_code == 422
    assert post(dealer, one + "dispute/", body).json()["state"] == "disputed"
    answer = post(api("finance_manager"), one + "reissue/").json()
    assert (answer["state"], answer["edition"], len(answer["lines"])) == ("issued", 2, 2)
    stale = {"digest": digest, "name": "王", "code": digest[:8]}
    assert post(dealer, one + "confirm/", stale).status_code == 409


def test_an_adjustment_over_rest(world: World, api: Api) -> None:
    finance, boss, dealer = api("finance"), api("finance_manager"), api("dealer_principal")
    base = "/api/v1/adjustments/"
    body = {"dealer": "D-0001", "kind": "penalty", "amount": "88.00", "words": "旧件混装"}
    made = post(finance, base, body)
    assert (made.status_code, made.json()["amount"]) == (201, "-88.00")
    one = f"{base}{made.json()['number']}/"
    assert dealer.get(one).status_code == 404
    assert post(finance, one + "approve/").status_code == 403
    assert post(boss, one + "approve/").json()["state"] == "notified"
    assert post(dealer, one + "object/", {"words": "箱单齐全"}).json()["state"] == "objected"
    assert post(boss, one + "drop/", {"answer": "属实"}).json()["state"] == "dropped"
    assert post(boss, one + "uphold/", {"answer": "x"}).status_code == 409
