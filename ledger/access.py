"""The only gate to the books: the house sees all, a dealer its own accounts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from ledger.models import Account, JournalEntry, JournalLine


def visible(actor: Actor) -> QuerySet[Account]:
    """The whole tenant's accounts, or those of a dealer and its sub-dealers."""
    accounts = Account.objects.select_related("dealer")
    return accounts if actor.dealer_ids is None else accounts.filter(dealer__in=actor.dealer_ids)


def visible_lines(actor: Actor) -> QuerySet[JournalLine]:
    """The lines on the accounts that the actor sees; the house's side of an entry is not one."""
    lines = JournalLine.objects.all()
    if actor.dealer_ids is None:
        return lines
    return lines.filter(account__dealer__in=actor.dealer_ids)


def get_account(actor: Actor, code: str, to: str = "ledger.view") -> Account:
    """An account by its code: unknown to the actor 404, not allowed 403."""
    account = get_object_or_404(visible(actor), code=code)
    if not actor.may(to):
        raise PermissionDenied
    return account


def get_entry(actor: Actor, number: str, to: str = "ledger.view") -> JournalEntry:
    """An entry by its number, if a line of it stands on an account that the actor sees."""
    seen = visible_lines(actor).values("entry")
    entries = JournalEntry.objects.select_related("reverses")
    if actor.dealer_ids is not None:
        entries = entries.filter(pk__in=seen)
    entry = get_object_or_404(entries, number=number)
    if not actor.may(to):
        raise PermissionDenied
    return entry
