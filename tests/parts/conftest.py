"""A small workshop: parts, a supplier, two stores and operations in the company of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.actor import Actor
from parts import services
from parts.models import LabourOperation, Part, Store, StoreKind, Supplier
from tests.cast import Cast, World


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@dataclass
class Workshop:
    """What the tests of parts work with."""

    cast: Cast
    actor: Actor
    supplier: Supplier
    filter: Part
    motor: Part
    main: Store
    scrap: Store
    change: LabourOperation

    def part(self, number: str, name: str = "螺栓", **facts: Any) -> Part:
        return services.create_part(actor=self.actor, number=number, name=name, **facts)


def build(cast: Cast) -> Workshop:
    """Made by the services, inside the company's scope."""
    actor = cast.system()
    supplier = services.create_supplier(
        actor=actor, code="HX", name=f"华星电机 {cast.mark}".strip()
    )
    return Workshop(
        cast=cast,
        actor=actor,
        supplier=supplier,
        filter=services.create_part(actor=actor, number="LF-100", name="机油滤清器", kind="wear"),
        motor=services.create_part(
            actor=actor, number="DJ-72/1500", name="驱动电机", supplier=supplier, is_watched=True
        ),
        main=services.create_store(actor=actor, code="MAIN", name="主库"),
        scrap=services.create_store(actor=actor, code="SCRAP", name="废品库", kind=StoreKind.SCRAP),
        change=services.create_operation(
            actor=actor, code="R01", name="更换驱动电机", standard_minutes=60
        ),
    )


@pytest.fixture
def shop(world: World) -> Iterator[Workshop]:
    """Runs the test inside the owner's scope."""
    with world.owner.scope():
        yield build(world.owner)
