"""A small company and a stranger for the tests of services: what the cast does not have."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core.actor import Actor
from core.models import Tenant
from core.tenancy import tenant_scope
from dealers import services as dealer_services
from dealers.models import Dealer, DealerLevel, Region
from machines import services
from machines.models import Customer, Machine, ProductLine, ProductModel
from tests.cast import World
from tests.machines.builders import today


@dataclass
class Shop:
    """One company with a dealer, its neighbour and a model."""

    tenant: Tenant
    actor: Actor
    dealer: Dealer
    neighbour: Dealer
    model: ProductModel

    def customer(self, name: str = "王建国", phone: str = "13800138000") -> Customer:
        return services.create_customer(actor=self.actor, name=name, phones=[phone])

    def actor_of(self, dealer: Dealer) -> Actor:
        return Actor(
            tenant_id=self.tenant.pk,
            label="刘店长",
            role="dealer_principal",
            permissions=frozenset({"customer.view", "machine.view"}),
            dealer_id=dealer.pk,
            dealer_ids=(dealer.pk,),
        )


def make_dealer(actor: Actor, number: str, region_code: str = "130102") -> Dealer:
    return dealer_services.create_dealer(
        actor=actor,
        number=number,
        name=f"石家庄农机{number}",
        phone="0311-88886666",
        level=DealerLevel.objects.get(code="A"),
        region_code=region_code,
    )


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """Runs the test inside the company's scope."""
    names = {
        "13": "河北省",
        "1301": "河北省石家庄市",
        "130102": "河北省石家庄市长安区",
        "1302": "河北省唐山市",
        "130202": "河北省唐山市路南区",
    }
    for code, name in names.items():
        Region.objects.create(code=code, name=name.removeprefix("河北省")[-3:], full_name=name)
    tenant = Tenant.objects.create(slug="shop", name="农机公司")
    with tenant_scope(tenant.pk):
        actor = Actor.system(tenant.pk)
        dealer_services.install_levels(actor=actor)
        line = ProductLine.objects.create(code="combine", name="联合收割机")
        yield Shop(
            tenant=tenant,
            actor=actor,
            dealer=make_dealer(actor, "D001"),
            neighbour=make_dealer(actor, "D002", "130202"),
            model=ProductModel.objects.create(line=line, code="4LZ-8", name="谷王收割机"),
        )


@pytest.fixture
def stock(world: World) -> Machine:
    """A machine in the dealer's yard, sold to nobody."""
    with world.owner.scope():
        return services.create_machine(
            actor=world.owner.system(),
            serial_number="4LZ-YARD-1",
            model=world.owner.model,
            dealer=world.owner.dealer,
            built_on=today(200),
        )
