"""Two people at the same moment: of each step exactly one wins, and no cent is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.models import JournalEntry
from tests.cast import Cast, World
from tests.hands import HANDS, all_at_once
from tests.warranty.settlements.builders import (
    a_claim,
    a_draft,
    an_adjustment,
    an_invoice,
    balance,
    confirmed,
    fresh,
    issued,
    posted,
)
from warranty.models import DealerConfirmation, Settlement, SettlementLine
from warranty.services import adjustments
from warranty.services import settlements as services


def codes(cast: Cast, works: list[Callable[[], Any]]) -> list[str]:
    """What each hand got: "won", or the code of the refusal."""
    answers = all_at_once(cast, works)
    return [each.code if isinstance(each, type) else "won" for each in answers]


def race(cast: Cast, step: Callable[[], Any]) -> list[str]:
    return codes(cast, [step] * HANDS)


def in_scope(cast: Cast, make: Callable[[], Any]) -> Any:
    with cast.scope():
        return make()


def test_two_drafts_never_take_one_line(committed_world: World) -> None:
    cast = committed_world.owner

    def prepare() -> None:
        for _ in range(10):
            a_claim(cast)
        an_adjustment(cast)

    in_scope(cast, prepare)
    actor = cast.actor("finance")
    today = Settlement._meta.get_field("from_on").to_python("2026-11-01")
    last = Settlement._meta.get_field("from_on").to_python("2099-11-30")
    answers = race(
        cast,
        lambda: services.draft_settlement(
            actor=actor, dealer=cast.dealer, from_on=today, until_on=last
        ),
    )
    assert sorted(answers) == ["settlement.draft_exists"] * (HANDS - 1) + ["won"]
    with cast.scope():
        lines = SettlementLine.objects.filter(is_live=True, claim_line__isnull=False)
        assert lines.count() == lines.values("claim_line").distinct().count() == 30


def test_one_confirmation_one_entry_one_reversal(committed_world: World) -> None:
    cast = committed_world.owner

    def prepare() -> Settlement:
        a_claim(cast)
        an_invoice(cast, "XS-1", 500_00)
        return issued(cast)

    settlement = in_scope(cast, prepare)
    digest = in_scope(cast, lambda: services.latest_notice(settlement).digest)
    principal, boss = cast.actor("dealer_principal"), cast.actor("finance_manager")
    finance, manager = cast.actor("finance"), cast.actor("manager")
    answers = race(
        cast,
        lambda: services.confirm_settlement(
            actor=principal, settlement=settlement, digest=digest, name="王", code=digest[:8]
        ),
    )
    assert answers.count("won") == 1
    assert (
        race(cast, lambda: services.post_settlement(actor=boss, settlement=settlement)).count("won")
        == 1
    )
    with cast.scope():
        assert DealerConfirmation.objects.count() == 1
        assert balance(cast, "payable") == 190_50
    answers = race(
        cast,
        lambda: services.offset_settlement(
            actor=finance, settlement=settlement, amounts={"XS-1": 100_00}
        ),
    )
    assert answers.count("won") == 1, "a second hundred is more than what is left"
    with cast.scope():
        assert (balance(cast, "payable"), balance(cast, "receivable")) == (90_50, 400_00)
    answers = race(
        cast,
        lambda: services.reverse_settlement(actor=manager, settlement=settlement, reason="错单"),
    )
    assert answers.count("won") == 1
    with cast.scope():
        assert (balance(cast, "payable"), balance(cast, "receivable")) == (0, 500_00)
        assert JournalEntry.objects.filter(reverses__isnull=False).count() == 2
        assert fresh(settlement).state == "reversed"


def test_one_reissue_after_a_dispute(committed_world: World) -> None:
    cast = committed_world.owner

    def prepare() -> Settlement:
        a_claim(cast)
        made = issued(cast)
        line = made.lines.get(kind="labour")
        return services.dispute_settlement(
            actor=cast.actor("dealer_principal"), settlement=made, lines={line.pk: "不对"}
        )

    settlement = in_scope(cast, prepare)
    boss = cast.actor("finance_manager")
    answers = race(cast, lambda: services.reissue_settlement(actor=boss, settlement=settlement))
    assert answers.count("won") == 1
    with cast.scope():
        labour = SettlementLine.objects.filter(kind="labour", is_live=True)
        assert labour.count() == 1
        assert fresh(settlement).edition == 2


def test_two_parallel_settlements_of_one_dealer_never_use_more_than_is_owed(
    committed_world: World,
) -> None:
    cast = committed_world.owner

    def prepare() -> list[Settlement]:
        an_invoice(cast, "XS-1", 250_00)
        made = []
        for _ in range(2):
            a_claim(cast)
            made.append(posted(cast, confirmed(cast, issued(cast, a_draft(cast)))))
        return made

    both = in_scope(cast, prepare)
    finance = cast.actor("finance")

    def use(settlement: Settlement) -> Callable[[], Any]:
        return lambda: services.offset_settlement(
            actor=finance, settlement=settlement, amounts={"XS-1": 190_50}
        )

    answers = codes(cast, [use(each) for each in both] * 4)
    assert answers.count("won") == 1
    assert "offset.beyond_balance" in answers
    with cast.scope():
        assert (balance(cast, "payable"), balance(cast, "receivable")) == (190_50, 59_50)


def test_one_adjustment_per_source_however_many_ask(committed_world: World) -> None:
    cast = committed_world.owner
    answers = race(
        cast,
        lambda: adjustments.create_adjustment(
            actor=cast.system(),
            dealer=cast.dealer,
            kind="deduction",
            cents=100,
            words="旧件未返还",
            source=("old_part", 7),
        ),
    )
    assert answers == ["won"] * HANDS
    with cast.scope():
        assert adjustments.Adjustment.objects.count() == 1
