"""A call centre's program does the whole main job through /api/v1/, and is told why it may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from sla.defaults import install_defaults
from tests.cast import Cast, World, a_customer, a_ticket, with_token
from tickets.models import Ticket
from visits.tasks import schedule_callback

API = "/api/v1/"
TICKETS, CUSTOMERS, MACHINES = f"{API}tickets/", f"{API}customers/", f"{API}machines/"
NEWCOMER = {"name": "赵铁柱", "phones": [{"number": "137 0013 7000"}], "region_code": "德城区"}


class Office:
    """The owner's people, each with a token of their own; one call is one line."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.clients: dict[str, APIClient] = {}

    def client(self, who: str) -> APIClient:
        if who not in self.clients:
            self.clients[who] = with_token(self.cast, who)
        return self.clients[who]

    def ask(
        self, who: str, method: str, path: str, body: Any = None, want: int = 200, **sent: Any
    ) -> Any:
        answer: Any = getattr(self.client(who), method)(path, body, **sent)
        assert answer.status_code == want, f"{method} {path}: {answer.content.decode()}"
        return answer.json() if answer.content else None

    def do(self, who: str, number: str, verb: str, want: int = 200, **body: Any) -> Any:
        return self.ask(who, "post", f"{TICKETS}{number}/{verb}/", body, want)

    def ticket(self, number: str) -> Any:
        return self.ask("clerk", "get", f"{TICKETS}{number}/")

    def call_back_after(self, number: str) -> str:
        """What the worker does once the work is done; the number of the call."""
        with self.cast.scope():
            ticket_id = Ticket.objects.get(number=number).pk
        schedule_callback(tenant_id=self.cast.tenant.pk, ticket_id=ticket_id)
        (row,) = self.ask(
            "clerk", "get", f"{API}callbacks/", {"ticket": number, "state": "scheduled"}
        )["results"]
        return str(row["number"])

    def work(self, number: str, visit_at: str = "2099-01-01T09:00:00+08:00") -> None:
        """The dealer to whom it is offered goes there and reports it done."""
        self.do("dealer_principal", number, "accept")
        self.do("dealer_principal", number, "arrange", technician_name="赵师傅", visit_at=visit_at)
        self.do("clerk", number, "checks", is_arranged=True)
        self.do("dealer_principal", number, "done", result="换了电瓶", cause="电瓶老化")


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    install_defaults(world.owner.tenant)
    yield Office(world.owner)


def a_call(office: Office, **facts: Any) -> dict[str, Any]:
    customer = office.cast.customer.number
    call = {"kind": "repair", "summary": "收割机不启动", "customer": customer}
    return call | {"machine": office.cast.machine.serial_number} | facts


