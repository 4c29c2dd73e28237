"""The database keeps contracts and rates: one a day, never changed, each behind its wall."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from core.tenancy import dealer_wall
from dealers.models import Dealer, DealerContract, DealerLevel, RateCard
from tests.cast import Cast, World

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def a_contract(dealer: Dealer, **facts: Any) -> DealerContract:
    number = f"HT-{DealerContract.objects.count() + 1}"
    row = {"number": number, "from_on": NEW_YEAR, **facts}
    return DealerContract.objects.create(dealer=dealer, **row)


def a_card(**facts: Any) -> RateCard:
    figures = {"labour_cents_per_hour": 6000, "travel_cents_per_km": 150}
    row = {"code": "STD", "name": "Standard", "from_on": NEW_YEAR, **figures, **facts}
    return RateCard.objects.create(**row)


def refused(rule: str, write: Any) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        write()


@pytest.fixture
def cast(world: World) -> Any:
    with world.owner.scope():
        yield world.owner


@pytest.mark.parametrize("from_on", [NEW_YEAR, NEW_YEAR - 9 * DAY, date(2026, 6, 30)])
def test_a_dealer_has_one_contract_a_day(cast: Cast, from_on: date) -> None:
    a_contract(cast.dealer, until_on=date(2026, 6, 30))
    refused("contract_one_a_day", lambda: a_contract(cast.dealer, from_on=from_on))
    a_contract(cast.neighbour, from_on=from_on)


def test_the_next_contract_begins_the_day_after(cast: Cast) -> None:
    a_contract(cast.dealer, until_on=date(2026, 6, 30))
    a_contract(cast.dealer, from_on=date(2026, 7, 1))


def test_a_withdrawn_contract_stands_in_nobodys_way(cast: Cast) -> None:
    a_contract(cast.dealer, until_on=NEW_YEAR - DAY)
    a_contract(cast.dealer)


def test_an_end_lies_no_further_back_than_the_eve(cast: Cast) -> None:
    refused("one_a_day_ends", lambda: a_contract(cast.dealer, until_on=NEW_YEAR - 2 * DAY))


def test_a_dealer_a_grade_and_the_company_have_one_card_a_day_each(cast: Cast) -> None:
    scopes: list[dict[str, Any]] = [{}, {"level": cast.level}, {"dealer": cast.dealer}]
    for scope in scopes:
        a_card(**scope)
    for scope in scopes:
        refused("rate_card_one_a_day", lambda scope=scope: a_card(code="NEW", **scope))


def test_a_card_is_of_a_grade_or_of_a_dealer(cast: Cast) -> None:
    both = {"level": cast.level, "dealer": cast.dealer}
    refused("rate_card_of_a_level_or_a_dealer", lambda: a_card(**both))


def test_two_companies_do_not_stand_in_each_others_way(world: World) -> None:
    for cast in (world.owner, world.stranger):
        with cast.scope():
            a_card()


@pytest.mark.parametrize("change", [{"labour_cents_per_hour": 1}, {"from_on": date(2026, 2, 1)}])
def test_the_figures_of_a_card_never_change(cast: Cast, change: dict[str, Any]) -> None:
    card = a_card()
    refused("dealers_ratecard_stays", lambda: RateCard.objects.filter(pk=card.pk).update(**change))
    refused("dealers_ratecard_stays", card.delete)


def test_an_end_moves_until_it_is_past(cast: Cast) -> None:
    contract = a_contract(cast.dealer)
    same = DealerContract.objects.filter(pk=contract.pk)
    for until_on in (TODAY + 9 * DAY, None, TODAY):
        same.update(until_on=until_on)
    same.update(until_on=TODAY - DAY)
    refused("dealers_dealercontract_stays", lambda: same.update(until_on=None))


def test_a_withdrawn_card_stays_withdrawn(cast: Cast) -> None:
    begins = TODAY + 30 * DAY
    card = a_card(from_on=begins, until_on=begins - DAY)
    same = RateCard.objects.filter(pk=card.pk)
    refused("dealers_ratecard_stays", lambda: same.update(until_on=None))


def test_nobody_empties_the_tables(cast: Cast) -> None:
    for table in ("dealers_ratecard", "dealers_dealercontract"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")  # a name of our own


def test_a_dealer_sees_its_own_contract_and_the_cards_that_may_pay_it(cast: Cast) -> None:
    other = DealerLevel.objects.create(code="Z", name="Z")
    mine = a_contract(cast.dealer)
    a_contract(cast.neighbour)
    seen = {a_card(), a_card(level=cast.level), a_card(dealer=cast.dealer)}
    a_card(level=other)
    a_card(dealer=cast.neighbour)
    with dealer_wall((cast.dealer.pk,)):
        assert list(DealerContract.objects.all()) == [mine]
        assert set(RateCard.objects.all()) == seen
