"""A job in the field: a ticket of the dealer, its visit, and parts that the machine has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from PIL import Image

from notifications.models import OutboxMessage
from parts import services as parts
from parts.models import LabourOperation, Part
from tests.cast import Cast, World, a_ticket
from tickets.models import Ticket
from visits.models import Visit
from warranty.models import WorkReport
from warranty.services import reports

STROKES = [[10, 20, 30, 40, 60, 50], [100, 100, 120, 90]]
HOUR = timedelta(hours=1)


@dataclass
class Job:
    """What the tests of reports work with."""

    cast: Cast
    ticket: Ticket
    visit: Visit
    pump: Part
    belt: Part
    foreign: Part
    change: LabourOperation
    arrived_at: datetime
    key: UUID = field(default_factory=uuid4)

    def start(self, who: str = "dealer_technician", **facts: Any) -> WorkReport:
        actor = self.cast.actor(who)
        given: dict[str, Any] = {"ticket": self.ticket, "client_key": self.key}
        return reports.start_report(actor=actor, **(given | facts))

    def facts(self, **changes: Any) -> dict[str, Any]:
        return {
            "started_at": self.arrived_at,
            "finished_at": self.arrived_at + HOUR,
            "complaint": "发动机不启动",
            "cause": "高压油泵泄漏",
            "correction": "更换高压油泵",
            "meter_reading": Decimal("320.5"),
            "meter_unit": "hours",
            "distance_km": Decimal("42.0"),
        } | changes

    def save(
        self, report: WorkReport, who: str = "dealer_technician", **changes: Any
    ) -> WorkReport:
        rows = {
            "parts": changes.pop("parts", [self.row()]),
            "labour": changes.pop("labour", [{"operation": "R10", "minutes": 45}]),
        }
        stamp = changes.pop("stamp", "")
        return reports.save_report(
            actor=self.cast.actor(who),
            report=report,
            facts=self.facts(**changes),
            stamp=stamp,
            **rows,
        )

    def row(self, **changes: Any) -> dict[str, Any]:
        return {
            "part": "gy-200",
            "quantity": Decimal(1),
            "old_serial": "OLD1",
            "new_serial": "NEW1",
            "is_causal": True,
        } | changes

    def sign(self, report: WorkReport, who: str = "dealer_technician", **how: Any) -> WorkReport:
        how = {"signature": STROKES, "signer_name": "张丰收"} | how
        return reports.sign_report(actor=self.cast.actor(who), report=report, **how)

    def signed(self) -> WorkReport:
        return self.sign(self.save(self.start()))


def a_job(cast: Cast) -> Job:
    """A ticket that the dealer's technician drove to; inside the company's scope."""
    system = cast.system()
    arrived_at = timezone.now().replace(microsecond=0) - 3 * HOUR
    ticket = a_ticket(
        cast,
        state="arranged",
        team="dealer",
        dealer=cast.dealer,
        description="早上打不着火",
        reported_at=arrived_at - 5 * HOUR,
        arranged_at=arrived_at - 4 * HOUR,
        visit_at=arrived_at,
        technician_name="李师傅",
    )
    visit = Visit.objects.create(
        number=f"V-{ticket.number}",
        ticket=ticket,
        dealer=cast.dealer,
        technician_name="李师傅",
        planned_at=arrived_at,
        arrived_at=arrived_at,
        state="arrived",
    )
    pump = parts.create_part(actor=system, number="GY-200", name="高压油泵", is_serialised=True)
    belt = parts.create_part(actor=system, number="PD-10", name="传动皮带")
    foreign = parts.create_part(actor=system, number="SC-1", name="三轮车刹车片")
    other = type(cast.model).objects.create(line=cast.line, code="SLC-1", name="三轮车")
    for part, model, count in [(pump, cast.model, 1), (belt, cast.model, 2), (foreign, other, 2)]:
        parts.fit_part(actor=system, part=part, model=model, per_machine=Decimal(count))
    change = parts.create_operation(
        actor=system, code="R10", name="更换高压油泵", standard_minutes=60
    )
    return Job(cast, ticket, visit, pump, belt, foreign, change, arrived_at)


@pytest.fixture
def job(world: World) -> Iterator[Job]:
    with world.owner.scope(), translation.override("en"):
        yield a_job(world.owner)


def photo(shade: int = 120, name: str = "fault.jpg") -> SimpleUploadedFile:
    """A small picture; another shade is another picture."""
    out = BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 40)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def sent_code(job: Job, report: WorkReport, phone: str = "138 0013 8000") -> str:
    actor = job.cast.actor("dealer_technician")
    reports.send_code(actor=actor, report=report, phone=phone)
    message = OutboxMessage.objects.filter(event="report.code.customer").order_by("-pk").first()
    assert message is not None
    assert message.address == "+8613800138000"
    return str(message.params["code"])
