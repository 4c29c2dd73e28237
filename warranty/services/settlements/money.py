"""Posting a confirmed settlement, using its money, closing it, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.events import publish
from core.money import yuan
from core.tenancy import current_tenant_id, verb
from dealers.models import PayMode
from ledger import services as ledger
from ledger.services import credit, debit
from ledger.states import AccountRole
from warranty.models import Appraisal, Claim, Payment, Settlement, SettlementLine
from warranty.queries import settlements as queries
from warranty.services import postings
from warranty.services.moving import SameHands, take
from warranty.services.settlements import errors, lines
from warranty.states.settlements import (
    INVOICE_ACTIONS,
    SETTLEMENT_ACTIONS,
    InvoiceState,
    SettlementState,
)


@verb
def post_settlement(*, actor: Actor, settlement: Settlement, on: date | None = None) -> Settlement:
    """Into the books, once, on a day of an open month; claims and adjustments are settled.

    The poster has neither drafted it nor filed, decided or appraised anything on it.
    """
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "post")
    _not_by_who_took_part(actor, settlement)
    day = on or timezone.localdate()
    entry = postings.post_settlement_entry(actor=actor, settlement=settlement, on=day)
    settlement.posted_at = timezone.now()
    settlement.posted_by_id, settlement.posted_label = actor.user_id, actor.label
    settlement.save(update_fields=["state", "posted_at", "posted_by", "posted_label"])
    lines.settle(settlement)
    _close_carried(settlement)
    audit.record(
        actor,
        "settlement.posted",
        settlement,
        net_cents=settlement.net_cents,
        entry=entry.number if entry else "",
        on=day.isoformat(),
    )
    publish("settlement.posted", actor=actor, settlement=settlement)
    return settlement


@verb
def offset_settlement(
    *,
    actor: Actor,
    settlement: Settlement,
    amounts: Mapping[str, int],
    on: date | None = None,
) -> Settlement:
    """Use the money against goods debt: receivables by name, in cents (冲抵货款)."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "offset")
    asked = sum(amounts.values())
    _within_left(settlement, asked)
    entry = ledger.offset(
        actor=actor,
        dealer=settlement.dealer,
        source=postings.source_of(settlement, _next_purpose(settlement, "offset")),
        amounts=amounts,
        on=on or timezone.localdate(),
        narration=_("Offset of settlement %(number)s") % {"number": settlement.number},
    )
    settlement.save(update_fields=["state"])
    audit.record(actor, "settlement.offset", settlement, amounts=dict(amounts), entry=entry.number)
    publish("settlement.offset", actor=actor, settlement=settlement)
    return settlement


@verb
def credit_parts(*, actor: Actor, settlement: Settlement, on: date | None = None) -> Settlement:
    """What is left becomes credit for parts, where the contract says so."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "offset")
    if settlement.pay_mode != PayMode.PARTS_CREDIT:
        raise errors.WrongPayMode(mode=settlement.get_pay_mode_display())
    left = _left(settlement)
    accounts = ledger.ensure_accounts(actor=actor, dealer=settlement.dealer)
    entry = ledger.post_entry(
        actor=actor,
        source=postings.source_of(settlement, _next_purpose(settlement, "credit")),
        lines=[
            debit(accounts[AccountRole.PAYABLE], left),
            credit(accounts[AccountRole.PARTS_CREDIT], left),
        ],
        on=on or timezone.localdate(),
        narration=_("Parts credit of settlement %(number)s") % {"number": settlement.number},
    )
    settlement.save(update_fields=["state"])
    audit.record(actor, "settlement.credited", settlement, cents=left, entry=entry.number)
    publish("settlement.offset", actor=actor, settlement=settlement)
    return settlement


@verb
def pay_settlement(
    *, actor: Actor, settlement: Settlement, reference: str, paid_on: date
) -> Settlement:
    """All that is owed left the bank, by the bank's own reference."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "pay")
    if not reference.strip():
        raise errors.NoReference
    if settlement.invoice_state not in (InvoiceState.NOT_NEEDED, InvoiceState.REGISTERED):
        raise errors.InvoiceMissing
    left = _left(settlement)
    try:
        with transaction.atomic():
            Payment.objects.create(
                settlement=settlement,
                cents=left,
                paid_on=paid_on,
                reference=reference.strip(),
                by_id=actor.user_id,
                by_label=actor.label,
            )
    except IntegrityError as error:
        raise errors.ReferenceUsed from error
    accounts = ledger.ensure_accounts(actor=actor, dealer=settlement.dealer)
    house = ledger.ensure_house(actor=actor)
    entry = ledger.post_entry(
        actor=actor,
        source=postings.source_of(settlement, "pay"),
        lines=[
            debit(accounts[AccountRole.PAYABLE], left),
            credit(house[AccountRole.BANK], left, item=reference.strip()),
        ],
        on=paid_on,
        narration=_("Payment of settlement %(number)s") % {"number": settlement.number},
    )
    settlement.save(update_fields=["state"])
    audit.record(
        actor,
        "settlement.paid",
        settlement,
        cents=left,
        reference=reference.strip(),
        entry=entry.number,
    )
    publish("settlement.paid", actor=actor, settlement=settlement)
    return settlement


