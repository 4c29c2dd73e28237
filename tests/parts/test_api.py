"""Parts, stock, suppliers and operations over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from parts import services
from tests.cast import World
from tests.parts.conftest import Workshop, build, days_ago

Api = Callable[..., APIClient]
ROOT = "/api/v1"


@pytest.fixture
def made(world: World) -> Workshop:
    with world.owner.scope():
        return build(world.owner)


def send(client: APIClient, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"{ROOT}{path}", body, format="json")


def test_a_part_is_made_changed_priced_and_fitted(world: World, made: Workshop, api: Api) -> None:
    client = api("administrator")
    answer = send(
        client,
        "post",
        "/parts/",
        {"number": "ｌf 9", "name": "滤芯", "supplier": "hx", "replaces": "lf-100"},
    )
    assert answer.status_code == 201
    assert answer.json()["number"] == "LF9"
    assert answer.json()["supplier"] == "HX" and answer.json()["replaces"] == "LF-100"
    assert answer.json()["dealer_price"] is None
    assert send(client, "patch", "/parts/LF9/", {"shelf": "A1"}).json()["shelf"] == "A1"
    price = {"amount": "12.30", "from_on": str(days_ago(2))}
    told = send(client, "post", "/parts/LF9/prices/", price).json()
    assert told["dealer_price"] == "12.30"
    assert told["prices"] == [{"kind": "dealer", "amount": "12.30", "from_on": price["from_on"]}]
    fit = {"model": "4LZ-6.0", "per_machine": "2"}
    told = send(client, "post", "/parts/LF9/fits/", fit).json()
    assert told["fits"] == [{"model": "4LZ-6.0", "per_machine": "2.00"}]
    assert send(client, "delete", "/parts/LF9/fits/?model=4LZ-6.0").status_code == 204
    assert send(client, "get", "/parts/LF9/").json()["fits"] == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/parts/", {"number": "lf-100", "name": "x"}, "number"),
        ("/parts/", {"number": "ĸ", "name": "x"}, "number"),
        ("/parts/", {"number": "X", "name": "x", "supplier": "NO"}, "supplier"),
        ("/parts/", {"number": "X", "name": "x", "replaces": "NO"}, "replaces"),
        ("/parts/", {"number": "X", "name": "x", "colour": "red"}, "colour"),
        ("/parts/LF-100/prices/", {"amount": "1.234", "from_on": "2026-01-01"}, "amount"),
        ("/parts/LF-100/prices/", {"amount": "-1", "from_on": "2026-01-01"}, "amount"),
        ("/parts/LF-100/fits/", {"model": "NO"}, "model"),
        ("/parts/LF-100/fits/", {"model": "4LZ-6.0", "per_machine": "0"}, "per_machine"),
        ("/parts/LF-100/serials/", {"numbers": []}, "numbers"),
        ("/parts/LF-100/serials/", {"numbers": ["A"], "dealer": "NO"}, "dealer"),
        ("/suppliers/", {"code": "hx", "name": "x"}, "code"),
        ("/suppliers/", {"code": "Y", "name": "x", "phone": "12"}, "phone"),
        ("/operations/", {"code": "r01", "name": "x", "standard_minutes": 5}, "code"),
        ("/operations/", {"code": "Y", "name": "x", "standard_minutes": 0}, "standard_minutes"),
        ("/operations/R01/times/", {"model": "NO", "minutes": 5}, "model"),
        ("/operations/R01/includes/", {"included": "R01"}, "included"),
    ],
)
def test_a_wrong_body_is_told_at_its_field(
    world: World, made: Workshop, api: Api, path: str, body: dict[str, Any], field: str
) -> None:
    answer = send(api("administrator"), "post", path, body)
    assert answer.status_code == 422, answer.content
    assert list(answer.json()["error"]["fields"]) == [field]


def test_a_dealer_reads_neither_supplier_shelf_retail_price_nor_others_pieces(
    world: World, made: Workshop, api: Api
) -> None:
    with world.owner.scope():
        services.edit_part(actor=made.actor, part=made.motor, shelf="A-03")
        for kind in ("dealer", "retail"):
            services.set_price(
                actor=made.actor, part=made.motor, cents=100, from_on=days_ago(1), kind=kind
            )
        for dealer, serial in [(world.owner.dealer, "P1"), (world.owner.neighbour, "P2")]:
            services.record_serials(
                actor=made.actor, part=made.motor, numbers=[serial], dealer=dealer
            )
    client = api("dealer_clerk")
    told = send(client, "get", "/parts/DJ-72/1500/").json()
    assert (told["supplier"], told["shelf"], told["dealer_price"]) == (None, "", "1.00")
    assert [price["kind"] for price in told["prices"]] == ["dealer"]
    pieces = send(client, "get", "/parts/DJ-72/1500/serials/").json()["results"]
    assert [piece["serial_number"] for piece in pieces] == ["P1"]
    for path in ("/suppliers/", "/stores/", "/stores/MAIN/stock/", "/stores/MAIN/moves/"):
        assert send(client, "get", path).status_code == 403
    house = send(api("clerk"), "get", "/parts/DJ-72/1500/").json()
    assert (house["supplier"], house["shelf"], len(house["prices"])) == ("HX", "A-03", 2)


def test_stock_moves_over_rest(world: World, made: Workshop, api: Api) -> None:
    client = api("keeper")

    def move(**facts: Any) -> Any:
        body = {"part": "lf-100", "reason": "盘点"} | facts
        return send(client, "post", "/stores/MAIN/moves/", body)

    assert move(quantity="4", value="10.00").status_code == 201
    assert move(quantity="-1").json()["value"] == "-2.50"
    assert move(quantity="1", to_store="scrap").json()["quantity"] == "-1.00"
    assert move(quantity="-9").json()["error"]["fields"].keys() == {"quantity"}
    assert move(quantity="1", to_store="NO").status_code == 422
    assert move(quantity="1.005").status_code == 422
    stock = send(client, "get", "/stores/MAIN/stock/").json()["results"]
    assert [(row["part"], row["quantity"], row["value"]) for row in stock] == [
        ("LF-100", "2.00", "5.00")
    ]
    moves = send(client, "get", "/stores/MAIN/moves/?way=false").json()["results"]
    assert [row["quantity"] for row in moves] == ["-1.00", "-1.00"]
    assert {row["code"] for row in send(client, "get", "/stores/").json()} == {"MAIN", "SCRAP"}


def test_operations_over_rest(world: World, made: Workshop, api: Api) -> None:
    client = api("engineer")
    body = {"code": "r02", "name": "拆装护罩", "standard_minutes": 10}
    assert send(client, "post", "/operations/", body).json()["code"] == "R02"
    send(client, "post", "/operations/R01/times/", {"model": "4LZ-6.0", "minutes": 90})
    send(client, "post", "/operations/R01/times/", {"model": None, "minutes": 45})
    told = send(client, "post", "/operations/R01/includes/", {"included": "r02"}).json()
    times = [(each["model"], each["minutes"]) for each in told["times"]]
    assert times == [("4LZ-6.0", 90), (None, 45)]
    assert told["includes"] == ["R02"]
    assert send(client, "delete", "/operations/R01/times/?model=").status_code == 204
    assert send(client, "delete", "/operations/R01/includes/?included=R02").status_code == 204
    told = send(client, "patch", "/operations/R01/", {"is_restricted": True}).json()
    assert (len(told["times"]), told["includes"], told["is_restricted"]) == (1, [], True)


def test_a_supplier_is_confirmed_over_rest(world: World, made: Workshop, api: Api) -> None:
    client = api("engineer")
    told = send(client, "patch", "/suppliers/HX/", {"duty_percent": "60"}).json()
    assert told["duty_percent"] == "60.00"
    assert send(client, "post", "/suppliers/HX/confirm/").json()["confirmed_on"] == str(days_ago(0))
