"""A job that may be claimed: a machine in its term, prices, rates, a trusted dealer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

import dealers.services
import machines.services
import parts.services
from core.actor import Actor
from dealers.models import DealerLevel
from sla.defaults import install_defaults as install_calendars
from tests.cast import Cast, World
from tests.warranty.reports.conftest import Job, a_job, photo
from warranty.defaults import install_defaults
from warranty.models import Claim, WorkReport
from warranty.services import claims, reports


@dataclass
class Shop:
    """What the tests of claims work with."""

    cast: Cast
    job: Job

    @property
    def clerk(self) -> Actor:
        return self.cast.actor("dealer_clerk")

    def report(self, **changes: Any) -> WorkReport:
        """The signed report of the job, with one photo."""
        shade = changes.pop("shade", 120)
        started = self.job.save(self.job.start(), **changes)
        if shade:
            reports.attach_evidence(
                actor=self.cast.actor("dealer_technician"),
                report=started,
                upload=photo(shade),
                kind="fault",
            )
        return self.job.sign(started)

    def again(self) -> None:
        """Another job at the same machine, to be reported anew."""
        fresh = a_job_again(self.job)
        self.job.ticket, self.job.visit, self.job.key = fresh

    def draft(self, **changes: Any) -> Claim:
        return claims.draft_claim(actor=self.clerk, report=self.report(**changes))

    def typed(self, claim: Claim, **texts: Any) -> Claim:
        """The draft with some texts of its own."""
        draft = {**claim.draft, **texts}
        return claims.save_draft(actor=self.clerk, claim=claim, draft=draft)

    def filed(self, **changes: Any) -> Claim:
        return claims.submit_claim(actor=self.clerk, claim=self.draft(**changes))

    def level(self, **changes: Any) -> None:
        DealerLevel.objects.update(**changes)


def a_job_again(job: Job) -> tuple[Any, Any, Any]:
    from tests.cast import a_ticket
    from visits.models import Visit

    ticket = a_ticket(
        job.cast,
        state="arranged",
        team="dealer",
        dealer=job.cast.dealer,
        reported_at=job.arrived_at - timedelta(hours=5),
        arranged_at=job.arrived_at - timedelta(hours=4),
        visit_at=job.arrived_at,
        technician_name="李师傅",
    )
    visit = Visit.objects.create(
        number=f"V-{ticket.number}",
        ticket=ticket,
        dealer=job.cast.dealer,
        technician_name="李师傅",
        planned_at=job.arrived_at,
        arrived_at=job.arrived_at,
        state="arrived",
    )
    return ticket, visit, uuid4()


def a_shop(cast: Cast) -> Shop:
    """Everything that a claim needs; inside the company's scope."""
    system = cast.system()
    install_calendars(cast.tenant)
    dealers.services.install_rates(actor=system)
    install_defaults(tenant=cast.tenant)
    job = a_job(cast)
    today = timezone.localdate()
    for part, cents in [(job.pump, 120_000), (job.belt, 8_000), (job.foreign, 3_000)]:
        parts.services.set_price(
            actor=system, part=part, cents=cents, from_on=today - timedelta(days=400)
        )
    parts.services.record_serials(
        actor=system, part=job.pump, numbers=["NEW1", "NEW2"], dealer=cast.dealer
    )
    machines.services.register_machine(
        actor=system,
        machine=cast.machine,
        dealer=cast.dealer,
        customer=cast.customer,
        invoice_on=today - timedelta(days=100),
        received_at=timezone.now() - timedelta(days=95),
    )
    DealerLevel.objects.update(pass_limit_cents=1_000_000, is_trusted=True, may_do_restricted=True)
    return Shop(cast, job)


@pytest.fixture
def shop(world: World) -> Iterator[Shop]:
    with world.owner.scope(), translation.override("en"):
        yield a_shop(world.owner)