@verb
def close_settlement(*, actor: Actor, settlement: Settlement) -> Settlement:
    """Nothing is owed any more, or what is below zero is carried on."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "close")
    left = settlement.net_cents - queries.used_of([settlement])[settlement.pk]
    if left > 0:
        raise errors.StillOpen(left=f"{yuan(left):,.2f}")
    if left < 0 and not _carrier(settlement):
        raise errors.NotCarried
    settlement.closed_at = timezone.now()
    settlement.save(update_fields=["state", "closed_at"])
    audit.record(actor, "settlement.closed", settlement)
    publish("settlement.closed", actor=actor, settlement=settlement)
    return settlement


@verb
def reverse_settlement(
    *, actor: Actor, settlement: Settlement, reason: str, on: date | None = None
) -> Settlement:
    """Take it back by opposite entries; its lines are free for the next settlement.

    Money that left the bank stays paid: it is carried on against the dealer.
    """
    if not reason.strip():
        raise errors.NoReason
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "reverse")
    carrier = _carrier(settlement)
    if carrier is not None:
        raise errors.IsCarried(number=carrier.settlement.number)
    reversed_numbers = []
    for entry in queries.entries_of(settlement).order_by("-pk"):
        if entry.purpose == "pay" or entry.reversals.exists():
            continue
        back = ledger.reverse_entry(actor=actor, entry=entry, reason=reason.strip(), on=on)
        reversed_numbers.append(back.number)
    settlement.reason = reason.strip()
    settlement.reversed_by_id, settlement.reversed_label = actor.user_id, actor.label
    net = settlement.net_cents
    settlement.save(update_fields=["state", "reason", "reversed_by", "reversed_label"])
    lines.release(actor_for_release(), settlement, queries.live_lines(settlement))
    # The paper keeps its sum; no line of it is live any more.
    settlement.net_cents = net
    settlement.save(update_fields=["net_cents"])
    audit.record(
        actor,
        "settlement.reversed",
        settlement,
        reason=settlement.reason,
        entries=reversed_numbers,
    )
    publish("settlement.reversed", actor=actor, settlement=settlement)
    return settlement


def actor_for_release() -> Actor:
    """Who reverses may not draft; that lines fall free is the system's doing."""
    return Actor.system(current_tenant_id())


@verb
def move_invoice(
    *, actor: Actor, settlement: Settlement, name: str, number: str = "", on: date | None = None
) -> Settlement:
    """The dealer's invoice: register, refuse, or note its red invoice; a fact of its own."""
    settlement = take(actor, settlement, INVOICE_ACTIONS, name, field="invoice_state")
    if settlement.state in (SettlementState.DRAFT, SettlementState.VOID):
        raise WrongState
    if name == "register":
        if not number.strip():
            raise errors.DomainError(_("Write the number of the invoice."), field="number")
        settlement.invoice_number, settlement.invoice_on = number.strip(), on
    settlement.save(update_fields=["invoice_state", "invoice_number", "invoice_on"])
    audit.record(
        actor,
        f"settlement.invoice_{settlement.invoice_state}",
        settlement,
        number=settlement.invoice_number,
    )
    return settlement


def _left(settlement: Settlement) -> int:
    left = settlement.net_cents - queries.used_of([settlement])[settlement.pk]
    if left <= 0:
        raise errors.NothingLeft
    return left


def _within_left(settlement: Settlement, asked: int) -> None:
    left = _left(settlement)
    if asked > left:
        raise errors.BeyondLeft(left=f"{yuan(left):,.2f}", asked=f"{yuan(asked):,.2f}")


def _next_purpose(settlement: Settlement, kind: str) -> str:
    """The row is locked, so counting is safe; a reversed one keeps its place."""
    taken = queries.entries_of(settlement).filter(purpose__startswith=kind).count()
    return f"{kind}:{taken + 1}"


def _carrier(settlement: Settlement) -> SettlementLine | None:
    carried = SettlementLine.objects.filter(carried_from=settlement, is_live=True)
    return carried.select_related("settlement").first()


def _close_carried(settlement: Settlement) -> None:
    """What this one carried from earlier ones is done with there."""
    system = Actor.system(current_tenant_id())
    for line in queries.live_lines(settlement).filter(carried_from__isnull=False):
        earlier = line.carried_from
        if earlier is not None and earlier.state == SettlementState.POSTED:
            close_settlement(actor=system, settlement=earlier)


def _not_by_who_took_part(actor: Actor, settlement: Settlement) -> None:
    """Creator, decider, appraiser and poster are different people (R-153)."""
    if actor.user_id is None:
        return
    claims = Claim.objects.filter(settlement_lines__in=queries.live_lines(settlement))
    mine = Appraisal.objects.filter(by=actor.user_id, old_part__claim__in=claims)
    hands = claims.filter(created_by=actor.user_id) | claims.filter(filed_by=actor.user_id)
    hands |= claims.filter(decided_by=actor.user_id)
    hands |= claims.filter(appeal_decided_by=actor.user_id)
    if hands.exists() or mine.exists():
        raise SameHands
