"""Many at once: nobody takes what is not there, nothing is booked twice, no day has two prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from core.tenancy import tenant_scope
from parts import errors, queries, services
from parts.models import PartPrice, StockMove
from tests.cast import Cast, World
from tests.parts.conftest import Workshop, build, days_ago

PEOPLE = 8


@pytest.fixture
def shop(committed_world: World) -> Workshop:
    with committed_world.owner.scope():
        made = build(committed_world.owner)
        services.book_stock(
            actor=made.actor,
            store=made.main,
            part=made.motor,
            quantity=5,
            value_cents=1_003,
            reason="入库",
        )
        return made


def at_once(cast: Cast, work: Callable[[int], Any]) -> Counter[str]:
    """What eight people get who start together."""
    start = Barrier(PEOPLE)

    def run(who: int) -> str:
        try:
            start.wait()
            with tenant_scope(cast.tenant.pk):
                work(who)
            return "done"
        except errors.DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as people:
        return Counter(people.map(run, range(PEOPLE)))


def test_eight_take_from_five_and_the_value_goes_to_the_last_cent(shop: Workshop) -> None:
    facts: dict[str, Any] = {
        "actor": shop.actor,
        "store": shop.main,
        "part": shop.motor,
        "reason": "领用",
    }
    outcomes = at_once(shop.cast, lambda _who: services.book_stock(quantity=-1, **facts))
    assert outcomes == {"done": 5, "stock.not_enough": 3}
    with shop.cast.scope():
        assert queries.stock_of(shop.main) == {} and not queries.worth_of(shop.main)


def test_one_source_booked_by_eight_moves_once(shop: Workshop) -> None:
    facts: dict[str, Any] = {
        "actor": shop.actor,
        "store": shop.main,
        "part": shop.filter,
        "reason": "鉴定",
    }
    outcomes = at_once(
        shop.cast,
        lambda _who: services.book_stock(
            quantity=1, source_kind="old_part", source_id=7, value_cents=9, **facts
        ),
    )
    assert outcomes == {"done": PEOPLE}
    with shop.cast.scope():
        assert StockMove.objects.filter(source_kind="old_part").count() == 1


def test_transfers_in_both_directions_do_not_wait_for_each_other(shop: Workshop) -> None:
    with shop.cast.scope():
        services.transfer_stock(
            actor=shop.actor,
            store=shop.main,
            to_store=shop.scrap,
            part=shop.motor,
            quantity=2,
            reason="调拨",
        )
    ways = [(shop.main, shop.scrap), (shop.scrap, shop.main)]

    def carry(who: int) -> None:
        store, other = ways[who % 2]
        services.transfer_stock(
            actor=shop.actor,
            store=store,
            to_store=other,
            part=shop.motor,
            quantity=1,
            reason="调拨",
        )

    assert set(at_once(shop.cast, carry)) <= {"done", "stock.not_enough"}
    with shop.cast.scope():
        assert sum(each.quantity for each in queries.stock_in(shop.motor)) == 5
        assert sum(each.value_cents for each in queries.stock_in(shop.motor)) == 1_003


def test_eight_prices_for_one_day_leave_one(shop: Workshop) -> None:
    outcomes = at_once(
        shop.cast,
        lambda who: services.set_price(
            actor=shop.actor, part=shop.filter, cents=100 + who, from_on=days_ago(0)
        ),
    )
    assert outcomes == {"done": 1, "part.price_stands": PEOPLE - 1}
    with shop.cast.scope():
        assert PartPrice.objects.count() == 1
