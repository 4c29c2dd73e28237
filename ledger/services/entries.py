"""Posting and reversing: one entry per source and purpose, however often it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import Conflict, DomainError
from core.money import yuan
from core.numbering import next_number
from core.tenancy import verb
from dealers.models import Dealer
from ledger import rules
from ledger.models import Account, JournalEntry, JournalLine
from ledger.services.periods import NoReason, PeriodClosed, period_for

NUMBER_KIND = "J"
REVERSAL = "reversal"
LONGEST_REASON = 200


class SourcePosted(Conflict):
    code = "entry.source_posted"
    message = _("This is posted already as %(number)s, with other amounts.")


class TooFewLines(DomainError):
    code = "entry.too_few_lines"
    message = _("An entry has at least two lines.")


class ZeroLine(DomainError):
    code = "entry.zero_line"
    message = _("A line of zero moves nothing: leave it out.")


class NotBalanced(DomainError):
    code = "entry.not_balanced"
    message = _("Debit and credit differ by %(amount)s %(currency)s.")


class AlreadyReversed(Conflict):
    code = "entry.already_reversed"
    message = _("This entry is reversed already by %(number)s.")


class IsReversal(DomainError):
    code = "entry.is_reversal"
    message = _("A reversal is not reversed: post the entry anew.")


class BeforeItsEntry(DomainError):
    code = "entry.before_its_entry"
    message = _("A reversal is not dated before its entry.")
    field = "on"


@dataclass(frozen=True, slots=True)
class Source:
    """What an entry comes from: a thing by kind and id, its spoken number, and for what."""

    kind: str
    id: int
    number: str = ""
    purpose: str = "post"


@dataclass(frozen=True, slots=True)
class Posting:
    """A line to post: whole cents, debit above zero, credit below; see `debit`, `credit`."""

    account: Account
    cents: int
    behalf: Dealer | None = None
    item: str = ""
    note: str = ""

    @property
    def row(self) -> rules.Row:
        return rules.Row(
            account=self.account.pk,
            cents=self.cents,
            currency=self.account.currency,
            behalf=self.behalf.pk if self.behalf else None,
            item=self.item,
            note=self.note,
        )


def debit(account: Account, cents: int, **named: Any) -> Posting:
    return Posting(account, cents, **named)


def credit(account: Account, cents: int, **named: Any) -> Posting:
    return Posting(account, -cents, **named)


@verb
def post_entry(
    *, actor: Actor, source: Source, lines: Sequence[Posting], on: date, narration: str
) -> JournalEntry:
    """Post an entry; asked again for the same source it gives the first one back.

    The same day and lines are the same entry, whatever its words; other ones are a Conflict.
    """
    rows = [line.row for line in lines]
    entry, _is_new = _post(actor, source, rows, on, narration, None)
    return entry


@verb
def reverse_entry(
    *, actor: Actor, entry: JournalEntry, reason: str, on: date | None = None
) -> JournalEntry:
    """Take an entry back by its exact opposite, once, in an open month."""
    if not reason.strip():
        raise NoReason
    if entry.reverses_id is not None:
        raise IsReversal
    day = on or max(timezone.localdate(), entry.on)
    if day < entry.on:
        raise BeforeItsEntry
    first = JournalEntry.objects.filter(reverses=entry).first()
    if first is not None:
        raise AlreadyReversed(number=first.number)
    source = Source("entry", entry.pk, entry.number, REVERSAL)
    rows = rules.opposite(rows_of(entry))
    words = reason.strip()[:LONGEST_REASON]
    reversal, is_new = _post(actor, source, rows, day, words, entry)
    if not is_new:
        raise AlreadyReversed(number=reversal.number)
    return reversal


def rows_of(entry: JournalEntry) -> list[rules.Row]:
    """The lines of an entry by their values, in their order."""
    return [line.row for line in entry.lines.order_by("position")]


def _post(
    actor: Actor,
    source: Source,
    rows: Sequence[rules.Row],
    on: date,
    narration: str,
    reverses: JournalEntry | None,
) -> tuple[JournalEntry, bool]:
    """The entry of a source and whether it is new."""
    _check(rows)
    digest = rules.digest(on, rows, reverses.pk if reverses else None)
    if known := _of_source(source, digest):
        return known, False
    try:
        # A refused one gives its number back, so that no gap stays.
        with transaction.atomic():
            entry = _write(actor, source, rows, on, narration, reverses, digest)
    except IntegrityError as error:
        rule = _broken_rule(error)
        if rule == "ledger_period_is_open":
            raise PeriodClosed(on) from error
        if rule not in ("entry_once_per_source_and_purpose", "entry_reversed_once"):
            raise
        known = _of_source(source, digest)
        if known is None:
            raise
        return known, False
    return entry, True


def _check(rows: Sequence[rules.Row]) -> None:
    if len(rows) < 2:
        raise TooFewLines
    if any(row.cents == 0 for row in rows):
        raise ZeroLine
    for currency, left in rules.balances(rows).items():
        if left:
            raise NotBalanced(amount=f"{yuan(left):,.2f}", currency=currency)


def _of_source(source: Source, digest: str) -> JournalEntry | None:
    found = JournalEntry.objects.filter(
        source_kind=source.kind, source_id=source.id, purpose=source.purpose
    ).first()
    if found is not None and found.digest != digest:
        if found.reverses_id is not None:
            raise AlreadyReversed(number=found.number)
        raise SourcePosted(number=found.number)
    return found


def _write(
    actor: Actor,
    source: Source,
    rows: Sequence[rules.Row],
    on: date,
    narration: str,
    reverses: JournalEntry | None,
    digest: str,
) -> JournalEntry:
    entry = JournalEntry.objects.create(
        number=next_number(NUMBER_KIND, on),
        on=on,
        period=period_for(on),
        source_kind=source.kind,
        source_id=source.id,
        source_number=source.number,
        purpose=source.purpose,
        narration=narration,
        reverses=reverses,
        line_count=len(rows),
        digest=digest,
        posted_by_id=actor.user_id,
        posted_label=actor.label,
    )
    JournalLine.objects.bulk_create(
        JournalLine(
            entry=entry,
            account_id=row.account,
            position=position,
            on=on,
            cents=row.cents,
            currency=row.currency,
            behalf_id=row.behalf,
            item=row.item,
            note=row.note,
        )
        for position, row in enumerate(rows, start=1)
    )
    with connection.cursor() as cursor:
        # What is wrong is said here, not at a commit far away.
        cursor.execute("SET CONSTRAINTS ledger_entry_is_whole IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ledger_entry_is_whole DEFERRED")
    data = {"source": f"{source.kind} {source.number or source.id}", "purpose": source.purpose}
    if reverses is None:
        audit.record(actor, "entry.posted", entry, narration=narration, **data)
    else:
        audit.record(actor, "entry.reversed", entry, reason=narration, **data)
    return entry


def _broken_rule(error: IntegrityError) -> str:
    """The name of the constraint or guard that refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")
