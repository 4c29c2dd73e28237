"""The walls: another company's rows do not exist, another dealer's neither."""

from __future__ import annotations

import pytest
from django.db import DataError, IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone

from core import audit, search
from core.models import AuditEvent
from core.numbering import next_number
from core.tenancy import NoTenant, current_tenant_id, dealer_wall, tenant_scope, whole_tenant
from machines.models import Customer, Machine
from tests.cast import World, a_ticket
from tickets.models import Ticket


def test_a_query_without_a_tenant_is_an_error(world: World) -> None:
    # An empty table may be read without a look at the policy: there is no row to judge.
    with world.owner.scope():
        a_ticket(world.owner)
    with pytest.raises(DataError), transaction.atomic():
        Ticket.objects.count()


def test_a_row_without_a_tenant_is_an_error(world: World) -> None:
    with pytest.raises(NoTenant):
        Ticket.objects.create(summary="x", number="T-1", reported_at=timezone.now())


def test_another_company_sees_nothing(world: World) -> None:
    with world.owner.scope():
        a_ticket(world.owner)
    with world.stranger.scope():
        assert not Ticket.objects.exists()
        assert not Customer.objects.filter(number=world.owner.customer.number).exists()


def test_a_row_cannot_be_written_for_another_company(world: World) -> None:
    with world.owner.scope(), pytest.raises(ProgrammingError), transaction.atomic():
        Customer.objects.create(number="C-X", name="x", tenant_id=world.stranger.tenant.pk)


def test_a_link_cannot_lead_into_another_company(world: World) -> None:
    with pytest.raises(IntegrityError), world.owner.scope():
        a_ticket(world.owner, customer_id=world.stranger.customer.pk, customer=None)
        with transaction.atomic(), transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_scope_ends_with_its_block(world: World) -> None:
    with world.owner.scope():
        with world.stranger.scope():
            assert current_tenant_id() == world.stranger.tenant.pk
        assert current_tenant_id() == world.owner.tenant.pk
        assert Customer.objects.filter(pk=world.owner.customer.pk).exists()
    with pytest.raises(NoTenant):
        current_tenant_id()


def test_an_error_inside_the_block_restores_the_outer_one(world: World) -> None:
    with world.owner.scope():
        with pytest.raises(DataError), world.stranger.scope():
            Ticket.objects.extra(where=["'x'::int = 1"]).count()
        assert Customer.objects.filter(pk=world.owner.customer.pk).exists()


def test_a_dealer_sees_itself_and_its_subs_only(world: World) -> None:
    owner = world.owner
    with owner.scope():
        mine = a_ticket(owner, dealer=owner.dealer, team="dealer")
        below = a_ticket(owner, dealer=owner.sub_dealer, team="dealer")
        a_ticket(owner, dealer=owner.neighbour, team="dealer")
        a_ticket(owner)
    actor = owner.actor("dealer_principal")
    assert actor.dealer_ids == (owner.dealer.pk, owner.sub_dealer.pk)
    with tenant_scope(owner.tenant.pk, dealer_ids=actor.dealer_ids):
        assert set(Ticket.objects.all()) == {mine, below}
        assert list(Customer.objects.all()) == [owner.customer]
        assert list(Machine.objects.all()) == [owner.machine]


def test_a_service_runs_beyond_the_dealers_wall_and_the_wall_comes_back(world: World) -> None:
    owner = world.owner
    with owner.scope():
        a_ticket(owner)
        with dealer_wall((owner.dealer.pk,)):
            assert Ticket.objects.count() == 0
            with whole_tenant():
                assert Ticket.objects.count() == 1
            assert Ticket.objects.count() == 0


def test_the_database_refuses_a_move_that_the_table_does_not_allow(world: World) -> None:
    with world.owner.scope():
        ticket = a_ticket(world.owner)
        with pytest.raises(InternalError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=timezone.now())


def test_the_audit_trail_is_append_only(world: World) -> None:
    with world.owner.scope():
        audit.record(world.owner.system(), "ticket.seen", a_ticket(world.owner))
        with pytest.raises(ProgrammingError), transaction.atomic():
            AuditEvent.objects.update(actor_label="somebody else")
        with pytest.raises(ProgrammingError), transaction.atomic():
            AuditEvent.objects.all().delete()


def test_bulk_changes_leave_history_too(world: World) -> None:
    with world.owner.scope():
        ticket = a_ticket(world.owner)
        Ticket.objects.filter(pk=ticket.pk).update(summary="改过")
        assert [event.pgh_label for event in ticket.events.order_by("pgh_id")] == [
            "insert",
            "update",
        ]
    with world.stranger.scope():
        assert ticket.events.model.objects.count() == 0


def test_numbers_run_without_gaps_per_company_and_day(world: World) -> None:
    day = timezone.now().date()
    with world.owner.scope():
        assert [next_number("T", day)[-4:] for _ in range(3)] == ["0001", "0002", "0003"]
    with world.stranger.scope():
        assert next_number("T", day).endswith("-0001")


@pytest.mark.parametrize(
    "question", ["收割", "T-2026", "ｔ－２０２６", "138 0013", "１３８００", "8613800138000"]
)
def test_search_finds_any_spelling_and_only_ones_own(world: World, question: str) -> None:
    with world.owner.scope():
        ticket = a_ticket(world.owner)
        found = search.find(question, kinds=["ticket", "customer"])
        assert found.get("ticket") == [ticket.pk] or found["customer"] == [world.owner.customer.pk]
    with world.stranger.scope():
        assert "ticket" not in search.find(question, kinds=["ticket"])


def test_search_asks_for_two_characters(world: World) -> None:
    with world.owner.scope():
        a_ticket(world.owner)
        assert search.find("收", kinds=["ticket"]) == {}
