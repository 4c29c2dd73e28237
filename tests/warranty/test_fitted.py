"""A main component that the guarantee paid opens a cover of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from machines.models import Coverage
from machines.services import register_machine
from tests.cast import Cast, World
from tests.warranty.oldparts import builders
from warranty.models import Claim, WorkReportPart
from warranty.services.fitted import cover_fitted_parts


@pytest.fixture
def owner(world: World) -> Any:
    with world.owner.scope():
        yield world.owner


def confirmed(cast: Cast, layer: str, approved: int | None = None) -> Claim:
    """A claim of one part, decided; the machine has its card."""
    sold_on = timezone.localdate() - timedelta(days=100)
    cast.machine.sold_on = sold_on
    cast.machine.save()
    register_machine(
        actor=cast.actor("clerk"),
        machine=cast.machine,
        dealer=cast.dealer,
        customer=cast.customer,
        invoice_on=sold_on,
        channel="desk",
    )
    part = builders.a_part(cast, layer=layer, component="engine")
    claim = builders.a_claim(cast, [(part, "1")])
    builders.decide(cast, claim, approved)
    return claim


def test_a_paid_main_component_is_covered_from_its_day_on_and_only_once(owner: Cast) -> None:
    claim = confirmed(owner, "main")
    (cover,) = cover_fitted_parts(actor=owner.system(), claim=claim)
    assert (cover.component, cover.starts_on) == ("engine", claim.repaired_on)
    assert cover.machine == owner.machine
    before = Coverage.objects.count()
    assert [row.pk for row in cover_fitted_parts(actor=owner.system(), claim=claim)] == [cover.pk]
    assert Coverage.objects.count() == before


@pytest.mark.parametrize(("layer", "approved"), [("main", 0), ("wear", None), ("whole", None)])
def test_what_was_refused_or_is_no_main_component_opens_nothing(
    owner: Cast, layer: str, approved: int | None
) -> None:
    claim = confirmed(owner, layer, approved)
    assert WorkReportPart.objects.filter(report=claim.report).exists()
    assert cover_fitted_parts(actor=owner.system(), claim=claim) == []
