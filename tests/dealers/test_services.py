"""Dealers, the regions they answer for, and who is asked first."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.services import create_company
from core.errors import DomainError
from core.tenancy import tenant_scope
from dealers import queries, services
from dealers.models import DealerLevel, Region
from dealers.regions import NoSuchRegion, SeveralRegions, load_regions, resolve
from tests.machines.conftest import Shop, make_dealer

CHANGAN = "130102"


def test_regions_are_loaded_once_with_their_full_names(db: None) -> None:
    assert load_regions() > 3000
    assert load_regions() == 0
    assert Region.objects.get(code=CHANGAN).full_name == "河北省石家庄市长安区"
    assert Region.objects.get(code="110101").full_name == "北京市东城区"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("130102", CHANGAN),
        ("130100", "1301"),
        ("130000", "13"),
        ("河北省石家庄市长安区", CHANGAN),
        ("石家庄长安", CHANGAN),
        ("河北 石家庄", "1301"),
        ("石家庄市", "1301"),
        ("吉林", "22"),
        ("北京", "11"),
    ],
)
def test_a_region_is_found_by_code_or_by_name(db: None, written: str, code: str) -> None:
    load_regions()
    assert resolve(written) == code


def test_an_ambiguous_or_unknown_region_is_refused_with_a_sentence(db: None) -> None:
    load_regions()
    with pytest.raises(SeveralRegions) as several:
        resolve("长安区")
    assert "石家庄" in str(several.value) and "西安" in str(several.value)
    for nothing in ("亚特兰蒂斯", "999999", ".*", ""):
        with pytest.raises(NoSuchRegion):
            resolve(nothing)


def test_the_nearest_territory_wins_then_the_line_then_priority(shop: Shop) -> None:
    add = services.add_territory
    province, city, line, second = (
        make_dealer(shop.actor, number) for number in ("P", "C", "L", "S")
    )
    add(actor=shop.actor, dealer=province, region_code="13")
    add(actor=shop.actor, dealer=second, region_code="1301", priority=2)
    add(actor=shop.actor, dealer=city, region_code="1301", priority=1)
    add(actor=shop.actor, dealer=line, region_code="1301", product_line_code="combine", priority=9)
    add(actor=shop.actor, dealer=shop.dealer, region_code=CHANGAN, product_line_code="tricycle")

    def asked(line_code: str = "", **options: Any) -> list[str]:
        found = queries.dealers_for(region_code=CHANGAN, product_line_code=line_code, **options)
        return [dealer.number for dealer in found]

    assert asked("combine") == ["L", "C", "S", "P"]
    assert asked("tricycle") == ["D001", "C", "S", "P"]
    assert asked() == ["C", "S", "P"]
    assert asked(excluding=[city]) == ["S", "P"]
    assert queries.dealers_for(region_code="") == []


def test_a_dealer_that_stopped_or_whose_agreement_ended_is_not_asked(shop: Shop) -> None:
    today = timezone.localdate()
    services.add_territory(actor=shop.actor, dealer=shop.dealer, region_code="13")
    services.add_territory(actor=shop.actor, dealer=shop.neighbour, region_code="13")
    services.edit_dealer(actor=shop.actor, dealer=shop.dealer, agreement_ends_on=today)
    services.edit_dealer(actor=shop.actor, dealer=shop.neighbour, is_active=False)
    assert queries.dealers_for(region_code=CHANGAN) == [shop.dealer]
    services.edit_dealer(
        actor=shop.actor, dealer=shop.dealer, agreement_ends_on=today - timedelta(days=1)
    )
    assert queries.dealers_for(region_code=CHANGAN) == []


def test_a_dealer_number_and_a_territory_stand_once(shop: Shop) -> None:
    with pytest.raises(services.NumberTaken):
        make_dealer(shop.actor, "D001")
    services.add_territory(actor=shop.actor, dealer=shop.dealer, region_code="13")
    with pytest.raises(services.TerritoryTaken):
        services.add_territory(actor=shop.actor, dealer=shop.dealer, region_code="河北省")


def test_a_dealer_cannot_stand_below_its_own_sub_dealer(shop: Shop) -> None:
    services.edit_dealer(actor=shop.actor, dealer=shop.neighbour, parent=shop.dealer)
    assert queries.dealer_and_subs(shop.dealer.pk) == (shop.dealer.pk, shop.neighbour.pk)
    for parent in (shop.neighbour, shop.dealer):
        with pytest.raises(DomainError) as refused:
            services.edit_dealer(actor=shop.actor, dealer=shop.dealer, parent=parent)
        assert refused.value.field == "parent"


def test_a_new_company_starts_with_regions_and_grades(db: None) -> None:
    tenant, _invitation, _secret = create_company(
        name="新农机", slug="new", admin_email="boss@new.example"
    )
    with tenant_scope(tenant.pk):
        assert list(DealerLevel.objects.values_list("code", flat=True)) == ["A", "B", "C"]
        assert Region.objects.filter(code=CHANGAN).exists()
