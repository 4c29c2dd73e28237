"""The REST client does what the pages do, by the same rules."""

from collections.abc import Callable

from rest_framework.test import APIClient

from core.models import AuditEvent
from machines.models import Customer, Machine
from tests.cast import World, a_customer

Api = Callable[..., APIClient]
CUSTOMERS, MACHINES = "/api/v1/customers/", "/api/v1/machines/"
NEW = {"name": "赵铁柱", "phones": [{"number": "137 0013 7000", "label": "本人"}]}


def test_a_retried_post_opens_one_file(world: World, api: Api) -> None:
    client = api("clerk")
    headers = {"Idempotency-Key": "k1"}
    first = client.post(CUSTOMERS, NEW, format="json", headers=headers)
    again = client.post(CUSTOMERS, NEW, format="json", headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    assert first.json()["phones"][0]["number"] == "+8613700137000"
    with world.owner.scope():
        assert Customer.objects.filter(name="赵铁柱").count() == 1
    other = client.post(CUSTOMERS, NEW | {"name": "x"}, format="json", headers=headers)
    assert other.status_code == 422


def test_bad_input_is_422_with_a_sentence_at_its_field(world: World, api: Api) -> None:
    client = api("clerk")
    cases = [
        (CUSTOMERS, NEW | {"phones": [{"number": "12"}]}, "phones"),
        (CUSTOMERS, NEW | {"phones": []}, "phones"),
        (CUSTOMERS, NEW | {"region_code": "亚特兰蒂斯"}, "region_code"),
        (MACHINES, {"serial_number": "X1", "model": "nothing"}, "model"),
        (MACHINES, {"serial_number": "4LZ2026000001", "model": "4LZ-6.0"}, "serial_number"),
        (
            MACHINES,
            {
                "serial_number": "X1",
                "model": "4LZ-6.0",
                "customer": world.stranger.customer.number,
            },
            "customer",
        ),
    ]
    for url, body, field in cases:
        answer = client.post(url, body, format="json")
        assert answer.status_code == 422, answer.json()
        assert field in answer.json()["error"]["fields"], answer.json()


def test_lists_have_the_filters_of_the_pages_and_keyset_pages(world: World, api: Api) -> None:
    with world.owner.scope():
        for number in range(5):
            a_customer(world.owner, f"客户{number}", f"+86138001{number:05d}")
    client = api("clerk")
    first = client.get(CUSTOMERS, {"page_size": 3}).json()
    second = client.get(first["next"]).json()
    names = [row["name"] for row in first["results"] + second["results"]]
    assert len(set(names)) == 6
    found = client.get(CUSTOMERS, {"q": "１３８ 0013 8000"}).json()["results"]
    assert [row["number"] for row in found] == [world.owner.customer.number]
    assert client.get(MACHINES, {"line": "HARVESTER"}).json()["results"]
    assert client.get(MACHINES, {"line": "NOTHING"}).status_code == 422
    assert client.get(MACHINES, {"region": "聊城"}).json()["results"] == []


def test_a_patch_changes_only_what_is_sent(world: World, api: Api) -> None:
    number = world.owner.customer.number
    answer = api("clerk").patch(f"{CUSTOMERS}{number}/", {"note": "换号"}, format="json")
    assert answer.json()["note"] == "换号"
    assert answer.json()["phones"][0]["number"] == "+8613800138000"
    with world.owner.scope():
        (event,) = AuditEvent.objects.filter(verb="customer.edited")
        assert event.data == {"note": ["", "换号"]}


def test_a_merge_happens_once_then_conflicts(world: World, api: Api) -> None:
    with world.owner.scope():
        other = a_customer(world.owner, "张丰收旧", "+8613700137000")
    client = api("clerk")
    url, body = f"{CUSTOMERS}{other.number}/merge/", {"into": world.owner.customer.number}
    merged = client.post(url, body, format="json")
    assert merged.status_code == 200 and len(merged.json()["phones"]) == 2
    assert client.post(url, body, format="json").status_code == 409
    assert client.post(url, {"into": "nobody"}, format="json").status_code == 422
    foreign = {"into": world.stranger.customer.number}
    assert client.post(url, foreign, format="json").status_code == 422


def test_a_machine_is_registered_and_sold_on(world: World, api: Api) -> None:
    client = api("clerk")
    body = {
        "serial_number": "ａ/1",
        "model": "4LZ-6.0",
        "customer": world.owner.customer.number,
        "dealer": "D-0001",
        "sold_on": "2026-01-05",
    }
    made = client.post(MACHINES, body, format="json")
    assert made.status_code == 201 and made.json()["serial_number"] == "A/1"
    buyer = world.owner.neighbour_customer.number
    url = f"{MACHINES}A/1/sell-on/"
    sold = client.post(url, {"customer": buyer, "on": "2026-06-01"}, format="json")
    assert [owner["customer"] for owner in sold.json()["owners"]] == [
        buyer,
        world.owner.customer.number,
    ]
    early = {"customer": world.owner.customer.number, "on": "2026-05-01"}
    assert client.post(url, early, format="json").status_code == 422
    with world.owner.scope():
        assert Machine.objects.get(serial_number="A/1").customer == world.owner.neighbour_customer


def test_a_dealers_client_reads_its_own_only(world: World, api: Api) -> None:
    client = api("dealer_clerk")
    rows = client.get(CUSTOMERS).json()["results"]
    assert [row["number"] for row in rows] == [world.owner.customer.number]
    assert client.get(f"{CUSTOMERS}{world.owner.neighbour_customer.number}/").status_code == 404
    assert client.post(CUSTOMERS, NEW, format="json").status_code == 403


def test_dealers_territories_products_and_symptoms_can_be_kept_by_a_client(
    world: World, api: Api
) -> None:
    client = api("administrator")
    dealer = {"name": "禹城金田", "level": "A", "phone": "0534-7654321", "region_code": "禹城"}
    made = client.post("/api/v1/dealers/", dealer, format="json")
    assert made.status_code == 201 and made.json()["region_code"] == "371482"
    number = made.json()["number"]
    url = f"/api/v1/dealers/{number}/territories/"
    row = {"region_code": "3715", "product_line_code": "HARVESTER"}
    assert client.post(url, row, format="json").status_code == 201
    assert client.post(url, row, format="json").status_code == 422
    assert client.get(url).json() == [row | {"priority": 1}]
    query = "?region_code=3715&product_line_code=HARVESTER"
    assert client.delete(url + query).status_code == 204
    patched = client.patch(f"/api/v1/dealers/{number}/", {"parent": "D-0001"}, format="json")
    assert patched.json()["parent"] == "D-0001"
    line = {"code": "tricycle", "name": "电动三轮车"}
    assert client.post("/api/v1/lines/", line, format="json").json()["code"] == "TRICYCLE"
    model = {"code": "DS-1", "name": "大运", "line": "TRICYCLE"}
    assert client.post("/api/v1/models/", model, format="json").status_code == 201
    symptom = {"code": "T1", "name": "不充电", "severity": "general", "product_line_code": "NO"}
    assert client.post("/api/v1/symptoms/", symptom, format="json").status_code == 422
    symptom["product_line_code"] = "TRICYCLE"
    assert client.post("/api/v1/symptoms/", symptom, format="json").status_code == 201
    assert client.get("/api/v1/regions/", {"parent": "37"}).json()[0]["code"] == "3714"
