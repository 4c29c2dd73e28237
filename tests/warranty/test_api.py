"""POST /api/v1/remedies/assess/: who may, what is refused by name, and both answers apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.roles import PERMISSIONS, Role
from tests.cast import World, with_token
from tests.warranty.examples import GIVEN, OURS, case_data, loaded
from warranty.api import remedy_bodies as bodies
from warranty.remedies import Option

pytestmark = pytest.mark.django_db
URL = "/api/v1/remedies/assess/"
MAY = {
    Role.TECHNICAL_MANAGER,
    Role.CLERK,
    Role.SUPERVISOR,
    Role.ENGINEER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
}
EXPECTATION = (
    "expected_options",
    "expected_payer",
    "expected_dates",
    "expected_amounts",
    "article",
)


def a_body(name: str = "W11", **changed: Any) -> dict[str, Any]:
    """An example as a client sends it, without what is expected."""
    data = json.loads(json.dumps(case_data(name), default=float))
    return {key: value for key, value in data.items() if key not in EXPECTATION} | changed


@pytest.fixture
def desk(world: World) -> APIClient:
    client: APIClient = with_token(world.owner, Role.CLERK)
    return client


def fields_of(answer: Any) -> Any:
    assert answer.status_code == 422, answer.content
    return answer.json()["error"]["fields"]


def test_desk_engineer_manager_and_administrator_may_and_nobody_else(world: World) -> None:
    assert {role for role, may in PERMISSIONS.items() if "remedy.assess" in may} == MAY
    for role in Role.values:
        status = with_token(world.owner, role).post(URL, a_body()).status_code
        assert status == (200 if role in MAY else 403), role


def test_without_a_token_or_with_a_wrong_one_nothing_is_said() -> None:
    client = APIClient()
    assert client.post(URL, a_body()).status_code == 401
    client.credentials(HTTP_AUTHORIZATION="Bearer sb_wrong")
    assert client.post(URL, a_body()).status_code == 401


def test_a_case_is_answered_with_options_dates_articles_and_reasons(desk: APIClient) -> None:
    said = desk.post(URL, a_body("W18")).json()
    entitlement = said["entitlement"]
    assert entitlement["options"] == ["REPAIR_FREE", "RETURN_FULL"]
    assert entitlement["amounts"] == {"refund": 128000.0}
    assert entitlement["dates"]["expiry"] == "2026-10-19"
    assert entitlement["payer"]["liable_to_user"] == "seller"
    assert {"26", "30", "31", "32"} <= set(entitlement["articles"])
    assert {each["code"] for each in entitlement["reasons"]} >= {"R4", "R9", "R16"}
    assert all(each["law"] for each in entitlement["reasons"])
    assert (said["claim"], said["agrees"], said["differences"]) == (None, None, [])


@pytest.mark.parametrize("path", [GIVEN, OURS])
def test_every_example_as_it_stands_in_its_file_agrees(desk: APIClient, path: Any) -> None:
    for case in loaded(path)["cases"]:
        answer = desk.post(URL, json.loads(json.dumps(case, default=float)))
        assert answer.status_code == 200, answer.content
        assert answer.json()["agrees"] is True, answer.json()["differences"]


def test_a_wrong_expectation_is_named(desk: APIClient) -> None:
    said = desk.post(URL, a_body(expected_options=["REPAIR_FREE"])).json()
    assert said["agrees"] is False
    assert said["differences"] == [
        {"key": "options", "expected": "REPAIR_FREE", "found": "REPAIR_FREE, REPLACE_UNIT"}
    ]


def test_reasons_come_in_the_language_of_the_person(world: World) -> None:
    texts = set()
    for language in ("zh-hans", "en"):
        world.owner.people[Role.CLERK].language = language
        world.owner.people[Role.CLERK].save(update_fields=["language"])
        said = with_token(world.owner, Role.CLERK).post(URL, a_body("W01")).json()
        texts.add(said["entitlement"]["reasons"][0]["text"])
    assert len(texts) == 2
    assert any("免费修理" in text for text in texts)


CLAIM = {"receipt_card_on": "2025-11-10", "is_signed": True, "old_part": "returned"}


@pytest.mark.parametrize(
    ("changed", "outcome", "code"),
    [
        ({}, "payable", ""),
        ({"receipt_card_on": "2025-11-23"}, "payable", ""),
        ({"receipt_card_on": "2025-11-24"}, "rejected", "card_late"),
        ({"receipt_card_on": None}, "rejected", "card_missing"),
        ({"receipt_card_on": None, "waived_by": "王经理"}, "manual", "card_waived"),
        ({"is_signed": False}, "returned", "unsigned"),
        ({"old_part": "awaited"}, "waiting", "old_part_awaited"),
        ({"is_dealers_fault": True}, "rejected", "dealers_fault"),
        ({"is_beyond_certificate": True}, "rejected", "beyond_certificate"),
        ({"is_late": True}, "rejected", "filed_late"),
        ({"is_late": True, "late_reason": "洪水"}, "manual", "late_with_reason"),
        ({"is_duplicate": True}, "returned", "duplicate"),
        ({"is_over_limit": True}, "manual", "over_limit"),
        ({"carried_out": "REPLACE_UNIT"}, "manual", "unapproved"),
        ({"carried_out": "REPLACE_UNIT", "approved_by": "总经理"}, "payable", ""),
        ({"carried_out": "RETURN_FULL", "approved_by": "总经理"}, "manual", "more_than_owed"),
        ({"is_sent_on": True}, "payable", "sent_on"),
    ],
)
def test_the_dealers_faults_cut_the_claim_and_never_the_users_right(
    desk: APIClient, changed: dict[str, Any], outcome: str, code: str
) -> None:
    alone = desk.post(URL, a_body()).json()["entitlement"]
    said = desk.post(URL, a_body(claim=CLAIM | changed)).json()
    assert said["entitlement"] == alone
    assert said["claim"]["outcome"] == outcome
    assert said["claim"]["is_payable"] is (outcome == "payable")
    codes = [each["code"] for each in said["claim"]["findings"]]
    assert codes == ([code] if code else [])
    assert all(each["text"] for each in said["claim"]["findings"])


@pytest.mark.parametrize("changed", [{"is_factory_part": True}, {"old_part": "missing"}])
def test_without_the_parts_labour_and_travel_stay_payable(
    desk: APIClient, changed: dict[str, Any]
) -> None:
    said = desk.post(URL, a_body(claim=CLAIM | changed)).json()["claim"]
    assert (said["is_payable"], said["pays_parts"]) == (True, False)


def test_a_fault_outside_the_period_is_not_payable_but_goodwill_may_be(desk: APIClient) -> None:
    claim = {"receipt_card_on": "2025-05-21"}
    said = desk.post(URL, a_body("W02", claim=claim)).json()["claim"]
    assert [each["code"] for each in said["findings"]] == ["not_covered"]
    assert said["outcome"] == "rejected"
    said = desk.post(URL, a_body("W02", claim=claim | {"goodwill_by": "总经理"})).json()["claim"]
    assert said["outcome"] == "manual"


def test_a_card_still_has_time_within_20_days(desk: APIClient) -> None:
    body = a_body("W01", ask_date="2025-06-09", claim={})
    body["events"][0]["date"] = "2025-06-09"
    assert desk.post(URL, body).json()["claim"]["outcome"] == "waiting"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"sale_date": "2024年3月5日"}, "sale_date", "2024-03-05"),
        ({"sale_date": "２０２５-１１-０３"}, "sale_date", "2025-11-03"),
        ({"sale_date": None}, "sale_date", ""),
        ({"regulation": "AGRI-1998"}, "regulation", "AGRI-2010"),
        ({"product_class": "spaceship"}, "product_class", "combine_harvester"),
        ({"price": 9.999}, "price", "9.999"),
        ({"price": "９６０００"}, "price", "96000"),
        ({"power_kw": "strong"}, "power_kw", "strong"),
        ({"wheels": 4}, "wheels", ""),
        ({"events": "none"}, "events", ""),
        ({"ask_date": "2020-01-01"}, "ask_date", "2025-11-03"),
    ],
)
def test_bad_input_is_named_at_its_field(
    desk: APIClient, changed: dict[str, Any], field: str, said: str
) -> None:
    fields = fields_of(desk.post(URL, a_body(**changed)))
    assert list(fields) == [field]
    assert said in fields[field][0]


def test_flaws_of_events_and_inner_objects_are_named_where_they_are(desk: APIClient) -> None:
    body = a_body(terms={"whole_moons": 3}, claim={"old_part": "lost"})
    body["events"][1] |= {"date": "2026年1月26日", "colour": "red"}
    fields = fields_of(desk.post(URL, body))
    assert fields["events"][0] == {}
    assert set(fields["events"][1]) == {"date", "colour"}
    assert list(fields["terms"]) == ["whole_moons"]
    assert list(fields["claim"]) == ["old_part"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b"null",
        b'"text"',
        b"{",
        b'{"price": NaN}',
        b'{"price": 1e999}',
        b'{"price": ' + b"9" * 4_000 + b"}",
        b'{"sale_date": {"a": 1}, "events": [[[]]], "terms": [], "claim": 1}',
        b'{"\\ud800": "\\ud800", "id": "\\ud800", "product_class": "\\u0000"}',
        b'{"events": {"0": {}}, "expected_dates": {"\\ud800": "x"}}',
        b"[" * 50_000,
    ],
)
def test_whatever_is_sent_is_no_error_of_the_server(desk: APIClient, body: bytes) -> None:
    answer = desk.post(URL, body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert set(answer.json()) == {"error"}


def test_an_odd_key_among_expected_dates_is_no_error_of_the_server(desk: APIClient) -> None:
    body = a_body(expected_dates={"\ud800": "2026-01-01"}, expected_amounts={"\x00": 1})
    answer = desk.generic("POST", URL, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["agrees"] is False


def test_a_form_is_read_as_any_other_body(desk: APIClient) -> None:
    assert "events" in fields_of(desk.post(URL, {"regulation": "AGRI-2010"}, format="multipart"))


def test_the_documented_names_are_those_that_are_read(desk: APIClient) -> None:
    """Each documented field alone is known to the reader, at every depth."""

    def names(body: Any) -> dict[str, Any]:
        return dict.fromkeys(body().fields)

    body = a_body() | {
        key: value for key, value in names(bodies.RemedyCaseBody).items() if key not in a_body()
    }
    body["events"][0] = names(bodies.RemedyEventBody) | body["events"][0]
    body["terms"] = names(bodies.RemedyTermsBody)
    body["claim"] = names(bodies.ClaimBody)
    body["expected_payer"] = names(bodies.PayerBody)
    answer = desk.post(URL, body)
    assert answer.status_code == 200, answer.content


def test_the_examples_of_the_documentation_work(desk: APIClient) -> None:
    for example in bodies.EXAMPLES:
        answer = desk.post(URL, example.value)
        assert answer.status_code == 200, answer.content
        assert Option.REPAIR_FREE in answer.json()["entitlement"]["options"]
