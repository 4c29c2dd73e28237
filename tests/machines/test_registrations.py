"""Receipt cards: in time or late, waived by another person, once per machine (R-065, R-066)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.actor import Actor
from core.errors import DomainError
from machines import queries, services
from machines.models import Coverage, Customer, Machine, Registration
from machines.services.registrations import WaiverRefused
from sla.defaults import install_defaults
from sla.models import Clock, Step
from tests.machines.conftest import Shop


def today(days_ago: int = 0) -> date:
    return timezone.localdate() - timedelta(days=days_ago)


@pytest.fixture
def customer(shop: Shop) -> Customer:
    return shop.customer()


@pytest.fixture
def machine(shop: Shop) -> Machine:
    return services.create_machine(
        actor=shop.actor, serial_number="4LZ8-001", model=shop.model, dealer=shop.dealer
    )


def register(shop: Shop, machine: Machine, customer: Customer, **facts: Any) -> Registration:
    given: dict[str, Any] = {"invoice_on": today(5), "dealer": shop.dealer} | facts
    return services.register_machine(
        actor=given.pop("actor", shop.actor), machine=machine, customer=customer, **given
    )


def person(shop: Shop, user_id: int | None, **more: Any) -> Actor:
    return Actor(tenant_id=shop.tenant.pk, label="赵经理", role="manager", user_id=user_id, **more)


@pytest.fixture
def user_id(shop: Shop) -> int:
    from accounts.models import User

    return User.objects.create(email="zhao@example.com", name="赵经理").pk


def test_a_card_in_time_freezes_coverage_from_the_plan_of_the_invoice_date(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    card = register(shop, machine, customer, invoice_on=today(20))
    assert (card.days_late, card.due_on) == (0, today())
    assert card.number.startswith("RC-")
    [row] = queries.coverage_of(machine)
    assert (row.layer, row.starts_on) == ("whole", today(20))
    assert queries.claim_eligible(machine).is_eligible
    machine.refresh_from_db()
    assert (machine.sold_on, machine.customer_id) == (today(20), customer.pk)
    assert machine.ownerships.get().from_on == today(20)


def test_a_late_card_covers_the_user_and_blocks_the_dealers_claims(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    card = register(shop, machine, customer, invoice_on=today(25))
    assert card.days_late == 5
    assert queries.cover_for(machine, "whole", "", today(), None).is_covered
    found = queries.claim_eligible(machine)
    assert (found.is_eligible, found.why) == (False, "late_card")
    assert "5" in found.sentence


def test_without_a_card_claims_are_refused(machine: Machine) -> None:
    assert queries.claim_eligible(machine).why == "no_card"


def test_a_named_person_who_did_not_register_it_waives_lateness(
    shop: Shop, machine: Machine, customer: Customer, user_id: int
) -> None:
    card = register(shop, machine, customer, invoice_on=today(30))
    services.waive_lateness(actor=person(shop, user_id), registration=card, reason="暴雨道路中断")
    card.refresh_from_db()
    assert (card.waived_by_id, card.waived_label) == (user_id, "赵经理")
    assert queries.claim_eligible(machine).is_eligible
    with pytest.raises(DomainError, match="赵经理"):
        services.waive_lateness(actor=person(shop, user_id), registration=card, reason="again")


def test_who_registered_it_a_dealers_person_and_the_system_waive_nothing(
    shop: Shop, machine: Machine, customer: Customer, user_id: int
) -> None:
    mine = person(shop, user_id)
    card = register(shop, machine, customer, invoice_on=today(30), actor=mine)
    for actor in (mine, shop.actor_of(shop.dealer), shop.actor):
        with pytest.raises(DomainError):
            services.waive_lateness(actor=actor, registration=card, reason="because")
    # Not even past the service: the table itself asks for four eyes.
    with pytest.raises(DatabaseError), transaction.atomic():
        Registration.objects.filter(pk=card.pk).update(
            waived_at=timezone.now(), waived_by=user_id, waived_label="x", waiver_reason="x"
        )


def test_a_card_in_time_needs_no_waiver_and_a_waiver_needs_a_reason(
    shop: Shop, machine: Machine, customer: Customer, user_id: int
) -> None:
    card = register(shop, machine, customer, invoice_on=today(30))
    with pytest.raises(DomainError) as refused:
        services.waive_lateness(actor=person(shop, user_id), registration=card, reason=" ")
    assert refused.value.field == "reason"
    other = services.create_machine(
        actor=shop.actor, serial_number="4LZ8-002", model=shop.model, dealer=shop.dealer
    )
    fine = register(shop, other, customer)
    with pytest.raises(WaiverRefused):
        services.waive_lateness(actor=person(shop, user_id), registration=fine, reason="x")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"invoice_on": today(-1)}, "invoice_on"),
        ({"invoice_on": today(90)}, "invoice_on"),
        ({"delivered_on": today(90)}, "delivered_on"),
        ({"delivered_on": today(-3)}, "delivered_on"),
        ({"received_at": timezone.now() + timedelta(days=1)}, "received_on"),
        ({"received_at": timezone.now() - timedelta(days=9)}, "received_on"),
        ({"signature": [[1, 2, 3]]}, "signature"),
        ({"signature": [[1, 9999]]}, "signature"),
    ],
)
def test_wrong_days_and_signatures_are_said_at_their_field(
    shop: Shop, machine: Machine, customer: Customer, facts: dict[str, Any], field: str
) -> None:
    services.edit_machine(actor=shop.actor, machine=machine, built_on=today(60))
    with pytest.raises(DomainError) as refused:
        register(shop, machine, customer, **facts)
    assert refused.value.field == field
    assert not Registration.objects.exists()
    assert not Coverage.objects.exists()


def test_a_machine_is_registered_once_and_a_void_card_makes_room(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    card = register(shop, machine, customer)
    with pytest.raises(services.AlreadyRegistered, match=card.number):
        register(shop, machine, customer)
    services.void_registration(actor=shop.actor, registration=card, reason="录错机器")
    assert queries.coverage_of(machine) == []
    again = register(shop, machine, customer)
    assert again.pk != card.pk
    assert len(queries.coverage_of(machine)) == 1


def test_a_dealer_registers_for_itself_only_and_cannot_say_when_it_came_in(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    actor = shop.actor_of(shop.dealer)
    with pytest.raises(DomainError) as refused:
        register(shop, machine, customer, actor=actor, dealer=shop.neighbour)
    assert refused.value.field == "dealer"
    with pytest.raises(DomainError) as refused:
        register(shop, machine, customer, actor=actor, received_at=timezone.now())
    assert refused.value.field == "received_on"


def test_a_machine_of_another_owner_is_not_registered_for_a_second_one(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    services.sell_on(actor=shop.actor, machine=machine, customer=customer)
    stranger = shop.customer("李四", "13900139000")
    with pytest.raises(DomainError) as refused:
        register(shop, machine, stranger)
    assert refused.value.field == "customer"


def test_the_day_of_sale_is_the_cards_once_there_is_one(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    card = register(shop, machine, customer)
    machine.refresh_from_db()
    with pytest.raises(DomainError, match=card.number):
        services.edit_machine(actor=shop.actor, machine=machine, sold_on=today(1))


# The clock


def test_a_known_sale_starts_the_clock_and_the_card_keeps_it(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    install_defaults(shop.tenant)
    services.edit_machine(actor=shop.actor, machine=machine, sold_on=today(3))
    clock = Clock.objects.get(subject="machine", subject_id=machine.pk, state="running")
    local = timezone.localtime(clock.due_at)
    assert (local.date(), local.hour) == (today(-18), 0)  # the 20th day itself still counts
    assert (clock.holder_kind, clock.holder_dealer_id) == ("dealer", shop.dealer.pk)
    days = sorted(
        (timezone.localtime(step.at).date() - today(3)).days - 1
        for step in Step.objects.filter(clock=clock)
    )
    assert days == [10, 17, 20, 20]
    register(shop, machine, customer, invoice_on=today(3))
    clock.refresh_from_db()
    assert (clock.state, clock.missed_at) == ("met", None)


def test_another_day_of_sale_moves_the_clock_and_an_old_one_starts_none(
    shop: Shop, machine: Machine
) -> None:
    install_defaults(shop.tenant)
    services.edit_machine(actor=shop.actor, machine=machine, sold_on=today(3))
    machine.refresh_from_db()
    services.edit_machine(actor=shop.actor, machine=machine, sold_on=today(2))
    live = Clock.objects.get(subject="machine", subject_id=machine.pk, state="running")
    assert timezone.localtime(live.due_at).date() == today(-19)
    machine.refresh_from_db()
    services.edit_machine(actor=shop.actor, machine=machine, sold_on=today(200))
    assert not Clock.objects.filter(subject_id=machine.pk, state="running").exists()


def test_compliance_counts_cards_in_time_per_machine_sold(shop: Shop, customer: Customer) -> None:
    sold = [
        services.create_machine(
            actor=shop.actor,
            serial_number=f"4LZ8-1{n}",
            model=shop.model,
            dealer=shop.dealer,
            sold_on=today(days),
        )
        for n, days in enumerate([40, 40, 30, 2])
    ]
    register(shop, sold[0], customer, invoice_on=today(40))  # late
    card = Registration.objects.get()
    assert card.days_late == 20
    fresh = services.create_machine(
        actor=shop.actor, serial_number="4LZ8-2", model=shop.model, dealer=shop.dealer
    )
    register(shop, fresh, customer, invoice_on=today(1))
    found = queries.compliance(shop.dealer)
    assert (found.sold, found.in_time, found.late, found.missing, found.waiting) == (4, 1, 1, 2, 1)
    assert found.percent == 25


# Coverage


def test_last_days_move_by_events_with_a_reason_and_never_by_hand(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    register(shop, machine, customer)
    [row] = queries.coverage_of(machine)
    before = row.ends_on
    event = services.extend_coverage(
        actor=shop.actor, coverage=row, kind="stopped_days", days=12, reason="等待鉴定"
    )
    assert (event.ends_before, event.ends_after) == (before, before + timedelta(days=12))
    row.refresh_from_db()
    assert row.ends_on == before + timedelta(days=12)
    for change in (
        {"ends_on": today()},
        {"parts_percent": 1},
        {"starts_on": today()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Coverage.objects.filter(pk=row.pk).update(**change)
    for statement in (
        "DELETE FROM machines_coverage WHERE id = %s",
        "DELETE FROM machines_coverageevent WHERE coverage_id = %s",
        "UPDATE machines_coverageevent SET reason = 'x' WHERE coverage_id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])


@pytest.mark.parametrize(
    "facts",
    [
        {"days": 5, "reason": "  "},
        {"days": 0, "reason": "x"},
        {"days": -5, "reason": "x"},
        {"reason": "x"},
        {"days": -5000, "reason": "x", "kind": "correction"},
    ],
)
def test_an_event_without_reason_or_sense_is_refused(
    shop: Shop, machine: Machine, customer: Customer, facts: dict[str, Any]
) -> None:
    register(shop, machine, customer)
    [row] = queries.coverage_of(machine)
    with pytest.raises(DomainError):
        services.extend_coverage(
            actor=shop.actor, coverage=row, **({"kind": "stopped_days"} | facts)
        )


def test_a_fitted_component_opens_its_own_cover_once(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    register(shop, machine, customer)
    given: dict[str, Any] = {
        "actor": shop.actor,
        "machine": machine,
        "layer": "main",
        "component": "变速箱",
        "serial_number": " bx ００１ ",
        "starts_on": today(),
        "source_kind": "claim_line",
        "source_id": 7,
    }
    row = services.open_component_coverage(**given)
    assert services.open_component_coverage(**given).pk == row.pk
    assert row.serial_number == "BX001"
    assert row.ends_on > queries.coverage_of(machine)[0].ends_on


def test_a_later_plan_changes_nothing_of_a_machine_that_is_sold(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    register(shop, machine, customer)
    [before] = queries.coverage_of(machine)
    services.create_plan(
        actor=shop.actor,
        model=shop.model,
        from_on=today(),
        terms=[services.TermRow("whole", 36)],
    )
    [after] = queries.coverage_of(machine)
    assert before.ends_on == after.ends_on
    other = services.create_machine(
        actor=shop.actor, serial_number="4LZ8-9", model=shop.model, dealer=shop.dealer
    )
    register(shop, other, customer, invoice_on=today())
    [new] = queries.coverage_of(other)
    assert new.ends_on.year == today().year + 3


def test_a_promise_below_the_legal_floor_is_refused_and_the_floor_stands_beside(
    shop: Shop, machine: Machine, customer: Customer
) -> None:
    shop.model.product_class = "combine_harvester"
    shop.model.save()
    with pytest.raises(DomainError, match="24"):
        services.create_plan(
            actor=shop.actor,
            model=shop.model,
            from_on=today(30),
            terms=[services.TermRow("whole", 12), services.TermRow("main", 18)],
        )
    register(shop, machine, customer, invoice_on=today(5))
    whole, main = queries.coverage_of(machine)
    assert (whole.legal_ends_on, main.layer) == (whole.ends_on, "main")
    assert main.ends_on.year == whole.ends_on.year + 1
