"""PreAuthorisation (预授权): consent before the work, asked, given with a limit, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from dealers.models import Dealer
from machines.models import Machine
from parts.models import LabourOperation
from parts.queries import parts_by_number
from parts.rules import fold
from tickets.models import Ticket
from warranty.models import PreAuthorisation
from warranty.queries.decisions import review_limits
from warranty.rules.amounts import Shares
from warranty.rules.decisions import may_decide
from warranty.services.consent_news import tell_of_consent
from warranty.services.moving import take
from warranty.services.reviews.errors import AboveLimit
from warranty.states.claims import PRE_AUTHORISATION_ACTIONS, PreAuthorisationState

NUMBER_KIND = "PA"
STANDS_FOR = timedelta(days=30)
ASKED_FIELDS = frozenset(
    {"asked_for", "asked_cents", "part_numbers", "operation_codes", "is_goodwill", "shares"}
)


class NothingAsked(DomainError):
    code = "consent.nothing_asked"
    message = _("Say what is asked for, and why.")
    field = "asked_for"


class NoAmount(DomainError):
    code = "consent.no_amount"
    message = _("Write an amount above zero.")
    field = "asked_cents"


class UnknownPart(DomainError):
    code = "consent.unknown_part"
    message = _("There is no part %(number)s.")
    field = "part_numbers"


class UnknownOperation(DomainError):
    code = "consent.unknown_operation"
    message = _("There is no operation %(code)s.")
    field = "operation_codes"


class ExpiresTooSoon(DomainError):
    code = "consent.expires_too_soon"
    message = _("The consent ends before today.")
    field = "expires_on"


class NoWords(DomainError):
    code = "consent.no_words"
    message = _("Say why: the dealer reads it.")
    field = "words"


@verb
def ask_consent(
    *,
    actor: Actor,
    machine: Machine,
    dealer: Dealer | None,
    asked_for: str,
    asked_cents: int,
    part_numbers: Sequence[str] = (),
    operation_codes: Sequence[str] = (),
    is_goodwill: bool = False,
    shares: Shares | None = None,
    ticket: Ticket | None = None,
) -> PreAuthorisation:
    """Write down what consent is asked for; it goes out with `submit_consent`."""
    row = PreAuthorisation(
        number=next_number(NUMBER_KIND, timezone.localdate()),
        machine=machine,
        dealer=dealer,
        ticket=ticket,
        created_by_id=actor.user_id,
        created_label=actor.label,
    )
    _fill(
        row,
        asked_for=asked_for,
        asked_cents=asked_cents,
        part_numbers=part_numbers,
        operation_codes=operation_codes,
        is_goodwill=is_goodwill,
        shares=shares or Shares(),
    )
    row.save(force_insert=True)
    audit.record(actor, "preauthorisation.created", row, asked_cents=row.asked_cents)
    return row


@verb
def edit_consent(
    *, actor: Actor, consent: PreAuthorisation, changes: dict[str, Any]
) -> PreAuthorisation:
    """Change what is asked for while it is with its maker."""
    row = locked(consent)
    if row.state not in (PreAuthorisationState.DRAFT, PreAuthorisationState.RETURNED):
        raise WrongState
    _fill(row, **{name: value for name, value in changes.items() if name in ASKED_FIELDS})
    row.save()
    audit.record(actor, "preauthorisation.edited", row, asked_cents=row.asked_cents)
    return row


@verb
def submit_consent(*, actor: Actor, consent: PreAuthorisation) -> PreAuthorisation:
    """Send it to the technical department."""
    row = take(actor, consent, PRE_AUTHORISATION_ACTIONS, "submit")
    row.reason = ""
    row.save(update_fields=["state", "reason"])
    audit.record(actor, "preauthorisation.submitted", row)
    tell_of_consent(row, "asked")
    return row


@verb
def discard_consent(*, actor: Actor, consent: PreAuthorisation) -> PreAuthorisation:
    """Throw it away before it is decided."""
    row = take(actor, consent, PRE_AUTHORISATION_ACTIONS, "discard")
    row.save(update_fields=["state"])
    audit.record(actor, "preauthorisation.discarded", row)
    return row


@verb
def return_consent(*, actor: Actor, consent: PreAuthorisation, words: str) -> PreAuthorisation:
    """Give it back to be completed, saying what is missing."""
    row = take(actor, consent, PRE_AUTHORISATION_ACTIONS, "return")
    return _answered(actor, row, "returned", _words(words))


@verb
def approve_consent(
    *,
    actor: Actor,
    consent: PreAuthorisation,
    limit_cents: int | None = None,
    expires_on: date | None = None,
    part_numbers: Sequence[str] | None = None,
    operation_codes: Sequence[str] | None = None,
    shares: Shares | None = None,
    words: str = "",
) -> PreAuthorisation:
    """Consent up to a limit (as asked by default) until a day (30 days by default).

    Nobody consents to more than his review level decides; what he asked
    for himself another person decides.
    """
    row = take(actor, consent, PRE_AUTHORISATION_ACTIONS, "approve")
    limit = row.asked_cents if limit_cents is None else limit_cents
    if limit <= 0:
        raise NoAmount(field="limit_cents")
    if not actor.is_system and not may_decide(review_limits(), actor.role, 1, limit):
        raise AboveLimit
    today = timezone.localdate()
    row.limit_cents = limit
    row.expires_on = expires_on or today + STANDS_FOR
    if row.expires_on < today:
        raise ExpiresTooSoon
    if part_numbers is not None:
        row.part_numbers = _parts(part_numbers)
    if operation_codes is not None:
        row.operation_codes = _operations(operation_codes)
    if shares is not None:
        _share(row, shares)
    row.save()
    return _answered(actor, row, "approved", words.strip()[:400])


@verb
def reject_consent(*, actor: Actor, consent: PreAuthorisation, words: str) -> PreAuthorisation:
    """Refuse it, with the reason that the dealer reads."""
    row = take(actor, consent, PRE_AUTHORISATION_ACTIONS, "reject")
    return _answered(actor, row, "rejected", _words(words))


def _answered(actor: Actor, row: PreAuthorisation, how: str, words: str) -> PreAuthorisation:
    row.reason = words
    row.decided_by_id, row.decided_label = actor.user_id, actor.label
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "reason", "decided_by", "decided_label", "decided_at"])
    audit.record(
        actor,
        f"preauthorisation.{how}",
        row,
        reason=words,
        limit_cents=row.limit_cents,
        expires_on=str(row.expires_on or ""),
    )
    tell_of_consent(row, how)
    publish(f"preauthorisation.{how}", actor=actor, preauthorisation=row)
    return row


def _fill(row: PreAuthorisation, **asked: Any) -> None:
    for name, value in asked.items():
        if name == "part_numbers":
            row.part_numbers = _parts(value)
        elif name == "operation_codes":
            row.operation_codes = _operations(value)
        elif name == "shares":
            _share(row, value)
        else:
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    if not row.asked_for:
        raise NothingAsked
    if row.asked_cents <= 0:
        raise NoAmount


def _share(row: PreAuthorisation, shares: Shares) -> None:
    row.factory_percent = shares.factory
    row.dealer_percent = shares.dealer
    row.user_percent = shares.user


def _parts(numbers: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(fold(number) for number in numbers if fold(number)))
    known = parts_by_number(wanted)
    for number in wanted:
        if number not in known:
            raise UnknownPart(number=number)
    return wanted


def _operations(codes: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    known = set(LabourOperation.objects.filter(code__in=wanted).values_list("code", flat=True))
    for code in wanted:
        if code not in known:
            raise UnknownOperation(code=code)
    return wanted


def _words(words: str) -> str:
    said = words.strip()[:400]
    if not said:
        raise NoWords
    return said
