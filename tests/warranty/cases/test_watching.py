"""The law watched on a machine's own papers: warned, triggered, chosen, approved, carried out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import WrongState
from knowledge.models import Severity
from machines.models import Machine, Registration
from machines.services import register_machine
from tests.cast import Cast, World, a_ticket
from warranty.models import StatutoryCase, WorkReport
from warranty.queries.entitlements import entitlement_of
from warranty.remedies.values import Option
from warranty.services import cases
from warranty.services.cases.deciding import NoAmount, NoSigner, NotOffered, SameMachine
from warranty.services.moving import SameHands


@pytest.fixture
def owner(world: World) -> Any:
    with world.owner.scope():
        model = world.owner.model
        model.product_class = "combine_harvester"
        model.save()
        machine = world.owner.machine
        machine.sold_on = timezone.localdate() - timedelta(days=60)
        machine.save()
        yield world.owner


def repaired(cast: Cast, days_ago: int, *, severity: str = Severity.GRAVE) -> WorkReport:
    """A reported fault of the same name and its signed repair, a day later."""
    at = timezone.now() - timedelta(days=days_ago)
    ticket = a_ticket(cast, dealer=cast.dealer, reported_at=at, severity=severity)
    report = WorkReport.objects.create(
        number=f"WR-{uuid4().hex[:12]}",
        client_key=uuid4(),
        ticket=ticket,
        dealer=cast.dealer,
        machine=cast.machine,
        symptom=cast.symptom,
        severity=severity,
        technician_name="赵师傅",
        reported_at=at,
        finished_at=at + timedelta(days=1),
    )
    WorkReport.objects.filter(pk=report.pk).update(
        state="signed", signed_at=at, digest="0" * 64, signer_name="张丰收"
    )
    return report


def broken_again(cast: Cast, *, severity: str = Severity.GRAVE) -> None:
    a_ticket(cast, dealer=cast.dealer, severity=severity)


def watched(cast: Cast) -> StatutoryCase | None:
    machine = Machine.objects.select_related("model__line").get(pk=cast.machine.pk)
    return cases.watch_machine(actor=cast.system(), machine=machine)


def triggered(cast: Cast) -> StatutoryCase:
    repaired(cast, 30)
    repaired(cast, 20)
    broken_again(cast)
    case = watched(cast)
    assert case is not None
    assert case.state == "triggered"
    return case


def test_a_machine_without_faults_opens_nothing(owner: Cast) -> None:
    assert watched(owner) is None
    assert StatutoryCase.objects.count() == 0


def test_the_same_grave_fault_after_two_repairs_opens_a_case(owner: Cast) -> None:
    case = triggered(owner)
    assert str(Option.REPLACE_PART) in case.answered["options"]
    assert case.asked["regulation"] == case.answered["law"]
    assert case.dealer == owner.dealer


def test_one_step_before_it_is_warned_once(owner: Cast) -> None:
    repaired(owner, 30)
    broken_again(owner)
    answer = entitlement_of(Machine.objects.get(pk=owner.machine.pk))
    assert answer is not None
    assert answer.is_warned
    case = watched(owner)
    assert case is not None
    assert case.state == "warning"
    again = watched(owner)
    assert again is not None
    assert again.pk == case.pk
    assert StatutoryCase.objects.count() == 1


def test_what_was_dropped_is_not_opened_again_by_the_same_facts(owner: Cast) -> None:
    case = triggered(owner)
    cases.drop_case(actor=owner.actor("technical_manager"), case=case, reason="用户已撤回")
    assert watched(owner) is None
    repaired(owner, 5)
    broken_again(owner)
    assert watched(owner) is not None


def test_a_machine_whose_class_the_law_does_not_know_has_no_answer(owner: Cast) -> None:
    owner.model.product_class = ""
    owner.model.save()
    assert entitlement_of(Machine.objects.get(pk=owner.machine.pk)) is None


def test_the_user_chooses_what_the_law_offers_and_another_person_approves(owner: Cast) -> None:
    case = triggered(owner)
    engineer = owner.actor("engineer")
    with pytest.raises(NotOffered):
        cases.record_choice(
            actor=engineer, case=case, choice="return", signer="张丰收", words="退钱"
        )
    with pytest.raises(NoSigner):
        cases.record_choice(actor=engineer, case=case, choice="replace_part", signer="")
    case = cases.record_choice(
        actor=engineer, case=case, choice="replace_part", signer="张丰收", words="换件"
    )
    assert case.state == "user_chose"
    with pytest.raises(PermissionDenied):
        cases.approve_case(actor=engineer, case=case)
    case = cases.approve_case(actor=owner.actor("manager"), case=case)
    case = cases.carry_out_case(actor=owner.actor("manager"), case=case)
    assert case.state == "carried_out"
    with pytest.raises(WrongState):
        cases.drop_case(actor=owner.actor("manager"), case=case, reason="晚了")


def test_who_recorded_the_choice_does_not_approve_it(owner: Cast) -> None:
    case = triggered(owner)
    case = cases.record_choice(
        actor=owner.actor("clerk"), case=case, choice="replace_part", signer="张丰收", words="换件"
    )
    StatutoryCase.objects.filter(pk=case.pk).update(chosen_by=owner.people["manager"])
    with pytest.raises(SameHands):
        cases.approve_case(actor=owner.actor("manager"), case=case)


def test_nobody_but_the_system_triggers_and_the_system_never_decides(owner: Cast) -> None:
    case = triggered(owner)
    with pytest.raises(PermissionDenied):
        cases.record_choice(
            actor=owner.system(), case=case, choice="repair", signer="张丰收", words="修"
        )
    StatutoryCase.objects.filter(pk=case.pk).update(state="user_chose")
    with pytest.raises(PermissionDenied):
        cases.approve_case(actor=owner.system(), case=case)


@pytest.mark.parametrize(("choice", "error"), [("replace", SameMachine), ("return", NoAmount)])
def test_an_exchange_names_the_new_machine_and_a_return_its_money(
    owner: Cast, choice: str, error: type[Exception]
) -> None:
    case = triggered(owner)
    StatutoryCase.objects.filter(pk=case.pk).update(state="user_chose", choice=choice)
    StatutoryCase.objects.filter(pk=case.pk).update(state="approved")
    serial = owner.machine.serial_number
    with pytest.raises(error):
        cases.carry_out_case(actor=owner.actor("manager"), case=case, replacement_serial=serial)


def test_what_the_certificate_promises_goes_above_the_law(owner: Cast) -> None:
    sold_on = owner.machine.sold_on
    assert sold_on is not None
    register_machine(
        actor=owner.actor("clerk"),
        machine=owner.machine,
        dealer=owner.dealer,
        customer=owner.customer,
        invoice_on=sold_on,
        channel="desk",
    )
    Registration.objects.get().plan.terms.filter(layer="whole").update(months=36)
    answer = entitlement_of(Machine.objects.get(pk=owner.machine.pk))
    assert answer is not None
    assert answer.body["terms"]["whole_months"] == 36
