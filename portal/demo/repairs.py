"""Repairs of the last weeks that a claim may stand on: reported, photographed, signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.actors import Company as Post
from accounts.actors import actor_for
from accounts.models import Membership
from accounts.roles import Role
from core.actor import Actor
from core.models import Tenant
from machines.models import Machine, Registration, RegistrationState
from parts.models import LabourOperation, Part, PartKind
from parts.queries import fits_of, standard_minutes
from tickets.models import Ticket
from tickets.states import TicketKind, TicketState
from visits.models import Visit
from visits.states import VisitState
from warranty.models import WorkReport
from warranty.services import reports

STROKES = [[60, 120, 140, 40, 220, 130], [260, 60, 330, 150, 420, 70, 520, 140]]
CAUSES = ("密封件老化", "轴承磨损", "接插件松动进水", "油路堵塞", "焊缝开裂")
IN_TIME, OLD = timedelta(days=27), timedelta(days=33)
# Machines sold within it are in their terms, most others are not.
YOUNG = timedelta(days=300)


@dataclass(slots=True)
class People:
    """Who acts for the company and for each dealer."""

    house: dict[str, Actor]
    dealers: dict[int, Actor]

    def __getitem__(self, role: Role) -> Actor:
        return self.house[role]


def people_of(company: Tenant) -> People:
    house: dict[str, Actor] = {}
    dealers: dict[int, Actor] = {}
    posts = Membership.objects.filter(is_active=True).select_related("user").order_by("pk")
    for post in posts:
        is_new = post.role not in house if post.dealer_id is None else post.dealer_id not in dealers
        if not is_new or (post.dealer_id is not None and post.role != Role.DEALER_PRINCIPAL):
            continue
        works_in = Post(post.pk, company.pk, company.slug, company.name, post.role, post.dealer_id)
        actor = actor_for(post.user, works_in)
        if post.dealer_id is None:
            house[post.role] = actor
        else:
            dealers[post.dealer_id] = actor
    return People(house, dealers)


def next_report(chance: Random, people: People, left: list[Job]) -> WorkReport | None:
    """Of the next job whose machine has a part and an operation; none when all are used."""
    while left:
        report = _report(chance, people, left.pop(0))
        if report is not None:
            return report
    return None


@dataclass(frozen=True, slots=True)
class Job:
    """A repair to be reported: of a visit, or one that a dealer did without a ticket."""

    machine: Machine
    dealer_id: int
    arrived_at: datetime
    finished_at: datetime
    visit: Visit | None = None
    ticket: Ticket | None = None


def jobs_of(chance: Random, people: People, most: int) -> tuple[list[Job], list[Job]]:
    """Repairs that may be claimed: in time on machines in their terms, and too late.

    One for each machine, so that no check speaks that was not asked. Asked plainly and sorted
    out here: what was loaded a moment ago has no statistics yet, and one clever query would
    take minutes.
    """
    now = timezone.now()
    cards = Registration.objects.filter(
        state=RegistrationState.REGISTERED, days_late=0, invoice_on__gte=now.date() - YOUNG
    )
    reported = set(WorkReport.objects.values_list("machine_id", flat=True))
    young = set(cards.values_list("machine_id", flat=True)) - reported
    in_time: list[Job] = []
    late: list[Job] = []
    visits = Visit.objects.filter(
        state=VisitState.FINISHED, finished_at__gte=now - 2 * OLD, arrived_at__isnull=False
    ).order_by("-finished_at")
    found = list(visits)
    tickets = Ticket.objects.in_bulk([visit.ticket_id for visit in found])
    ids = {ticket.machine_id for ticket in tickets.values() if ticket.machine_id in young}
    machines = Machine.objects.select_related("model", "customer").in_bulk(ids)
    for visit in found:
        ticket = tickets[visit.ticket_id]
        machine = machines.pop(ticket.machine_id or 0, None)
        if machine is None or not _is_reportable(people, visit, ticket):
            continue
        assert visit.arrived_at is not None and visit.finished_at is not None
        dealer_id = visit.dealer_id or 0
        job = Job(machine, dealer_id, visit.arrived_at, visit.finished_at, visit, ticket)
        if visit.finished_at >= now - IN_TIME:
            in_time.append(job)
        elif visit.finished_at < now - OLD:
            late.append(job)
        young.discard(machine.pk)
    in_time += _without_tickets(chance, people, young, most - len(in_time))
    return in_time, late


def _is_reportable(people: People, visit: Visit, ticket: Ticket) -> bool:
    done = ticket.state in (TicketState.DONE, TicketState.CLOSED)
    return ticket.kind == TicketKind.REPAIR and done and visit.dealer_id in people.dealers


def _without_tickets(chance: Random, people: People, young: set[int], missing: int) -> list[Job]:
    """A farmer stops at the dealer's yard: a repair that nobody called about before."""
    jobs: list[Job] = []
    machines = Machine.objects.select_related("model", "customer").filter(
        pk__in=sorted(young)[: 4 * max(0, missing)], dealer_id__in=people.dealers
    )
    for machine in machines[: max(0, missing)]:
        noon = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
        arrived = noon - timedelta(days=chance.randint(2, 20))
        jobs.append(Job(machine, machine.dealer_id or 0, arrived, arrived + timedelta(hours=3)))
    return jobs