def test_the_main_job_from_the_call_to_the_happy_customer(office: Office) -> None:
    # Nobody is known under this number: the caller gets a file and the machine its own.
    found = office.ask("clerk", "get", CUSTOMERS, {"q": "13700137000"})
    assert found["results"] == []
    customer = office.ask("clerk", "post", CUSTOMERS, NEWCOMER, 201)["number"]
    found = office.ask("clerk", "get", CUSTOMERS, {"q": "137-0013-7000"})
    assert [row["number"] for row in found["results"]] == [customer]
    machine = {"serial_number": "4LZ2026000777", "model": "4LZ-6.0", "customer": customer}
    office.ask("clerk", "post", MACHINES, machine, 201)

    # Routed by the territory: the dealer of the region has the offer at once.
    call = a_call(
        office, customer=customer, machine=machine["serial_number"], caller_phone="13700137000"
    )
    key = {"headers": {"Idempotency-Key": "call-4711"}}
    ticket = office.ask("clerk", "post", TICKETS, call, 201, **key)
    number = ticket["number"]
    assert (ticket["state"], ticket["dealer"], ticket["channel"]) == ("offered", "D-0001", "api")
    assert office.ask("clerk", "post", TICKETS, call, 201, **key)["number"] == number
    other = call | {"summary": "别的"}
    assert office.ask("clerk", "post", TICKETS, other, 422, **key)["error"]["code"] == (
        "idempotency.key_reused"
    )

    # Refused with a reason; the next dealer refuses as well, then the first one is asked again.
    office.do("dealer_principal", number, "refuse", 422)
    office.do("dealer_principal", number, "refuse", 204, reason="太远")
    office.do("clerk", number, "offer", dealer="D-0002")
    office.do("neighbour_principal", number, "refuse", 204, reason="没有人手")
    office.do("clerk", number, "offer", dealer="D-0001")
    offers = office.ask("clerk", "get", f"{TICKETS}{number}/offers/")
    assert {(row["dealer"], row["state"], row["reason"]) for row in offers} == {
        ("D-0001", "refused", "太远"),
        ("D-0002", "refused", "没有人手"),
        ("D-0001", "offered", ""),
    }

    office.work(number)
    assert office.ticket(number)["technician_name"] == "赵师傅"
    note = {"text": "客户要求上午", "visibility": "dealer"}
    office.ask("clerk", "post", f"{TICKETS}{number}/notes/", note, 201)
    photo = {"file": SimpleUploadedFile("现场.txt", b"4711")}
    kept = office.ask(
        "dealer_principal",
        "post",
        f"{TICKETS}{number}/attachments/",
        photo,
        201,
        format="multipart",
    )
    assert kept["original_name"] == "现场.txt" and kept["size"] == 4

    # Not reached, then unhappy: it opens again and the supervisor offers it anew.
    callback = office.call_back_after(number)
    missed = {"outcome": "no_answer", "note": "响铃"}
    told = office.ask("clerk", "post", f"{API}callbacks/{callback}/attempts/", missed, 201)
    assert [row["outcome"] for row in told["attempts"]] == ["no_answer"]
    answer = f"{API}callbacks/{callback}/complete/"
    refused = office.ask("clerk", "post", answer, {"score": 1, "is_resolved": False}, 422)
    assert set(refused["error"]["fields"]) == {"opinion"}
    unhappy = {"score": 1, "is_resolved": False, "opinion": "还是漏油"}
    office.ask("clerk", "post", answer, unhappy)
    assert office.ticket(number)["state"] == "new" and office.ticket(number)["reopen_count"] == 1
    assert office.ask("clerk", "post", answer, unhappy, 409)["error"]["code"] == (
        "callback.made_already"
    )
    office.do("supervisor", number, "offer", dealer="D-0001")
    office.work(number)
    second = office.call_back_after(number)
    assert second != callback
    happy = {"score": 5, "is_resolved": True}
    office.ask("clerk", "post", f"{API}callbacks/{second}/complete/", happy)
    assert office.ticket(number)["state"] == "closed"

    # What happened, and which promises were kept.
    events = [row["event"] for row in office.ask("clerk", "get", f"{TICKETS}{number}/timeline/")]
    assert events[-1] == "registered"
    assert events.count("refused") == 2 and events.count("reopened") == 1 == events.count("closed")
    clocks = office.ask("clerk", "get", f"{TICKETS}{number}/clocks/")
    assert {row["promise"] for row in clocks} >= {"dispatch", "arrange", "check"}
    assert "running" not in {row["state"] for row in clocks}
    explained = office.ask("clerk", "get", f"{API}clocks/ticket/{number}/")
    assert len(explained) == len(clocks)
    assert all(row["days"] for row in explained if row["clock"]["state"] == "met")


