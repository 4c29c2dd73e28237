"""From payable claims to the closed books: the whole way, and each turn of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import DomainError, WrongState
from ledger.models import JournalEntry, JournalLine
from ledger.queries import open_items
from ledger.services import PeriodClosed
from notifications.models import Notification
from tests.cast import Cast
from tests.warranty.settlements.builders import (
    a_claim,
    a_contract,
    a_draft,
    an_adjustment,
    an_invoice,
    balance,
    confirmed,
    fresh,
    issued,
    posted,
)
from warranty import notices
from warranty.models import (
    Adjustment,
    Claim,
    DealerConfirmation,
    Settlement,
    SettlementLine,
    SettlementNotice,
)
from warranty.queries import settlements as queries
from warranty.services import settlements as services
from warranty.services.moving import SameHands
from warranty.services.postings import book_cost
from warranty.services.settlements import errors

SIGNATURE = [[10, 10, 60, 40, 120, 20], [200, 30, 240, 90]]


def live(settlement: Settlement) -> list[SettlementLine]:
    return list(queries.live_lines(settlement))


def state_of(claim: Claim) -> str:
    return Claim.objects.get(pk=claim.pk).state


def answer(cast: Cast, settlement: Settlement, **given: Any) -> DealerConfirmation:
    digest = services.latest_notice(settlement).digest
    usual: dict[str, Any] = {
        "actor": cast.actor("dealer_principal"),
        "settlement": settlement,
        "digest": digest,
        "name": "王经理",
        "code": digest[:8],
    }
    return services.confirm_settlement(**(usual | given))


def test_a_draft_takes_what_is_approved_and_names_who_did_the_work(cast: Cast) -> None:
    own = a_claim(cast)
    below = a_claim(cast, cast.sub_dealer, lines=(("labour", 50_00, 50_00), ("part", 9_00, 0)))
    a_claim(cast, cast.neighbour)
    a_claim(cast, state="finance")
    an_adjustment(cast)
    settlement = a_draft(cast, cast.sub_dealer)
    assert settlement.dealer == cast.dealer
    assert [(line.kind, line.cents, line.behalf) for line in live(settlement)] == [
        ("parts", 100_00, None),
        ("labour", 60_00, None),
        ("travel", 30_50, None),
        ("labour", 50_00, cast.sub_dealer),
        ("deduction", -40_00, None),
    ]
    assert settlement.net_cents == 200_50
    assert (state_of(own), state_of(below)) == ("in_settlement", "in_settlement")
    assert Adjustment.objects.get().state == "in_settlement"
    assert queries.waiting(cast.dealer.__class__.objects.filter(pk=cast.dealer.pk)) == []


def test_one_draft_at_a_time_and_nothing_twice(cast: Cast) -> None:
    a_claim(cast)
    first = a_draft(cast)
    with pytest.raises(errors.DraftExists):
        a_draft(cast)
    a_claim(cast)
    services.refill_settlement(actor=cast.actor("finance"), settlement=first)
    assert len(live(first)) == 6
    issued(cast, fresh(first))
    with pytest.raises(errors.NothingToSettle):
        a_draft(cast)
    line = live(first)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementLine.objects.create(
            settlement=first, position=99, kind="parts", claim_line=line.claim_line, cents=1
        )


def test_lines_are_taken_off_with_a_reason_and_come_back(cast: Cast) -> None:
    claim = a_claim(cast)
    settlement = a_draft(cast)
    finance = cast.actor("finance")
    part, labour, travel = live(settlement)
    with pytest.raises(errors.NoReason):
        services.take_off_lines(
            actor=finance, settlement=settlement, line_ids=[part.pk], reason=" "
        )
    services.take_off_lines(
        actor=finance, settlement=settlement, line_ids=[part.pk], reason="等发票"
    )
    assert (fresh(settlement).net_cents, state_of(claim)) == (90_50, "in_settlement")
    services.take_off_lines(
        actor=finance, settlement=settlement, line_ids=[labour.pk, travel.pk], reason="等发票"
    )
    assert (fresh(settlement).net_cents, state_of(claim)) == (0, "payable")
    with pytest.raises(errors.NotOnIt):
        services.take_off_lines(
            actor=finance, settlement=settlement, line_ids=[part.pk], reason="again"
        )
    with pytest.raises(errors.NoLines):
        services.check_settlement(actor=cast.actor("finance_manager"), settlement=settlement)
    services.refill_settlement(actor=finance, settlement=fresh(settlement))
    assert (fresh(settlement).net_cents, state_of(claim)) == (190_50, "in_settlement")
    services.discard_settlement(actor=finance, settlement=settlement, reason="重做")
    assert (state_of(claim), live(settlement)) == ("payable", [])
    assert a_draft(cast).net_cents == 190_50


def test_the_drafter_checks_nothing_of_his_own(cast: Cast) -> None:
    a_claim(cast)
    settlement = a_draft(cast)
    with pytest.raises(PermissionDenied):
        services.check_settlement(actor=cast.actor("finance"), settlement=settlement)
    boss = cast.people["finance_manager"]
    Settlement.objects.filter(pk=settlement.pk).update(drafted_by=boss)
    with pytest.raises(SameHands):
        services.check_settlement(actor=cast.actor("finance_manager"), settlement=settlement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.filter(pk=settlement.pk).update(posted_by=boss)


def test_who_decided_a_claim_does_not_post_it(cast: Cast) -> None:
    a_claim(cast, decided_by=cast.people["finance_manager"])
    settlement = confirmed(cast)
    with pytest.raises(SameHands):
        posted(cast, settlement)


def test_what_was_decided_anew_is_found_by_the_check(cast: Cast) -> None:
    a_claim(cast)
    settlement = a_draft(cast)
    SettlementLine.objects.filter(settlement=settlement, kind="parts").update(cents=99_00)
    with pytest.raises(errors.SumsDiffer):
        services.check_settlement(actor=cast.actor("finance_manager"), settlement=settlement)


def test_the_notice_is_frozen_with_its_hash(cast: Cast) -> None:
    a_claim(cast)
    settlement = issued(cast)
    notice = services.latest_notice(settlement)
    assert notices.digest_of(notice.body) == notice.digest
    assert notice.body["net"] == settlement.net_cents == 190_50
    assert notice.body["sums"] == {"parts": 100_00, "labour": 60_00, "travel": 30_50}
    assert notice.body["claims"][0]["lines"][1]["cut"] == "按标准工时核减"
    with notice.file.open() as paper:
        assert paper.read(5) == b"%PDF-"
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementNotice.objects.filter(pk=notice.pk).update(digest="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        settlement.lines.update(cents=1)
    assert Notification.objects.filter(
        event="settlement.issued", user=cast.people["dealer_principal"]
    ).exists()
    with pytest.raises(WrongState):
        services.take_off_lines(
            actor=cast.actor("finance"),
            settlement=settlement,
            line_ids=[live(settlement)[0].pk],
            reason="late",
        )


def test_confirmed_by_code_or_signature_once(cast: Cast) -> None:
    a_claim(cast)
    settlement = issued(cast)
    for given, refusal in [
        ({"code": "00000000"}, errors.WrongCode),
        ({"code": ""}, errors.NoSignature),
        ({"name": " "}, errors.NoName),
        ({"code": "", "signature": "scribble"}, DomainError),
        ({"digest": "f" * 64}, errors.NoticeChanged),
    ]:
        with pytest.raises(refusal):
            answer(cast, settlement, **given)
    with pytest.raises(PermissionDenied):
        answer(cast, settlement, actor=cast.actor("clerk"))
    said = answer(cast, settlement, code="", signature=SIGNATURE)
    assert (said.how, said.signature) == ("portal", {"strokes": SIGNATURE})
    assert said.digest == services.latest_notice(settlement).digest
    with pytest.raises(errors.AlreadyConfirmed) as refused:
        answer(cast, settlement)
    assert "王经理" in str(refused.value)


def test_the_paper_came_back_signed(cast: Cast) -> None:
    a_claim(cast)
    settlement = issued(cast)
    code = notices.code_of(services.latest_notice(settlement).digest)
    given: dict[str, Any] = {"actor": cast.actor("sales_rep"), "settlement": settlement}
    with pytest.raises(errors.NoDocument):
        services.record_paper(**given, digest=code, name="王经理", document="")
    with pytest.raises(errors.NoticeChanged):
        services.record_paper(**given, digest="ABCD1234", name="王经理", document="档案 7")
    said = services.record_paper(**given, digest=code, name="王经理", document="档案 7")
    assert (said.how, fresh(settlement).state) == ("paper", "confirmed")


def test_silence_is_a_yes_only_where_the_contract_says_so(cast: Cast) -> None:
    a_claim(cast)
    settlement = issued(cast)
    system, today = cast.system(), timezone.localdate()
    assert services.follow_notices(actor=system, today=today) == 0
    assert services.follow_notices(actor=system, today=today + timedelta(days=7)) == 1
    assert services.follow_notices(actor=system, today=today + timedelta(days=7)) == 0
    told = set(Notification.objects.values_list("event", flat=True))
    assert {"settlement.reminded", "settlement.unanswered"} <= told
    late = today - timedelta(days=1)
    Settlement.objects.filter(pk=settlement.pk).update(confirm_by=late)
    with pytest.raises(errors.NotDeemed):
        services.deem_settlement(actor=system, settlement=settlement)
    assert services.follow_notices(actor=system, today=today) == 0
    a_contract(cast, is_deemed_confirmed=True)
    assert services.follow_notices(actor=system, today=today) == 1
    said = DealerConfirmation.objects.get()
    assert (said.how, fresh(settlement).state) == ("deemed", "confirmed")


def test_disputed_lines_leave_and_the_rest_has_a_new_hash(cast: Cast) -> None:
    claim = a_claim(cast)
    settlement = issued(cast)
    before = services.latest_notice(settlement)
    part, labour, _travel = live(settlement)
    principal = cast.actor("dealer_principal")
    with pytest.raises(errors.NoWords):
        services.dispute_settlement(actor=principal, settlement=settlement, lines={labour.pk: " "})
    services.dispute_settlement(
        actor=principal, settlement=settlement, lines={labour.pk: "工时应为 1 小时"}
    )
    with pytest.raises(WrongState):
        answer(cast, settlement)
    boss = cast.actor("finance_manager")
    services.reissue_settlement(actor=boss, settlement=settlement)
    settlement = fresh(settlement)
    after = services.latest_notice(settlement)
    assert (settlement.state, settlement.net_cents) == ("issued", 130_50)
    assert (after.number, after.edition) == (before.number, 2)
    assert after.digest != before.digest
    draft = Settlement.objects.get(state="draft")
    assert (draft.net_cents, draft.drafted_by) == (60_00, cast.people["finance"])
    with pytest.raises(errors.NoticeChanged):
        answer(cast, settlement, digest=before.digest, code=before.digest[:8])
    answer(cast, settlement)
    posted(cast, fresh(settlement))
    assert state_of(claim) == "in_settlement", "one line of it is still open"
    posted(cast, confirmed(cast, issued(cast, draft)))
    assert state_of(claim) == "settled"
    assert balance(cast, "payable") == 190_50


def test_a_wholly_disputed_settlement_is_void_and_starts_anew(cast: Cast) -> None:
    claim = a_claim(cast)
    settlement = issued(cast)
    services.dispute_settlement(
        actor=cast.actor("dealer_principal"),
        settlement=settlement,
        lines={line.pk: "不同意" for line in live(settlement)},
    )
    boss = cast.actor("finance_manager")
    assert services.reissue_settlement(actor=boss, settlement=settlement).state == "void"
    draft = Settlement.objects.get(state="draft")
    assert (draft.net_cents, state_of(claim)) == (190_50, "in_settlement")


def test_posting_debits_cost_by_kind_and_credits_what_is_owed(cast: Cast) -> None:
    a_claim(cast)
    a_claim(cast, cast.sub_dealer, lines=(("labour", 50_00, 50_00),))
    deducted = an_adjustment(cast)
    an_adjustment(cast, 15_00, "reward", words="抢农时及时")
    settlement = posted(cast)
    entry = JournalEntry.objects.get(source_kind="settlement")
    rows = JournalLine.objects.filter(entry=entry).order_by("position")
    assert [(r.account.role, r.cents, r.item, r.behalf) for r in rows] == [
        ("cost_labour", 110_00, "", None),
        ("cost_part", 100_00, "", None),
        ("cost_travel", 30_50, "", None),
        ("payable", -190_50, "", None),
        ("payable", -50_00, "", cast.sub_dealer),
        ("payable", 40_00, deducted.number, None),
        ("deductions", -40_00, deducted.number, None),
        ("cost_reward", 15_00, Adjustment.objects.get(kind="reward").number, None),
        ("payable", -15_00, Adjustment.objects.get(kind="reward").number, None),
    ]
    assert balance(cast, "payable") == settlement.net_cents == 215_50
    assert set(Claim.objects.values_list("state", flat=True)) == {"settled"}
    assert set(Adjustment.objects.values_list("state", flat=True)) == {"settled"}


def test_nothing_posts_before_the_dealer_confirmed_or_into_a_closed_month(cast: Cast) -> None:
    a_claim(cast)
    settlement = issued(cast)
    boss = cast.actor("finance_manager")
    with pytest.raises(WrongState):
        services.post_settlement(actor=boss, settlement=settlement)
    settlement = confirmed(cast, settlement)
    from ledger import services as ledger

    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    ledger.close_period(actor=cast.system(), month=last)
    with pytest.raises(PeriodClosed), transaction.atomic():
        services.post_settlement(actor=boss, settlement=settlement, on=last)
    assert fresh(settlement).state == "confirmed"
    services.post_settlement(actor=boss, settlement=settlement)


def test_offset_by_named_invoices_within_both_balances(cast: Cast) -> None:
    a_claim(cast)
    an_invoice(cast, "INV-1", 120_00)
    an_invoice(cast, "INV-2", 500_00)
    settlement = posted(cast)
    finance = cast.actor("finance")
    notice = services.latest_notice(settlement)
    assert notice.body["set_off"] == [
        {"item": "INV-1", "cents": 120_00},
        {"item": "INV-2", "cents": 70_50},
    ]
    for amounts in ({"INV-1": 120_01}, {"INV-9": 1}, {"INV-2": 190_51}, {}, {"INV-2": 0}):
        with pytest.raises(DomainError), transaction.atomic():
            services.offset_settlement(actor=finance, settlement=settlement, amounts=amounts)
    services.offset_settlement(actor=finance, settlement=settlement, amounts={"INV-1": 120_00})
    with pytest.raises(errors.StillOpen):
        services.close_settlement(actor=finance, settlement=settlement)
    services.offset_settlement(actor=finance, settlement=settlement, amounts={"INV-2": 70_50})
    with pytest.raises(errors.NothingLeft):
        services.offset_settlement(actor=finance, settlement=settlement, amounts={"INV-2": 1})
    services.close_settlement(actor=finance, settlement=settlement)
    assert [(item.item, item.cents) for item in open_items(cast.dealer)] == [("INV-2", 429_50)]
    assert balance(cast, "payable") == 0


def test_cash_waits_for_the_invoice_and_is_paid_once(cast: Cast) -> None:
    a_contract(cast, pay_mode="cash", needs_invoice=True)
    a_claim(cast)
    settlement = posted(cast)
    finance, today = cast.actor("finance"), timezone.localdate()
    pay: dict[str, Any] = {"actor": finance, "settlement": settlement, "paid_on": today}
    with pytest.raises(errors.InvoiceMissing):
        services.pay_settlement(**pay, reference="BANK-1")
    services.move_invoice(
        actor=finance, settlement=settlement, name="register", number="FP-1", on=today
    )
    with pytest.raises(errors.NoReference):
        services.pay_settlement(**pay, reference=" ")
    services.pay_settlement(**pay, reference="BANK-1")
    assert (fresh(settlement).state, balance(cast, "payable")) == ("paid", 0)
    with pytest.raises(WrongState):
        services.pay_settlement(**pay, reference="BANK-2")
    a_claim(cast)
    with pytest.raises(errors.InvoiceMissing):
        services.pay_settlement(
            actor=finance, settlement=posted(cast), paid_on=today, reference="BANK-1"
        )
    services.close_settlement(actor=finance, settlement=settlement)


def test_parts_credit_where_the_contract_says_so(cast: Cast) -> None:
    a_claim(cast)
    finance = cast.actor("finance")
    with pytest.raises(errors.WrongPayMode):
        services.credit_parts(actor=finance, settlement=posted(cast))
    a_contract(cast, pay_mode="parts_credit")
    a_claim(cast)
    services.credit_parts(actor=finance, settlement=posted(cast))
    assert (balance(cast, "payable"), balance(cast, "parts_credit")) == (190_50, 190_50)


def test_below_zero_is_carried_as_its_own_line(cast: Cast) -> None:
    an_adjustment(cast, 300_00)
    first = posted(cast)
    finance = cast.actor("finance")
    assert (first.net_cents, balance(cast, "payable")) == (-300_00, -300_00)
    with pytest.raises(errors.NothingLeft):
        services.offset_settlement(actor=finance, settlement=first, amounts={"X": 1})
    with pytest.raises(errors.NotCarried):
        services.close_settlement(actor=finance, settlement=first)
    a_claim(cast, lines=(("part", 1000_00, 1000_00),))
    second = a_draft(cast)
    carried = live(second)[-1]
    assert (carried.kind, carried.cents, carried.carried_from) == ("carried", -300_00, first)
    with pytest.raises(errors.IsCarried):
        services.reverse_settlement(actor=cast.actor("manager"), settlement=first, reason="wrong")
    second = posted(cast, confirmed(cast, issued(cast, second)))
    assert second.net_cents == balance(cast, "payable") == 700_00
    assert fresh(first).state == "closed"


def test_a_reversal_leaves_every_account_as_before_and_frees_the_lines(cast: Cast) -> None:
    an_invoice(cast, "INV-1", 500_00)
    before = JournalLine.objects.count()
    claim = a_claim(cast)
    an_adjustment(cast)
    settlement = posted(cast)
    services.offset_settlement(
        actor=cast.actor("finance"), settlement=settlement, amounts={"INV-1": 50_00}
    )
    with pytest.raises(SameHands):
        services.reverse_settlement(
            actor=cast.actor("finance_manager"), settlement=settlement, reason="错单"
        )
    manager = cast.actor("manager")
    with pytest.raises(errors.NoReason):
        services.reverse_settlement(actor=manager, settlement=settlement, reason="")
    services.reverse_settlement(actor=manager, settlement=settlement, reason="错单")
    assert JournalLine.objects.count() > before
    assert (balance(cast, "payable"), balance(cast, "receivable")) == (0, 500_00)
    assert balance(cast, "deductions") == 0
    assert (fresh(settlement).state, fresh(settlement).net_cents) == ("reversed", 150_50)
    assert state_of(claim) == "settled", "what is settled never moves back"
    again = a_draft(cast)
    assert again.net_cents == 150_50
    posted(cast, confirmed(cast, issued(cast, again)))
    assert balance(cast, "payable") == 150_50
    with pytest.raises(WrongState):
        services.reverse_settlement(actor=manager, settlement=settlement, reason="again")


def test_money_that_was_paid_is_carried_when_its_settlement_is_reversed(cast: Cast) -> None:
    a_contract(cast, pay_mode="cash")
    a_claim(cast)
    settlement = posted(cast)
    services.pay_settlement(
        actor=cast.actor("finance"),
        settlement=settlement,
        reference="BANK-7",
        paid_on=timezone.localdate(),
    )
    services.reverse_settlement(actor=cast.actor("manager"), settlement=settlement, reason="付错")
    assert balance(cast, "payable") == -190_50
    again = a_draft(cast)
    assert (again.net_cents, live(again)[-1].cents) == (0, -190_50)


def test_the_cost_of_the_companys_own_work_is_booked_and_paid_to_nobody(cast: Cast) -> None:
    claim = a_claim(cast, is_paid=False)
    booked = book_cost(actor=cast.actor("finance"), claim=claim)
    assert booked.state == "closed"
    entry = JournalEntry.objects.get(source_kind="claim")
    rows = JournalLine.objects.filter(entry=entry).order_by("position")
    assert [(row.account.role, row.cents) for row in rows] == [
        ("cost_labour", 60_00),
        ("cost_part", 100_00),
        ("cost_travel", 30_50),
        ("parts_stock", -100_00),
        ("accrued", -90_50),
    ]
    with pytest.raises(WrongState):
        book_cost(actor=cast.actor("finance"), claim=claim)
    with pytest.raises(DomainError):
        book_cost(actor=cast.actor("finance"), claim=a_claim(cast))
