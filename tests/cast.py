"""The standing cast of the tests: two companies, their people, two dealers and a stranger.

`world` is built once per test inside its rolled-back transaction, with plain rows; `as_` signs
somebody in to the pages, `api` to the REST API. Tests open the wall themselves:

    with world.owner.scope():
        ticket = a_ticket(world.owner)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import tokens
from accounts.actors import Company, actor_for
from accounts.models import ApiToken, Membership, User
from accounts.roles import DEALER_ROLES, Role
from core.actor import Actor
from core.models import Tenant
from core.tenancy import tenant_scope
from dealers.models import Dealer, DealerLevel, Region, Territory
from knowledge.models import Severity, Symptom
from machines.models import (
    Customer,
    CustomerPhone,
    DealerCustomer,
    Machine,
    Ownership,
    ProductLine,
    ProductModel,
)

PASSWORD = "a password for tests"
HASHED = make_password(PASSWORD, hasher="md5")

# What stands behind every name of the stranger's: no answer to anybody else may hold it.
CANARY = "FOREIGN-CANARY"
NEIGHBOUR_CANARY = "NEIGHBOUR-CANARY"
_serial = count(1)


@dataclass
class Cast:
    """One company with its people by role, its dealers and one of each thing."""

    tenant: Tenant
    mark: str
    people: dict[str, User] = field(default_factory=dict)
    companies: dict[str, Company] = field(default_factory=dict)
    level: Any = None
    dealer: Any = None
    neighbour: Any = None
    sub_dealer: Any = None
    line: Any = None
    bought_in: Any = None
    model: Any = None
    symptom: Any = None
    unusual: Any = None
    customer: Any = None
    neighbour_customer: Any = None
    machine: Any = None
    neighbour_machine: Any = None

    @contextmanager
    def scope(self) -> Iterator[None]:
        with tenant_scope(self.tenant.pk):
            yield

    def actor(self, who: str) -> Actor:
        """The actor of "clerk", "dealer_principal", "neighbour_principal" …"""
        with self.scope():
            return actor_for(self.people[who], self.companies[who])

    def system(self) -> Actor:
        return Actor.system(self.tenant.pk)


@dataclass
class World:
    owner: Cast
    stranger: Cast


def _person(cast: Cast, who: str, role: str, dealer: Dealer | None = None) -> None:
    user = User.objects.create(
        email=f"{who}@{cast.tenant.slug}.example", name=f"{who} {cast.mark}", password=HASHED
    )
    membership = Membership.objects.create(
        user=user, role=role, dealer_id=dealer.pk if dealer else None
    )
    cast.people[who] = user
    cast.companies[who] = Company(
        membership_id=membership.pk,
        tenant_id=cast.tenant.pk,
        slug=cast.tenant.slug,
        name=cast.tenant.name,
        role=role,
        dealer_id=membership.dealer_id,
    )


def _company(slug: str, name: str, mark: str) -> Cast:
    tenant = Tenant.objects.create(slug=slug, name=name, hotline="400-800-1234")
    cast = Cast(tenant=tenant, mark=mark)
    with cast.scope():
        cast.level = DealerLevel.objects.create(code="A", name=f"A {mark}")
        # Each company counts its dealers; the stranger's differ so that foreign can be told.
        tail = "-S" if mark else ""
        cast.dealer = _dealer(cast, f"D-0001{tail}", f"德州丰收农机 {mark}", "371402")
        cast.neighbour = _dealer(
            cast, f"D-0002{tail}", f"聊城金穗农机 {NEIGHBOUR_CANARY} {mark}", "371502"
        )
        cast.sub_dealer = _dealer(cast, f"D-0003{tail}", f"禹城二级 {mark}", "371482", cast.dealer)
        for role in Role.values:
            if role not in DEALER_ROLES:
                _person(cast, role, role)
            else:
                _person(cast, role, role, cast.dealer)
        _person(cast, "neighbour_principal", Role.DEALER_PRINCIPAL, cast.neighbour)
        cast.line = ProductLine.objects.create(code="HARVESTER", name=f"联合收割机 {mark}")
        cast.bought_in = ProductLine.objects.create(
            code="GENSET", name=f"外购发电机 {mark}", is_bought_in=True
        )
        cast.model = ProductModel.objects.create(
            line=cast.line, code="4LZ-6.0", name=f"谷物联合收割机 {mark}"
        )
        cast.symptom = Symptom.objects.create(
            code="S01", name=f"发动机不启动 {mark}", severity=Severity.GENERAL
        )
        cast.unusual = Symptom.objects.create(
            code="S99", name=f"车架断裂 {mark}", severity=Severity.GRAVE, is_unusual=True
        )
        cast.customer = a_customer(cast, "张丰收", "+8613800138000", cast.dealer)
        cast.neighbour_customer = a_customer(
            cast, f"李金穗 {NEIGHBOUR_CANARY}", "+8613900139000", cast.neighbour
        )
        cast.machine = a_machine(cast, "4LZ2026000001", cast.customer, cast.dealer)
        cast.neighbour_machine = a_machine(
            cast, f"4LZ-{NEIGHBOUR_CANARY}", cast.neighbour_customer, cast.neighbour
        )
    return cast


def _dealer(
    cast: Cast, number: str, name: str, region: str, parent: Dealer | None = None
) -> Dealer:
    dealer = Dealer.objects.create(
        number=number,
        name=name,
        level=cast.level,
        parent=parent,
        contact_name="王经理",
        phone="+8653412345678",
        region_code=region,
    )
    Territory.objects.create(dealer=dealer, region_code=region)
    return dealer


def a_customer(cast: Cast, name: str, phone: str, dealer: Dealer | None = None) -> Customer:
    """A customer of a company, served by a dealer if one is given."""
    customer = Customer.objects.create(
        number=f"C-{next(_serial):06d}",
        name=f"{name} {cast.mark}".strip(),
        region_code="371402",
        address=f"山东省德州市德城区 {cast.mark}",
    )
    CustomerPhone.objects.create(customer=customer, number=phone, is_primary=True)
    if dealer is not None:
        DealerCustomer.objects.create(dealer=dealer, customer=customer)
    return customer


def a_machine(cast: Cast, serial: str, customer: Customer, dealer: Dealer) -> Machine:
    machine = Machine.objects.create(
        serial_number=f"{serial}{cast.mark}",
        model=cast.model,
        customer=customer,
        dealer=dealer,
        sold_on=date(2026, 5, 1),
        region_code="371402",
    )
    Ownership.objects.create(machine=machine, customer=customer, from_on=date(2026, 5, 1))
    return machine


def a_ticket(cast: Cast, **facts: Any) -> Any:
    """A ticket as a row, in any state and hand; for the story use tickets.services."""
    from tickets.models import Ticket

    number = facts.pop("number", f"T-20261121-{next(_serial):04d}")
    row: dict[str, Any] = {
        "number": number,
        "summary": f"收割机不启动 {cast.mark}".strip(),
        "customer": cast.customer,
        "machine": cast.machine,
        "product_line": cast.line,
        "symptom": cast.symptom,
        "caller_name": f"张丰收 {cast.mark}".strip(),
        "caller_phone": "+8613800138000",
        "region_code": "371402",
        "reported_at": timezone.now(),
    }
    return Ticket.objects.create(**(row | facts))


def build_world() -> World:
    """Two companies with everybody in them; the stranger's words all carry the canary."""
    for code, name in [
        ("37", "山东省"),
        ("3714", "德州市"),
        ("371402", "德城区"),
        ("371482", "禹城市"),
        ("3715", "聊城市"),
        ("371502", "东昌府区"),
    ]:
        Region.objects.get_or_create(code=code, defaults={"name": name, "full_name": name})
    return World(
        owner=_company("owner", "丰禾农机", ""), stranger=_company("stranger", CANARY, CANARY)
    )


