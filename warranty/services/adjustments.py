"""Adjustments (扣补单): money beside the claims, told to the dealer before it counts."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import publish
from core.money import yuan
from core.numbering import next_number
from core.options import option
from core.tenancy import current_tenant_id, verb
from dealers.models import Dealer
from dealers.queries import payee_of
from warranty.models import Adjustment, ClaimLine, CutReason, OldPartReturn
from warranty.rules import settlement as rules
from warranty.services.money_news import adjustment_page, tell_dealers
from warranty.services.moving import take
from warranty.states.settlements import ADJUSTMENT_ACTIONS, TAKES, AdjustmentKind, AdjustmentState

NUMBER_KIND = "AJ"
Source = tuple[str, int | None]


class NoWords(DomainError):
    code = "adjustment.no_words"
    message = _("Say why in words: the dealer reads them.")
    field = "words"


class NoAmount(DomainError):
    code = "adjustment.no_amount"
    message = _("An adjustment has an amount above zero; its kind says which way it goes.")
    field = "cents"


class UnknownReason(DomainError):
    code = "adjustment.unknown_reason"
    message = _("There is no such reason.")
    field = "reason"


class ObjectionOver(DomainError):
    code = "adjustment.objection_over"
    message = _("The time to object ended on %(day)s.")


@verb
def create_adjustment(
    *,
    actor: Actor,
    dealer: Dealer,
    kind: str,
    cents: int,
    reason: CutReason | str | None = None,
    words: str,
    claim_line: ClaimLine | None = None,
    old_part: OldPartReturn | None = None,
    source: Source = ("", None),
) -> Adjustment:
    """Take money from a dealer or give it some; `cents` above zero, the kind says which way.

    The system's own goes out to the dealer at once; a person's waits for another person, but for
    small ones up to the setting adjustment.second_person_cents. Asked again for the same source
    or old part, the first one comes back.
    """
    kind = AdjustmentKind(kind)
    if cents <= 0:
        raise NoAmount
    if not words.strip():
        raise NoWords
    if (known := _known(kind, old_part, source)) is not None:
        return known
    adjustment = Adjustment(
        number=next_number(NUMBER_KIND, timezone.localdate()),
        dealer=dealer,
        payee=payee_of(dealer),
        kind=kind,
        cents=rules.signed(kind, cents),
        reason=_reason(reason),
        words=words.strip(),
        claim_line=claim_line,
        old_part=old_part,
        source_kind=source[0],
        source_id=source[1],
        created_by_id=actor.user_id,
        created_label=actor.label,
    )
    try:
        with transaction.atomic():
            adjustment.save()
    except IntegrityError:
        # Somebody was quicker with the same source.
        known = _known(kind, old_part, source)
        if known is None:
            raise
        return known
    audit.record(
        actor,
        "adjustment.created",
        adjustment,
        dealer=dealer.number,
        kind=str(kind),
        cents=adjustment.cents,
        words=adjustment.words,
    )
    if actor.is_system or cents <= option("adjustment.second_person_cents"):
        return approve_adjustment(actor=Actor.system(current_tenant_id()), adjustment=adjustment)
    return adjustment


@verb
def approve_adjustment(*, actor: Actor, adjustment: Adjustment) -> Adjustment:
    """Send it to the dealer; what takes money may be objected to for some days."""
    adjustment = take(actor, adjustment, ADJUSTMENT_ACTIONS, "notify")
    adjustment.notified_at = timezone.now()
    days = option("adjustment.object_days") if adjustment.kind in TAKES else 0
    adjustment.object_until = timezone.localdate() + timedelta(days=days)
    adjustment.approved_by_id = actor.user_id
    adjustment.approved_label = actor.label
    adjustment.save(
        update_fields=["state", "notified_at", "object_until", "approved_by", "approved_label"]
    )
    audit.record(
        actor, "adjustment.notified", adjustment, object_until=str(adjustment.object_until)
    )
    _tell(adjustment, "adjustment.notified")
    publish("adjustment.notified", actor=actor, adjustment=adjustment)
    if adjustment.kind not in TAKES:
        # There is nothing to object to in money that one is given.
        return finalise_adjustment(actor=Actor.system(current_tenant_id()), adjustment=adjustment)
    return adjustment


@verb
def object_to_adjustment(*, actor: Actor, adjustment: Adjustment, words: str) -> Adjustment:
    """The dealer does not accept it and says why, in time."""
    if not words.strip():
        raise NoWords
    adjustment = take(actor, adjustment, ADJUSTMENT_ACTIONS, "object")
    if adjustment.object_until is not None and adjustment.object_until < timezone.localdate():
        raise ObjectionOver(day=str(adjustment.object_until))
    adjustment.objection = words.strip()
    adjustment.objected_by_id, adjustment.objected_label = actor.user_id, actor.label
    adjustment.save(update_fields=["state", "objection", "objected_by", "objected_label"])
    audit.record(actor, "adjustment.objected", adjustment, words=adjustment.objection)
    publish("adjustment.objected", actor=actor, adjustment=adjustment)
    return adjustment


@verb
def uphold_adjustment(*, actor: Actor, adjustment: Adjustment, answer: str) -> Adjustment:
    """It stays, in spite of the objection; the answer goes to the dealer."""
    return _answered(actor, adjustment, "uphold", "adjustment.upheld", answer)


@verb
def drop_adjustment(*, actor: Actor, adjustment: Adjustment, answer: str) -> Adjustment:
    """It is given up, before it was sent or after; nothing is taken or given."""
    is_draft = adjustment.state == AdjustmentState.DRAFT
    name = "drop_draft" if is_draft else "drop"
    return _answered(actor, adjustment, name, "adjustment.dropped", answer)


def _answered(
    actor: Actor, adjustment: Adjustment, name: str, event: str, answer: str
) -> Adjustment:
    if not answer.strip():
        raise DomainError(_("Write an answer: it stays in the records."), field="answer")
    adjustment = take(actor, adjustment, ADJUSTMENT_ACTIONS, name)
    adjustment.answer = answer.strip()
    adjustment.save(update_fields=["state", "answer"])
    audit.record(actor, event, adjustment, answer=adjustment.answer)
    if adjustment.notified_at is not None:
        _tell(adjustment, event)
    publish(event, actor=actor, adjustment=adjustment)
    return adjustment


@verb
def finalise_adjustment(*, actor: Actor, adjustment: Adjustment) -> Adjustment:
    """The time to object is over: it goes on the next settlement."""
    adjustment = take(actor, adjustment, ADJUSTMENT_ACTIONS, "finalise")
    adjustment.save(update_fields=["state"])
    audit.record(actor, "adjustment.finalised", adjustment)
    publish("adjustment.finalised", actor=actor, adjustment=adjustment)
    return adjustment


@verb
def finalise_due(*, actor: Actor, today: date) -> int:
    """Make final whatever nobody objected to in time; run again it finds nothing."""
    due = Adjustment.objects.filter(state=AdjustmentState.NOTIFIED, object_until__lt=today)
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    for adjustment in rows:
        finalise_adjustment(actor=actor, adjustment=adjustment)
    return len(rows)


def _known(
    kind: AdjustmentKind, old_part: OldPartReturn | None, source: Source
) -> Adjustment | None:
    live = Adjustment.objects.exclude(state=AdjustmentState.DROPPED).filter(kind=kind)
    if old_part is not None:
        return live.filter(old_part=old_part).first()
    if source[0]:
        return live.filter(source_kind=source[0], source_id=source[1]).first()
    return None


def _reason(reason: CutReason | str | None) -> CutReason | None:
    if not isinstance(reason, str) or not reason:
        return reason or None
    found = CutReason.objects.filter(code=reason).first()
    if found is None:
        raise UnknownReason
    return found


def _tell(adjustment: Adjustment, event: str) -> None:
    tell_dealers(
        {adjustment.dealer, adjustment.payee},
        event,
        {
            "number": adjustment.number,
            "amount": f"{yuan(adjustment.cents):,.2f}",
            "words": adjustment.answer or adjustment.words,
            "until_on": adjustment.object_until,
        },
        cause=f"adjustment:{adjustment.pk}:{event}",
        url=adjustment_page(adjustment.number),
    )
