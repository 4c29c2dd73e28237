"""Withdrawn, given up, discarded, run out of time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import WrongState
from machines.models import Registration
from notifications.models import Notification
from tests.warranty.claims.conftest import Shop
from warranty.models import Adjudication, Claim, OldPartReturn
from warranty.services import claims
from warranty.services.claims.errors import PiecesAway, ReviewBegun


def waiting(shop: Shop) -> Claim:
    shop.job.pump.return_duty = "return_to_factory"
    shop.job.pump.save()
    shop.level(is_trusted=False)
    return shop.filed()


def returned(shop: Shop) -> Claim:
    Registration.objects.update(state="void")
    return shop.filed()


def test_a_filing_is_withdrawn_before_the_review_and_its_report_claimed_anew(shop: Shop) -> None:
    claim = waiting(shop)
    gone = claims.withdraw_claim(actor=shop.clerk, claim=claim, words="写错了")
    assert (gone.state, gone.void_reason) == ("void", "写错了")
    assert set(OldPartReturn.objects.values_list("state", flat=True)) == {"cancelled"}
    assert claim.report is not None
    again = claims.draft_claim(actor=shop.clerk, report=claim.report)
    assert again.pk != claim.pk
    filed = claims.submit_claim(actor=shop.clerk, claim=again)
    assert filed.state == "review"


def test_once_somebody_decided_it_is_not_withdrawn(shop: Shop) -> None:
    claim = waiting(shop)
    version = claim.versions.get()
    Adjudication.objects.create(
        claim=claim, version=version, number=1, kind="review", at=timezone.now(), digest="x"
    )
    with pytest.raises(ReviewBegun):
        claims.withdraw_claim(actor=shop.clerk, claim=claim)
    assert Claim.objects.get(pk=claim.pk).state == "review"


def test_with_pieces_on_their_way_it_is_not_withdrawn(shop: Shop) -> None:
    claim = waiting(shop)
    for state in ("tagged", "boxed", "shipped"):
        OldPartReturn.objects.update(state=state)
    with pytest.raises(PiecesAway):
        claims.withdraw_claim(actor=shop.clerk, claim=claim)


def test_a_reviewer_does_not_withdraw_for_the_dealer(shop: Shop) -> None:
    claim = waiting(shop)
    with pytest.raises(PermissionDenied):
        claims.withdraw_claim(actor=shop.cast.actor("engineer"), claim=claim)


def test_a_decided_claim_is_not_withdrawn(shop: Shop) -> None:
    Registration.objects.update()
    claim = waiting(shop)
    Claim.objects.filter(pk=claim.pk).update(state="decided")
    with pytest.raises(WrongState):
        claims.withdraw_claim(actor=shop.clerk, claim=Claim.objects.get(pk=claim.pk))


def test_the_principal_gives_a_returned_claim_up(shop: Shop) -> None:
    claim = returned(shop)
    with pytest.raises(PermissionDenied):
        claims.give_up_claim(actor=shop.clerk, claim=claim)
    principal = shop.cast.actor("dealer_principal")
    assert claims.give_up_claim(actor=principal, claim=claim).state == "void"


def test_a_draft_is_discarded(shop: Shop) -> None:
    claim = shop.draft()
    assert claims.discard_claim(actor=shop.clerk, claim=claim).state == "void"


def test_a_returned_claim_ends_after_a_reminder_and_its_time(shop: Shop) -> None:
    claim = returned(shop)
    system, last = shop.cast.system(), claim.correct_by
    assert last is not None
    assert claims.expire_returned(actor=system, today=last - timedelta(days=6)) == 0
    assert claims.expire_returned(actor=system, today=last - timedelta(days=5)) == 1
    assert claims.expire_returned(actor=system, today=last - timedelta(days=5)) == 0
    told = Notification.objects.filter(event="claim.expiring")
    assert {row.user for row in told} == {
        shop.cast.people["dealer_principal"],
        shop.cast.people["dealer_clerk"],
    }
    assert claims.expire_returned(actor=system, today=last) == 0
    assert claims.expire_returned(actor=system, today=last + timedelta(days=1)) == 1
    assert Claim.objects.get(pk=claim.pk).state == "void"


def test_without_a_reminder_none_ends(shop: Shop) -> None:
    claim = returned(shop)
    system, last = shop.cast.system(), claim.correct_by
    assert last is not None
    much_later = last + timedelta(days=40)
    assert claims.expire_returned(actor=system, today=much_later) == 1
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.state, claim.correct_by) == ("returned", much_later + timedelta(days=3))
    assert claims.expire_returned(actor=system, today=much_later + timedelta(days=4)) == 1
    assert Claim.objects.get(pk=claim.pk).state == "void"