def signed_in(cast: Cast, who: str) -> Client:
    """A browser of one of the cast."""
    client = Client()
    client.force_login(cast.people[who])
    return client


def with_token(cast: Cast, who: str) -> APIClient:
    """A REST client with a token of one of the cast."""
    secret = tokens.new_secret("sb")
    with cast.scope():
        ApiToken.objects.create(
            membership_id=cast.companies[who].membership_id,
            name="test",
            prefix=secret[:8],
            digest=tokens.digest(secret),
            expires_at=timezone.now() + timedelta(days=1),
        )
    rest = APIClient()
    rest.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return rest


@pytest.fixture
def world(db: None) -> World:
    """The cast in a transaction that is rolled back."""
    return build_world()


@pytest.fixture
def committed_world(committed_db: str) -> World:
    """The cast in a database of its own, for threads and processes."""
    return build_world()


@pytest.fixture
def as_(world: World) -> Callable[..., Client]:
    """`as_("clerk")`: a browser of the owner's clerk; `as_("clerk", world.stranger)`: theirs."""
    return lambda who, cast=None: signed_in(cast or world.owner, who)


@pytest.fixture
def api(world: World) -> Callable[..., APIClient]:
    """`api("clerk")`: a REST client with a token of that person."""
    return lambda who, cast=None: with_token(cast or world.owner, who)


def at(text: str) -> datetime:
    """`at("2026-11-20 09:30")` in China's time, as an instant."""
    naive = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return naive - timedelta(hours=8)
