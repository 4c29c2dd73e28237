"""Reads of the books: balances, the statement of an account, the months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from core import keyset
from core.actor import Actor
from core.models import AuditEvent
from core.money import yuan
from dealers.models import Dealer
from ledger import access
from ledger.models import Account, JournalLine, Period
from ledger.states import AccountKind, AccountRole, PeriodState

PAGE = 50
DEBIT_KINDS = {AccountKind.ASSET, AccountKind.EXPENSE}


def level_one(dealer: Dealer) -> Dealer:
    """The dealer whose accounts count: a level-2 dealer settles through the one above it."""
    while dealer.parent is not None:
        dealer = dealer.parent
    return dealer


def natural(account: Account, cents: int) -> Any:
    """A balance in yuan as people say it: what is owed to the owner of a liability is plus."""
    return yuan(cents if account.kind in DEBIT_KINDS else -cents)


def account_list(actor: Actor, *, words: str = "") -> QuerySet[Account]:
    """The accounts that the actor sees, by code; `words` in the code, the name or the dealer's."""
    found = access.visible(actor).order_by("code")
    if words:
        found = found.filter(
            Q(code__icontains=words) | Q(name__icontains=words) | Q(dealer__name__icontains=words)
        )
    return found


def accounts_page(rows: QuerySet[Account], after: str = "") -> tuple[list[Account], str]:
    """One page of accounts with their balances, and the code after which the next begins."""
    found = list((rows.filter(code__gt=after) if after else rows)[: PAGE + 1])
    shown = found[:PAGE]
    name_balances(shown)
    return shown, shown[-1].code if len(found) > PAGE else ""


def name_balances(accounts: list[Account]) -> None:
    """Give each account its `balance`, all in one query."""
    lines = JournalLine.objects.filter(account__in=[account.pk for account in accounts])
    sums = dict(lines.values_list("account").annotate(Sum("cents")).order_by())
    for account in accounts:
        vars(account)["balance"] = natural(account, sums.get(account.pk, 0))


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """A named receivable of some dealer that is not used up."""

    dealer: Dealer
    item: str
    on: date
    cents: int


def open_invoices(actor: Actor, *, words: str = "") -> list[OpenInvoice]:
    """All named receivables that the actor sees, by dealer, the oldest first; one query each."""
    accounts = {
        account.pk: account.dealer
        for account in access.visible(actor).filter(role=AccountRole.RECEIVABLE)
        if account.dealer is not None
    }
    lines = JournalLine.objects.filter(account__in=accounts).exclude(item="")
    if words:
        dealer = Q(account__dealer__name__icontains=words) | Q(account__dealer__number=words)
        lines = lines.filter(Q(item__icontains=words) | dealer)
    rows = lines.values("account", "item").annotate(first=Min("on"), left=Sum("cents"))
    found = [
        OpenInvoice(accounts[row["account"]], row["item"], row["first"], row["left"])
        for row in rows.filter(left__gt=0).order_by()
    ]
    return sorted(found, key=lambda each: (each.dealer.number, each.on, each.item))


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A named receivable that is not used up, in cents."""

    item: str
    on: date
    cents: int


def open_items(dealer: Dealer) -> list[OpenItem]:
    """What a dealer owes for goods by invoice, the oldest first; one query."""
    lines = JournalLine.objects.filter(
        account__dealer=level_one(dealer), account__role=AccountRole.RECEIVABLE
    ).exclude(item="")
    rows = lines.values("item").annotate(first=Min("on"), left=Sum("cents")).filter(left__gt=0)
    return [
        OpenItem(row["item"], row["first"], row["left"]) for row in rows.order_by("first", "item")
    ]


@dataclass(frozen=True, slots=True)
class StatementRow:
    line: JournalLine
    amount: Any
    balance: Any


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines of an account, oldest first, each with the balance after it."""

    account: Account
    opening: Any
    rows: list[StatementRow]
    closing: Any
    next_after: str


def statement(
    actor: Actor,
    account: Account,
    *,
    since: date | None = None,
    until: date | None = None,
    after: str = "",
    size: int | None = PAGE,
) -> Statement:
    """The lines from day to day, a page at a time; `size` None gives them all."""
    lines = access.visible_lines(actor).filter(account=account)
    before = lines.none()
    if since:
        before, lines = lines.filter(on__lt=since), lines.filter(on__gte=since)
    if until:
        lines = lines.filter(on__lte=until)
    running = _total(before)
    if after:
        at, pk = keyset.read_key(after)
        seen = Q(on__lt=at.date()) | Q(on=at.date(), pk__lte=pk)
        running += _total(lines.filter(seen))
        lines = lines.exclude(seen)
    ordered = lines.select_related("entry", "behalf").order_by("on", "pk")
    found = list(ordered if size is None else ordered[: size + 1])
    shown = found if size is None else found[:size]
    opening, rows = natural(account, running), []
    for line in shown:
        running += line.cents
        rows.append(StatementRow(line, natural(account, line.cents), natural(account, running)))
    more = len(found) > len(shown)
    return Statement(
        account=account,
        opening=opening,
        rows=rows,
        closing=natural(account, running),
        next_after=_key(shown[-1]) if more else "",
    )


def all_lines(actor: Actor, account: Account, since: date | None, until: date | None) -> Any:
    """The lines of an export, as one query."""
    lines = access.visible_lines(actor).filter(account=account).select_related("entry", "behalf")
    if since:
        lines = lines.filter(on__gte=since)
    if until:
        lines = lines.filter(on__lte=until)
    return lines.order_by("on", "pk")


def opening(account: Account, since: date | None) -> int:
    """The cents on an account at the beginning of a day."""
    return _total(JournalLine.objects.filter(account=account, on__lt=since)) if since else 0


def _total(lines: QuerySet[JournalLine]) -> int:
    return lines.aggregate(total=Sum("cents"))["total"] or 0


def _key(line: JournalLine) -> str:
    return keyset.key_of(datetime.combine(line.on, time(), UTC), line.pk)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of the books, newest first, and which of them may be closed or opened next."""

    rows: Sequence[Period]
    to_close: date | None
    to_reopen: Period | None


def months() -> Months:
    rows = list(Period.objects.annotate(entry_count=Count("entries")).order_by("-month"))
    closed = [row for row in rows if row.state == PeriodState.CLOSED]
    open_ones = [row.month for row in rows if row.state == PeriodState.OPEN]
    this_month = timezone.localdate().replace(day=1)
    following = (closed[0].month + timedelta(days=31)).replace(day=1) if closed else None
    first = min([*open_ones, *([following] if following else [])], default=None)
    return Months(
        rows=rows,
        to_close=first if first is not None and first < this_month else None,
        to_reopen=closed[0] if closed else None,
    )


def last_check() -> AuditEvent | None:
    """What the nightly check of the books found last."""
    return AuditEvent.objects.filter(verb="ledger.checked").order_by("-pk").first()


def export_rows(account: Account, lines: Iterator[JournalLine], start: int) -> Iterator[list[Any]]:
    """The cells of a statement's file, with the running balance."""
    running = start
    for line in lines:
        running += line.cents
        yield [
            line.on,
            line.entry.number,
            line.entry.source_number,
            line.entry.narration,
            line.item,
            line.behalf.name if line.behalf else "",
            line.debit,
            line.credit,
            natural(account, running),
        ]
