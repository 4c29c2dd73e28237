"""A company with a hotline, its people, and a hand to start clocks with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import Membership, User
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id, tenant_scope
from dealers.models import Dealer, DealerLevel
from sla import services
from sla.defaults import install_defaults
from sla.firing import Firing
from sla.models import Clock

# Tuesday, 10 November 2026, 10:00 in Shanghai: the hotline is open until 22:00.
TEN = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def make_tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.create(slug=slug, name=slug, language="en")
    install_defaults(tenant)
    with tenant_scope(tenant.pk):
        for role in ("clerk", "supervisor", "manager"):
            make_person(slug, role)
    return tenant


def make_person(slug: str, role: str, dealer_id: int | None = None) -> User:
    user = User.objects.create(email=f"{role}@{slug}.example", name=f"{slug} {role}")
    Membership.objects.create(user=user, role=role, dealer_id=dealer_id)
    return user


def make_dealer(name: str) -> Dealer:
    level, _ = DealerLevel.objects.get_or_create(code="A", defaults={"name": "A"})
    return Dealer.objects.create(
        number=name, name=name, level=level, phone="+8613800138000", region_code="370000"
    )


def start(**changes: Any) -> Clock:
    """Start a dispatch clock of the desk at TEN in the tenant whose scope we are in."""
    given: dict[str, Any] = {
        "actor": Actor.system(current_tenant_id()),
        "subject": "thing",
        "subject_id": 1,
        "subject_number": f"N-{changes.get('subject_id', 1)}",
        "promise": "dispatch",
        "holder_kind": "desk",
        "holder_label": "Desk",
        "facts": {"kind": "repair", "urgency": "normal"},
        "at": TEN,
    }
    clock = services.start_clock(**(given | changes))
    assert clock is not None
    return clock


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    """The company, with its scope open around the test, two weeks after TEN."""
    made = make_tenant("acme")
    # What is entered must have happened: the tests say when, whenever they run.
    with tenant_scope(made.pk), time_machine.travel(TEN + timedelta(days=14)):
        yield made


@pytest.fixture
def actor(tenant: Tenant) -> Actor:
    return Actor.system(tenant.pk)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Firing]:
    """Every step that the sweep published, in order."""
    heard: list[Firing] = []

    def hear(event: str, *, firings: list[Firing], at: datetime) -> None:
        heard.extend(firings)

    monkeypatch.setattr("sla.sweep.publish", hear)
    return heard


Heard = list[Firing]