def test_twenty_equal_posts_at_once_make_one_ticket(committed_world: World) -> None:
    cast = committed_world.owner
    install_defaults(cast.tenant)
    office = Office(cast)
    client, call = office.client("clerk"), a_call(office)
    token = client._credentials["HTTP_AUTHORIZATION"]
    barrier, answers = Barrier(20), list[Any]()

    def post() -> None:
        mine = APIClient()
        barrier.wait()
        try:
            answers.append(
                mine.post(
                    TICKETS,
                    call,
                    headers={"Idempotency-Key": "one call", "Authorization": token},
                )
            )
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 20
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 19
    with cast.scope():
        assert Ticket.objects.count() == 1


def without_id(body: dict[str, Any]) -> dict[str, Any]:
    """The refusal but for the number of the request, which is there in every one."""
    error = dict(body["error"])
    assert set(error) == {"code", "message", "fields", "request_id"}
    assert error.pop("request_id") and error["message"]
    return error


def test_a_foreign_thing_is_answered_exactly_as_a_missing_one(office: Office, world: World) -> None:
    with world.stranger.scope():
        ticket = a_ticket(world.stranger, number="T-20260101-9999").number
        customer = a_customer(world.stranger, "别家", "+8613600136000")
        customer.number = "C-777777"
        customer.save()
    for foreign, missing in [
        (f"{TICKETS}{ticket}/", f"{TICKETS}T-20260101-9998/"),
        (f"{CUSTOMERS}C-777777/", f"{CUSTOMERS}C-777778/"),
        (f"{MACHINES}{world.stranger.machine.serial_number}/", f"{MACHINES}NO-SUCH/"),
        (f"{API}dealers/D-0001-S/", f"{API}dealers/D-9999/"),
        (f"{API}no/such/address/", f"{TICKETS}T-1/no-such-verb/"),
    ]:
        there = without_id(office.ask("clerk", "get", foreign, want=404))
        assert there == without_id(office.ask("clerk", "get", missing, want=404))


def test_the_second_of_two_edits_is_told_of_the_conflict(office: Office) -> None:
    number = office.ask("clerk", "post", TICKETS, a_call(office, route=False), 201)["number"]
    path = f"{TICKETS}{number}/"
    office.ask("clerk", "patch", path, {"version": 1, "summary": "冒黑烟"})
    refused = office.ask("supervisor", "patch", path, {"version": 1, "summary": "不走"}, 409)
    assert without_id(refused)["code"] == "conflict"
    assert office.ticket(number)["summary"] == "冒黑烟"


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "有效的电话号码"), ("en", "telephone")])
def test_a_bad_number_is_named_at_its_field_in_the_callers_language(
    office: Office, language: str, word: str
) -> None:
    User.objects.filter(pk=office.cast.people["clerk"].pk).update(language=language)
    body = NEWCOMER | {"phones": [{"number": "12"}]}
    fields = without_id(office.ask("clerk", "post", CUSTOMERS, body, 422))["fields"]
    assert word in fields["phones"]["0"]["number"][0]
    body = a_call(office, caller_phone="12")
    fields = without_id(office.ask("clerk", "post", TICKETS, body, 422))["fields"]
    assert word in fields["caller_phone"][0]


def test_a_misspelt_field_is_refused_by_name_and_not_lost(office: Office) -> None:
    number = office.ask("clerk", "post", TICKETS, a_call(office, route=False), 201)["number"]
    for method, path, body, field in [
        ("post", TICKETS, a_call(office, sumary="x"), "sumary"),
        ("post", f"{TICKETS}{number}/offer/", {"dealer": "D-0001", "delaer": "x"}, "delaer"),
        ("patch", f"{TICKETS}{number}/", {"version": 1, "state": "closed"}, "state"),
        ("post", CUSTOMERS, NEWCOMER | {"phone": "13700137000"}, "phone"),
        ("patch", f"{MACHINES}{office.cast.machine.serial_number}/", {"customer": "x"}, "customer"),
        ("post", f"{API}exports/", {"querry": "open=1"}, "querry"),
    ]:
        who = "supervisor" if "exports" in path else "clerk"
        assert field in without_id(office.ask(who, method, path, body, 422))["fields"]
    assert office.ticket(number)["state"] == "new"


