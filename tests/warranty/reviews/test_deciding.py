"""Line by line: what a reviewer may decide, what is refused, and what stays for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from core.errors import WrongState
from core.models import AuditEvent, Heartbeat
from ledger.models import JournalEntry, JournalLine
from notifications.models import Notification
from tests.cast import World
from tests.warranty.reviews.builders import (
    a_claim,
    appealed,
    decided,
    decisions,
    install,
    lines_of,
    person,
)
from warranty.models import Adjudication, Claim, LineDecision
from warranty.queries.decisions import decisions_in_force, open_to_appeal
from warranty.rules.decisions import Decision
from warranty.services import reviews
from warranty.services.moving import SameHands
from warranty.services.reviews import sweeping


@pytest.fixture(autouse=True)
def _reasons(world: World) -> None:
    install(world.owner)


def told(who: User) -> set[str]:
    return set(Notification.objects.filter(user=who).values_list("event", flat=True))


def test_every_line_is_decided_and_the_dealer_hears(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        assert (claim.state, claim.approved_cents) == ("decided", 120_00)
        assert claim.appeal_until == timezone.localdate() + timedelta(days=15)
        assert claim.decide_by is None and claim.decided_label == cast.people["engineer"].name
        found = decisions_in_force(claim)
        assert [found[line.pk].outcome for line in lines_of(claim)] == ["approve", "reduce"]
        assert told(cast.people["dealer_clerk"]) == {"claim.decided"}
        assert not told(cast.people["neighbour_principal"])
        event = AuditEvent.objects.get(verb="claim.decided")
        assert event.data == {"approved": 120_00, "claimed": 150_00}
        review = Adjudication.objects.get(claim=claim)
        assert len(review.digest) == 64


def test_a_claim_approved_in_full_waits_for_no_appeal(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 50_00)
        assert claim.appeal_until is None
        assert open_to_appeal(claim) == frozenset()
        ready = reviews.make_ready(actor=cast.system(), claim=claim)
        assert ready is not None and ready.state == "finance"


BAD = {
    "a line is missing": lambda first, second: [Decision(first, "approve", 100_00)],
    "more than claimed": lambda first, second: [
        Decision(first, "approve", 100_01),
        Decision(second, "approve", 50_00),
    ],
    "less than nothing": lambda first, second: [
        Decision(first, "reduce", -1, "TOO_MUCH", "x"),
        Decision(second, "approve", 50_00),
    ],
    "a cut without a reason": lambda first, second: [
        Decision(first, "reduce", 1, "", "words"),
        Decision(second, "approve", 50_00),
    ],
    "a cut without words": lambda first, second: [
        Decision(first, "reject", 0, "TOO_MUCH", "  "),
        Decision(second, "approve", 50_00),
    ],
    "a reason that is none": lambda first, second: [
        Decision(first, "reject", 0, "MOOD", "words"),
        Decision(second, "approve", 50_00),
    ],
    "rejected but paid": lambda first, second: [
        Decision(first, "reject", 1, "TOO_MUCH", "words"),
        Decision(second, "approve", 50_00),
    ],
    "approved but less": lambda first, second: [
        Decision(first, "approve", 99_99),
        Decision(second, "approve", 50_00),
    ],
    "a line twice": lambda first, second: [
        Decision(first, "approve", 100_00),
        Decision(first, "approve", 100_00),
        Decision(second, "approve", 50_00),
    ],
    "no such outcome": lambda first, second: [
        Decision(first, "maybe", 100_00),
        Decision(second, "approve", 50_00),
    ],
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_decision_changes_nothing_and_names_its_line(world: World, case: str) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
        first, second = (line.pk for line in lines_of(claim))
        with pytest.raises(reviews.BadDecisions) as refused, transaction.atomic():
            reviews.decide_claim(
                actor=cast.actor("engineer"), claim=claim, decisions=BAD[case](first, second)
            )
        wrong = second if case == "a line is missing" else first
        assert set(refused.value.lines) == {wrong}
        claim.refresh_from_db()
        assert claim.state == "review" and not Adjudication.objects.exists()


def test_a_line_of_another_claim_is_refused(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim, other = a_claim(cast), a_claim(cast)
        with pytest.raises(reviews.BadDecisions):
            reviews.decide_claim(
                actor=cast.actor("engineer"),
                claim=claim,
                decisions=[*decisions(claim, 100_00, 50_00), *decisions(other, 100_00, 50_00)],
            )


def test_nobody_decides_above_his_level_or_amount(world: World) -> None:
    cast = world.owner
    with cast.scope():
        high = a_claim(cast, level=2)
        dear = a_claim(cast, amounts=(900_00, 200_00))
        for claim, approved in [(high, (100_00, 50_00)), (dear, (900_00, 200_00))]:
            with pytest.raises(reviews.AboveLimit), transaction.atomic():
                reviews.decide_claim(
                    actor=cast.actor("engineer"),
                    claim=claim,
                    decisions=decisions(claim, *approved),
                )
            reviews.decide_claim(
                actor=cast.actor("technical_manager"),
                claim=claim,
                decisions=decisions(claim, *approved),
            )
        # Cut down to what he may give, the engineer decides it himself.
        dear = a_claim(cast, amounts=(900_00, 200_00))
        reviews.decide_claim(
            actor=cast.actor("engineer"), claim=dear, decisions=decisions(dear, 900_00, 100_00)
        )


def test_the_filer_of_an_earlier_version_never_decides(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast, filer="engineer")
        Claim.objects.filter(pk=claim.pk).update(created_by=None, filed_by=None)
        with pytest.raises(SameHands):
            reviews.decide_claim(
                actor=cast.actor("engineer"), claim=claim, decisions=decisions(claim, 100_00, 0)
            )


def test_what_was_decided_never_changes(world: World) -> None:
    cast = world.owner
    with cast.scope():
        decided(cast, 100_00, 0)
        for rows in (Adjudication.objects.all(), LineDecision.objects.all()):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(digest="1") if rows.model is Adjudication else rows.update(words="1")
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.delete()


def test_a_claim_is_given_back_with_words_and_its_clock_stops(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
        with pytest.raises(reviews.NeedsWords):
            reviews.ask_correction(actor=cast.actor("engineer"), claim=claim, words=" ")
        claim = reviews.ask_correction(
            actor=cast.actor("engineer"), claim=claim, words="缺少旧件照片"
        )
        assert (claim.state, claim.returned_reason) == ("returned", "缺少旧件照片")
        assert claim.decide_by is None
        assert claim.correct_by == timezone.localdate() + timedelta(days=30)
        assert told(cast.people["dealer_principal"]) == {"claim.returned"}
        filed = a_claim(cast, "submitted")
        assert (
            reviews.return_claim(actor=cast.actor("clerk"), claim=filed, words="车号看不清").state
            == "returned"
        )
        with pytest.raises(PermissionDenied):
            reviews.return_claim(actor=cast.actor("dealer_clerk"), claim=filed, words="x")


def test_a_claim_climbs_to_the_level_above_until_nobody_stands_there(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
        claim = reviews.raise_level(actor=cast.actor("engineer"), claim=claim, words="金额大")
        assert claim.level == 2 and told(cast.people["technical_manager"]) == {"claim.raised"}
        claim = reviews.raise_level(actor=cast.actor("technical_manager"), claim=claim)
        with pytest.raises(reviews.NoLevelAbove):
            reviews.raise_level(actor=cast.actor("manager"), claim=claim)
        reviews.decide_claim(
            actor=cast.actor("manager"), claim=claim, decisions=decisions(claim, 100_00, 50_00)
        )


def test_a_cancelled_claim_tells_the_dealer_why(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = a_claim(cast)
        with pytest.raises(PermissionDenied):
            reviews.cancel_claim(actor=cast.actor("engineer"), claim=claim, words="重复")
        claim = reviews.cancel_claim(
            actor=cast.actor("technical_manager"), claim=claim, words="重复"
        )
        assert (claim.state, claim.void_reason) == ("void", "重复")
        assert told(cast.people["dealer_clerk"]) == {"claim.cancelled"}


def test_the_dealer_appeals_cut_lines_once_and_in_time(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        whole, cut = (line.pk for line in lines_of(claim))
        dealer = cast.actor("dealer_principal")
        for lines in ({}, {whole: "why"}, {cut: "why", whole: "why"}, {0: "why"}):
            with pytest.raises(reviews.NothingToAppeal), transaction.atomic():
                reviews.appeal_claim(actor=dealer, claim=claim, lines=lines)
        with pytest.raises(reviews.NeedsWords), transaction.atomic():
            reviews.appeal_claim(actor=dealer, claim=claim, lines={cut: " "})
        with pytest.raises(PermissionDenied):
            reviews.appeal_claim(actor=cast.actor("dealer_clerk"), claim=claim, lines={cut: "x"})
        claim = reviews.appeal_claim(actor=dealer, claim=claim, lines={cut: "工时属实"})
        assert claim.state == "appealed" and claim.decide_by is not None
        assert told(cast.people["technical_manager"]) == {"claim.appealed"}
        claim = reviews.decide_appeal(
            actor=cast.actor("technical_manager"),
            claim=claim,
            decisions=[Decision(cut, "reduce", 30_00, "TOO_MUCH", "部分属实")],
            words="部分采纳",
        )
        assert (claim.state, claim.approved_cents) == ("decided", 130_00)
        assert claim.appeal_until is None
        with pytest.raises(reviews.NothingToAppeal):
            reviews.appeal_claim(actor=dealer, claim=claim, lines={cut: "again"})


def test_an_appeal_after_its_last_day_is_too_late(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        cut = lines_of(claim)[1].pk
        today = timezone.localdate()
        Claim.objects.filter(pk=claim.pk).update(appeal_until=today)
        claim.refresh_from_db()
        assert open_to_appeal(claim) == {cut}
        Claim.objects.filter(pk=claim.pk).update(appeal_until=today - timedelta(days=1))
        with pytest.raises(reviews.NothingToAppeal):
            reviews.appeal_claim(
                actor=cast.actor("dealer_principal"), claim=claim, lines={cut: "工时属实"}
            )


def test_an_appeal_never_lowers_and_goes_to_another_person(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = appealed(cast, 40_00, 20_00, by="technical_manager")
        first, second = (line.pk for line in lines_of(claim))
        raised = [
            Decision(first, "approve", 100_00),
            Decision(second, "reduce", 20_00, "TOO_MUCH", "维持"),
        ]
        with pytest.raises(SameHands), transaction.atomic():
            reviews.decide_appeal(
                actor=cast.actor("technical_manager"), claim=claim, decisions=raised, words="x"
            )
        with pytest.raises(PermissionDenied):
            reviews.decide_appeal(
                actor=cast.actor("engineer"), claim=claim, decisions=raised, words="x"
            )
        other = person(cast, "second_manager", "technical_manager")
        lower = [raised[0], Decision(second, "reduce", 19_99, "TOO_MUCH", "再减")]
        with pytest.raises(reviews.BadDecisions) as refused, transaction.atomic():
            reviews.decide_appeal(actor=other, claim=claim, decisions=lower, words="x")
        assert set(refused.value.lines) == {second}
        with pytest.raises(reviews.NeedsWords), transaction.atomic():
            reviews.decide_appeal(actor=other, claim=claim, decisions=raised, words="")
        claim = reviews.decide_appeal(actor=other, claim=claim, decisions=raised, words="采纳")
        assert claim.approved_cents == 120_00
        assert Adjudication.objects.filter(claim=claim, kind="appeal").count() == 1


def test_money_waits_for_the_appeal_and_acceptance_ends_the_wait(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        assert reviews.make_ready(actor=cast.system(), claim=claim) is None
        later = timezone.now() + timedelta(days=16)
        other = decided(cast, 100_00, 20_00)
        claim = reviews.accept_decision(actor=cast.actor("dealer_principal"), claim=claim)
        assert claim.state == "finance" and claim.accepted_by == cast.people["dealer_principal"]
        assert open_to_appeal(claim) == frozenset()
        with pytest.raises(WrongState):
            reviews.accept_decision(actor=cast.actor("dealer_principal"), claim=claim)
        assert reviews.ready_claims(actor=cast.system()) == 0
        assert reviews.ready_claims(actor=cast.system(), at=later) == 1
        assert reviews.ready_claims(actor=cast.system(), at=later) == 0
        other.refresh_from_db()
        assert other.state == "finance"


def test_a_claim_with_nothing_approved_closes_when_the_time_is_over(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 0, 0)
        assert reviews.ready_claims(actor=cast.system()) == 0
        later = timezone.now() + timedelta(days=16)
        assert reviews.ready_claims(actor=cast.system(), at=later) == 1
        claim.refresh_from_db()
        assert claim.state == "closed"


def test_finance_confirms_or_sends_back_and_cannot_change_amounts(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 50_00)
        reviews.make_ready(actor=cast.system(), claim=claim)
        claim = reviews.confirm_claim(actor=cast.actor("finance"), claim=claim)
        assert (claim.state, claim.approved_cents) == ("payable", 150_00)
        other = decided(cast, 100_00, 50_00)
        reviews.make_ready(actor=cast.system(), claim=other)
        with pytest.raises(reviews.NeedsWords):
            reviews.send_back(actor=cast.actor("finance"), claim=other, words="")
        other = reviews.send_back(actor=cast.actor("finance"), claim=other, words="发票号不符")
        assert (other.state, other.sent_back_reason) == ("review", "发票号不符")
        assert "claim.sent_back" in told(cast.people["engineer"])
        again = reviews.decide_claim(
            actor=cast.actor("engineer"), claim=other, decisions=decisions(other, 100_00, 0)
        )
        assert (again.sent_back_reason, again.approved_cents) == ("", 100_00)


def test_what_an_appeal_granted_is_not_taken_away_after_finance_sent_it_back(
    world: World,
) -> None:
    cast = world.owner
    with cast.scope():
        claim = appealed(cast, 100_00, 20_00)
        cut = lines_of(claim)[1].pk
        claim = reviews.decide_appeal(
            actor=cast.actor("technical_manager"),
            claim=claim,
            decisions=[Decision(cut, "approve", 50_00)],
            words="采纳",
        )
        reviews.make_ready(actor=cast.system(), claim=claim)
        claim = reviews.send_back(actor=cast.actor("finance"), claim=claim, words="请复核")
        with pytest.raises(reviews.BadDecisions), transaction.atomic():
            reviews.decide_claim(
                actor=cast.actor("engineer"), claim=claim, decisions=decisions(claim, 100_00, 0)
            )
        with pytest.raises(SameHands), transaction.atomic():
            reviews.decide_claim(
                actor=cast.actor("technical_manager"),
                claim=claim,
                decisions=decisions(claim, 100_00, 50_00),
            )
        reviews.decide_claim(
            actor=cast.actor("engineer"), claim=claim, decisions=decisions(claim, 100_00, 50_00)
        )


def test_the_cost_of_our_own_technician_is_booked_and_his_claim_is_over(world: World) -> None:
    cast = world.owner
    with cast.scope():
        claim = decided(cast, 100_00, 20_00, dealer=None, payee=None, filer="field_engineer")
        assert claim.appeal_until is None
        assert told(cast.people["field_engineer"]) == {"claim.decided"}
        claim = reviews.make_ready(actor=cast.system(), claim=claim) or claim
        claim = reviews.confirm_claim(actor=cast.actor("finance"), claim=claim)
        assert claim.state == "closed"
        entry = JournalEntry.objects.get(source_kind="claim", source_id=claim.pk)
        debits = JournalLine.objects.filter(entry=entry, cents__gt=0)
        assert sum(line.cents for line in debits) == 120_00


def test_the_sweep_readies_what_is_due_and_warns_of_what_is_not_corrected(world: World) -> None:
    cast = world.owner
    past = timezone.localdate() - timedelta(days=1)
    with cast.scope():
        claim = decided(cast, 100_00, 20_00)
        Claim.objects.filter(pk=claim.pk).update(appeal_until=past)
        returned = a_claim(cast, "returned", correct_by=past)
    sweeping.sweep_all()
    sweeping.sweep_all()
    with cast.scope():
        claim.refresh_from_db()
        returned.refresh_from_db()
        assert claim.state == "finance"
        # Nobody loses a claim without notice: the last day moves until it was given.
        assert returned.state == "returned"
        assert returned.correct_by is not None
        assert returned.correct_by > past
        assert "claim.expiring" in told(cast.people["dealer_clerk"])
    assert Heartbeat.objects.get(name=sweeping.HEARTBEAT).handled == 0
