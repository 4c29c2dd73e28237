"""Books with a dealer's and the house's accounts, and a hand to post with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.utils import timezone, translation

from core.actor import Actor
from ledger import services
from ledger.models import Account, JournalEntry
from ledger.services import Source
from ledger.states import AccountRole
from tests.cast import Cast, World

_ids = count(1)


@dataclass
class Books:
    """The accounts of the cast's dealer and of its house."""

    actor: Actor
    own: dict[AccountRole, Account]
    house: dict[AccountRole, Account]

    @property
    def cost(self) -> Account:
        return self.house[AccountRole.COST_LABOUR]

    @property
    def payable(self) -> Account:
        return self.own[AccountRole.PAYABLE]

    @property
    def receivable(self) -> Account:
        return self.own[AccountRole.RECEIVABLE]

    def post(self, cents: int = 12_345, **changes: Any) -> JournalEntry:
        """A claim's money: cost against what we owe the dealer."""
        given: dict[str, Any] = {
            "actor": self.actor,
            "source": Source("claim", next(_ids), "CL-20261101-0001"),
            "lines": [services.debit(self.cost, cents), services.credit(self.payable, cents)],
            "on": timezone.localdate(),
            "narration": "三包费用",
        }
        return services.post_entry(**(given | changes))

    def invoice(self, number: str, cents: int) -> JournalEntry:
        """Goods sold to the dealer on a named invoice."""
        return self.post(
            lines=[
                services.debit(self.receivable, cents, item=number),
                services.credit(self.house[AccountRole.GOODS_SOLD], cents),
            ],
        )


def open_books(cast: Cast, dealer: Any = None) -> Books:
    actor = cast.system()
    return Books(
        actor=actor,
        own=services.ensure_accounts(actor=actor, dealer=dealer or cast.dealer),
        house=services.ensure_house(actor=actor),
    )


def last_month() -> date:
    today = timezone.localdate()
    year, month = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    return date(year, month, 15)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page asked before leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def cast(world: World) -> Any:
    """The owner, inside its scope."""
    with world.owner.scope():
        yield world.owner


@pytest.fixture
def books(cast: Cast) -> Books:
    return open_books(cast)
