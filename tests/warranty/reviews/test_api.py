"""Claims and pre-authorisations over REST: the whole story, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.cast import World
from tests.warranty.claims.conftest import Shop, shop  # noqa: F401 - a fixture
from tests.warranty.reviews.builders import a_claim, decided, install
from warranty.models import Claim

Api = Callable[..., APIClient]
CLAIMS = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def _ready(world: World) -> None:
    install(world.owner)


def post(client: APIClient, claim: Any, step: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"{CLAIMS}{claim}/{step}/", body or {}, format="json")


def test_a_claim_goes_from_the_report_to_the_money(
    shop: Shop,  # noqa: F811
    api: Api,
) -> None:
    shop.level(is_trusted=False)
    report = shop.report()
    dealer = api("dealer_principal")
    begun = dealer.post(f"/api/v1/reports/{report.number}/claims/", {}, format="json")
    assert begun.status_code == 201
    number, draft = begun.json()["number"], begun.json()["draft"]
    assert begun.json()["state"] == "draft" and "submit" in begun.json()["steps"]
    draft["ask_review"] = True
    assert dealer.patch(f"{CLAIMS}{number}/", {"draft": draft}, format="json").status_code == 200
    filed = post(dealer, number, "submit").json()
    assert filed["state"] == "review" and filed["level"] is None and filed["risk_flags"] == []
    lines = filed["lines"]
    assert {line["decision"] for line in lines} == {None}
    reviewer = api("technical_manager")
    decisions = [{"position": line["position"], "outcome": "approve"} for line in lines]
    decisions[0] |= {"outcome": "reduce", "approved": "1.00", "reason": "TOO_MUCH", "words": "超"}
    told = post(reviewer, number, "decide", {"decisions": decisions})
    assert told.status_code == 200, told.content
    assert told.json()["lines"][0]["decision"] == {
        "outcome": "reduce",
        "approved": "1.00",
        "reason": "TOO_MUCH",
        "words": "超",
    }
    accepted = post(dealer, number, "accept")
    assert accepted.status_code == 200 and accepted.json()["state"] in {"finance", "decided"}


def test_a_decision_that_misses_a_line_says_which(world: World, api: Api) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
    engineer = api("engineer")
    body = {"decisions": [{"position": 1, "outcome": "approve"}]}
    refused = post(engineer, claim.number, "decide", body)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "claim.decisions_incomplete"
    body["decisions"].append({"position": 9, "outcome": "approve"})
    assert post(engineer, claim.number, "decide", body).status_code == 422
    with cast.scope():
        assert Claim.objects.get(pk=claim.pk).state == "review"


def test_a_dealer_appeals_by_position_and_each_line_once(world: World, api: Api) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
    dealer = api("dealer_principal")
    shown = dealer.get(f"{CLAIMS}{claim.number}/").json()
    assert [line["is_open_to_appeal"] for line in shown["lines"]] == [False, True]
    for lines in ([{"position": 1, "words": "x"}], [{"position": 2, "words": "x"}] * 2):
        assert post(dealer, claim.number, "appeal", {"lines": lines}).status_code == 422
    asked = {"lines": [{"position": 2, "words": "工时属实"}]}
    assert post(dealer, claim.number, "appeal", asked).json()["state"] == "appealed"
    again = post(dealer, claim.number, "appeal", asked)
    assert again.status_code == 409


def test_the_neighbour_and_the_stranger_find_nothing(world: World, api: Api) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
    assert api("neighbour_principal").get(f"{CLAIMS}{claim.number}/").status_code == 404
    assert api("engineer", world.stranger).get(f"{CLAIMS}{claim.number}/").status_code == 404
    assert api("neighbour_principal").get(CLAIMS).json()["results"] == []
    assert post(api("field_engineer"), claim.number, "withdraw").status_code == 409
    assert post(api("dealer_technician"), claim.number, "withdraw").status_code == 403


def test_a_pre_authorisation_is_asked_and_answered(world: World, api: Api) -> None:
    dealer = api("dealer_clerk")
    url = "/api/v1/preauthorisations/"
    body = {"machine": "4LZ2026000001", "asked_for": "换变速箱", "asked": "1200.00"}
    assert dealer.post(url, body | {"asked": "1.005"}, format="json").status_code == 422
    assert dealer.post(url, body | {"machine": "none"}, format="json").status_code == 422
    row = dealer.post(url, body, format="json").json()
    assert (row["state"], row["limit"]) == ("submitted", None)
    one = f"{url}{row['number']}/"
    assert dealer.post(f"{one}approve/", {}, format="json").status_code == 403
    answered = api("engineer").post(f"{one}approve/", {"limit": "800.00"}, format="json").json()
    assert (answered["state"], answered["limit"]) == ("approved", "800.00")
