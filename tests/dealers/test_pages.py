"""The pages of dealers."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from dealers.models import Dealer, Outlet, Territory
from tests.cast import World

As = Callable[..., Client]


def test_a_dealer_is_opened_with_its_region_by_name(world: World, as_: As) -> None:
    answer = as_("supervisor").post(
        reverse("dealers:new"),
        {
            "name": "禹城金田农机",
            "level": world.owner.level.pk,
            "phone": "0534-7654321",
            "region_code": "禹城",
            "is_active": "on",
        },
    )
    with world.owner.scope():
        dealer = Dealer.objects.get(name="禹城金田农机")
    assert answer.url == reverse("dealers:detail", args=[dealer.number])
    assert (dealer.region_code, dealer.phone) == ("371482", "+865347654321")


def test_bad_input_stands_at_its_field_and_nothing_is_lost(world: World, as_: As) -> None:
    answer = as_("supervisor").post(
        reverse("dealers:new"),
        {
            "number": "D-0001",
            "name": "重号农机",
            "level": world.stranger.level.pk,
            "phone": "123",
            "region_code": "亚特兰蒂斯",
            "agreement_ends_on": "明天",
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "level",
        "phone",
        "region_code",
        "agreement_ends_on",
    }
    assert "重号农机" in answer.content.decode() and "亚特兰蒂斯" in answer.content.decode()


def test_a_number_in_use_is_refused_at_the_field(world: World, as_: As) -> None:
    answer = as_("supervisor").post(
        reverse("dealers:new"),
        {
            "number": "D-0001",
            "name": "重号农机",
            "level": world.owner.level.pk,
            "phone": "13800138000",
            "region_code": "37",
        },
    )
    assert answer.status_code == 422 and answer.context["form"].errors["number"]


def test_a_region_is_given_to_a_dealer_and_taken_again(world: World, as_: As) -> None:
    client = as_("supervisor")
    number = world.owner.dealer.number
    client.post(
        reverse("machines:territory_new", args=[number]),
        {"region_code": "聊城", "product_line_code": "HARVESTER", "priority": "2"},
    )
    with world.owner.scope():
        given = Territory.objects.get(region_code="3715")
        assert (given.dealer_id, given.product_line_code) == (world.owner.dealer.pk, "HARVESTER")
    body = {"region_code": "3715", "product_line_code": "HARVESTER"}
    client.post(reverse("dealers:territory_remove", args=[number]), body)
    with world.owner.scope():
        assert not Territory.objects.filter(region_code="3715").exists()


def test_an_outlet_is_opened_and_closed(world: World, as_: As) -> None:
    client = as_("supervisor")
    number = world.owner.dealer.number
    data = {"name": "城南服务站", "region_code": "371402", "radius_km": "30"}
    client.post(reverse("dealers:outlet_new", args=[number]), data)
    assert "城南服务站" in client.get(reverse("dealers:detail", args=[number])).content.decode()
    client.post(reverse("dealers:outlet_edit", args=[number, 1]), data)
    with world.owner.scope():
        assert not Outlet.objects.get().is_active


def test_regions_are_suggested_while_one_types(world: World, as_: As) -> None:
    answer = as_("dealer_clerk").get(reverse("dealers:regions"), {"region_code": "德城"})
    assert "371402" in answer.content.decode()


def test_dealers_are_filtered_by_region_grade_and_whether_they_take_work(
    world: World, as_: As
) -> None:
    with world.owner.scope():
        Dealer.objects.filter(pk=world.owner.neighbour.pk).update(is_active=False)
    client = as_("supervisor")

    def listed(**query: str) -> list[str]:
        rows = client.get(reverse("dealers:list"), query).context["listed"].rows
        return sorted(dealer.number for dealer in rows)

    assert listed(is_working="true") == ["D-0001", "D-0003"]
    assert listed(is_working="false") == ["D-0002"]
    assert listed(region="德城区") == ["D-0001"]
    assert listed(level="A", q="禹城") == ["D-0003"]
    chips = client.get(reverse("dealers:list"), {"is_working": "true"}).context["chips"]
    assert [chip.name for chip in chips] == ["is_working"]
