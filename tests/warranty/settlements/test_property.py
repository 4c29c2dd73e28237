"""Whatever happens in whatever order: settlement = books = what the dealer is owed.

A machine of random steps over claims, adjustments, settlements and the ledger, checked after
each step; papers are not rendered here.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from core.errors import DomainError
from ledger.check import check
from ledger.models import JournalLine
from ledger.queries import open_items
from tests.cast import Cast
from tests.warranty.settlements.builders import a_claim, an_adjustment, an_invoice, balance
from warranty import notices
from warranty.models import Claim, LineDecision, Payment, Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.services import settlements as services
from warranty.states.settlements import BOOKED

PROVE = os.environ.get("SANBAO_PROVE") == "1"
RUNS, STEPS = (1_000, 30) if PROVE else (6, 30)


class House:
    """The company at random work; every refusal is a sentence, never a crash."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast = cast
        self.random = random.Random(seed)
        self.finance, self.boss = cast.actor("finance"), cast.actor("finance_manager")
        self.manager, self.principal = cast.actor("manager"), cast.actor("dealer_principal")
        self.invoiced = 0
        self.done = 0

    def any(self, *states: str) -> Settlement | None:
        rows = list(Settlement.objects.filter(state__in=states).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def step(self) -> None:
        name = self.random.choice(STEPS_TAKEN)
        try:
            with transaction.atomic():
                getattr(self, name)()
            self.done += 1
        except DomainError as error:
            assert str(error)

    def claim(self) -> None:
        cents = self.random.randrange(1, 200_000)
        cut = self.random.choice([0, 0, self.random.randrange(cents)])
        dealer = self.random.choice([self.cast.dealer, self.cast.sub_dealer])
        kinds = self.random.sample(["part", "labour", "travel", "freight", "sublet"], k=2)
        a_claim(self.cast, dealer, lines=((kinds[0], cents, cents - cut), (kinds[1], 7_77, 7_77)))

    def adjust(self) -> None:
        kind = self.random.choice(["deduction", "penalty", "addition", "reward"])
        an_adjustment(self.cast, self.random.randrange(1, 150_000), kind)

    def invoice(self) -> None:
        cents = self.random.randrange(1, 300_000)
        self.invoiced += cents
        an_invoice(self.cast, f"XS-{self.random.randrange(10**9)}", cents)

    def draft(self) -> None:
        today = timezone.localdate()
        services.draft_settlement(
            actor=self.finance, dealer=self.cast.dealer, from_on=today, until_on=today
        )

    def take_off(self) -> None:
        found = self.any("draft", "checked")
        if found is not None and (lines := list(queries.live_lines(found))):
            line = self.random.choice(lines)
            services.take_off_lines(
                actor=self.finance, settlement=found, line_ids=[line.pk], reason="x"
            )

    def discard(self) -> None:
        if found := self.any("draft"):
            services.discard_settlement(actor=self.finance, settlement=found, reason="x")

    def issue(self) -> None:
        if found := self.any("draft"):
            services.check_settlement(actor=self.boss, settlement=found)
            services.issue_settlement(actor=self.boss, settlement=found)

    def confirm(self) -> None:
        if found := self.any("issued", "confirmed"):
            digest = services.latest_notice(found).digest
            services.confirm_settlement(
                actor=self.principal, settlement=found, digest=digest, name="王", code=digest[:8]
            )

    def dispute(self) -> None:
        found = self.any("issued")
        if found is not None and (lines := list(queries.live_lines(found))):
            chosen = self.random.sample(lines, k=self.random.randint(1, len(lines)))
            services.dispute_settlement(
                actor=self.principal, settlement=found, lines={each.pk: "不对" for each in chosen}
            )
            services.reissue_settlement(actor=self.boss, settlement=found)

    def post(self) -> None:
        if found := self.any("confirmed", "posted"):
            services.post_settlement(actor=self.boss, settlement=found)

    def offset(self) -> None:
        found, items = self.any(*BOOKED), open_items(self.cast.dealer)
        if found is not None and items:
            item = self.random.choice(items)
            cents = self.random.choice([item.cents, item.cents + 1, 1, 5_000])
            services.offset_settlement(
                actor=self.finance, settlement=found, amounts={item.item: cents}
            )

    def pay(self) -> None:
        if found := self.any("posted"):
            services.pay_settlement(
                actor=self.finance,
                settlement=found,
                reference=f"B-{self.random.randrange(10**9)}",
                paid_on=timezone.localdate(),
            )

    def close(self) -> None:
        if found := self.any(*BOOKED):
            services.close_settlement(actor=self.finance, settlement=found)

    def reverse(self) -> None:
        if found := self.any(*BOOKED):
            services.reverse_settlement(actor=self.manager, settlement=found, reason="x")

    def check(self) -> None:
        booked = Settlement.objects.filter(state__in=BOOKED)
        lines = SettlementLine.objects.filter(settlement__in=booked, is_live=True)
        earned = _sum(lines.exclude(kind="carried"))
        paid = _sum(Payment.objects.all())
        offset = self.invoiced - balance(self.cast, "receivable")
        # Sum of the lines = movement in the books = what the dealer is owed, to the cent.
        assert balance(self.cast, "payable") == earned - offset - paid
        for each in Settlement.objects.exclude(state__in=("void", "reversed")):
            assert each.net_cents == _sum(queries.live_lines(each))
        once = SettlementLine.objects.filter(is_live=True, claim_line__isnull=False)
        assert once.count() == once.values("claim_line").distinct().count()
        settled = once.filter(settlement__in=booked)
        for line in settled.select_related("claim_line"):
            decided = LineDecision.objects.get(line=line.claim_line)
            assert line.cents == decided.approved_cents <= line.claim_line.claimed_cents
        for claim in Claim.objects.filter(state="payable"):
            assert not claim.settlement_lines.filter(is_live=True).exists()
        for claim in Claim.objects.filter(state="in_settlement"):
            assert claim.settlement_lines.filter(is_live=True).exists()
        assert _sum(JournalLine.objects.all()) == 0


def _sum(rows: Any) -> int:
    return int(rows.aggregate(total=Sum("cents"))["total"] or 0)


STEPS_TAKEN = (
    (["claim"] * 4 + ["draft", "issue", "confirm", "post"] * 4 + ["adjust", "invoice"] * 2)
    + ["offset"] * 3
    + ["take_off", "discard", "dispute", "pay", "close", "reverse"]
)


@pytest.mark.parametrize("seed", range(RUNS))
def test_no_cent_is_lost_in_any_order(
    cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper: Callable[..., bytes] = lambda *_args, **_kwargs: b"%PDF-1.7 %%EOF"  # noqa: E731
    monkeypatch.setattr(notices, "paper", paper)
    house = House(cast, seed)
    for _ in range(STEPS):
        house.step()
        house.check()
    assert house.done > STEPS / 4, "a machine that only refuses proves nothing"
    assert [str(finding) for finding in check().findings] == []
