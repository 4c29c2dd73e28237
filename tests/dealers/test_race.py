"""Two people set new rates, or sign a contract, at the same moment: one does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import Conflict
from dealers import services
from dealers.models import DealerContract, RateCard
from tests.cast import Cast, World

TODAY = timezone.localdate()


def set_rates(cast: Cast, labour: int, from_on: date = TODAY) -> None:
    services.new_rate_card(
        actor=cast.system(),
        code="STD",
        name="Standard",
        from_on=from_on,
        labour_cents_per_hour=labour,
        travel_cents_per_km=150,
    )


def sign(cast: Cast, days: int) -> None:
    services.add_contract(actor=cast.system(), dealer=cast.dealer, from_on=TODAY, claim_days=days)


@pytest.mark.parametrize("write", [set_rates, sign])
def test_two_at_once_leave_one(committed_world: World, write: Callable[[Cast, int], None]) -> None:
    owner = committed_world.owner
    with owner.scope():
        set_rates(owner, 5_000, date(TODAY.year - 1, 1, 1))
    start = Barrier(2)

    def try_it(figure: int) -> str:
        try:
            start.wait()
            with owner.scope():
                write(owner, figure)
            return "saved"
        except Conflict:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(try_it, [60, 70]))
    assert outcomes.count("saved") >= 1
    with owner.scope():
        cards = [card for card in RateCard.objects.all() if card.validity == "running"]
        contracts = [c for c in DealerContract.objects.all() if c.validity == "running"]
    assert len(cards) == 1
    assert len(contracts) == (1 if write is sign else 0)
