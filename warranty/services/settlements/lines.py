"""Lines come on a settlement and leave it; claims and adjustments move with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.tenancy import current_tenant_id
from warranty.models import Adjustment, Claim, LineDecision, Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.rules import settlement as rules
from warranty.services.moving import take_all
from warranty.states.claims import CLAIM_ACTIONS, ClaimState
from warranty.states.settlements import (
    ADJUSTMENT_ACTIONS,
    BOOKED,
    AdjustmentState,
    SettlementLineKind,
)


def put_on(
    actor: Actor,
    settlement: Settlement,
    decisions: Sequence[LineDecision],
    adjustments: Sequence[Adjustment],
    carries: Sequence[tuple[Settlement, int]],
) -> None:
    """Add lines and move what they stand for; the database lets no line be on two."""
    rows = [_of_decision(settlement, decision) for decision in decisions]
    rows += [_of_adjustment(settlement, adjustment) for adjustment in adjustments]
    rows += [
        SettlementLine(
            settlement=settlement,
            kind=SettlementLineKind.CARRIED,
            carried_from=earlier,
            words=earlier.number,
            cents=cents,
        )
        for earlier, cents in carries
    ]
    add(settlement, rows)
    claims = {decision.line.version.claim_id for decision in decisions}
    _move_claims(actor, settlement, "put_on", claims, ClaimState.PAYABLE)
    _move_adjustments(
        actor, settlement, "put_on", {each.pk for each in adjustments}, AdjustmentState.FINAL
    )


def add(settlement: Settlement, rows: Sequence[SettlementLine]) -> None:
    """Number the lines after the last one and write them; then the net is the sum again."""
    first = queries.next_position(settlement)
    for position, row in enumerate(rows, start=first):
        row.position = position
    SettlementLine.objects.bulk_create(rows)
    total(settlement)


def release(actor: Actor, settlement: Settlement, lines: Iterable[SettlementLine]) -> None:
    """Lines leave; what is on no other settlement then waits for the next one."""
    gone = list(lines)
    settlement.lines.filter(pk__in=[line.pk for line in gone]).update(is_live=False)
    elsewhere = SettlementLine.objects.filter(claim=OuterRef("pk"), is_live=True)
    claims = Claim.objects.filter(~Exists(elsewhere), pk__in={line.claim_id for line in gone})
    _move_claims(
        actor,
        settlement,
        "take_off",
        set(claims.values_list("pk", flat=True)),
        ClaimState.IN_SETTLEMENT,
    )
    adjustments = {line.adjustment_id for line in gone if line.adjustment_id}
    _move_adjustments(actor, settlement, "take_off", adjustments, AdjustmentState.IN_SETTLEMENT)
    total(settlement)


def settle(settlement: Settlement) -> None:
    """It is posted: its adjustments are settled, and the claims of which no line is left over."""
    system = Actor.system(current_tenant_id())
    lines = list(queries.live_lines(settlement))
    adjustments = {line.adjustment_id for line in lines if line.adjustment_id}
    _move_adjustments(system, settlement, "settle", adjustments, AdjustmentState.IN_SETTLEMENT)
    claims = {line.claim_id for line in lines if line.claim_id}
    booked = SettlementLine.objects.filter(
        claim_line=OuterRef("line"), is_live=True, settlement__state__in=BOOKED
    )
    of_claims = LineDecision.objects.filter(line__version__claim__in=claims)
    open_ones = queries.in_force(of_claims).filter(~Exists(booked), approved_cents__gt=0)
    partly = set(open_ones.values_list("line__version__claim", flat=True))
    _move_claims(system, settlement, "settle", claims - partly, ClaimState.IN_SETTLEMENT)


def total(settlement: Settlement) -> None:
    """The net from the live lines."""
    cents = queries.live_lines(settlement).values_list("cents", flat=True)
    settlement.net_cents = sum(cents)
    settlement.save(update_fields=["net_cents"])


def copy(line: SettlementLine, settlement: Settlement) -> SettlementLine:
    """The same amount for another settlement, not yet written."""
    return SettlementLine(
        settlement=settlement,
        kind=line.kind,
        claim_id=line.claim_id,
        claim_line_id=line.claim_line_id,
        adjustment_id=line.adjustment_id,
        carried_from_id=line.carried_from_id,
        behalf_id=line.behalf_id,
        words=line.words,
        cents=line.cents,
    )


def _of_decision(settlement: Settlement, decision: LineDecision) -> SettlementLine:
    line = decision.line
    claim = line.version.claim
    return SettlementLine(
        settlement=settlement,
        kind=rules.KIND_OF_LINE[line.kind],
        claim=claim,
        claim_line=line,
        behalf_id=claim.dealer_id if claim.dealer_id != claim.payee_id else None,
        words=queries.words_of(decision),
        cents=decision.approved_cents,
    )


def _of_adjustment(settlement: Settlement, adjustment: Adjustment) -> SettlementLine:
    return SettlementLine(
        settlement=settlement,
        kind=rules.KIND_OF_ADJUSTMENT[adjustment.kind],
        adjustment=adjustment,
        behalf_id=(adjustment.dealer_id if adjustment.dealer_id != adjustment.payee_id else None),
        words=adjustment.words[:200],
        cents=adjustment.cents,
    )


def _move_claims(
    actor: Actor, settlement: Settlement, name: str, ids: set[int], state: str
) -> None:
    """Those that are in the state before; others are on another settlement or settled."""
    rows = Claim.objects.filter(pk__in=ids, state=state)
    moved = take_all(actor, rows, CLAIM_ACTIONS, name, changed_at=timezone.now())
    audit.record_each(
        actor, [(f"claim.{name}", claim, {"settlement": settlement.number}) for claim in moved]
    )


def _move_adjustments(
    actor: Actor, settlement: Settlement, name: str, ids: set[int], state: str
) -> None:
    rows = Adjustment.objects.filter(pk__in=ids, state=state)
    moved = take_all(actor, rows, ADJUSTMENT_ACTIONS, name)
    audit.record_each(
        actor, [(f"adjustment.{name}", each, {"settlement": settlement.number}) for each in moved]
    )
