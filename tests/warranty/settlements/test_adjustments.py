"""Adjustments: two people, the dealer's objection, money that never goes the wrong way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from core.errors import DomainError, WrongState
from core.models import AuditEvent
from core.options import set_option
from notifications.models import Notification
from tests.cast import Cast, World
from tests.warranty.settlements.builders import a_reason
from warranty.access.adjustments import get_adjustment, visible
from warranty.models import Adjustment
from warranty.services import adjustments as services
from warranty.services.money_sweep import sweep_all
from warranty.services.moving import SameHands


def deduct(cast: Cast, who: str = "finance", **given: Any) -> Adjustment:
    actor = cast.system() if who == "system" else cast.actor(who)
    usual: dict[str, Any] = {
        "actor": actor,
        "dealer": cast.dealer,
        "kind": "deduction",
        "cents": 120_00,
        "reason": a_reason(),
        "words": "旧件未返还",
    }
    return services.create_adjustment(**(usual | given))


def test_what_a_person_drafts_waits_for_another_person(cast: Cast) -> None:
    adjustment = deduct(cast)
    assert (adjustment.state, adjustment.cents, adjustment.notified_at) == ("draft", -120_00, None)
    with pytest.raises(PermissionDenied):
        services.approve_adjustment(actor=cast.actor("finance"), adjustment=adjustment)
    told = services.approve_adjustment(actor=cast.actor("finance_manager"), adjustment=adjustment)
    assert told.state == "notified"
    assert told.object_until == timezone.localdate() + timedelta(days=7)
    assert told.approved_by == cast.people["finance_manager"]
    bell = Notification.objects.get(user=cast.people["dealer_principal"])
    assert bell.event == "adjustment.notified"
    events = AuditEvent.objects.filter(noun="adjustment").order_by("pk")
    assert list(events.values_list("verb", flat=True)) == [
        "adjustment.created",
        "adjustment.notified",
    ]


def test_one_person_in_two_roles_is_still_one_person(cast: Cast) -> None:
    adjustment = deduct(cast, "finance")
    Adjustment.objects.filter(pk=adjustment.pk).update(created_by=cast.people["manager"])
    with pytest.raises(SameHands):
        services.approve_adjustment(actor=cast.actor("manager"), adjustment=adjustment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.filter(pk=adjustment.pk).update(approved_by=cast.people["manager"])


def test_small_ones_need_no_second_person_where_the_company_says_so(cast: Cast) -> None:
    set_option(actor=cast.actor("manager"), key="adjustment.second_person_cents", value=100_00)
    assert deduct(cast, cents=100_00).state == "notified"
    assert deduct(cast, cents=100_01).state == "draft"


def test_the_systems_own_goes_out_at_once_and_once(cast: Cast) -> None:
    first = deduct(cast, "system", source=("spot_check_item", 7))
    assert first.state == "notified"
    assert deduct(cast, "system", source=("spot_check_item", 7)).pk == first.pk
    assert deduct(cast, "system", source=("spot_check_item", 8)).pk != first.pk
    dropped = services.drop_adjustment(
        actor=cast.actor("manager"), adjustment=first, answer="查无此事"
    )
    assert dropped.state == "dropped"
    assert deduct(cast, "system", source=("spot_check_item", 7)).pk != first.pk


@pytest.mark.parametrize("kind", ["addition", "reward"])
def test_money_that_is_given_is_final_at_once(cast: Cast, kind: str) -> None:
    adjustment = deduct(cast, "system", kind=kind)
    assert (adjustment.state, adjustment.cents) == ("final", 120_00)


def test_a_dealer_objects_in_time_and_a_third_person_answers(cast: Cast) -> None:
    adjustment = deduct(cast, "system")
    principal = cast.actor("dealer_principal")
    with pytest.raises(DomainError):
        services.object_to_adjustment(actor=principal, adjustment=adjustment, words="  ")
    objected = services.object_to_adjustment(
        actor=principal, adjustment=adjustment, words="旧件已随车发回"
    )
    assert (objected.state, objected.objection) == ("objected", "旧件已随车发回")
    with pytest.raises(WrongState):
        services.object_to_adjustment(actor=principal, adjustment=adjustment, words="again")
    with pytest.raises(PermissionDenied):
        services.uphold_adjustment(actor=cast.actor("finance"), adjustment=objected, answer="x")
    upheld = services.uphold_adjustment(
        actor=cast.actor("finance_manager"), adjustment=objected, answer="签收单上无此件"
    )
    assert upheld.state == "final"


def test_after_the_last_day_nobody_objects_and_the_sweep_makes_it_final(cast: Cast) -> None:
    adjustment = deduct(cast, "system")
    today = timezone.localdate()
    assert services.finalise_due(actor=cast.system(), today=today + timedelta(days=7)) == 0
    Adjustment.objects.filter(pk=adjustment.pk).update(object_until=today - timedelta(days=1))
    with pytest.raises(services.ObjectionOver):
        services.object_to_adjustment(
            actor=cast.actor("dealer_principal"), adjustment=adjustment, words="late"
        )
    assert services.finalise_due(actor=cast.system(), today=today) == 1
    assert services.finalise_due(actor=cast.system(), today=today) == 0
    adjustment.refresh_from_db()
    assert adjustment.state == "final"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cents": 0}, "cents"),
        ({"cents": -5}, "cents"),
        ({"words": " "}, "words"),
        ({"reason": "NOPE"}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_field(cast: Cast, given: Any, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        deduct(cast, **given)
    assert refused.value.field == field


def test_a_sub_dealers_adjustment_counts_with_the_dealer_above(cast: Cast) -> None:
    adjustment = deduct(cast, "system", dealer=cast.sub_dealer)
    assert adjustment.payee == cast.dealer
    assert Notification.objects.filter(user=cast.people["dealer_principal"]).count() == 1


def test_a_dealer_sees_its_own_and_no_draft(world: World, cast: Cast) -> None:
    draft = deduct(cast)
    told = deduct(cast, "system")
    principal = cast.actor("dealer_principal")
    assert list(visible(principal)) == [told]
    for who, number in [
        ("dealer_principal", draft.number),
        ("neighbour_principal", told.number),
    ]:
        with pytest.raises(Http404):
            get_adjustment(cast.actor(who), number)
    with pytest.raises(PermissionDenied):
        get_adjustment(cast.actor("clerk"), told.number)


def test_the_database_keeps_the_sign(cast: Cast) -> None:
    adjustment = deduct(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.filter(pk=adjustment.pk).update(cents=5)


def test_the_sweep_of_all_companies_ends_the_objection(world: World) -> None:
    with world.owner.scope():
        adjustment = deduct(world.owner, "system")
        Adjustment.objects.update(object_until=timezone.localdate() - timedelta(days=1))
    assert sweep_all() == 1
    with world.owner.scope():
        adjustment.refresh_from_db()
        assert adjustment.state == "final"
