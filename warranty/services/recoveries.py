"""What suppliers pay back (追偿): never tied to the dealer's payment, never seen by a dealer."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.money import share
from core.numbering import next_number
from core.tenancy import verb
from ledger.services import Source, credit, debit, ensure_house, post_entry
from ledger.states import AccountRole
from warranty.models import Appraisal, ClaimLine, OldPartReturn, RecoveryClaim
from warranty.models import LineDecision as Decision
from warranty.services.moving import take
from warranty.states.cases import RECOVERY_ACTIONS
from warranty.states.oldparts import Liable

NUMBER_KIND = "RV"


class NothingClaimed(DomainError):
    code = "recovery.nothing_claimed"
    message = _("Claim an amount above zero, at most the cost of the case.")
    field = "cents"


class NotAPart(DomainError):
    code = "recovery.not_a_part"
    message = _("Partly is more than nothing and less than what was claimed.")
    field = "cents"


class NoAnswer(DomainError):
    code = "recovery.no_answer"
    message = _("Write down what the supplier answered.")
    field = "answer"


@verb
def find_recovery(
    *, actor: Actor, piece: OldPartReturn, appraisal: Appraisal, **facts: object
) -> RecoveryClaim | None:
    """Open a claim on the supplier who is liable for a piece, once; None when nobody is."""
    if appraisal.liable != Liable.SUPPLIER or appraisal.supplier is None:
        return None
    known = RecoveryClaim.objects.filter(old_part=piece).first()
    if known is not None:
        return known
    cost = cost_of(piece)
    percent = appraisal.supplier.duty_percent
    recovery = RecoveryClaim.objects.create(
        number=next_number(NUMBER_KIND, timezone.localdate()),
        supplier=appraisal.supplier,
        claim=piece.claim,
        old_part=piece,
        cost_cents=cost,
        percent=percent,
        claimed_cents=share(cost, percent),
        words=appraisal.words,
    )
    audit.record(
        Actor.system(actor.tenant_id), "recovery.found", recovery, piece=piece.number, cost=cost
    )
    return recovery


def cost_of(piece: OldPartReturn) -> int:
    """What the failure cost: all that is approved of the claim when the piece caused it, else
    the approved amount of its own line. Before a decision: what was computed."""
    lines = ClaimLine.objects.filter(
        version__claim_id=piece.claim_id, version__number=piece.claim.version_count
    )
    if not piece.is_causal:
        lines = lines.filter(report_part_id=piece.report_part_id)
    decided = dict(
        Decision.objects.filter(line__in=lines)
        .order_by("adjudication__number")
        .values_list("line", "approved_cents")
    )
    return sum(decided.get(line.pk, line.computed_cents) for line in lines)


@verb
def claim_recovery(
    *, actor: Actor, recovery: RecoveryClaim, cents: int, words: str = ""
) -> RecoveryClaim:
    """Send the claim to the supplier."""
    if not 0 < cents <= recovery.cost_cents:
        raise NothingClaimed
    row = take(actor, recovery, RECOVERY_ACTIONS, "claim")
    row.claimed_cents, row.words = cents, words.strip() or row.words
    row.claimed_at, row.claimed_by_id, row.claimed_label = (
        timezone.now(),
        actor.user_id,
        actor.label,
    )
    row.save()
    audit.record(actor, "recovery.claimed", row, cents=cents)
    return row


@verb
def answer_recovery(
    *, actor: Actor, recovery: RecoveryClaim, name: str, answer: str, cents: int = 0
) -> RecoveryClaim:
    """The supplier's answer: accept (all), accept_partly (`cents` of it) or refuse."""
    if not answer.strip():
        raise NoAnswer
    row = take(actor, recovery, RECOVERY_ACTIONS, name)
    if name == "accept_partly" and not 0 < cents < row.claimed_cents:
        raise NotAPart
    row.accepted_cents = {"accept": row.claimed_cents, "refuse": 0}.get(name, cents)
    row.answer, row.answered_at = answer.strip(), timezone.now()
    row.save()
    audit.record(actor, "recovery.answered", row, answer=name, cents=row.accepted_cents)
    return row


@verb
def debit_recovery(*, actor: Actor, recovery: RecoveryClaim) -> RecoveryClaim:
    """Book what the supplier owes: once, by another person than who claimed it."""
    row = take(actor, recovery, RECOVERY_ACTIONS, "debit")
    house = ensure_house(actor=actor)
    cents = row.accepted_cents or 0
    post_entry(
        actor=actor,
        source=Source("recovery", row.pk, row.number),
        lines=[
            debit(house[AccountRole.RECOVERY], cents, item=row.number),
            credit(house[AccountRole.RECOVERED], cents),
        ],
        on=timezone.localdate(),
        narration=f"{row.number} · {row.supplier.code}",
    )
    row.debited_at = timezone.now()
    row.save(update_fields=["state", "debited_at"])
    audit.record(actor, "recovery.debited", row, cents=cents)
    return row


@verb
def end_recovery(*, actor: Actor, recovery: RecoveryClaim, name: str, words: str) -> RecoveryClaim:
    """Take parts instead of money ("take_parts"), or close the matter ("close"), with words."""
    if not words.strip():
        raise NoAnswer
    row = take(actor, recovery, RECOVERY_ACTIONS, name)
    row.answer = "\n".join(filter(None, [row.answer, words.strip()]))
    row.save(update_fields=["state", "answer"])
    audit.record(actor, f"recovery.{name}", row, words=words.strip())
    return row


def take_parts_instead(*, actor: Actor, recovery: RecoveryClaim, words: str) -> RecoveryClaim:
    """Parts came instead of money; the words say which."""
    return end_recovery(actor=actor, recovery=recovery, name="take_parts", words=words)


def close_recovery(*, actor: Actor, recovery: RecoveryClaim, words: str) -> RecoveryClaim:
    """Nothing more is to come; the words say why."""
    return end_recovery(actor=actor, recovery=recovery, name="close", words=words)
