"""Pages and API of contracts, rate cards and grades."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from dealers import services
from dealers.models import DealerContract, DealerLevel, RateCard
from tests.cast import NEIGHBOUR_CANARY, World

As = Callable[..., Client]
Api = Callable[..., APIClient]
TODAY = timezone.localdate()
DAY = timedelta(days=1)
NEW_YEAR = date(TODAY.year, 1, 1)
FIGURES = {
    "name": "标准工时",
    "from_on": TODAY.isoformat(),
    "labour_cents_per_hour": "６５.５０",
    "travel_cents_per_km": "¥1.50",
    "night_cents": "120",
    "diagnosis_cents": "30",
    "parts_markup_percent": "10",
    "km_tolerance_percent": "7.5",
    "freight_limit_cents": "1,200",
}
CONTRACT = {"from_on": TODAY.isoformat(), "pay_mode": "offset", "claim_days": "30"}


def a_card(world: World, **facts: Any) -> RateCard:
    row = {
        "code": "STD",
        "name": "Standard",
        "from_on": NEW_YEAR,
        "labour_cents_per_hour": 6_000,
        "travel_cents_per_km": 150,
        **facts,
    }
    with world.owner.scope():
        return services.new_rate_card(actor=world.owner.system(), **row)


def a_contract(world: World, **facts: Any) -> DealerContract:
    row = {"dealer": world.owner.dealer, "from_on": NEW_YEAR, **facts}
    with world.owner.scope():
        return services.add_contract(actor=world.owner.system(), **row)


def test_a_rate_card_is_opened_in_peoples_own_spelling(world: World, as_: As) -> None:
    body = FIGURES | {"code": "G-A", "level": world.owner.level.pk}
    answer = as_("finance_manager").post(reverse("dealers:rate_card_new"), body)
    assert answer.url == reverse("dealers:rate_card", args=["G-A"])
    with world.owner.scope():
        card = RateCard.objects.get(code="G-A")
    assert (card.labour_cents_per_hour, card.travel_cents_per_km) == (6_550, 150)
    assert (card.freight_limit_cents, card.level_id) == (120_000, world.owner.level.pk)


def test_three_decimals_and_bad_days_stand_at_their_fields(world: World, as_: As) -> None:
    body = FIGURES | {
        "code": "标准",
        "labour_cents_per_hour": "60.005",
        "travel_cents_per_km": "-1",
        "night_cents": "viel",
        "parts_markup_percent": "-3",
        "from_on": "明天",
    }
    answer = as_("finance_manager").post(reverse("dealers:rate_card_new"), body)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "code",
        "from_on",
        "labour_cents_per_hour",
        "night_cents",
        "parts_markup_percent",
        "travel_cents_per_km",
    }
    assert "60.005" in answer.content.decode()


def test_a_grade_and_a_dealer_at_once_are_refused(world: World, as_: As) -> None:
    body = FIGURES | {"code": "X", "level": world.owner.level.pk, "dealer": "D-0001"}
    answer = as_("finance_manager").post(reverse("dealers:rate_card_new"), body)
    assert answer.status_code == 422 and answer.context["form"].errors["dealer"]


def test_a_new_version_starts_from_the_figures_of_the_last(world: World, as_: As) -> None:
    a_card(world)
    client = as_("administrator")
    url = reverse("dealers:rate_card_version", args=["STD"])
    assert client.get(url).context["form"]["labour_cents_per_hour"].value() == "60.00"
    client.post(url, FIGURES)
    with world.owner.scope():
        old, new = RateCard.objects.filter(code="STD").order_by("from_on")
    assert (old.until_on, new.labour_cents_per_hour) == (TODAY - DAY, 6_550)
    page = client.get(reverse("dealers:rate_card", args=["STD"])).content.decode()
    assert "¥65.50" in page and "¥60.00" in page


def test_a_version_to_come_is_withdrawn(world: World, as_: As) -> None:
    card = a_card(world, from_on=TODAY + 9 * DAY)
    url = reverse("dealers:rate_card_end", args=["STD", card.from_on.isoformat()])
    as_("finance_manager").post(url, {"until_on": TODAY.isoformat(), "reason": "算错"})
    with world.owner.scope():
        card.refresh_from_db()
    assert card.validity == "withdrawn"
    assert as_("finance_manager").get(url).status_code == 404


@pytest.mark.parametrize("from_on", ["2026-13-01", "heute", "1999-01-01"])
def test_a_version_of_no_such_day_is_missing(world: World, as_: As, from_on: str) -> None:
    a_card(world)
    url = reverse("dealers:rate_card_end", args=["STD", from_on])
    assert as_("finance_manager").get(url).status_code == 404


def test_the_list_shows_one_version_per_card_and_filters(world: World, as_: As) -> None:
    a_card(world)
    a_card(world, labour_cents_per_hour=7_000, from_on=TODAY)
    a_card(world, labour_cents_per_hour=8_000, from_on=TODAY + DAY)
    a_card(world, code="A", level=world.owner.level)
    client, url = as_("finance"), reverse("dealers:rate_cards")
    rows = client.get(url).context["listed"].rows
    assert [(c.code, c.labour_cents_per_hour) for c in rows] == [("A", 6_000), ("STD", 7_000)]
    rows = client.get(url, {"owner": "level"}).context["listed"].rows
    assert [c.code for c in rows] == ["A"]
    eve = (TODAY - DAY).isoformat()
    if TODAY > NEW_YEAR:
        rows = client.get(url, {"on": eve, "q": "std"}).context["listed"].rows
        assert [c.labour_cents_per_hour for c in rows] == [6_000]
    assert [c.code for c in client.get(url, {"after": "A"}).context["listed"].rows] == ["STD"]
    assert client.get(url, {"q": "nichts"}).context["listed"].rows == []


def test_the_list_of_cards_takes_as_many_queries_for_many(
    world: World, as_: As, django_assert_max_num_queries: Any
) -> None:
    client, url = as_("finance"), reverse("dealers:rate_cards")
    for place in range(60):
        a_card(world, code=f"C{place:02}", dealer=None, from_on=TODAY + place * DAY)
    client.get(url)
    with django_assert_max_num_queries(14):
        listed = client.get(url).context["listed"]
    assert len(listed.rows) == 50 and listed.next_after == "C49"


def test_a_contract_is_agreed_and_ended(world: World, as_: As) -> None:
    client, number = as_("finance_manager"), world.owner.dealer.number
    url = reverse("dealers:contract_new", args=[number])
    body = CONTRACT | {"number": "三包字〔2026〕/7", "pay_mode": "parts_credit"}
    assert client.post(url, body).url == reverse("dealers:detail", args=[number])
    page = client.get(reverse("dealers:detail", args=[number])).content.decode()
    assert "三包字〔2026〕/7" in page
    assert client.get(url).context["form"].initial["pay_mode"] == "parts_credit"
    end = reverse("dealers:contract_end", args=[number, "三包字〔2026〕/7"])
    answer = client.post(end, {"until_on": (TODAY - 2 * DAY).isoformat(), "reason": "x"})
    assert answer.status_code == 422 and answer.context["form"].errors["until_on"]
    client.post(end, {"until_on": TODAY.isoformat(), "reason": "到期"})
    with world.owner.scope():
        assert DealerContract.objects.get().until_on == TODAY


def test_a_contract_of_another_dealer_is_not_below_this_one(world: World, as_: As) -> None:
    contract = a_contract(world, dealer=world.owner.neighbour)
    url = reverse("dealers:contract_end", args=[world.owner.dealer.number, contract.number])
    assert as_("finance_manager").get(url).status_code == 404


def test_what_a_grade_may_is_set_on_its_page(world: World, as_: As) -> None:
    client = as_("administrator")
    body = {"name": "甲级", "pass_limit_cents": "500", "is_trusted": "on", "old_part_gate": ""}
    client.post(reverse("dealers:level", args=["A"]), body)
    with world.owner.scope():
        level = DealerLevel.objects.get(code="A")
    assert (level.pass_limit_cents, level.is_trusted, level.old_part_gate) == (50_000, True, "")
    assert "¥500.00" in client.get(reverse("dealers:levels")).content.decode()


def test_a_principal_reads_its_own_terms_and_nobody_elses(world: World, as_: As) -> None:
    a_card(world, code="A", level=world.owner.level)
    a_card(world, code="NEXT", dealer=world.owner.neighbour, name=NEIGHBOUR_CANARY)
    mine = a_contract(world)
    theirs = a_contract(world, dealer=world.owner.neighbour)
    client = as_("dealer_principal")
    page = client.get(reverse("portal:terms")).content.decode()
    assert mine.number in page and theirs.number not in page and "¥60.00" in page
    listed = client.get(reverse("dealers:rate_cards"))
    assert [card.code for card in listed.context["listed"].rows] == ["A"]
    assert client.get(reverse("dealers:rate_card", args=["NEXT"])).status_code == 404
    assert client.get(reverse("dealers:rate_card_new")).status_code == 403
    assert as_("dealer_clerk").get(reverse("portal:terms")).status_code == 403


def test_the_api_says_what_a_dealers_day_is_paid(world: World, api: Api) -> None:
    client, number = api("finance"), world.owner.dealer.number
    url = reverse("api-dealer-rates", args=[number])
    assert client.get(url).status_code == 404
    a_card(world)
    contract = a_contract(world, until_on=TODAY)
    assert client.get(url).json()["labour_per_hour"] == "60.00"
    assert client.get(url, {"on": "2001-01-01"}).status_code == 404
    assert client.get(url, {"on": "gestern"}).status_code == 422
    found = client.get(reverse("api-contracts", args=[number])).json()
    assert [row["number"] for row in found] == [contract.number]
    cards = client.get(reverse("api-rate-cards"), {"owner": "standard"}).json()["results"]
    assert [card["code"] for card in cards] == ["STD"]
    history = client.get(reverse("api-rate-card", args=["STD"])).json()
    assert [each["travel_per_km"] for each in history["versions"]] == ["1.50"]
    neighbour = reverse("api-contracts", args=[world.owner.neighbour.number])
    assert api("dealer_principal").get(neighbour).status_code == 404
