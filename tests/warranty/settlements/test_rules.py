"""The arithmetic of a settlement, whatever the lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warranty.rules import settlement as rules
from warranty.rules.settlement import Amount
from warranty.states.claims import LineKind
from warranty.states.settlements import AdjustmentKind, SettlementLineKind

CENTS = st.integers(-(10**12), 10**12)
AMOUNTS = st.lists(st.builds(Amount, st.sampled_from(list(SettlementLineKind)), CENTS))


@given(AMOUNTS)
def test_the_sums_by_kind_add_up_to_the_net(lines: list[Amount]) -> None:
    assert sum(rules.by_kind(lines).values()) == rules.net(lines)


@given(CENTS)
def test_a_net_is_owed_or_carried_and_never_both(net: int) -> None:
    assert rules.payable(net) + rules.carried(net) == net
    assert rules.payable(net) >= 0 >= rules.carried(net)
    assert not (rules.payable(net) and rules.carried(net))


@given(st.lists(AMOUNTS, min_size=1, max_size=6))
def test_carrying_loses_no_cent(months: list[list[Amount]]) -> None:
    carried, paid = 0, 0
    for lines in months:
        net = rules.net(lines) + carried
        paid, carried = paid + rules.payable(net), rules.carried(net)
    assert paid + carried == sum(rules.net(lines) for lines in months)


@given(st.integers(0, 10**9), st.lists(st.integers(-100, 10**6), max_size=8))
def test_a_proposal_uses_no_more_than_is_owed_nor_than_is_open(owed: int, open_: list[int]) -> None:
    items = [(f"INV-{place}", cents) for place, cents in enumerate(open_)]
    proposal = rules.oldest_first(owed, items)
    assert sum(proposal.values()) == min(owed, sum(max(cents, 0) for cents in open_))
    assert all(0 < cents <= dict(items)[item] for item, cents in proposal.items())


@given(st.sampled_from(list(AdjustmentKind)), st.integers(1, 10**9))
def test_each_kind_goes_its_way(kind: AdjustmentKind, cents: int) -> None:
    taken = kind in ("deduction", "penalty")
    assert rules.signed(kind, cents) == (-cents if taken else cents)


def test_every_kind_of_claim_line_and_adjustment_has_its_place() -> None:
    assert set(rules.KIND_OF_LINE) == set(LineKind)
    assert set(rules.KIND_OF_ADJUSTMENT) == set(AdjustmentKind)
