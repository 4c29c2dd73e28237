"""Goods receivables by name: what a dealer owes for an invoice, booked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from core.tenancy import verb
from dealers.models import Dealer
from ledger.models import JournalEntry
from ledger.queries import level_one
from ledger.services.accounts import ensure_accounts, ensure_house
from ledger.services.entries import Source, credit, debit, post_entry
from ledger.states import AccountRole

SOURCE = "receivable"
LONGEST = 32


class NoInvoice(DomainError):
    code = "receivable.no_invoice"
    message = _("Write the number of the invoice.")
    field = "invoice"


class TooLong(DomainError):
    code = "receivable.too_long"
    message = _("The number of an invoice has at most %(most)s characters.")
    field = "invoice"


class NotAboveZero(DomainError):
    code = "receivable.not_above_zero"
    message = _("A receivable is above zero.")
    field = "amount"


@dataclass(frozen=True, slots=True)
class Receivable:
    """One invoice of goods, in cents."""

    dealer: Dealer
    invoice: str
    cents: int
    on: date


@verb
def book_receivable(
    *, actor: Actor, dealer: Dealer, invoice: str, cents: int, on: date
) -> JournalEntry:
    """Goods sold to a dealer on a named invoice; the same one again gives the first entry back.

    Of a level-2 dealer it stands on the account of its level 1, with its name.
    """
    number = " ".join(invoice.split())
    if not number:
        raise NoInvoice
    if len(number) > LONGEST:
        raise TooLong(most=LONGEST)
    if cents <= 0:
        raise NotAboveZero
    own = ensure_accounts(actor=actor, dealer=dealer)
    house = ensure_house(actor=actor)
    holder = level_one(dealer)
    return post_entry(
        actor=actor,
        source=Source(SOURCE, holder.pk, number, f"invoice:{number}"),
        lines=[
            debit(
                own[AccountRole.RECEIVABLE],
                cents,
                item=number,
                behalf=dealer if dealer.pk != holder.pk else None,
            ),
            credit(house[AccountRole.GOODS_SOLD], cents),
        ],
        on=on,
        narration=_g("Goods invoice %(number)s") % {"number": number},
    )


@verb
def book_receivables(*, actor: Actor, rows: Sequence[Receivable]) -> int:
    """Many invoices, all or none; returns how many."""
    for row in rows:
        book_receivable(
            actor=actor, dealer=row.dealer, invoice=row.invoice, cents=row.cents, on=row.on
        )
    return len(rows)
