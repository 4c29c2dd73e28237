"""The REST API of tickets: every step of the main job, and all that is refused on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from sla.defaults import install_defaults
from tests.cast import World, a_ticket
from tickets.models import Ticket

CALL = {"kind": "repair", "summary": "收割机不启动", "region_code": "371402", "route": False}
Api = Callable[..., APIClient]


class Clients:
    """One token per person; asking twice for the same one gives the same."""

    def __init__(self, api: Api, world: World) -> None:
        self._api, self.world, self._known = api, world, dict[str, APIClient]()

    def __call__(self, who: str) -> APIClient:
        if who not in self._known:
            cast = self.world.stranger if who == "stranger" else self.world.owner
            self._known[who] = self._api("clerk" if who == "stranger" else who, cast)
        return self._known[who]


@pytest.fixture
def rest(api: Api, world: World) -> Iterator[Clients]:
    install_defaults(world.owner.tenant)
    yield Clients(api, world)


def create(rest: Clients, who: str = "clerk", **facts: Any) -> str:
    world = rest.world.owner
    body = {
        **CALL,
        "customer": world.customer.number,
        "machine": world.machine.serial_number,
        "caller_phone": "138 0013 8000",
        **facts,
    }
    answer = rest(who).post("/api/v1/tickets/", body)
    assert answer.status_code == 201, answer.content
    return str(answer.data["number"])


def do(rest: Clients, who: str, number: str, verb: str, **body: Any) -> Any:
    return rest(who).post(f"/api/v1/tickets/{number}/{verb}/", body)


def test_a_program_can_do_the_whole_job(rest: Clients) -> None:
    number = create(rest)
    dealer, clerk = "dealer_principal", "clerk"
    assert do(rest, clerk, number, "offer", dealer="D-0001").data["state"] == "offered"
    assert do(rest, dealer, number, "accept").data["state"] == "accepted"
    plan = {
        "technician_name": "赵师傅",
        "technician_phone": "13700137000",
        "visit_at": "2099-01-01T09:00:00+08:00",
    }
    arranged = do(rest, dealer, number, "arrange", **plan)
    assert arranged.data["visit_at"].startswith("2099-01-01T09:00")
    assert do(rest, clerk, number, "checks", is_arranged=True).status_code == 200
    assert do(rest, dealer, number, "pause", reason="parts").data["state"] == "waiting"
    assert do(rest, dealer, number, "resume").data["state"] == "arranged"
    assert do(rest, dealer, number, "done", result="换了电瓶").data["state"] == "done"
    assert do(rest, clerk, number, "close").data["state"] == "closed"
    assert do(rest, clerk, number, "reopen", reason="又坏了").data["state"] == "new"
    assert do(rest, clerk, number, "hand-over", team="technical").data["team"] == "technical"
    assert do(rest, clerk, number, "take-back", reason="换人").data["state"] == "new"
    assert do(rest, clerk, number, "cancel", reason="不修了").data["state"] == "cancelled"
    story = rest(clerk).get(f"/api/v1/tickets/{number}/timeline/").data
    assert [line["event"] for line in story][-1] == "registered"
    clocks = rest(clerk).get(f"/api/v1/tickets/{number}/clocks/").data
    assert {"dispatch", "arrange", "check"} <= {clock["promise"] for clock in clocks}


def test_a_refusal_takes_the_ticket_out_of_the_dealers_sight(rest: Clients) -> None:
    number = create(rest)
    do(rest, "clerk", number, "offer", dealer="D-0001")
    assert do(rest, "dealer_principal", number, "refuse", reason="太远").status_code == 204
    assert rest("dealer_principal").get(f"/api/v1/tickets/{number}/").status_code == 404
    offers = rest("clerk").get(f"/api/v1/tickets/{number}/offers/").data
    assert [(offer["state"], offer["reason"]) for offer in offers] == [("refused", "太远")]


@pytest.mark.parametrize("who", ["neighbour_principal", "stranger"])
@pytest.mark.parametrize("path", ["", "timeline/", "clocks/", "attachments/", "offers/"])
def test_what_is_not_ones_own_does_not_exist(rest: Clients, who: str, path: str) -> None:
    number = create(rest)
    do(rest, "clerk", number, "offer", dealer="D-0001")
    assert rest(who).get(f"/api/v1/tickets/{number}/{path}").status_code == 404


def test_lists_hold_only_what_one_may_see(rest: Clients) -> None:
    mine, other = create(rest), create(rest)
    do(rest, "clerk", mine, "offer", dealer="D-0001")

    def numbers(who: str) -> set[str]:
        return {row["number"] for row in rest(who).get("/api/v1/tickets/").data["results"]}

    assert numbers("clerk") == {mine, other}
    assert numbers("dealer_principal") == {mine}
    assert numbers("neighbour_principal") == numbers("stranger") == set()


def test_dealers_read_no_internal_note_and_fetch_no_internal_file(rest: Clients) -> None:
    number = create(rest)
    do(rest, "clerk", number, "offer", dealer="D-0001")
    do(rest, "clerk", number, "notes", text="常投诉")
    do(rest, "clerk", number, "notes", text="带电瓶", visibility="dealer")
    upload = {"file": SimpleUploadedFile("a.txt", b"x"), "visibility": "internal"}
    kept = rest("clerk").post(f"/api/v1/tickets/{number}/attachments/", upload, format="multipart")
    assert kept.status_code == 201
    story = rest("dealer_principal").get(f"/api/v1/tickets/{number}/timeline/").data
    texts = [line["text"] for line in story]
    assert "带电瓶" in texts and "常投诉" not in texts
    assert rest("dealer_principal").get(f"/api/v1/tickets/{number}/attachments/").data == []
    address = f"/api/v1/tickets/{number}/attachments/{kept.data['public_id']}/"
    assert rest("dealer_principal").get(address).status_code == 404
    given: Any = rest("clerk").get(address)
    assert b"".join(given.streaming_content) == b"x"


def test_a_refused_file_says_why_at_its_field(rest: Clients) -> None:
    number = create(rest)
    upload = {"file": SimpleUploadedFile("a.exe", b"MZ")}
    answer = rest("clerk").post(
        f"/api/v1/tickets/{number}/attachments/", upload, format="multipart"
    )
    assert answer.status_code == 422
    assert "file" in answer.data["error"]["fields"]


def test_the_same_call_sent_twice_is_one_ticket(rest: Clients) -> None:
    key: Any = {"HTTP_IDEMPOTENCY_KEY": "call-1"}
    first = rest("clerk").post("/api/v1/tickets/", CALL, **key)
    second = rest("clerk").post("/api/v1/tickets/", CALL, **key)
    assert first.data["number"] == second.data["number"]
    assert second["Idempotent-Replayed"] == "true"
    changed = rest("clerk").post("/api/v1/tickets/", {**CALL, "summary": "别的"}, **key)
    assert changed.status_code == 422
    with rest.world.owner.scope():
        assert Ticket.objects.count() == 1


def test_an_edit_of_an_old_version_is_a_conflict(rest: Clients) -> None:
    address = f"/api/v1/tickets/{create(rest)}/"
    first = rest("clerk").patch(address, {"version": 1, "summary": "冒黑烟"})
    assert (first.status_code, first.data["version"]) == (200, 2)
    again = rest("clerk").patch(address, {"version": 1, "summary": "别的"})
    assert (again.status_code, again.data["error"]["code"]) == (409, "conflict")
    assert rest("clerk").patch(address, {"summary": "别的"}).status_code == 422


def test_a_step_that_the_state_does_not_allow_is_a_conflict(rest: Clients) -> None:
    number = create(rest)
    answer = do(rest, "clerk", number, "close")
    assert (answer.status_code, answer.data["error"]["code"]) == (409, "state.not_allowed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "nonsense"),
        ("summary", ""),
        ("summary", "长" * 121),
        ("customer", "C-999999"),
        ("machine", "NO-SUCH-SERIAL"),
        ("machine", ["list"]),
        ("caller_phone", "12"),
        ("region_code", "3"),
        ("reported_at", "yesterday"),
    ],
)
def test_bad_facts_are_named_at_their_field(rest: Clients, field: str, value: Any) -> None:
    answer = rest("clerk").post("/api/v1/tickets/", {**CALL, field: value})
    assert answer.status_code == 422
    assert field in answer.data["error"]["fields"]
    with rest.world.owner.scope():
        assert Ticket.objects.count() == 0


def test_a_neighbours_customer_is_as_unknown_as_none(rest: Clients) -> None:
    for number in (rest.world.owner.neighbour_customer.number, "C-999999"):
        answer = rest("dealer_principal").post("/api/v1/tickets/", {**CALL, "customer": number})
        assert answer.status_code == 422


def test_departments_work_only_on_what_they_hold(rest: Clients) -> None:
    number = create(rest)
    do(rest, "clerk", number, "offer", dealer="D-0001")
    assert do(rest, "engineer", number, "done", result="x").status_code == 403
    other = create(rest)
    do(rest, "clerk", other, "hand-over", team="technical")
    assert do(rest, "engineer", other, "done", result="好了").status_code == 200


def test_a_dealers_call_is_filed_and_its_own(rest: Clients) -> None:
    number = create(rest, "dealer_principal")
    shown = rest("dealer_principal").get(f"/api/v1/tickets/{number}/").data
    assert (shown["state"], shown["channel"], shown["dealer"]) == ("accepted", "dealer", "D-0001")


def test_merging_asks_for_a_ticket_that_one_sees(rest: Clients) -> None:
    first, second = create(rest), create(rest)
    with rest.world.stranger.scope():
        foreign = a_ticket(rest.world.stranger, number="T-20260101-9999").number
    assert do(rest, "clerk", second, "merge", into=foreign).status_code == 422
    assert do(rest, "clerk", second, "merge", into=first).data["merged_into"] == first


def test_many_are_assigned_at_once_and_foreign_ones_are_left_out(rest: Clients) -> None:
    first, second = create(rest), create(rest)
    do(rest, "clerk", second, "cancel", reason="x")
    body = {"tickets": [first, second, "T-1"], "dealer": "D-0001"}
    answer = rest("supervisor").post("/api/v1/tickets/assign/", body)
    assert answer.data["done"] == [first]
    assert set(answer.data["refused"]) == {second}
    assert rest("clerk").post("/api/v1/tickets/assign/", body).status_code == 403


def test_pages_follow_each_other_without_gap_or_repeat(rest: Clients) -> None:
    with rest.world.owner.scope():
        numbers = [a_ticket(rest.world.owner).number for _ in range(7)]
    seen, address = [], "/api/v1/tickets/?page_size=3"
    while address:
        page = rest("clerk").get(address).data
        seen += [row["number"] for row in page["results"]]
        address = page["next"]
    assert sorted(seen) == sorted(numbers)


def test_watching_is_put_on_and_taken_off(rest: Clients) -> None:
    number = create(rest)
    assert do(rest, "manager", number, "watch").status_code == 200
    assert rest("manager").get("/api/v1/tickets/?watched=1").data["results"]
    assert rest("manager").delete(f"/api/v1/tickets/{number}/watch/").status_code == 204
    assert not rest("manager").get("/api/v1/tickets/?watched=1").data["results"]
