"""Posting, reversing, closing: what is allowed, what is refused, in sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from core.errors import DomainError, WrongState
from core.models import AuditEvent
from core.tenancy import dealer_wall
from dealers.models import Dealer
from ledger import services
from ledger.models import Account, JournalEntry, JournalLine, Period
from ledger.services import AlreadyReversed, BeyondBalance, PeriodClosed, Source, SourcePosted
from ledger.services.entries import IsReversal, NotBalanced, TooFewLines, ZeroLine
from ledger.services.periods import LaterClosed, NoReason, NotOver, OutOfOrder, SamePerson
from ledger.states import DEALER_ACCOUNTS, HOUSE_ACCOUNTS, AccountKind, AccountRole
from tests.cast import Cast, World
from tests.ledger.conftest import Books, last_month, open_books

pytestmark = pytest.mark.django_db


def total(account: Account) -> int:
    return account.lines.aggregate(total=Sum("cents"))["total"] or 0


def test_a_dealer_has_its_five_accounts_and_the_house_its_own_once(
    cast: Cast, books: Books
) -> None:
    assert set(books.own) == set(DEALER_ACCOUNTS)
    assert set(books.house) == set(HOUSE_ACCOUNTS)
    before = Account.objects.count(), AuditEvent.objects.filter(verb="account.opened").count()
    open_books(cast)
    after = Account.objects.count(), AuditEvent.objects.filter(verb="account.opened").count()
    assert before == after == (len(DEALER_ACCOUNTS) + len(HOUSE_ACCOUNTS),) * 2
    assert books.payable.code == "D-0001:payable"


def test_a_level_two_dealer_settles_through_level_one(cast: Cast, books: Books) -> None:
    below = services.ensure_accounts(actor=books.actor, dealer=cast.sub_dealer)
    assert below == books.own
    entry = books.post(
        lines=[
            services.debit(books.cost, 500),
            services.credit(books.payable, 500, behalf=cast.sub_dealer),
        ]
    )
    assert entry.lines.get(account=books.payable).behalf == cast.sub_dealer


def test_an_account_of_any_code_is_opened_once(cast: Cast, books: Books) -> None:
    opened = services.open_account(
        actor=books.actor, code="loans", name="Loans", kind=AccountKind.ASSET
    )
    assert str(opened) == "Loans"
    with pytest.raises(DomainError, match="code already"):
        services.open_account(actor=books.actor, code="loans", name="x", kind=AccountKind.ASSET)


def test_a_post_moves_both_accounts_and_is_audited(books: Books) -> None:
    entry = books.post(12_345)
    assert (total(books.cost), total(books.payable)) == (12_345, -12_345)
    assert entry.number == f"J-{timezone.localdate():%Y%m%d}-0001"
    event = AuditEvent.objects.get(verb="entry.posted")
    assert (event.object_label, event.data["purpose"]) == (entry.number, "post")


def test_the_same_source_again_gives_the_first_entry_back(books: Books) -> None:
    source = Source("claim", 77)
    first = books.post(source=source)
    again = books.post(source=source, narration="in other words")
    assert first == again
    assert JournalEntry.objects.count() == 1
    assert AuditEvent.objects.filter(verb="entry.posted").count() == 1


def test_another_purpose_of_the_source_is_another_entry(books: Books) -> None:
    books.post(source=Source("claim", 77))
    books.post(source=Source("claim", 77, purpose="accrual"))
    assert JournalEntry.objects.count() == 2


@pytest.mark.parametrize("change", ["amount", "day"])
def test_the_same_source_with_other_content_is_a_conflict(books: Books, change: str) -> None:
    source = Source("claim", 77)
    first = books.post(100, source=source)
    other: dict[str, Any] = {"on": timezone.localdate() - timedelta(days=40)}
    with pytest.raises(SourcePosted, match=first.number):
        books.post(101 if change == "amount" else 100, source=source, **other)
    assert JournalEntry.objects.count() == 1


def test_what_is_no_entry_is_refused_in_a_sentence(books: Books) -> None:
    with pytest.raises(TooFewLines, match="at least two lines"):
        books.post(lines=[services.debit(books.cost, 5)])
    with pytest.raises(ZeroLine, match="line of zero"):
        books.post(lines=[services.debit(books.cost, 0), services.credit(books.payable, 0)])
    with pytest.raises(NotBalanced, match=r"differ by 0\.01 CNY"):
        books.post(lines=[services.debit(books.cost, 6), services.credit(books.payable, 5)])
    assert not JournalEntry.objects.exists()


def test_each_currency_balances_by_itself(books: Books) -> None:
    dollars = services.open_account(
        actor=books.actor, code="usd", name="$", kind=AccountKind.ASSET, currency="USD"
    )
    with pytest.raises(NotBalanced):
        books.post(lines=[services.debit(dollars, 5), services.credit(books.payable, 5)])


def test_a_refused_post_leaves_no_gap_in_the_numbers(books: Books) -> None:
    books.post(source=Source("claim", 1))
    with pytest.raises(SourcePosted):
        books.post(9, source=Source("claim", 1))
    assert books.post().number.endswith("-0002")


def test_a_reversal_leaves_every_account_as_before(books: Books) -> None:
    books.post(100)
    before = {account.pk: total(account) for account in Account.objects.all()}
    reversal = services.reverse_entry(actor=books.actor, entry=books.post(999), reason="误记")
    assert {account.pk: total(account) for account in Account.objects.all()} == before
    event = AuditEvent.objects.get(verb="entry.reversed")
    assert (event.object_label, event.data["reason"]) == (reversal.number, "误记")


def test_an_entry_is_reversed_once_and_a_reversal_never(books: Books) -> None:
    entry = books.post()
    with pytest.raises(NoReason):
        services.reverse_entry(actor=books.actor, entry=entry, reason=" ")
    reversal = services.reverse_entry(actor=books.actor, entry=entry, reason="误记")
    with pytest.raises(AlreadyReversed, match=reversal.number):
        services.reverse_entry(actor=books.actor, entry=entry, reason="误记")
    with pytest.raises(IsReversal):
        services.reverse_entry(actor=books.actor, entry=reversal, reason="误记")


def test_a_closed_month_takes_no_entry_and_a_reversal_goes_into_an_open_one(books: Books) -> None:
    entry = books.post(on=last_month())
    period = services.close_period(actor=books.actor, month=last_month())
    assert (period.state, period.closed_label) == ("closed", books.actor.label)
    with pytest.raises(PeriodClosed, match=f"{last_month():%Y-%m}"):
        books.post(on=last_month())
    with pytest.raises(PeriodClosed):
        services.reverse_entry(actor=books.actor, entry=entry, reason="x", on=last_month())
    reversal = services.reverse_entry(actor=books.actor, entry=entry, reason="误记")
    assert reversal.on == timezone.localdate()


def test_months_before_a_closed_one_are_closed_with_it(books: Books) -> None:
    services.close_period(actor=books.actor, month=last_month())
    with pytest.raises(PeriodClosed):
        books.post(on=last_month() - timedelta(days=400))


def test_months_are_closed_in_order_and_only_when_they_are_over(books: Books) -> None:
    with pytest.raises(NotOver):
        services.close_period(actor=books.actor, month=timezone.localdate())
    books.post(on=last_month() - timedelta(days=60))
    with pytest.raises(OutOfOrder):
        services.close_period(actor=books.actor, month=last_month())


def test_a_month_is_opened_again_by_another_person_with_a_reason(cast: Cast, books: Books) -> None:
    finance, manager = cast.actor("finance"), cast.actor("manager")
    period = services.close_period(actor=finance, month=last_month())
    with pytest.raises(WrongState):
        services.close_period(actor=finance, month=last_month())
    with pytest.raises(NoReason):
        services.reopen_period(actor=manager, period=period, reason="")
    with pytest.raises(SamePerson):
        services.reopen_period(actor=finance, period=period, reason="漏记")
    services.reopen_period(actor=manager, period=period, reason="漏记")
    books.post(on=last_month())
    with pytest.raises(WrongState):
        services.reopen_period(actor=manager, period=period, reason="漏记")
    event = AuditEvent.objects.get(verb="period.reopened")
    assert (event.data["reason"], event.data["closed_by"]) == ("漏记", finance.label)


def test_only_the_last_closed_month_is_opened_again(cast: Cast, books: Books) -> None:
    earlier = services.close_period(
        actor=books.actor, month=last_month().replace(day=1) - timedelta(days=1)
    )
    services.close_period(actor=books.actor, month=last_month())
    with pytest.raises(LaterClosed):
        services.reopen_period(actor=cast.actor("manager"), period=earlier, reason="漏记")


def test_warranty_money_is_offset_against_named_invoices(cast: Cast, books: Books) -> None:
    books.post(10_000)
    books.invoice("FP-1", 6_000)
    books.invoice("FP-2", 9_000)
    given: dict[str, Any] = {
        "actor": books.actor,
        "dealer": cast.sub_dealer,
        "source": Source("settlement", 5, purpose="offset"),
        "on": timezone.localdate(),
        "narration": "冲抵货款",
    }
    entry = services.offset(amounts={"FP-1": 6_000, "FP-2": 4_000}, **given)
    assert (total(books.payable), total(books.receivable)) == (0, 5_000)
    assert set(entry.lines.values_list("behalf", flat=True)) == {cast.sub_dealer.pk}
    assert services.offset(amounts={"FP-1": 6_000, "FP-2": 4_000}, **given) == entry


def test_an_offset_never_goes_beyond_either_balance(cast: Cast, books: Books) -> None:
    books.post(10_000)
    books.invoice("FP-1", 6_000)

    def offset(amounts: dict[str, int]) -> JournalEntry:
        return services.offset(
            actor=books.actor,
            dealer=cast.dealer,
            source=Source("settlement", 6),
            amounts=amounts,
            on=timezone.localdate(),
            narration="冲抵货款",
        )

    with pytest.raises(BeyondBalance, match=r"FP-1 holds 60\.00; 60\.01"):
        offset({"FP-1": 6_001})
    books.invoice("FP-2", 6_000)
    with pytest.raises(BeyondBalance, match=r"holds 100\.00; 120\.00"):
        offset({"FP-1": 6_000, "FP-2": 6_000})
    with pytest.raises(DomainError, match="above zero"):
        offset({"FP-1": 0})
    assert total(books.receivable) == 12_000


def test_a_dealer_sees_its_own_side_of_an_entry_only(world: World, cast: Cast) -> None:
    books, theirs = open_books(cast), open_books(cast, cast.neighbour)
    mine, other = books.post(), theirs.post()
    house = books.post(
        lines=[
            services.debit(books.house[AccountRole.PARTS_STOCK], 5),
            services.credit(books.house[AccountRole.BANK], 5),
        ]
    )
    with dealer_wall((cast.dealer.pk, cast.sub_dealer.pk)):
        assert set(Account.objects.all()) == set(books.own.values())
        assert [line.account for line in JournalLine.objects.all()] == [books.payable]
        assert list(JournalEntry.objects.all()) == [mine]
        assert not Period.objects.exists()
    assert {mine, other, house} == set(JournalEntry.objects.all())
    with world.stranger.scope():
        assert not Account.objects.exists()
        assert not JournalEntry.objects.exists()


def test_a_line_cannot_stand_on_an_account_of_another_company(world: World) -> None:
    with world.stranger.scope():
        foreign = open_books(world.stranger).payable
    with pytest.raises(IntegrityError), transaction.atomic(), world.owner.scope():
        books = open_books(world.owner)
        books.post(lines=[services.debit(books.cost, 5), services.credit(foreign, 5)])


def test_a_dealer_has_one_account_per_role(cast: Cast, books: Books) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(code="x", kind="asset", role="payable", dealer=cast.dealer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(code="y", kind="asset", role="bank")
    assert Dealer.objects.filter(accounts__role="payable").count() == 1
