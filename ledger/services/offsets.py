"""Warranty money used against goods debt: by named receivables, never beyond either balance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from core.money import yuan
from core.tenancy import verb
from dealers.models import Dealer
from ledger.models import Account, JournalEntry, JournalLine
from ledger.services.accounts import ensure_accounts
from ledger.services.entries import Posting, Source, credit, debit, post_entry
from ledger.states import AccountRole


class BeyondBalance(DomainError):
    code = "offset.beyond_balance"
    message = _("%(what)s holds %(left)s; %(asked)s cannot be offset against it.")
    field = "amount"


class NoAmount(DomainError):
    code = "offset.no_amount"
    message = _("An offset takes an amount above zero from each receivable it names.")
    field = "amount"


@verb
def offset(
    *,
    actor: Actor,
    dealer: Dealer,
    source: Source,
    amounts: Mapping[str, int],
    on: date,
    narration: str,
) -> JournalEntry:
    """Debit what we owe the dealer, credit the receivables by name; amounts in cents.

    The same source again gives the first entry back, also when the balances are used up since.
    """
    if not amounts or any(cents <= 0 or not item for item, cents in amounts.items()):
        raise NoAmount
    accounts = ensure_accounts(actor=actor, dealer=dealer)
    payable, receivable = accounts[AccountRole.PAYABLE], accounts[AccountRole.RECEIVABLE]
    # One offset of a dealer at a time: the balances stand still between looking and posting.
    list(Account.objects.select_for_update().filter(pk=payable.pk))
    total = sum(amounts.values())
    behalf = dealer if dealer.pk != payable.dealer_id else None
    lines: list[Posting] = [debit(payable, total, behalf=behalf)]
    lines += [
        credit(receivable, cents, item=item, behalf=behalf)
        for item, cents in sorted(amounts.items())
    ]
    known = JournalEntry.objects.filter(
        source_kind=source.kind, source_id=source.id, purpose=source.purpose
    )
    if not known.exists():
        _within(-_sum(payable), total, str(payable))
        for item, cents in sorted(amounts.items()):
            _within(_sum(receivable, item=item), cents, item)
    return post_entry(actor=actor, source=source, lines=lines, on=on, narration=narration)


def _sum(account: Account, **narrowed: str) -> int:
    rows = JournalLine.objects.filter(account=account, **narrowed)
    return rows.aggregate(total=Sum("cents"))["total"] or 0


def _within(left: int, asked: int, what: str) -> None:
    if asked > left:
        raise BeyondBalance(what=what, left=f"{yuan(left):,.2f}", asked=f"{yuan(asked):,.2f}")
