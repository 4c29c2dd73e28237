"""The draft of a dealer's period: filled by itself, lines taken off, checked by somebody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer, PayMode
from dealers.queries import contract_on, payee_of
from warranty.models import Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.services.moving import take
from warranty.services.settlements import errors, lines
from warranty.states.settlements import SETTLEMENT_ACTIONS, InvoiceState, SettlementState

NUMBER_KIND = "ST"


@verb
def draft_settlement(*, actor: Actor, dealer: Dealer, from_on: date, until_on: date) -> Settlement:
    """Put on paper what a dealer is owed up to a day: the dealer of the first level is paid.

    Everything payable and final that was decided up to the last day comes on it, and what an
    earlier settlement left below zero.
    """
    _must_draft(actor)
    if until_on < from_on:
        raise errors.PeriodBackwards
    payee = _alone(payee_of(dealer))
    first = Settlement.objects.filter(dealer=payee, state=SettlementState.DRAFT).first()
    if first is not None:
        raise errors.DraftExists(number=first.number)
    decisions = list(queries.decisions_due(payee, until_on))
    adjustments = list(queries.adjustments_due(payee, until_on))
    if not decisions and not adjustments:
        raise errors.NothingToSettle(dealer=str(payee))
    settlement = open_draft(actor, payee, from_on, until_on)
    lines.put_on(actor, settlement, decisions, adjustments, queries.carries_due(payee))
    audit.record(
        actor,
        "settlement.drafted",
        settlement,
        dealer=payee.number,
        lines=len(decisions) + len(adjustments),
        net_cents=settlement.net_cents,
    )
    return settlement


def open_draft(
    actor: Actor, payee: Dealer, from_on: date, until_on: date, drafter: Settlement | None = None
) -> Settlement:
    """An empty draft; its drafter may be that of another settlement, whose lines it takes."""
    contract = contract_on(payee, until_on)
    needs_invoice = contract is not None and contract.needs_invoice
    return Settlement.objects.create(
        number=next_number(NUMBER_KIND, timezone.localdate()),
        dealer=payee,
        from_on=from_on,
        until_on=until_on,
        pay_mode=contract.pay_mode if contract else PayMode.OFFSET,
        invoice_state=InvoiceState.AWAITED if needs_invoice else InvoiceState.NOT_NEEDED,
        drafted_by_id=drafter.drafted_by_id if drafter else actor.user_id,
        drafted_label=drafter.drafted_label if drafter else actor.label,
    )


@verb
def refill_settlement(*, actor: Actor, settlement: Settlement) -> Settlement:
    """Put on the draft what became payable since; what was taken off comes back, too."""
    _must_draft(actor)
    _alone(settlement.dealer)
    settlement = _draft(settlement)
    decisions = list(queries.decisions_due(settlement.dealer, settlement.until_on))
    adjustments = list(queries.adjustments_due(settlement.dealer, settlement.until_on))
    carries = queries.carries_due(settlement.dealer)
    lines.put_on(actor, settlement, decisions, adjustments, carries)
    audit.record(
        actor,
        "settlement.refilled",
        settlement,
        lines=len(decisions) + len(adjustments),
        net_cents=settlement.net_cents,
    )
    return settlement


@verb
def take_off_lines(
    *, actor: Actor, settlement: Settlement, line_ids: Collection[int], reason: str
) -> Settlement:
    """Leave lines for a later settlement."""
    _must_draft(actor)
    if not reason.strip():
        raise errors.NoReason
    settlement = _draft(settlement)
    gone = lines_on(settlement, line_ids)
    lines.release(actor, settlement, gone)
    audit.record(
        actor,
        "settlement.lines_taken_off",
        settlement,
        lines=[line.position for line in gone],
        cents=sum(line.cents for line in gone),
        reason=reason.strip(),
    )
    return settlement


@verb
def discard_settlement(*, actor: Actor, settlement: Settlement, reason: str) -> Settlement:
    """Give the draft up; its lines are free again."""
    if not reason.strip():
        raise errors.NoReason
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "discard")
    settlement.reason = reason.strip()
    settlement.save(update_fields=["state", "reason"])
    lines.release(actor, settlement, queries.live_lines(settlement))
    audit.record(actor, "settlement.discarded", settlement, reason=settlement.reason)
    return settlement


@verb
def check_settlement(*, actor: Actor, settlement: Settlement) -> Settlement:
    """A second person finds it right: every line is what was decided, and they add up."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "check")
    _must_add_up(settlement)
    settlement.checked_by_id, settlement.checked_label = actor.user_id, actor.label
    settlement.checked_at = timezone.now()
    settlement.save(update_fields=["state", "checked_by", "checked_label", "checked_at"])
    audit.record(actor, "settlement.checked", settlement, net_cents=settlement.net_cents)
    return settlement


@verb
def redraft_settlement(*, actor: Actor, settlement: Settlement, reason: str) -> Settlement:
    """Not right after all: back to the drafter."""
    if not reason.strip():
        raise errors.NoReason
    _alone(settlement.dealer)
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "redraft")
    other = Settlement.objects.filter(dealer=settlement.dealer, state=SettlementState.DRAFT)
    if (first := other.first()) is not None:
        raise errors.DraftExists(number=first.number)
    settlement.checked_by, settlement.checked_label, settlement.checked_at = None, "", None
    settlement.save(update_fields=["state", "checked_by", "checked_label", "checked_at"])
    audit.record(actor, "settlement.redrafted", settlement, reason=reason.strip())
    return settlement


def lines_on(settlement: Settlement, line_ids: Collection[int]) -> list[SettlementLine]:
    """The live lines of these ids; NotOnIt when one is missing."""
    found = list(queries.live_lines(settlement).filter(pk__in=line_ids))
    if not found or len(found) != len(set(line_ids)):
        raise errors.NotOnIt
    return found


def _must_draft(actor: Actor) -> None:
    if not actor.may("settlement.draft"):
        raise PermissionDenied


def _alone(dealer: Dealer) -> Dealer:
    """One draft of a dealer at a time; links to the dealer are not held up."""
    return Dealer.objects.select_for_update(of=("self",), no_key=True).get(pk=dealer.pk)


def _draft(settlement: Settlement) -> Settlement:
    settlement = locked(settlement)
    if settlement.state != SettlementState.DRAFT:
        raise WrongState
    return settlement


def _must_add_up(settlement: Settlement) -> None:
    """Each claim line as approved, each adjustment as it is, and the net their sum."""
    rows = list(queries.live_lines(settlement).select_related("adjustment"))
    if not rows:
        raise errors.NoLines
    asked = queries.LineDecision.objects.filter(line__in=[r.claim_line_id for r in rows])
    approved = dict(queries.in_force(asked).values_list("line", "approved_cents"))
    for row in rows:
        if row.claim_line_id is not None and approved.get(row.claim_line_id) != row.cents:
            raise errors.SumsDiffer
        if row.adjustment is not None and row.adjustment.cents != row.cents:
            raise errors.SumsDiffer
    if sum(row.cents for row in rows) != settlement.net_cents:
        raise errors.SumsDiffer
