"""Services of cases, spot checks and claims on suppliers: who is refused, races, bad input."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.utils import timezone

from core.errors import DomainError, WrongState
from core.models import AuditEvent
from core.tenancy import tenant_scope
from dealers.models import Dealer
from ledger.models import JournalEntry
from machines.models import Machine
from notifications.models import Notification
from tests.cast import Cast, World
from tests.warranty.cases import builders
from tests.warranty.cases.test_watching import broken_again, repaired, triggered, watched
from warranty.access import cases as case_access
from warranty.access import recoveries as recovery_access
from warranty.access import spotchecks as check_access
from warranty.models import Adjustment, RecoveryClaim, SpotCheck, StatutoryCase
from warranty.services import cases, recoveries, spotchecks
from warranty.services.moving import SameHands


@pytest.fixture
def cast(world: World) -> Any:
    with world.owner.scope():
        _sold_by_law(world.owner)
        yield world.owner


def _sold_by_law(cast: Cast) -> None:
    model = cast.model
    model.product_class = "combine_harvester"
    model.save()
    Machine.objects.filter(pk=cast.machine.pk).update(
        sold_on=timezone.localdate() - timedelta(days=60)
    )
    cast.machine.refresh_from_db()


@pytest.mark.parametrize(
    ("make", "get"),
    [
        (builders.a_case, case_access.get_case),
        (lambda cast: builders.a_spot_check(cast), check_access.get_spot_check),
    ],
)
def test_the_neighbour_and_the_stranger_find_nothing(
    cast: Cast, world: World, make: Callable[..., Any], get: Callable[..., Any]
) -> None:
    number = make(cast).number
    assert get(cast.actor("dealer_principal"), number).number == number
    with pytest.raises(Http404):
        get(cast.actor("neighbour_principal"), number)
    with world.stranger.scope(), pytest.raises(Http404):
        get(world.stranger.actor("manager"), number)


def test_no_dealer_has_a_claim_on_a_supplier(cast: Cast) -> None:
    number = builders.a_recovery(cast).number
    assert recovery_access.get_recovery(cast.actor("finance"), number).number == number
    with pytest.raises(Http404):
        recovery_access.get_recovery(cast.actor("dealer_principal"), number)
    with tenant_scope(cast.tenant.pk, dealer_ids=(cast.dealer.pk,)):
        assert RecoveryClaim.objects.count() == 0


def test_the_seller_answers_for_the_case_not_who_repaired(cast: Cast) -> None:
    repaired(cast, 30)
    repaired(cast, 20)
    broken_again(cast)
    Machine.objects.filter(pk=cast.machine.pk).update(dealer=cast.neighbour)
    case = watched(cast)
    assert case is not None
    assert case.dealer == cast.neighbour


def test_the_desk_and_the_dealer_hear_of_it_once(cast: Cast) -> None:
    triggered(cast)
    watched(cast)
    told = Notification.objects.filter(event="case.triggered")
    heard = {row.user.email.split("@")[0] for row in told}
    assert heard == {"supervisor", "manager", "dealer_principal"}
    assert told.count() == len(heard)


def test_what_the_law_gives_in_addition_is_added_to_an_open_choice(cast: Cast) -> None:
    case = triggered(cast)
    StatutoryCase.objects.filter(pk=case.pk).update(
        answered=case.answered | {"options": ["REPAIR_FREE"]}
    )
    grown = watched(cast)
    assert grown is not None
    assert grown.answered["options"] == ["REPAIR_FREE", "REPLACE_PART"]
    assert AuditEvent.objects.filter(verb="case.grew").count() == 1
    watched(cast)
    assert AuditEvent.objects.filter(verb="case.grew").count() == 1


def test_what_was_dropped_at_the_warning_is_opened_at_the_trigger(cast: Cast) -> None:
    case = triggered(cast)
    drop = cases.drop_case(actor=cast.actor("manager"), case=case, reason="用户和解")
    assert watched(cast) is None
    # The same events now give more than was offered then.
    StatutoryCase.objects.filter(pk=drop.pk).update(
        answered=drop.answered | {"options": ["REPAIR_FREE"]}
    )
    again = watched(cast)
    assert again is not None
    assert again.pk != case.pk


def test_a_decision_needs_its_reason(cast: Cast) -> None:
    boss = cast.actor("manager")
    case = builders.a_case(cast, "user_chose")
    with pytest.raises(DomainError) as refused:
        cases.refuse_case(actor=boss, case=case, reason="  ")
    assert refused.value.field == "reason"
    case = cases.refuse_case(actor=boss, case=case, reason="机器可修")
    with pytest.raises(DomainError) as refused:
        cases.drop_case(actor=boss, case=case, reason="")
    assert refused.value.field == "reason"


def test_an_exchange_names_a_machine_on_file(cast: Cast) -> None:
    case = builders.a_case(cast, "approved", choice="replace")
    boss = cast.actor("manager")
    with pytest.raises(DomainError) as refused:
        cases.carry_out_case(actor=boss, case=case, replacement_serial="NO-SUCH")
    assert refused.value.field == "replacement_serial"
    other = builders.another_machine(cast)
    done = cases.carry_out_case(actor=boss, case=case, replacement_serial=other.serial_number)
    assert done.replacement_serial == other.serial_number
    done = cases.recover_case(actor=boss, case=done, reason="厂家换机")
    assert done.state == "recovered"


def test_papers_come_from_the_dealer_until_the_claim_is_decided(cast: Cast) -> None:
    check = builders.a_spot_check(cast)
    item = check.items.get()
    with pytest.raises(PermissionDenied):
        spotchecks.hand_in_papers(actor=cast.actor("keeper"), item=item, uploads=[])
    with pytest.raises(DomainError) as refused:
        spotchecks.hand_in_papers(actor=cast.actor("dealer_clerk"), item=item, uploads=[])
    assert refused.value.field == "uploads"
    boss = cast.actor("technical_manager")
    spotchecks.decide_item(actor=boss, item=item, verdict="no_papers", facts="逾期未交")
    with pytest.raises(WrongState):
        spotchecks.hand_in_papers(actor=cast.actor("dealer_clerk"), item=item, uploads=[])
    with pytest.raises(WrongState):
        spotchecks.decide_item(actor=boss, item=item, verdict="inside", facts="补交")


def test_what_was_wrongly_paid_is_taken_back_at_most_once_and_at_most_all(cast: Cast) -> None:
    settlement_cents = 20_00
    check = builders.a_spot_check(cast)
    item = check.items.get()
    builders.settle(cast, item.claim, settlement_cents)
    boss = cast.actor("technical_manager")
    facts = {"verdict": "fraud", "facts": "用户称未修理"}
    with pytest.raises(DomainError) as refused:
        spotchecks.decide_item(actor=boss, item=item, cents=settlement_cents + 1, **facts)
    assert refused.value.field == "cents"
    with pytest.raises(DomainError):
        spotchecks.decide_item(actor=boss, item=item, cents=1, verdict="inside", facts="属实")
    decided = spotchecks.decide_item(actor=boss, item=item, cents=settlement_cents, **facts)
    taken = Adjustment.objects.get()
    assert decided.adjustment == taken
    assert (taken.cents, taken.dealer) == (-settlement_cents, cast.dealer)
    done = spotchecks.decide_spot_check(actor=boss, check=check)
    assert done.state == "decided"
    # What was looked at is not drawn again.
    with pytest.raises(spotchecks.NothingToCheck):
        spotchecks.draw_spot_check(actor=boss, dealer=cast.dealer)


def test_a_supplier_owes_what_it_accepted_booked_once_by_another(cast: Cast) -> None:
    engineer, boss = cast.actor("engineer"), cast.actor("technical_manager")
    mine = builders.a_recovery(cast)
    mine = recoveries.claim_recovery(actor=boss, recovery=mine, cents=800_00)
    with pytest.raises(recoveries.NotAPart):
        recoveries.answer_recovery(
            actor=engineer, recovery=mine, name="accept_partly", answer="好", cents=0
        )
    mine = recoveries.answer_recovery(actor=engineer, recovery=mine, name="accept", answer="同意")
    with pytest.raises(SameHands):
        recoveries.debit_recovery(actor=boss, recovery=mine)
    RecoveryClaim.objects.filter(pk=mine.pk).update(claimed_by=cast.people["engineer"])
    debited = recoveries.debit_recovery(actor=boss, recovery=mine)
    assert debited.state == "debited"
    entry = JournalEntry.objects.get(source_kind="recovery")
    assert sorted(entry.lines.values_list("cents", flat=True)) == [-800_00, 800_00]
    with pytest.raises(WrongState):
        recoveries.debit_recovery(actor=boss, recovery=debited)
    done = recoveries.close_recovery(actor=engineer, recovery=debited, words="已到账")
    assert done.state == "closed"


def _at_once(cast: Cast, deed: Callable[[], Any]) -> list[str]:
    """Two do the same at the same moment: "done", or the code of the refusal."""
    start = Barrier(2)

    def run(_who: int) -> str:
        try:
            start.wait()
            with tenant_scope(cast.tenant.pk):
                deed()
            return "done"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        return sorted(people.map(run, range(2)))


def test_two_who_watch_one_machine_at_once_open_one_case(committed_world: World) -> None:
    cast = committed_world.owner
    with cast.scope():
        _sold_by_law(cast)
        repaired(cast, 30)
        repaired(cast, 20)
        broken_again(cast)
    assert _at_once(cast, lambda: watched(cast)) == ["done", "done"]
    with cast.scope():
        assert StatutoryCase.objects.get().state == "triggered"
        assert Notification.objects.filter(event="case.triggered").count() == 3


def test_two_who_draw_at_once_draw_one_sample(committed_world: World) -> None:
    cast = committed_world.owner
    with cast.scope():
        for _each in range(4):
            builders.a_claim(cast, state="settled")
    boss = cast.actor("technical_manager")

    def draw() -> None:
        dealer = Dealer.objects.get(pk=cast.dealer.pk)
        spotchecks.draw_spot_check(actor=boss, dealer=dealer)

    assert _at_once(cast, draw) == ["done", "spot_check.one_is_open"]
    with cast.scope():
        assert SpotCheck.objects.count() == 1
