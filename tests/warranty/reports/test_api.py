"""Work reports over REST: made once per key, refused at the field, signed, photographed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rest_framework.test import APIClient

from core.tenancy import tenant_scope
from tests.warranty.reports.conftest import HOUR, STROKES, Job, photo, sent_code
from warranty.models import Evidence, SigningCode, WorkReport

Api = Callable[..., APIClient]
URL = "/api/v1/reports/"


def body(job: Job, **changes: Any) -> dict[str, Any]:
    return {
        "client_key": str(job.key),
        "ticket": job.ticket.number,
        "started_at": job.arrived_at.isoformat(),
        "finished_at": (job.arrived_at + HOUR).isoformat(),
        "complaint": "打不着火",
        "cause": "油泵泄漏",
        "correction": "更换油泵",
        "meter_reading": "320.5",
        "meter_unit": "hours",
        "charged": "0.00",
        "parts": [{"part": "gy-200", "quantity": "1", "new_serial": "NEW1", "is_causal": True}],
        "labour": [{"operation": "r10", "minutes": 45}],
        "device_at": (job.arrived_at + HOUR + timedelta(minutes=2)).isoformat(),
    } | changes


def fields_of(answer: Any) -> dict[str, Any]:
    fields: dict[str, Any] = answer.json()["error"]["fields"]
    return fields


def test_a_report_is_made_once_per_key(job: Job, api: Api) -> None:
    client = api("dealer_technician")
    first = client.post(URL, body(job), format="json")
    assert first.status_code == 201, first.content
    told = first.json()
    assert (told["ticket"], told["dealer"]) == (job.ticket.number, job.cast.dealer.number)
    assert told["parts"][0]["part"] == "GY-200"
    again = client.post(URL, body(job), format="json").json()
    assert again["number"] == told["number"]
    assert again["stamp"] == told["stamp"]
    assert client.get(URL).json()["results"][0]["number"] == told["number"]
    assert api("neighbour_principal").get(f"{URL}{told['number']}/").status_code == 404


def test_rows_that_cannot_be_are_refused_in_their_place(job: Job, api: Api) -> None:
    rows = [
        {"part": "GY-200", "quantity": "1"},
        {"part": "SC-1", "quantity": "1"},
        {"part": "GY-200", "quantity": "1"},
    ]
    answer = api("dealer_technician").post(URL, body(job, parts=rows), format="json")
    assert answer.status_code == 422
    [first, second, third] = fields_of(answer)["parts"]
    assert (first, list(second), list(third)) == ({}, ["part"], ["quantity"])
    too_fine = body(job, parts=[{"part": "GY-200", "quantity": "0.125"}])
    assert "parts" in fields_of(api("dealer_technician").post(URL, too_fine, format="json"))
    with tenant_scope(job.cast.tenant.pk):
        assert not WorkReport.objects.exists()


def test_a_foreign_machine_and_ticket_look_unknown(job: Job, api: Api, world: Any) -> None:
    client = api("dealer_technician")
    foreign = body(job, ticket=None, machine=world.stranger.machine.serial_number)
    assert list(fields_of(client.post(URL, foreign, format="json"))) == ["machine"]
    nothing = body(job, ticket="T-19990101-0001")
    assert list(fields_of(client.post(URL, nothing, format="json"))) == ["ticket"]
    assert list(fields_of(client.post(URL, body(job, ticket=None), format="json"))) == ["ticket"]


def test_another_ones_change_is_told(job: Job, api: Api) -> None:
    client = api("dealer_technician")
    told = client.post(URL, body(job), format="json").json()
    url = f"{URL}{told['number']}/"
    stamp = told["stamp"]
    assert client.patch(url, {"cause": "甲", "stamp": stamp}, format="json").status_code == 200
    assert client.patch(url, {"cause": "乙", "stamp": stamp}, format="json").status_code == 409
    assert client.get(url).json()["cause"] == "甲"


def test_a_report_is_photographed_signed_and_corrected(job: Job, api: Api) -> None:
    client = api("dealer_technician")
    number = client.post(URL, body(job), format="json").json()["number"]
    url = f"{URL}{number}/"
    for _each in range(2):
        sent = client.post(
            f"{url}evidence/", {"file": photo(), "kind": "fault"}, format="multipart"
        )
        assert sent.status_code == 201, sent.content
    with tenant_scope(job.cast.tenant.pk):
        assert Evidence.objects.count() == 1
    signature = {"signer_name": "张丰收", "signature": STROKES}
    assert fields_of(client.post(f"{url}sign/", {"signer_name": "张"}, format="json"))
    signed = client.post(f"{url}sign/", signature, format="json")
    assert signed.json()["state"] == "signed"
    again = client.post(f"{url}sign/", signature, format="json")
    assert again.json()["digest"] == signed.json()["digest"]
    assert client.patch(url, {"cause": "别的"}, format="json").status_code == 409
    corrected = client.post(f"{url}versions/", {"reason": "写错"}, format="json")
    assert (corrected.status_code, corrected.json()["version"]) == (201, 2)
    assert client.post(f"{url}discard/").json()["state"] == "void"


def test_wrong_codes_are_counted(job: Job, api: Api) -> None:
    client = api("dealer_technician")
    report = job.save(job.start())
    url = f"{URL}{report.number}/"
    sent = client.post(f"{url}code/", {"phone": "13900139000"}, format="json")
    assert list(fields_of(sent)) == ["phone"]
    code = sent_code(job, report)
    for tries in range(1, 4):
        answer = client.post(f"{url}sign/", {"signer_name": "张", "code": "x"}, format="json")
        assert (answer.status_code, list(fields_of(answer))) == (422, ["code"])
        assert SigningCode.objects.get().tries == tries
    answer = client.post(f"{url}sign/", {"signer_name": "张", "code": code}, format="json")
    assert answer.json()["signed_by_code"] is True


def test_reports_are_filtered(job: Job, api: Api) -> None:
    report = job.signed()
    client = api("engineer")
    found = {
        "?state=signed": 1,
        "?state=draft": 0,
        "?is_claimed=false": 1,
        "?machine=4lz2026000001": 1,
        f"?ticket={job.ticket.number}": 1,
        "?q=NIX": 0,
        f"?q={report.number}": 1,
    }
    for query, count in found.items():
        assert len(client.get(URL + query).json()["results"]) == count, query
