"""Contracts and rates: what begins ends what ran; what has ended stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent
from core.tenancy import dealer_wall
from dealers import queries, services
from dealers.models import DealerContract, DealerLevel, RateCard
from dealers.rules import Rates
from tests.cast import Cast, World

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)
NEW_YEAR = date(TODAY.year, 1, 1)


@pytest.fixture
def cast(world: World) -> Any:
    with world.owner.scope():
        yield world.owner


def a_contract(cast: Cast, **facts: Any) -> DealerContract:
    row = {"dealer": cast.dealer, "from_on": NEW_YEAR, **facts}
    return services.add_contract(actor=cast.system(), **row)


def a_card(cast: Cast, labour: int = 6000, **facts: Any) -> RateCard:
    row = {
        "code": "STD",
        "name": "Standard",
        "from_on": NEW_YEAR,
        "labour_cents_per_hour": labour,
        "travel_cents_per_km": 150,
        **facts,
    }
    return services.new_rate_card(actor=cast.system(), **row)


def labour_on(cast: Cast, on: date) -> int | None:
    rates = queries.rates_for(cast.dealer, on)
    return rates.labour_cents_per_hour if rates else None


def test_a_new_version_ends_the_running_one_on_the_eve(cast: Cast) -> None:
    old = a_card(cast, 6000)
    a_card(cast, 7000, from_on=TODAY)
    old.refresh_from_db()
    assert old.until_on == TODAY - DAY
    assert (labour_on(cast, TODAY - DAY), labour_on(cast, TODAY)) == (6000, 7000)
    assert labour_on(cast, NEW_YEAR - DAY) is None


def test_a_version_of_the_same_day_replaces_the_other_as_never_in_force(cast: Cast) -> None:
    a_card(cast, 6000)
    a_card(cast, 6100)
    assert labour_on(cast, TODAY) == 6100


def test_nothing_is_put_before_a_version_to_come(cast: Cast) -> None:
    coming = a_card(cast, 8000, from_on=TODAY + 30 * DAY)
    with pytest.raises(DomainError) as refusal:
        a_card(cast, 7000, from_on=TODAY)
    assert refusal.value.field == "from_on" and str(coming.from_on) in str(refusal.value)
    services.end_rate_card(actor=cast.system(), card=coming, until_on=TODAY)
    a_card(cast, 7000, from_on=TODAY)
    assert labour_on(cast, TODAY + 60 * DAY) == 7000


def test_nothing_begins_inside_what_has_ended(cast: Cast) -> None:
    card = a_card(cast, until_on=TODAY - DAY)
    with pytest.raises(DomainError) as refusal:
        a_card(cast, from_on=TODAY - 2 * DAY)
    assert refusal.value.code == "version.closed"
    with pytest.raises(DomainError) as refusal:
        services.end_rate_card(actor=cast.system(), card=card, until_on=TODAY)
    assert refusal.value.code == "version.has_ended"


def test_a_running_card_is_ended_not_withdrawn(cast: Cast) -> None:
    card = a_card(cast)
    with pytest.raises(DomainError):
        services.end_rate_card(actor=cast.system(), card=card, until_on=NEW_YEAR - DAY)
    services.end_rate_card(actor=cast.system(), card=card, until_on=TODAY, reason="新合同")
    assert labour_on(cast, TODAY + DAY) is None
    event = AuditEvent.objects.get(verb="rate_card.ended")
    assert event.data == {"until_on": str(TODAY), "reason": "新合同"}


def test_an_end_does_not_reach_over_the_next_beginning(cast: Cast) -> None:
    first = a_card(cast, until_on=TODAY)
    a_card(cast, from_on=TODAY + DAY)
    with pytest.raises(DomainError) as refusal:
        services.end_rate_card(actor=cast.system(), card=first, until_on=TODAY + 5 * DAY)
    assert refusal.value.field == "until_on"


def test_a_dealers_own_card_goes_before_its_grades_before_the_standard(cast: Cast) -> None:
    a_card(cast, 5000)
    assert labour_on(cast, TODAY) == 5000
    a_card(cast, 6000, code="A", level=cast.level)
    assert labour_on(cast, TODAY) == 6000
    a_card(cast, 7000, code="OWN", dealer=cast.dealer)
    assert labour_on(cast, TODAY) == 7000
    other = queries.rates_for(cast.neighbour, TODAY)
    assert other is not None and other.labour_cents_per_hour == 6000


def test_a_code_stands_for_one_grade_or_dealer(cast: Cast) -> None:
    a_card(cast)
    with pytest.raises(DomainError) as refusal:
        a_card(cast, dealer=cast.dealer)
    assert refusal.value.field == "code"
    with pytest.raises(DomainError) as refusal:
        a_card(cast, code="X", dealer=cast.dealer, level=cast.level)
    assert refusal.value.field == "dealer"


def test_the_rates_of_many_dealers_and_days_take_one_query(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    a_card(cast, 5000)
    a_card(cast, 7000, from_on=TODAY)
    own = a_card(cast, 9000, code="OWN", dealer=cast.neighbour, parts_markup_percent=Decimal("7.5"))
    asked = [(cast.dealer, TODAY - DAY), (cast.dealer, TODAY), (cast.neighbour, TODAY)]
    with cast.scope(), django_assert_num_queries(3):  # a savepoint around the one
        found = queries.rates_for_many(asked)
    assert [found[d.pk, on].labour_cents_per_hour for d, on in asked] == [5000, 7000, 9000]
    assert found[cast.neighbour.pk, TODAY] == Rates(
        card_id=own.pk,
        code="OWN",
        from_on=NEW_YEAR,
        labour_cents_per_hour=9000,
        travel_cents_per_km=150,
        night_cents=0,
        diagnosis_cents=0,
        parts_markup_percent=Decimal("7.5"),
        km_tolerance_percent=Decimal(0),
        freight_limit_cents=0,
    )
    assert queries.rates_for_many([]) == {}


def test_a_new_contract_ends_the_running_one(cast: Cast) -> None:
    old = a_contract(cast, number="HT-2025")
    new = a_contract(cast, from_on=TODAY, until_on=TODAY + 365 * DAY, pay_mode="cash")
    old.refresh_from_db()
    assert old.until_on == TODAY - DAY
    assert queries.contract_on(cast.dealer, TODAY) == new
    assert queries.contract_on(cast.dealer, TODAY - DAY) == old
    assert queries.contract_on(cast.dealer, NEW_YEAR - DAY) is None
    cast.dealer.refresh_from_db()
    assert cast.dealer.agreement_ends_on == new.until_on


def test_the_end_of_the_agreement_is_the_contracts_and_not_typed(cast: Cast) -> None:
    def move(day: date) -> Any:
        return services.edit_dealer(actor=cast.system(), dealer=cast.dealer, agreement_ends_on=day)

    assert move(TODAY).agreement_ends_on == TODAY
    a_contract(cast, until_on=TODAY + DAY)
    with pytest.raises(DomainError) as refusal:
        move(TODAY + 2 * DAY)
    assert refusal.value.field == "agreement_ends_on"
    assert move(TODAY + DAY).agreement_ends_on == TODAY + DAY


def test_contract_numbers_are_taken_once(cast: Cast) -> None:
    a_contract(cast, number="HT-1")
    with pytest.raises(DomainError) as refusal:
        a_contract(cast, number="HT-1", dealer=cast.neighbour)
    assert refusal.value.field == "number"


def test_a_contract_ends_after_it_begins(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        a_contract(cast, from_on=TODAY, until_on=TODAY - DAY)
    assert refusal.value.field == "until_on"


def test_a_contract_to_come_can_be_withdrawn(cast: Cast) -> None:
    now = a_contract(cast, until_on=TODAY)
    coming = a_contract(cast, from_on=TODAY + DAY)
    services.end_contract(actor=cast.system(), contract=coming, until_on=TODAY, reason="未签")
    assert queries.contract_on(cast.dealer, TODAY + DAY) is None
    cast.dealer.refresh_from_db()
    assert cast.dealer.agreement_ends_on == now.until_on


def test_a_sub_dealer_works_and_is_paid_through_the_one_above(cast: Cast) -> None:
    contract = a_contract(cast)
    assert queries.contract_on(cast.sub_dealer, TODAY) == contract
    assert queries.payee_of(cast.sub_dealer) == cast.dealer
    assert queries.payee_of(cast.dealer) == cast.dealer
    # Money is the same whoever looks: also from behind the sub-dealer's own wall.
    with dealer_wall((cast.sub_dealer.pk,)):
        assert queries.payee_of(cast.sub_dealer) == cast.dealer
        assert queries.contract_on(cast.sub_dealer, TODAY) == contract
    own = a_contract(cast, dealer=cast.sub_dealer)
    assert queries.contract_on(cast.sub_dealer, TODAY) == own


def test_what_a_grade_may_is_changed_with_its_audit(cast: Cast) -> None:
    level = services.edit_level(
        actor=cast.system(),
        level=cast.level,
        pass_limit_cents=50_000,
        is_trusted=True,
        old_part_gate="deduct",
    )
    level.refresh_from_db()
    assert (level.pass_limit_cents, level.is_trusted, level.may_do_restricted) == (
        50_000,
        True,
        False,
    )
    event = AuditEvent.objects.get(verb="dealer_level.edited")
    assert event.data["pass_limit"] == ["0.00", "500.00"]


def test_a_new_company_has_standard_rates_and_keeps_its_own(cast: Cast) -> None:
    made = services.install_rates(actor=cast.system())
    assert made is not None and services.install_rates(actor=cast.system()) is None
    dealer = cast.dealer
    dealer.level = DealerLevel.objects.create(code="Z", name="Z")
    rates = queries.rates_for(dealer, TODAY)
    assert rates is not None and rates.card_id == made.pk
