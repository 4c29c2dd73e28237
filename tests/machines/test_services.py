"""Customers and machines: opened, found, merged, sold on."""

from datetime import date, timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent
from core.tenancy import dealer_wall
from machines import queries, services
from machines.access import get_customer, visible_customers, visible_machines
from machines.models import DealerCustomer, Machine
from tests.machines.conftest import Shop


def verbs_of(thing: Model) -> list[str]:
    rows = AuditEvent.objects.filter(object_id=thing.pk, noun=type(thing).__name__.lower())
    return list(rows.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    "question",
    [
        "13800138000",
        "+86 138-0013-8000",
        "１３８００１３８０００",
        "0013800",
        "建国",
        "LN2024",
        "冀A·1234",
    ],
)
def test_a_customer_is_found_in_any_spelling(shop: Shop, question: str) -> None:
    customer = shop.customer()
    machine = services.create_machine(
        actor=shop.actor,
        serial_number="ln 2024－001",
        model=shop.model,
        customer=customer,
        plate="冀A·12345",
    )
    found = queries.find(shop.actor, question)
    assert [c.pk for c in found.customers] == [customer.pk] or [m.pk for m in found.machines] == [
        machine.pk
    ]


def test_a_caller_is_known_by_the_number_with_all_machines(shop: Shop) -> None:
    customer = shop.customer()
    services.create_machine(
        actor=shop.actor, serial_number="A1", model=shop.model, customer=customer
    )
    (caller,) = queries.callers(shop.actor, "0086 138 0013 8000")
    assert caller == customer
    assert [m.serial_number for m in caller.machines.all()] == ["A1"]
    assert queries.callers(shop.actor, "nobody") == []


def test_a_customer_without_a_telephone_is_refused_and_nothing_is_kept(shop: Shop) -> None:
    with pytest.raises(DomainError):
        services.create_customer(actor=shop.actor, name="无号", phones=[])
    assert not visible_customers(shop.actor).exists()


def test_the_first_telephone_is_primary_and_one_that_is_left_out_goes(shop: Shop) -> None:
    customer = shop.customer()
    services.edit_customer(
        actor=shop.actor,
        customer=customer,
        phones=[services.Phone("0311-88886666", "办公室"), services.Phone("13800138000")],
    )
    rows = list(customer.phones.order_by("-is_primary").values_list("number", "is_primary"))
    assert rows == [("+8631188886666", True), ("+8613800138000", False)]
    services.edit_customer(actor=shop.actor, customer=customer, phones=["13800138000"])
    assert list(customer.phones.values_list("number", "is_primary")) == [("+8613800138000", True)]
    assert verbs_of(customer) == [
        "customer.created",
        "customer.phones_edited",
        "customer.phones_edited",
    ]


def test_a_change_is_audited_with_old_and_new_and_no_change_is_not(shop: Shop) -> None:
    customer = shop.customer()
    services.edit_customer(actor=shop.actor, customer=customer, name="王建军")
    services.edit_customer(actor=shop.actor, customer=customer, name=" 王建军 ")
    assert verbs_of(customer) == ["customer.created", "customer.edited"]
    assert AuditEvent.objects.get(verb="customer.edited").data == {"name": ["王建国", "王建军"]}


def test_merging_moves_telephones_machines_owners_and_dealers(shop: Shop) -> None:
    target, source = shop.customer(), shop.customer(name="王建国（儿子）")
    services.edit_customer(
        actor=shop.actor,
        customer=source,
        phones=["13800138000", "13900139000"],
        address="长安路1号",
    )
    machine = services.create_machine(
        actor=shop.actor,
        serial_number="A1",
        model=shop.model,
        customer=source,
        dealer=shop.dealer,
    )
    kept = services.merge_customers(actor=shop.actor, source=source, target=target)
    machine.refresh_from_db()
    source.refresh_from_db()
    assert kept == target and source.merged_into == target
    assert sorted(target.phones.values_list("number", "is_primary")) == [
        ("+8613800138000", True),
        ("+8613900139000", False),
    ]
    assert kept.address == "长安路1号"
    assert machine.customer == target
    assert [o.customer for o in queries.ownerships(shop.actor, machine)] == [target]
    assert DealerCustomer.objects.get().customer == target
    assert verbs_of(source)[-1] == "customer.merged"
    assert list(visible_customers(shop.actor)) == [target]
    assert get_customer(shop.actor, source.number) == target
    assert queries.find(shop.actor, "儿子").customers == [target]


