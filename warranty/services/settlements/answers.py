"""The dealer's answer to a notice: yes to one hash, or no by line; and silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.queries import people_in_role
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.events import publish
from core.money import yuan
from core.tenancy import verb
from dealers.queries import contract_on
from machines.services.registrations import checked_signature
from notifications import services as notifications
from notifications.services import Told
from warranty import notices
from warranty.models import DealerConfirmation, Dispute, Settlement, SettlementNotice
from warranty.services.money_news import settlement_page, tell_dealers
from warranty.services.moving import take
from warranty.services.settlements import drafting, errors
from warranty.services.settlements.issuing import latest_notice
from warranty.states.settlements import SETTLEMENT_ACTIONS, ConfirmedBy, SettlementState


@verb
def confirm_settlement(
    *,
    actor: Actor,
    settlement: Settlement,
    digest: str,
    name: str,
    signature: Any = None,
    code: str = "",
) -> DealerConfirmation:
    """The dealer says yes to the notice of this very digest, by signature or printed code."""
    _not_twice(settlement)
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "confirm")
    notice = _unchanged(settlement, digest)
    if not name.strip():
        raise errors.NoName
    signed: dict[str, Any]
    if code.strip():
        if code.strip().upper() != notices.code_of(notice.digest):
            raise errors.WrongCode
        signed = {"code": code.strip().upper()}
    else:
        strokes = checked_signature(signature)
        if not strokes:
            raise errors.NoSignature
        signed = {"strokes": strokes}
    return _confirm(actor, settlement, notice, ConfirmedBy.PORTAL, name.strip(), signature=signed)


@verb
def record_paper(
    *, actor: Actor, settlement: Settlement, digest: str, name: str, document: str
) -> DealerConfirmation:
    """The signed paper came back: who signed, where it is kept, and the code printed on it."""
    _not_twice(settlement)
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "record_paper")
    notice = _unchanged(settlement, digest)
    if not name.strip():
        raise errors.NoName
    if not document.strip():
        raise errors.NoDocument
    return _confirm(
        actor, settlement, notice, ConfirmedBy.PAPER, name.strip(), document=document.strip()
    )


@verb
def deem_settlement(*, actor: Actor, settlement: Settlement) -> DealerConfirmation:
    """Silence is a yes, where the contract says so and the time is over; marked as such."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "deem")
    contract = contract_on(settlement.dealer, settlement.until_on)
    is_over = settlement.confirm_by is not None and settlement.confirm_by < timezone.localdate()
    if contract is None or not contract.is_deemed_confirmed or not is_over:
        raise errors.NotDeemed
    notice = latest_notice(settlement)
    return _confirm(actor, settlement, notice, ConfirmedBy.DEEMED, contract.number)


@verb
def dispute_settlement(
    *, actor: Actor, settlement: Settlement, lines: Mapping[int, str], digest: str = ""
) -> Settlement:
    """The dealer does not accept these lines, each with its words; the rest comes anew."""
    settlement = take(actor, settlement, SETTLEMENT_ACTIONS, "dispute")
    notice = _unchanged(settlement, digest) if digest else latest_notice(settlement)
    found = drafting.lines_on(settlement, list(lines))
    if not all(words.strip() for words in lines.values()):
        raise errors.NoWords
    now = timezone.now()
    Dispute.objects.bulk_create(
        Dispute(
            notice=notice,
            line=line,
            words=lines[line.pk].strip(),
            at=now,
            by_id=actor.user_id,
            by_label=actor.label,
        )
        for line in found
    )
    settlement.save(update_fields=["state"])
    audit.record(
        actor,
        "settlement.disputed",
        settlement,
        lines={line.position: lines[line.pk].strip() for line in found},
        digest=notice.digest,
    )
    _tell_house(settlement, "settlement.disputed", Role.FINANCE, Role.FINANCE_MANAGER)
    publish("settlement.disputed", actor=actor, settlement=settlement)
    return settlement


@verb
def follow_notices(*, actor: Actor, today: date) -> int:
    """Remind who has not answered on the last day; the day after silence may be a yes.

    Run again it finds nothing. Returns how many were reminded or deemed.
    """
    issued = Settlement.objects.filter(state=SettlementState.ISSUED)
    late = issued.filter(confirm_by__lt=today).select_related("dealer")
    handled = 0
    for settlement in late.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        contract = contract_on(settlement.dealer, settlement.until_on)
        if contract is not None and contract.is_deemed_confirmed:
            deem_settlement(actor=actor, settlement=settlement)
            handled += 1
    due = issued.filter(confirm_by__lte=today, reminded_at=None).select_related("dealer")
    for settlement in due.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        _remind(actor, settlement)
        handled += 1
    return handled


def _remind(actor: Actor, settlement: Settlement) -> None:
    settlement.reminded_at = timezone.now()
    settlement.save(update_fields=["reminded_at"])
    audit.record(actor, "settlement.reminded", settlement)
    tell_dealers(
        {settlement.dealer},
        "settlement.reminded",
        {
            "number": latest_notice(settlement).number,
            "amount": f"{yuan(settlement.net_cents):,.2f}",
            "until_on": settlement.confirm_by,
        },
        cause=f"settlement:{settlement.pk}:reminded:{settlement.edition}",
        url=settlement_page(settlement.number),
    )
    _tell_house(settlement, "settlement.unanswered", Role.CLERK)


def _not_twice(settlement: Settlement) -> None:
    """Twice is told: who confirmed, and when."""
    said = DealerConfirmation.objects.filter(notice__settlement=settlement).last()
    if said is not None:
        raise errors.AlreadyConfirmed(who=said.name, day=timezone.localdate(said.at).isoformat())


def _unchanged(settlement: Settlement, digest: str) -> SettlementNotice:
    """The edition in force, if it is the one that was read: by its digest or its printed code."""
    notice = latest_notice(settlement)
    read = digest.strip().lower()
    if read not in (notice.digest, notices.code_of(notice.digest).lower()):
        raise errors.NoticeChanged(edition=notice.edition)
    return notice


def _confirm(
    actor: Actor,
    settlement: Settlement,
    notice: SettlementNotice,
    how: str,
    name: str,
    *,
    signature: dict[str, Any] | None = None,
    document: str = "",
) -> DealerConfirmation:
    now = timezone.now()
    said = DealerConfirmation.objects.create(
        notice=notice,
        digest=notice.digest,
        how=how,
        name=name,
        signature=signature,
        document=document,
        at=now,
        by_id=actor.user_id,
        by_label=actor.label,
    )
    settlement.confirmed_at = now
    settlement.save(update_fields=["state", "confirmed_at"])
    audit.record(
        actor,
        "settlement.confirmed",
        settlement,
        how=str(how),
        name=name,
        digest=notice.digest,
        document=document,
    )
    _tell_house(settlement, "settlement.confirmed", Role.FINANCE_MANAGER)
    publish("settlement.confirmed", actor=actor, settlement=settlement)
    return said


def _tell_house(settlement: Settlement, event: str, *roles: str) -> None:
    notifications.notify_all(
        told=[
            Told(
                user,
                event,
                {
                    "number": settlement.number,
                    "dealer": str(settlement.dealer),
                    "amount": f"{yuan(settlement.net_cents):,.2f}",
                },
                cause=f"settlement:{settlement.pk}:{event}:{settlement.edition}",
                url=settlement_page(settlement.number),
            )
            for role in roles
            for user in people_in_role(role)
        ]
    )