def _report(chance: Random, people: People, job: Job) -> WorkReport | None:
    machine, actor = job.machine, people.dealers[job.dealer_id]
    part, per_machine = _part(chance, machine)
    operation = _operation(chance, machine, part)
    if part is None or operation is None:
        return None
    report = reports.start_report(
        actor=actor,
        ticket=job.ticket,
        machine=machine,
        visit=job.visit,
        client_key=UUID(int=chance.getrandbits(128), version=4),
    )
    km = Decimal(chance.randint(8, 90)) if job.visit else None
    fault_on = job.ticket.reported_at if job.ticket else job.arrived_at
    report = reports.save_report(
        actor=actor,
        report=report,
        facts={
            "technician_name": report.technician_name or actor.label,
            "arrived_at": job.arrived_at,
            "started_at": job.arrived_at,
            "finished_at": job.finished_at,
            "fault_on": timezone.localdate(fault_on),
            "complaint": job.ticket.summary if job.ticket else f"{part.name}异响",
            "cause": chance.choice(CAUSES),
            "correction": (job.visit and job.visit.result) or f"更换{part.name}",
            "meter_reading": Decimal(chance.randint(40, 900)),
            "meter_unit": "hours",
            "distance_km": km,
            "map_km": km,
            "is_repeat": False,
        },
        parts=[
            {
                "part": part,
                "quantity": Decimal(min(2, int(per_machine or 1))),
                "is_causal": True,
            }
        ],
        labour=[{"operation": operation, "minutes": chance.randint(30, 150)}],
    )
    reports.attach_evidence(actor=actor, report=report, upload=_photo(chance, part), kind="fault")
    return reports.sign_report(
        actor=actor,
        report=report,
        signature=STROKES,
        signer_name=machine.customer.name if machine.customer else "用户",
        signed_at=job.finished_at,
    )


def _part(chance: Random, machine: Machine) -> tuple[Part | None, Decimal | None]:
    """A part of the machine that is no whole engine, as most repairs take."""
    parts = list(Part.objects.filter(is_active=True, is_serialised=False, kind=PartKind.GUARANTEE))
    counts = fits_of(parts, machine.model)
    fitting = [part for part in parts if counts[part.pk] != 0]
    if not fitting:
        return None, None
    part = chance.choice(fitting)
    return part, counts[part.pk]


def _operation(chance: Random, machine: Machine, part: Part | None) -> LabourOperation | None:
    """One for the part's component where there is one, else any of the model."""
    works = list(LabourOperation.objects.filter(is_active=True, is_restricted=False))
    fitting = [work for work in works if standard_minutes(work, machine.model)]
    own = [work for work in fitting if part and work.part_group == part.component]
    return chance.choice(own or fitting) if fitting else None


def _photo(chance: Random, part: Part) -> SimpleUploadedFile:
    """A picture of its own for each report: the same one twice would be a finding."""
    picture = Image.new("RGB", (480, 320), (chance.randint(90, 170), 110, 80))
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        corner = (chance.randint(0, 470), chance.randint(0, 310))
        far = (corner[0] + chance.randint(8, 120), corner[1] + chance.randint(8, 90))
        pen.ellipse([corner, far], outline=(30, 30, chance.randint(30, 90)), width=3)
    out = BytesIO()
    picture.save(out, "JPEG", quality=70)
    return SimpleUploadedFile(f"{part.number}.jpg", out.getvalue(), "image/jpeg")
