"""Two people register one machine at the same moment: one does, the other gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from core.tenancy import tenant_scope
from machines import services
from machines.models import Machine
from tests.cast import World


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
