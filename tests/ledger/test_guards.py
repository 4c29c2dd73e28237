"""The database keeps the rules of money, whoever writes and however."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from core.tenancy import dealer_wall
from ledger import services
from ledger.models import Account, JournalEntry, JournalLine, Period
from ledger.rules import digest
from ledger.states import AccountKind
from tests.cast import Cast
from tests.ledger.conftest import Books, last_month

pytestmark = pytest.mark.django_db

# What a careless or clever colleague would try: it switches off the triggers of django-pgtrigger.
IGNORE = "SELECT set_config('pgtrigger.ignore', '{ledger_entry_is_whole,ledger_entry_fits}', true)"


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def ask_now() -> None:
    """What a commit asks."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("SET CONSTRAINTS ALL DEFERRED")


def raw_entry(books: Books, *cents: int, **changes: Any) -> JournalEntry:
    """Rows past the services, as a script would write them."""
    period, _new = Period.objects.get_or_create(month=timezone.localdate().replace(day=1))
    facts: dict[str, Any] = {
        "number": f"J-{JournalEntry.objects.count() + 500}",
        "on": timezone.localdate(),
        "period": period,
        "source_kind": "raw",
        "source_id": JournalEntry.objects.count(),
        "purpose": "post",
        "narration": "raw",
        "line_count": max(2, len(cents)),
        "digest": digest(timezone.localdate(), []),
        "posted_label": "raw",
    }
    entry = JournalEntry.objects.create(**(facts | changes))
    for place, amount in enumerate(cents, start=1):
        account = books.cost if amount > 0 else books.payable
        raw_line(entry, account, amount, place)
    return entry


def raw_line(entry: JournalEntry, account: Account, cents: int, position: int, **more: Any) -> None:
    facts: dict[str, Any] = {"on": entry.on, "currency": account.currency}
    JournalLine.objects.create(
        entry=entry, account=account, cents=cents, position=position, **(facts | more)
    )


