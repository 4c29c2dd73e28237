"""A report begun from a ticket takes over what is known, and refuses what cannot be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEvent
from parts.services import record_serials
from tests.cast import World, a_ticket
from tests.warranty.reports.conftest import HOUR, Job, a_job
from warranty.models import WorkReport, WorkReportLabour, WorkReportPart
from warranty.services import reports
from warranty.services.reports import ReportFlaws


def flaws(job: Job, **changes: Any) -> dict[str, str]:
    report = WorkReport.objects.filter(client_key=job.key).first() or job.start()
    with pytest.raises(ReportFlaws) as refused:
        job.save(report, **changes)
    return {flaw.field: str(flaw) for flaw in refused.value.flaws}


def test_ticket_and_visit_are_taken_over(job: Job) -> None:
    report = job.start()
    assert report.number.startswith("WR-")
    assert (report.machine, report.dealer) == (job.cast.machine, job.cast.dealer)
    assert (report.customer, report.visit) == (job.cast.customer, job.visit)
    assert report.complaint == "收割机不启动\n早上打不着火"
    assert (report.reported_at, report.arrived_at) == (job.ticket.reported_at, job.arrived_at)
    assert report.technician_name == "李师傅"
    assert (report.symptom, report.signer_phone) == (job.cast.symptom, "+8613800138000")
    assert AuditEvent.objects.filter(verb="report.started", object_id=report.pk).exists()


def test_sending_twice_makes_one_report(job: Job) -> None:
    assert job.start() == job.start()
    assert WorkReport.objects.count() == 1


def test_a_key_of_another_dealer_is_no_door_to_its_report(job: Job) -> None:
    job.start()
    machine = job.cast.neighbour_machine
    with pytest.raises(reports.KeyTaken):
        job.start("neighbour_principal", ticket=None, machine=machine)


def test_a_visit_has_one_draft_per_machine(job: Job) -> None:
    first = job.start()
    with pytest.raises(reports.HasReport, match=first.number):
        job.start(client_key=uuid4())


def test_a_ticket_without_a_machine_asks_for_one(job: Job) -> None:
    bare = a_ticket(
        job.cast,
        machine=None,
        state="arranged",
        team="dealer",
        dealer=job.cast.dealer,
        arranged_at=timezone.now(),
        visit_at=timezone.now(),
    )
    with pytest.raises(reports.NoMachine):
        job.start(ticket=bare)
    assert job.start(ticket=bare, machine=job.cast.machine).machine == job.cast.machine


def test_a_ticket_that_nobody_took_on_has_no_report(job: Job) -> None:
    with pytest.raises(reports.NotHeld):
        job.start(ticket=a_ticket(job.cast))


def test_the_companys_own_technician_writes_without_a_dealer(job: Job) -> None:
    ticket = a_ticket(job.cast, state="handed_over", team="technical")
    report = job.start("field_engineer", ticket=ticket)
    assert report.dealer_id is None
    assert report.created_by == job.cast.people["field_engineer"]


def test_rows_are_kept_and_replaced(job: Job) -> None:
    report = job.save(job.start())
    part = WorkReportPart.objects.get(report=report)
    assert (part.part, part.quantity, part.old_serial, part.new_serial, part.is_causal) == (
        job.pump, Decimal(1), "OLD1", "NEW1", True,
    )  # fmt: skip
    assert WorkReportLabour.objects.get(report=report).minutes == 45
    job.save(report, parts=[job.row(part="PD-10", quantity=Decimal("2"), source="factory")])
    part = WorkReportPart.objects.get(report=report)
    assert (part.part, part.source, part.position) == (job.belt, "factory", 1)


@pytest.mark.parametrize(
    ("row", "field", "sentence"),
    [
        ({"part": "NIX-1"}, "parts-0-part", "no part with this number"),
        ({"part": ""}, "parts-0-part", "Name the part"),
        ({"part": "SC-1"}, "parts-0-part", "does not have the part SC-1"),
        ({"quantity": Decimal(2)}, "parts-0-quantity", "has only 1 of this part"),
        ({"quantity": Decimal("0.125")}, "parts-0-quantity", "at most two decimals"),
        ({"quantity": Decimal(0)}, "parts-0-quantity", "more than zero"),
        ({"quantity": None}, "parts-0-quantity", "more than zero"),
    ],
)
def test_a_part_that_cannot_be_is_refused_at_its_field(
    job: Job, row: dict[str, Any], field: str, sentence: str
) -> None:
    assert sentence in flaws(job, parts=[job.row(**row)])[field]
    assert not WorkReportPart.objects.exists()


def test_pieces_of_two_rows_are_counted_together(job: Job) -> None:
    belts = [job.row(part="PD-10", quantity=Decimal("1.5"), is_causal=False)] * 2
    assert "has only 2" in flaws(job, parts=belts)["parts-1-quantity"]


def test_one_part_caused_the_fault(job: Job) -> None:
    both = [job.row(), job.row(part="PD-10")]
    assert "mark only one" in flaws(job, parts=both)["parts-1-is_causal"]


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([{"operation": "NIX", "minutes": 5}], "labour-0-operation"),
        ([{"operation": "", "minutes": 5}], "labour-0-operation"),
        ([{"operation": "R10", "minutes": 0}], "labour-0-minutes"),
        ([{"operation": "R10", "minutes": 5}, {"operation": "r10", "minutes": 5}],
         "labour-1-operation"),
    ],
)  # fmt: skip
def test_labour_that_cannot_be_is_refused_at_its_field(job: Job, rows: Any, field: str) -> None:
    assert field in flaws(job, labour=rows)


def test_times_are_in_order_and_not_ahead(job: Job) -> None:
    begin = job.arrived_at
    assert "before it begins" in flaws(job, finished_at=begin - HOUR)["finished_at"]
    assert "before the arrival" in flaws(job, started_at=begin - HOUR)["started_at"]
    later = timezone.now() + HOUR
    assert "in the future" in flaws(job, finished_at=later)["finished_at"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "in the future" in flaws(job, fault_on=tomorrow)["fault_on"]


def test_all_flaws_are_told_together(job: Job) -> None:
    found = flaws(
        job,
        finished_at=job.arrived_at - HOUR,
        nights=-1,
        people=0,
        distance_km=Decimal("1.55"),
        severity="terrible",
        parts=[job.row(part="NIX")],
    )
    expected = {"finished_at", "nights", "people", "distance_km", "severity", "parts-0-part"}
    assert set(found) == expected


def test_a_charge_is_told_before_the_work(job: Job) -> None:
    told_late = flaws(job, charged_cents=5000, charge_told_at=job.arrived_at + HOUR)
    assert "before the work begins" in told_late["charge_told_at"]
    report = job.save(job.start(), charged_cents=5000)
    system = job.cast.system()
    assert "breach" in {w.field: str(w) for w in reports.warnings(system, report)}["charge_told_at"]
    told = job.save(report, charged_cents=5000, charge_told_at=job.arrived_at)
    assert not [w for w in reports.warnings(system, told) if w.field == "charge_told_at"]


def test_two_people_at_once_are_told(job: Job) -> None:
    report = job.save(job.start())
    seen = reports.stamp_of(report)
    job.save(report, cause="另一个原因", stamp=seen)
    with pytest.raises(reports.ChangedMeanwhile):
        job.save(report, cause="第三个原因", stamp=seen)
    assert WorkReport.objects.get().cause == "另一个原因"


def test_a_meter_below_an_earlier_one_is_told_not_refused(job: Job) -> None:
    job.signed()
    ticket = a_job_again(job)
    later = job.start(ticket=ticket, client_key=uuid4())
    later = job.save(
        later, meter_reading=Decimal("300"), started_at=job.arrived_at + 2 * HOUR,
        finished_at=job.arrived_at + 2.5 * HOUR, parts=[],
    )  # fmt: skip
    told = {w.field: str(w) for w in reports.warnings(job.cast.system(), later)}
    assert "320.5" in told["meter_reading"]


def test_the_same_symptom_again_is_offered_as_a_repeat(job: Job) -> None:
    assert not job.start().is_repeat
    job.sign(job.save(job.start()))
    assert job.start(ticket=a_job_again(job), client_key=uuid4()).is_repeat


def a_job_again(job: Job) -> Any:
    return a_ticket(job.cast, state="handed_over", team="technical")


def test_a_serial_of_a_piece_that_nobody_knows_is_told(job: Job, world: World) -> None:
    report = job.save(job.start())
    told = {w.field: str(w) for w in reports.warnings(job.cast.system(), report)}
    assert "known here" in told["parts-0-new_serial"]
    with world.stranger.scope():
        theirs = a_job(world.stranger)
        record_serials(actor=world.stranger.system(), part=theirs.pump, numbers=["NEW1"])
    assert "parts-0-new_serial" in {w.field for w in reports.warnings(job.cast.system(), report)}


def test_a_discarded_draft_keeps_its_number(job: Job) -> None:
    report = reports.discard_report(actor=job.cast.actor("dealer_technician"), report=job.start())
    assert report.state == "void"
    again = job.start(client_key=uuid4())
    assert again.number != report.number
    with pytest.raises(DomainError):
        job.save(report)
