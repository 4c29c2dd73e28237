"""Consent before the work: asked, answered, used up, and what it spares."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import DomainError, WrongState
from notifications.models import Notification
from tests.warranty.claims.conftest import Shop
from tests.warranty.claims.test_filing import findings
from warranty.models import Claim, PreAuthorisation
from warranty.rules.amounts import Shares
from warranty.services import claims
from warranty.services.claims.consents import ExpiresTooSoon, NoAmount, NothingAsked, UnknownPart
from warranty.services.moving import SameHands
from warranty.services.reviews.errors import AboveLimit


def asked(shop: Shop, **facts: Any) -> PreAuthorisation:
    given: dict[str, Any] = {"asked_for": "更换高压油泵", "asked_cents": 150_000}
    row = claims.ask_consent(
        actor=shop.clerk, machine=shop.cast.machine, dealer=shop.cast.dealer, **(given | facts)
    )
    return claims.submit_consent(actor=shop.clerk, consent=row)


def given(shop: Shop, **how: Any) -> PreAuthorisation:
    row = asked(shop, **{name: how.pop(name) for name in ("part_numbers",) if name in how})
    return claims.approve_consent(actor=shop.cast.actor("engineer"), consent=row, **how)


def filed_with(shop: Shop, consent: PreAuthorisation, **changes: Any) -> Claim:
    claim = shop.draft(**changes)
    shop.typed(claim, pre_authorisation=consent.number)
    return claims.submit_claim(actor=shop.clerk, claim=claim)


def test_consent_is_asked_and_given_with_limit_and_last_day(shop: Shop) -> None:
    row = given(shop, limit_cents=140_000)
    assert (row.state, row.limit_cents) == ("approved", 140_000)
    assert row.expires_on == timezone.localdate() + timedelta(days=30)
    assert Notification.objects.filter(event="preauthorisation.asked").count() == 1
    assert Notification.objects.filter(event="preauthorisation.approved").count() == 2


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"asked_for": " "}, NothingAsked),
        ({"asked_cents": 0}, NoAmount),
        ({"part_numbers": ["NO-SUCH"]}, UnknownPart),
    ],
)
def test_what_is_asked_must_make_sense(shop: Shop, facts: dict[str, Any], error: Any) -> None:
    with pytest.raises(error):
        asked(shop, **facts)


def test_parts_are_named_in_any_spelling(shop: Shop) -> None:
    assert asked(shop, part_numbers=["ｇｙ-200 ", "GY-200"]).part_numbers == ["GY-200"]


def test_nobody_consents_above_his_level_nor_for_himself(shop: Shop) -> None:
    row = asked(shop, asked_cents=600_000)
    with pytest.raises(AboveLimit):
        claims.approve_consent(actor=shop.cast.actor("engineer"), consent=row)
    with pytest.raises(PermissionDenied):
        claims.approve_consent(actor=shop.clerk, consent=row)
    manager = shop.cast.actor("technical_manager")
    assert claims.approve_consent(actor=manager, consent=row).state == "approved"
    own = claims.ask_consent(
        actor=manager,
        machine=shop.cast.machine,
        dealer=None,
        asked_for="试修",
        asked_cents=100,
    )
    PreAuthorisation.objects.filter(pk=own.pk).update(state="submitted")
    with pytest.raises(SameHands):
        claims.approve_consent(actor=manager, consent=own)


def test_a_day_that_is_past_is_refused(shop: Shop) -> None:
    row = asked(shop)
    with pytest.raises(ExpiresTooSoon):
        claims.approve_consent(
            actor=shop.cast.actor("engineer"),
            consent=row,
            expires_on=timezone.localdate() - timedelta(days=1),
        )


def test_it_comes_back_with_words_and_goes_out_again(shop: Shop) -> None:
    engineer = shop.cast.actor("engineer")
    row = asked(shop)
    with pytest.raises(DomainError):
        claims.return_consent(actor=engineer, consent=row, words=" ")
    row = claims.return_consent(actor=engineer, consent=row, words="请附照片")
    assert (row.state, row.reason) == ("returned", "请附照片")
    row = claims.edit_consent(actor=shop.clerk, consent=row, changes={"asked_cents": 90_000})
    row = claims.submit_consent(actor=shop.clerk, consent=row)
    assert (row.state, row.asked_cents) == ("submitted", 90_000)
    row = claims.reject_consent(actor=engineer, consent=row, words="不属三包")
    assert row.state == "rejected"
    with pytest.raises(WrongState):
        claims.edit_consent(actor=shop.clerk, consent=row, changes={})


def test_a_claim_inside_its_consent_skips_the_review(shop: Shop) -> None:
    shop.level(is_trusted=False, pass_limit_cents=0)
    claim = filed_with(shop, given(shop))
    assert "K22 inside_consent" in findings(claim)
    assert (claim.state, claim.approved_cents) == ("decided", 142_800)


def test_a_larger_one_does_not(shop: Shop) -> None:
    claim = filed_with(shop, given(shop, limit_cents=142_799))
    assert "K10 above_consent" in findings(claim)
    assert claim.state == "returned"


def test_a_part_that_is_not_named_is_outside(shop: Shop) -> None:
    claim = filed_with(shop, given(shop, part_numbers=["PD-10"]))
    assert "K10 not_in_consent" in findings(claim)


def test_what_earlier_claims_took_is_gone(shop: Shop) -> None:
    consent = given(shop)
    assert filed_with(shop, consent).state == "decided"
    shop.again()
    second = filed_with(
        shop, consent, is_repeat=True, shade=60, parts=[shop.job.row(new_serial="NEW2")]
    )
    assert "K10 above_consent" in findings(second)


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected"])
def test_only_consent_that_was_given_counts(shop: Shop, state: str) -> None:
    consent = claims.ask_consent(
        actor=shop.clerk,
        machine=shop.cast.machine,
        dealer=shop.cast.dealer,
        asked_for="更换",
        asked_cents=200_000,
    )
    if state != "draft":
        claims.submit_consent(actor=shop.clerk, consent=consent)
    if state == "rejected":
        claims.reject_consent(actor=shop.cast.actor("engineer"), consent=consent, words="否")
    with pytest.raises(DomainError) as refused:
        filed_with(shop, consent)
    assert refused.value.field == "pre_authorisation"


def test_another_machine_s_consent_does_not_count(shop: Shop) -> None:
    consent = given(shop)
    PreAuthorisation.objects.filter(pk=consent.pk).update(machine=shop.cast.neighbour_machine)
    with pytest.raises(DomainError):
        filed_with(shop, consent)


def test_goodwill_shares_are_those_of_the_consent(shop: Shop) -> None:
    row = asked(shop, is_goodwill=True, shares=Shares(Decimal(70), Decimal(20), Decimal(10)))
    claims.approve_consent(
        actor=shop.cast.actor("engineer"),
        consent=row,
        shares=Shares(Decimal(60), Decimal(40), Decimal(0)),
    )
    row.refresh_from_db()
    assert (row.factory_percent, row.dealer_percent, row.user_percent) == (
        Decimal(60),
        Decimal(40),
        Decimal(0),
    )