def refused(rule: str, work: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
        ask_now()
    assert caught.value.__cause__.diag.constraint_name == rule


def test_a_raw_entry_that_is_right_is_let_in(books: Books) -> None:
    raw_entry(books, 5, -5)
    ask_now()


@pytest.mark.parametrize(
    ("rule", "cents", "changes"),
    [
        ("ledger_entry_balances", (5, -4), {}),
        ("ledger_entry_balances", (5, 6), {}),
        ("ledger_entry_is_whole", (), {}),
        ("ledger_entry_is_whole", (5,), {}),
        ("ledger_entry_is_whole", (5, -5), {"line_count": 3}),
        ("ledger_line_of_its_entry", (5, -5, 5), {"line_count": 2}),
        ("entry_has_two_lines_or_more", (5,), {"line_count": 1}),
        ("line_is_not_zero", (5, -5, 0), {}),
    ],
)
def test_a_raw_entry_that_is_wrong_is_refused_at_the_commit(
    books: Books, rule: str, cents: tuple[int, ...], changes: dict[str, Any]
) -> None:
    refused(rule, lambda: raw_entry(books, *cents, **changes))


def test_no_setting_switches_the_guards_off(books: Books) -> None:
    sql(IGNORE)
    refused("ledger_entry_balances", lambda: raw_entry(books, 5, -4))


def test_currencies_are_not_set_off_against_each_other(books: Books) -> None:
    dollars = services.open_account(
        actor=books.actor, code="usd", name="$", kind=AccountKind.ASSET, currency="USD"
    )

    def mixed() -> None:
        entry = raw_entry(books, 5, line_count=2)
        raw_line(entry, dollars, -5, 2)

    refused("ledger_entry_balances", mixed)
    refused(
        "ledger_line_in_the_accounts_currency",
        lambda: raw_line(raw_entry(books), dollars, 5, 1, currency="CNY"),
    )


def test_nothing_is_added_to_an_entry_later(books: Books) -> None:
    entry = books.post()
    for position, rule in [
        (1, "line_has_its_own_place"),
        (3, "ledger_line_of_its_entry"),
        (0, "line_places_count_from_one"),
    ]:
        refused(rule, lambda: raw_line(entry, books.cost, 5, position))  # noqa: B023


def test_a_dealers_session_adds_nothing_to_its_account(cast: Cast, books: Books) -> None:
    entry = books.post()
    with dealer_wall((cast.dealer.pk,)):
        refused("line_has_its_own_place", lambda: raw_line(entry, books.payable, -5, 1))
        refused("line_has_its_own_place", lambda: raw_line(entry, books.payable, -5, 2))
        refused("ledger_line_of_its_entry", lambda: raw_line(entry, books.payable, -5, 3))
        with pytest.raises(DatabaseError), transaction.atomic():
            raw_entry(books, 5, -5)


def test_a_line_has_the_day_of_its_entry(books: Books) -> None:
    entry = books.post()
    refused("ledger_line_of_its_entry", lambda: raw_line(entry, books.cost, 5, 1, on=last_month()))


def test_an_entry_lies_in_its_month_and_the_month_is_open(books: Books) -> None:
    closed = services.close_period(actor=books.actor, month=last_month())
    refused("ledger_entry_in_its_month", lambda: raw_entry(books, 5, -5, on=last_month()))
    refused("ledger_entry_in_its_month", lambda: raw_entry(books, 5, -5, period=closed))
    refused(
        "ledger_period_is_open", lambda: raw_entry(books, 5, -5, period=closed, on=last_month())
    )


def test_a_reversal_is_exactly_opposite_and_the_only_one(books: Books) -> None:
    entry = books.post(500)

    def reversal(cents: int, of: JournalEntry = entry) -> JournalEntry:
        made = raw_entry(books, reverses=of)
        raw_line(made, books.cost, -cents, 1)
        raw_line(made, books.payable, cents, 2)
        return made

    refused("ledger_reversal_is_opposite", lambda: reversal(499))
    refused("ledger_reversal_is_opposite", lambda: reversal(-500))
    done = reversal(500)
    ask_now()
    refused("entry_reversed_once", lambda: reversal(500))
    refused("ledger_reversal_follows", lambda: reversal(-500, of=done))


def test_a_reversal_counts_equal_lines(books: Books) -> None:
    entry = raw_entry(books, 5, 5, 7, -5, -5, -7)
    ask_now()

    def shifted() -> None:
        made = raw_entry(books, reverses=entry, line_count=6)
        for place, cents in enumerate((-5, -7, -7), start=1):
            raw_line(made, books.cost, cents, place)
        for place, cents in enumerate((5, 7, 7), start=4):
            raw_line(made, books.payable, cents, place)

    refused("ledger_reversal_is_opposite", shifted)
    services.reverse_entry(actor=books.actor, entry=entry, reason="误记")
    ask_now()


CHANGES = [
    lambda: JournalEntry.objects.update(narration="x"),
    lambda: JournalLine.objects.update(cents=1),
    lambda: JournalEntry.objects.all()._raw_delete(using="default"),
    lambda: JournalLine.objects.all().delete(),
    lambda: sql("UPDATE ledger_journalline SET cents = cents + 1"),
    lambda: sql('UPDATE ledger_journalentry SET "on" = "on" - 1'),
    lambda: sql("DELETE FROM ledger_journalline"),
    lambda: sql("DELETE FROM ledger_journalentry"),
    lambda: sql("TRUNCATE ledger_journalline"),
    lambda: sql("TRUNCATE ledger_journalentry CASCADE"),
    lambda: sql("ALTER TABLE ledger_journalline DISABLE TRIGGER ALL"),
    lambda: sql("SET session_replication_role = replica"),
    lambda: sql("DROP TRIGGER ledger_entry_is_whole ON ledger_journalentry"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_posted_never_changes(books: Books, change: Callable[[], Any]) -> None:
    entry = books.post()
    words = "permission denied|must be owner"
    with pytest.raises(ProgrammingError, match=words), transaction.atomic():
        change()
    assert entry.lines.count() == 2


def test_saving_a_posted_entry_again_is_refused(books: Books) -> None:
    entry = books.post()
    entry.narration = "x"
    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.save()


def test_an_account_stays_what_it_is(cast: Cast, books: Books) -> None:
    books.post()
    mine = Account.objects.filter(pk=books.payable.pk)
    for change in [
        {"kind": "asset"},
        {"code": "x"},
        {"role": "receivable"},
        {"dealer": cast.neighbour},
        {"currency": "USD"},
    ]:
        refused("ledger_account_stays", lambda: mine.update(**change))  # noqa: B023
    mine.update(name="应付三包费")
    refused(
        "ledger_account_has_history",
        lambda: sql("DELETE FROM ledger_account WHERE id = %s", books.payable.pk),
    )
    unused = services.open_account(actor=books.actor, code="u", name="u", kind=AccountKind.ASSET)
    sql("DELETE FROM ledger_account WHERE id = %s", unused.pk)


def test_a_month_keeps_its_place_and_its_order(books: Books) -> None:
    books.post()
    services.close_period(actor=books.actor, month=last_month())
    closed = Period.objects.filter(state="closed")
    refused(
        "ledger_period_stays", lambda: closed.update(month=last_month().replace(year=2001, day=1))
    )
    refused(
        "ledger_period_in_order",
        lambda: Period.objects.create(month=last_month().replace(year=2001, day=1)),
    )
    refused("period_begins_on_the_first", lambda: Period.objects.create(month="2099-01-02"))
    refused("period_is_closed_at_an_instant", lambda: closed.update(closed_at=None))
