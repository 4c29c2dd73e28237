"""Two people register one machine at the same moment: one does, the other gets a sentence."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from django.db import connection

from core.errors import DomainError
from core.tenancy import tenant_scope
from machines import services
from machines.models import Coverage, Machine, Registration
from tests.cast import Cast, World


def test_one_serial_number_registered_twice_at_once_exists_once(committed_world: World) -> None:
    owner = committed_world.owner
    start = Barrier(2)

    def register(_who: int) -> str:
        try:
            start.wait()
            with tenant_scope(owner.tenant.pk):
                services.create_machine(
                    actor=owner.system(), serial_number="RACE-1", model=owner.model
                )
            return "saved"
        except services.SerialTaken as refused:
            return str(refused.field)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(register, range(2)))
    assert outcomes == ["saved", "serial_number"]
    with owner.scope():
        assert Machine.objects.filter(serial_number="RACE-1").count() == 1


def _at_once(owner: Cast, deed: Callable[[int], object]) -> list[str]:
    """Two people do something at the same moment: "done", or the code of the refusal."""
    start = Barrier(2)

    def run(who: int) -> str:
        try:
            start.wait()
            with tenant_scope(owner.tenant.pk):
                deed(who)
            return "done"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        return sorted(people.map(run, range(2)))


def test_one_sale_registered_by_two_at_once_has_one_card(committed_world: World) -> None:
    owner = committed_world.owner

    def register(_who: int) -> object:
        return services.register_machine(
            actor=owner.system(),
            machine=owner.machine,
            dealer=owner.dealer,
            customer=owner.customer,
            invoice_on=date(2026, 5, 1),
        )

    assert _at_once(owner, register) == ["done", "registration.already"]
    with owner.scope():
        assert Registration.objects.count() == 1
        assert Coverage.objects.count() == 1


def test_one_late_card_is_waived_once_by_two_at_once(committed_world: World) -> None:
    owner = committed_world.owner
    with owner.scope():
        card = services.register_machine(
            actor=owner.system(),
            machine=owner.machine,
            dealer=owner.dealer,
            customer=owner.customer,
            invoice_on=date(2026, 5, 1),
        )
    people = [owner.actor("manager"), owner.actor("technical_manager")]

    def waive(who: int) -> object:
        return services.waive_lateness(actor=people[who], registration=card, reason="洪水")

    assert _at_once(owner, waive) == ["done", "registration.waiver_refused"]


def test_two_extensions_at_once_both_count(committed_world: World) -> None:
    owner = committed_world.owner
    with owner.scope():
        services.register_machine(
            actor=owner.system(),
            machine=owner.machine,
            dealer=owner.dealer,
            customer=owner.customer,
            invoice_on=date(2026, 5, 1),
        )
        row = Coverage.objects.get()

    def extend(who: int) -> object:
        return services.extend_coverage(
            actor=owner.system(), coverage=row, kind="stopped_days", days=3 + who, reason="鉴定"
        )

    assert _at_once(owner, extend) == ["done", "done"]
    with owner.scope():
        assert Coverage.objects.get().ends_on == row.ends_on + timedelta(days=7)
