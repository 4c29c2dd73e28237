"""Calendars of regions and dealers, and the seasons of product lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.actor import Actor
from core.errors import DomainError
from core.models import Tenant
from dealers.models import Region
from machines.models import ProductLine
from sla import calendars, services
from sla.calendars import calendar_for
from sla.defaults import install_defaults
from sla.models import Calendar, LocalCalendar, Season
from sla.seasons import season_of
from tests.cast import World
from tests.sla.conftest import make_dealer, start

As = Callable[..., Client]


def named(code: str) -> Calendar:
    found, _ = Calendar.objects.get_or_create(
        code=code, defaults={"name": code, "windows": {"1": [["11:00", "21:00"]]}}
    )
    return found


def place(actor: Actor, code: str, **where: Any) -> None:
    services.set_local(
        actor=actor, instead_of=Calendar.objects.get(code="hotline"), calendar=named(code), **where
    )


def test_the_dealer_goes_first_then_the_nearest_region(tenant: Tenant, actor: Actor) -> None:
    dealer = make_dealer("D-1")
    place(actor, "west", region_code="65")
    place(actor, "far-west", region_code="6531")
    place(actor, "house", dealer_id=dealer.pk, dealer_label="D-1")
    hotline = Calendar.objects.get(code="hotline")
    asked = {
        "": calendar_for(hotline),
        "370100": calendar_for(hotline, "370100"),
        "650102": calendar_for(hotline, "650102"),
        "653101": calendar_for(hotline, "653101"),
        "dealer": calendar_for(hotline, "653101", dealer.pk),
        "other dealer": calendar_for(hotline, "", dealer.pk + 1),
    }
    assert {where: calendar.code for where, calendar in asked.items()} == {
        "": "hotline",
        "370100": "hotline",
        "650102": "west",
        "653101": "far-west",
        "dealer": "house",
        "other dealer": "hotline",
    }


def test_a_clock_runs_by_the_calendar_of_its_place(tenant: Tenant, actor: Actor) -> None:
    place(actor, "west", region_code="65")
    here = start(facts={"region": "370100"})
    there = start(subject_id=2, facts={"region": "650102"})
    assert (here.calendar.code, there.calendar.code) == ("hotline", "west")
    assert there.due_at.hour == 5  # 11:00 and two hours, in Shanghai


def test_a_removed_place_no_longer_counts_and_no_process_keeps_it(
    tenant: Tenant, actor: Actor
) -> None:
    place(actor, "west", region_code="65")
    hotline = Calendar.objects.get(code="hotline")
    assert calendar_for(hotline, "650102").code == "west"
    services.remove_local(actor=actor, local=LocalCalendar.objects.get())
    # Another process reads the row and sees another edition; what it kept is not asked again.
    assert (hotline.pk, hotline.edition) in calendars._kept
    assert calendar_for(Calendar.objects.get(code="hotline"), "650102").code == "hotline"


def test_another_calendar_at_the_same_place_takes_its_stead(tenant: Tenant, actor: Actor) -> None:
    place(actor, "west", region_code="65")
    place(actor, "far-west", region_code="65")
    assert LocalCalendar.objects.get().calendar.code == "far-west"


def test_a_calendar_stands_in_for_another_at_one_kind_of_place(
    tenant: Tenant, actor: Actor
) -> None:
    hotline = Calendar.objects.get(code="hotline")
    dealer = make_dealer("D-1")
    for wrong in (
        {"calendar": hotline, "region_code": "65"},
        {"calendar": named("west")},
        {"calendar": named("west"), "region_code": "65", "dealer_id": dealer.pk},
    ):
        with pytest.raises(DomainError):
            services.set_local(actor=actor, instead_of=hotline, **wrong)


def test_places_are_set_and_removed_on_the_page(world: World, as_: As) -> None:
    with world.owner.scope():
        install_defaults(world.owner.tenant)
        dealer = world.owner.dealer
        office = Calendar.objects.get(code="office")
    with world.stranger.scope():
        install_defaults(world.stranger.tenant)
        foreign = Calendar.objects.get(code="office")
    Region.objects.get_or_create(code="65", defaults={"name": "新疆", "full_name": "新疆"})
    url, client = reverse("sla:calendar-local", args=["hotline"]), as_("administrator")
    assert client.get(url).status_code == 200
    assert client.post(url, {"dealer": dealer.number, "calendar": office.pk}).status_code == 302
    assert client.post(url, {"region": "新疆", "calendar": office.pk}).status_code == 302
    with world.owner.scope():
        rows = list(LocalCalendar.objects.order_by("region_code"))
    assert [(row.region_code, row.dealer_id) for row in rows] == [("", dealer.pk), ("65", None)]
    shown = client.get(url).content.decode()
    assert "新疆" in shown and dealer.number in shown
    for wrong in (
        {"calendar": office.pk},
        {"region": "新疆", "dealer": dealer.number, "calendar": office.pk},
        {"region": "亚特兰蒂斯", "calendar": office.pk},
        {"dealer": world.stranger.dealer.number + "x", "calendar": office.pk},
        {"region": "新疆", "calendar": foreign.pk},
        {"region": "新疆", "calendar": ""},
    ):
        assert client.post(url, wrong).status_code == 422, wrong
    gone = reverse("sla:calendar-local-remove", args=["hotline", rows[0].public_id])
    assert client.post(gone).status_code == 302
    assert client.post(gone).status_code == 404


AUTUMN: dict[str, Any] = {
    "product_line_code": "CH",
    "region_code": "",
    "name": "秋收",
    "starts_on": date(2026, 9, 1),
    "ends_on": date(2026, 10, 31),
}


def test_the_season_of_the_nearest_region_decides(tenant: Tenant, actor: Actor) -> None:
    services.save_season(actor=actor, **AUTUMN)
    shandong = AUTUMN | {"region_code": "37", "starts_on": date(2026, 9, 20), "name": "鲁秋"}
    services.save_season(actor=actor, **shandong)
    day = date(2026, 9, 10)
    assert season_of("CH", "410100", day) == Season.objects.get(name="秋收")
    assert season_of("CH", "", day) == Season.objects.get(name="秋收")
    assert season_of("CH", "370100", day) is None
    assert season_of("CH", "370100", date(2026, 9, 20)) == Season.objects.get(name="鲁秋")
    assert season_of("CH", "370100", date(2026, 10, 31)) == Season.objects.get(name="鲁秋")
    assert season_of("TR", "370100", date(2026, 9, 20)) is None
    # A year in which the province entered nothing goes by the country's dates.
    services.save_season(
        actor=actor,
        **AUTUMN | {"starts_on": date(2027, 9, 1), "ends_on": date(2027, 10, 1), "name": "明年"},
    )
    assert season_of("CH", "370100", date(2027, 9, 10)) == Season.objects.get(name="明年")


def test_a_season_may_run_over_the_year_s_end(tenant: Tenant, actor: Actor) -> None:
    services.save_season(
        actor=actor, **AUTUMN | {"starts_on": date(2026, 12, 1), "ends_on": date(2027, 2, 28)}
    )
    assert season_of("CH", "37", date(2026, 12, 31)) and season_of("CH", "37", date(2027, 1, 1))
    assert season_of("CH", "37", date(2027, 3, 1)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": date(2026, 8, 31)},
        {"ends_on": date(2028, 1, 1)},
        {"starts_on": date(2026, 10, 31), "ends_on": date(2026, 11, 5)},
    ],
)
def test_a_wrong_or_overlapping_season_is_refused(
    tenant: Tenant, actor: Actor, wrong: dict[str, Any]
) -> None:
    services.save_season(actor=actor, **AUTUMN)
    with pytest.raises(DomainError):
        services.save_season(actor=actor, **AUTUMN | wrong)


def test_seasons_are_entered_and_removed_on_the_page(world: World, as_: As) -> None:
    with world.owner.scope():
        line = ProductLine.objects.order_by("code").first()
        assert line is not None
    url, client = reverse("sla:seasons"), as_("administrator")
    given = {"line": line.code, "name": "秋收", "starts_on": "2026-09-01", "ends_on": "2026-10-31"}
    assert client.post(url, given).status_code == 302
    assert "秋收" in client.get(url).content.decode()
    for wrong, field in [
        ({"line": "nothing"}, "line"),
        ({"starts_on": "2026-02-31"}, "starts_on"),
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({}, "starts_on"),
    ]:
        answer = client.post(url, given | wrong)
        assert answer.status_code == 422 and field in answer.context["form"].errors, wrong
    with world.owner.scope():
        season = Season.objects.get()
    gone = reverse("sla:season-remove", args=[season.public_id])
    assert as_("clerk").post(gone).status_code == 403
    assert client.post(gone).status_code == 302
    with world.owner.scope():
        assert not Season.objects.exists()
