"""People's part: the user's choice, the manager's yes, and how it ended."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.tenancy import verb
from machines.models import Machine
from warranty.models import StatutoryCase
from warranty.remedies.values import Option
from warranty.services.moving import take
from warranty.states.cases import CASE_ACTIONS, Remedy

# Which options of the law let the user choose what.
LETS: dict[str, frozenset[Option]] = {
    Remedy.REPAIR: frozenset(Option),
    Remedy.REPLACE_PART: frozenset({Option.REPLACE_PART}),
    Remedy.REPLACE: frozenset({Option.REPLACE_UNIT, Option.REPLACE_UNIT_FEE}),
    Remedy.RETURN: frozenset({Option.RETURN_FULL, Option.RETURN_FEE, Option.RETURN_DEPR}),
}


class NotOffered(DomainError):
    code = "case.not_offered"
    message = _("The law does not give this choice here. Look at what the user may demand.")
    field = "choice"


class NoSigner(DomainError):
    code = "case.no_signer"
    message = _("Write down who chose, and have it signed or in the user's words.")
    field = "signer"


class NoReason(DomainError):
    code = "case.no_reason"
    message = _("Say why: the reason stays in the records.")
    field = "reason"


class NoSuchMachine(DomainError):
    code = "case.no_such_machine"
    message = _("No machine with this serial number is on file.")
    field = "replacement_serial"


class SameMachine(DomainError):
    code = "case.same_machine"
    message = _("This is the machine itself; write the serial number of the new one.")
    field = "replacement_serial"


class NoAmount(DomainError):
    code = "case.no_amount"
    message = _("Write how much money the user got back.")
    field = "refund_cents"


def choices_of(case: StatutoryCase) -> list[Remedy]:
    """What the user of a triggered case may choose."""
    options = {Option(each) for each in case.answered.get("options", [])}
    return [Remedy(choice) for choice, lets in LETS.items() if options & lets]


@verb
def record_choice(
    *,
    actor: Actor,
    case: StatutoryCase,
    choice: str,
    signer: str,
    words: str = "",
    signature: list[list[int]] | None = None,
) -> StatutoryCase:
    """What the user chose, signed on glass or told in words; a later choice replaces it."""
    if not signer.strip() or not (signature or words.strip()):
        raise NoSigner
    row = take(actor, case, CASE_ACTIONS, "choose")
    if choice not in choices_of(row):
        raise NotOffered
    row.choice, row.choice_words, row.choice_signature = choice, words.strip(), signature
    row.choice_signer, row.chosen_at = signer.strip(), timezone.now()
    row.chosen_by_id, row.chosen_label = actor.user_id, actor.label
    row.save()
    return _noted(actor, row, "case.user_chose", choice=choice, signer=row.choice_signer)


@verb
def approve_case(*, actor: Actor, case: StatutoryCase) -> StatutoryCase:
    """Management agrees; never the person who recorded the choice."""
    row = take(actor, case, CASE_ACTIONS, "approve")
    row.approved_at, row.approved_by_id = timezone.now(), actor.user_id
    row.approved_label = actor.label
    row.save()
    return _noted(actor, row, "case.approved", choice=row.choice)


@verb
def refuse_case(*, actor: Actor, case: StatutoryCase, reason: str) -> StatutoryCase:
    """Management does not agree to this choice: the user chooses again; the right stays."""
    row = take(actor, case, CASE_ACTIONS, "refuse")
    row.reason = _reason(reason)
    row.save(update_fields=["state", "reason", "changed_at"])
    return _noted(actor, row, "case.refused", choice=row.choice, reason=row.reason)


@verb
def carry_out_case(
    *,
    actor: Actor,
    case: StatutoryCase,
    replacement_serial: str = "",
    refund_cents: int | None = None,
) -> StatutoryCase:
    """It was done: the new machine by its serial number, or the money that went back."""
    row = take(actor, case, CASE_ACTIONS, "carry_out")
    if row.choice == Remedy.REPLACE:
        row.replacement_serial = _other_machine(row, replacement_serial)
    if row.choice == Remedy.RETURN:
        if not refund_cents or refund_cents <= 0:
            raise NoAmount
        row.refund_cents = refund_cents
    row.carried_out_at = timezone.now()
    row.save()
    return _noted(
        actor,
        row,
        "case.carried_out",
        choice=row.choice,
        serial=row.replacement_serial,
        cents=row.refund_cents,
    )


@verb
def recover_case(*, actor: Actor, case: StatutoryCase, reason: str) -> StatutoryCase:
    """The seller got the cost back from the manufacturer or its supplier."""
    row = take(actor, case, CASE_ACTIONS, "recover")
    row.reason = _reason(reason)
    row.save(update_fields=["state", "reason", "changed_at"])
    return _noted(actor, row, "case.recovered", reason=row.reason)


@verb
def drop_case(*, actor: Actor, case: StatutoryCase, reason: str) -> StatutoryCase:
    """No matter any more, with the reason; new facts open a new case."""
    row = take(actor, case, CASE_ACTIONS, "drop")
    row.reason = _reason(reason)
    row.save(update_fields=["state", "reason", "changed_at"])
    return _noted(actor, row, "case.dropped", reason=row.reason)


def _other_machine(case: StatutoryCase, serial: str) -> str:
    if serial.strip() == case.machine.serial_number:
        raise SameMachine
    found = Machine.objects.filter(serial_number=serial.strip()).first()
    if found is None:
        raise NoSuchMachine
    return found.serial_number


def _reason(reason: str) -> str:
    if not reason.strip():
        raise NoReason
    return reason.strip()


def _noted(actor: Actor, row: StatutoryCase, event: str, **data: Any) -> StatutoryCase:
    audit.record(actor, event, row, **data)
    return row