def test_every_refusal_has_one_shape(office: Office) -> None:
    sent_json = {"content_type": "application/json"}
    codes: dict[str, tuple[str, str, Any, int, dict[str, Any]]] = {
        "method_not_allowed": ("delete", TICKETS, None, 405, {}),
        "unsupported_media_type": ("post", TICKETS, "a=b", 415, {"content_type": "text/csv"}),
        "parse_error": ("post", TICKETS, "{", 400, sent_json),
        "not_acceptable": ("get", TICKETS, None, 406, {"headers": {"Accept": "text/csv"}}),
        "forbidden": ("get", f"{API}tokens/", None, 403, {}),
        "not_found": ("get", "/api/nothing", None, 404, {}),
        "invalid": ("get", TICKETS, {"state": "nonsense"}, 422, {}),
    }
    for code, (method, path, body, status, sent) in codes.items():
        assert without_id(office.ask("clerk", method, path, body, status, **sent))["code"] == code
    deep = "[" * 100_000
    assert without_id(office.ask("clerk", "post", TICKETS, deep, 400, **sent_json))
    for body in ("null", "[]", '"text"', "7"):
        assert without_id(office.ask("clerk", "post", TICKETS, body, 422, **sent_json))
    nobody = APIClient().get(TICKETS)
    assert nobody.status_code == 401 and without_id(nobody.json())["code"] == "not_authenticated"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{TICKETS}T%00/", 404),
        (f"{MACHINES}%00/", 404),
        (f"{API}regions/?q=%00", 422),
        (f"{TICKETS}?cursor=%00", 422),
        (f"{TICKETS}?cursor=cD1ub25zZW5zZQ==", 422),  # p=nonsense
        (f"{TICKETS}?cursor=cD0yMDI2LTAxLTAx", 422),  # p=2026-01-01, without a zone
        (f"{CUSTOMERS}?cursor=cD1hYmM=", 422),  # p=abc where a number stands
        (f"{TICKETS}?cursor=cD0yMDI2LTAxLTAxVDAwOjAwLTIwOjAw", 422),  # p=2026-01-01T00:00-20:00
        (f"{API}clocks/?due_after=2026-01-01T00:00-18:41", 200),
        (f"{API}clocks/?due_after=0001-01-01T00:00%2B09:00", 422),
        (f"{TICKETS}?until=9999-12-31", 200),
        (f"{TICKETS}?since=0001-01-01", 200),
    ],
)
def test_an_odd_address_is_nobodys_fault(office: Office, path: str, status: int) -> None:
    office.ask("clerk", "get", path, want=status)


def test_characters_that_no_row_can_hold_are_refused_at_their_field(office: Office) -> None:
    for text in ("C-1\0", "C-1\ud800"):
        for field in ("customer", "machine", "summary", "symptom"):
            body = json.dumps(a_call(office, **{field: text}))
            sent = {"content_type": "application/json"}
            refused = office.ask("clerk", "post", TICKETS, body, 422, **sent)
            assert field in refused["error"]["fields"]


def test_a_patch_may_send_telephones_without_labels(office: Office) -> None:
    path = f"{CUSTOMERS}{office.cast.customer.number}/"
    kept = office.ask("clerk", "patch", path, {"phones": [{"number": "13700137000"}]})
    assert [row["number"] for row in kept["phones"]] == ["+8613700137000"]
    refused = office.ask("clerk", "patch", path, {"phones": [{"label": "x"}]}, 422)
    assert set(without_id(refused)["fields"]) == {"phones"}


def test_times_are_told_in_the_zone_of_who_asks(office: Office) -> None:
    number = office.ask("clerk", "post", TICKETS, a_call(office), 201)["number"]
    User.objects.filter(pk=office.cast.people["clerk"].pk).update(time_zone="Asia/Almaty")
    assert office.ticket(number)["reported_at"].endswith("+05:00")
