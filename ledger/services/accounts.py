"""Opening accounts: a dealer's five, the house's own, and any other by its code."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.bulk import insert_rows
from core.errors import DomainError
from core.tenancy import verb
from dealers.models import Dealer
from ledger.models import Account
from ledger.queries import level_one
from ledger.rules import CURRENCY
from ledger.states import DEALER_ACCOUNTS, HOUSE_ACCOUNTS, AccountKind, AccountRole

Accounts = dict[AccountRole, Account]


class CodeTaken(DomainError):
    code = "account.code_taken"
    message = _("There is an account with this code already.")
    field = "code"


@verb
def open_account(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: AccountKind,
    dealer: Dealer | None = None,
    currency: str = CURRENCY,
) -> Account:
    """Open an account beside those that everybody has."""
    try:
        with transaction.atomic():
            account = Account.objects.create(
                code=code, name=name, kind=kind, dealer=dealer, currency=currency
            )
    except IntegrityError as error:
        raise CodeTaken from error
    audit.record(actor, "account.opened", account, kind=str(kind))
    return account


@verb
def ensure_accounts(*, actor: Actor, dealer: Dealer) -> Accounts:
    """The accounts of a dealer, opened where missing; a level-2 dealer's are its level 1's."""
    holder = level_one(dealer)
    return _ensure(actor, DEALER_ACCOUNTS, holder)


@verb
def ensure_house(*, actor: Actor) -> Accounts:
    """The accounts of the house, opened where missing."""
    return _ensure(actor, HOUSE_ACCOUNTS, None)


def _ensure(
    actor: Actor, kinds: Mapping[AccountRole, AccountKind], holder: Dealer | None
) -> Accounts:
    found = _by_role(kinds, holder)
    missing = [role for role in kinds if role not in found]
    if not missing:
        return found
    opened = insert_rows(
        Account,
        [
            {"code": _code(holder, role), "role": str(role), "kind": str(kinds[role])}
            for role in missing
        ],
        common={"dealer_id": holder.pk if holder else None, "name": "", "currency": CURRENCY},
        skip_existing=True,
    )
    for account in Account.objects.filter(pk__in=opened).order_by("pk"):
        audit.record(actor, "account.opened", account, kind=account.kind)
    return _by_role(kinds, holder)


def _by_role(kinds: Mapping[AccountRole, AccountKind], holder: Dealer | None) -> Accounts:
    rows = Account.objects.filter(dealer=holder, role__in=list(kinds), currency=CURRENCY)
    return {AccountRole(row.role): row for row in rows}


def _code(holder: Dealer | None, role: AccountRole) -> str:
    return f"{holder.number}:{role}" if holder else str(role)


@verb
def note_export(*, actor: Actor, account: Account, rows: int) -> None:
    """Keep who took a statement along, and how much of it (R-006)."""
    audit.record(actor, "account.exported", account, rows=rows)