def test_a_record_is_merged_only_once_and_never_with_itself(shop: Shop) -> None:
    one, other = shop.customer(), shop.customer()
    with pytest.raises(services.SameCustomer):
        services.merge_customers(actor=shop.actor, source=one, target=one)
    services.merge_customers(actor=shop.actor, source=one, target=other)
    with pytest.raises(services.AlreadyMerged):
        services.merge_customers(actor=shop.actor, source=one, target=other)
    with pytest.raises(services.AlreadyMerged):
        services.merge_customers(actor=shop.actor, source=other, target=one)


def test_a_serial_number_is_registered_once_in_any_spelling(shop: Shop) -> None:
    services.create_machine(actor=shop.actor, serial_number="LN-1", model=shop.model)
    with pytest.raises(services.SerialTaken):
        services.create_machine(actor=shop.actor, serial_number=" ｌｎ－１", model=shop.model)
    assert Machine.objects.count() == 1


def test_a_machine_sold_on_keeps_its_history(shop: Shop) -> None:
    first, second = shop.customer(), shop.customer(name="李四", phone="13900139000")
    machine = services.create_machine(
        actor=shop.actor,
        serial_number="A1",
        model=shop.model,
        customer=first,
        sold_on=date(2024, 3, 5),
    )
    services.sell_on(actor=shop.actor, machine=machine, customer=second, on=date(2025, 4, 1))
    machine.refresh_from_db()
    assert machine.customer == second
    assert [
        (o.customer, o.from_on, o.until_on) for o in queries.ownerships(shop.actor, machine)
    ] == [
        (second, date(2025, 4, 1), None),
        (first, date(2024, 3, 5), date(2025, 4, 1)),
    ]


def test_a_machine_is_not_sold_on_to_its_owner_nor_before_nor_in_the_future(shop: Shop) -> None:
    first, second = shop.customer(), shop.customer(name="李四", phone="13900139000")
    machine = services.create_machine(
        actor=shop.actor,
        serial_number="A1",
        model=shop.model,
        customer=first,
        sold_on=date(2024, 3, 5),
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    for customer, on, field in [
        (first, date(2025, 4, 1), "customer"),
        (second, date(2024, 3, 4), "on"),
        (second, tomorrow, "on"),
    ]:
        with pytest.raises(DomainError) as refused:
            services.sell_on(actor=shop.actor, machine=machine, customer=customer, on=on)
        assert refused.value.field == field


def test_a_dealer_sees_its_own_customers_only_by_gate_and_by_wall(shop: Shop) -> None:
    mine, other = shop.customer(), shop.customer(name="李四", phone="13900139000")
    services.create_machine(
        actor=shop.actor, serial_number="A1", model=shop.model, customer=mine, dealer=shop.dealer
    )
    services.create_machine(
        actor=shop.actor,
        serial_number="B1",
        model=shop.model,
        customer=other,
        dealer=shop.neighbour,
    )
    actor = shop.actor_of(shop.dealer)
    # Once by the Python gate alone, once with the wall in the database as well.
    for wall in (None, actor.dealer_ids):
        with dealer_wall(wall):
            assert list(visible_customers(actor)) == [mine]
            assert [m.serial_number for m in visible_machines(actor)] == ["A1"]
            assert queries.find(actor, "13900139000").customers == []


def test_a_dealer_serves_a_customer_while_it_holds_a_job(shop: Shop) -> None:
    customer = shop.customer()
    actor = shop.actor_of(shop.dealer)
    assert services.serve(actor=shop.actor, dealer=shop.dealer, customer=customer)
    assert not services.serve(actor=shop.actor, dealer=shop.dealer, customer=customer)
    assert list(visible_customers(actor)) == [customer]
    assert services.stop_serving(actor=shop.actor, dealer=shop.dealer, customer=customer)
    assert not visible_customers(actor).exists()


def test_a_dealer_that_sold_a_machine_keeps_its_customer(shop: Shop) -> None:
    customer = shop.customer()
    services.create_machine(
        actor=shop.actor,
        serial_number="A1",
        model=shop.model,
        customer=customer,
        dealer=shop.dealer,
    )
    assert not services.stop_serving(actor=shop.actor, dealer=shop.dealer, customer=customer)
    assert list(visible_customers(shop.actor_of(shop.dealer))) == [customer]
