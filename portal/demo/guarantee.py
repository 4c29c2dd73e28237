"""Claims in every state up to a settlement, each on a signed report of its own.

All of it goes through the product's own services, by the people who would do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import cycle, islice
from random import Random
from typing import Any
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
from core.tenancy import current_tenant_id
from machines.models import Machine, Registration, RegistrationState
from parts.models import LabourOperation, Part, PartKind
from parts.queries import fits_of, standard_minutes
from tickets.models import Ticket
from tickets.states import TicketKind, TicketState
from visits.models import Visit
from visits.states import VisitState
from warranty.defaults import install_defaults
from warranty.models import Claim, ClaimLine, WorkReport
from warranty.rules.decisions import Decision
from warranty.services import claims, reports, reviews
from warranty.states.claims import ClaimState, LineOutcome
from warranty.states.reports import ReportState

FEWEST, MOST, PER_SCALE = 20, 60, 60
STROKES = [[60, 120, 140, 40, 220, 130], [260, 60, 330, 150, 420, 70, 520, 140]]
CAUSES = ("密封件老化", "轴承磨损", "接插件松动进水", "油路堵塞", "焊缝开裂")
IN_TIME, OLD = timedelta(days=27), timedelta(days=33)
# Machines sold within it are in their terms, most others are not.
YOUNG = timedelta(days=300)
# What becomes of a claim, in turn; the first ones are what a newcomer should find.
GOALS = (
    "payable",
    "review",
    "returned",
    "finance",
    "appealed",
    "draft",
    "withdrawn",
    "closed",
    "consent",
    "reduced",
    "rejected",
    "late",
    "passed",
    "payable",
    "corrected",
    "appeal_decided",
    "payable",
    "given_up",
    "waiting",
)
FREIGHT = {
    "key": "freight-1",
    "kind": "freight",
    "words": "加急运费",
    "claimed": "260.00",
    "invoice_number": "FP-20260911",
}


@dataclass(slots=True)
class People:
    """Who acts for the company and for each dealer."""

    house: dict[str, Actor]
    dealers: dict[int, Actor]

    def __getitem__(self, role: Role) -> Actor:
        return self.house[role]


def build(company: Tenant, *, scale: float, seed: int) -> int:
    """Reports and claims of the last weeks; gives the number of claims."""
    install_defaults(tenant=company)
    chance = Random(f"{seed}:{company.slug}:guarantee")
    people = _people(company)
    count = min(MOST, max(FEWEST, int(PER_SCALE * scale)))
    in_time, late = _jobs(chance, people, 2 * count)
    made = 0
    for goal in islice(cycle(GOALS), count):
        report = _next_report(chance, people, late if goal in ("rejected", "late") else in_time)
        if report is not None:
            made += _tell(people, report, goal)
    return made + _own_people(people)


def _own_people(people: People) -> int:
    """Our own technicians leave the same papers: one waits for a reviewer, one is booked."""
    own = WorkReport.objects.filter(dealer=None, state=ReportState.SIGNED, claims=None)
    made = 0
    for report in own.order_by("pk")[:2]:
        technician = people[Role.FIELD_ENGINEER]
        claim = claims.draft_claim(actor=technician, report=report)
        claim = claims.submit_claim(actor=technician, claim=claim)
        made += 1
        if made == 1:
            continue
        claim = _decide(people, claim)
        if claim.state == ClaimState.DECIDED:
            system = Actor.system(current_tenant_id())
            ready = reviews.make_ready(actor=system, claim=claim)
            if ready is not None and ready.state == ClaimState.FINANCE:
                reviews.confirm_claim(actor=people[Role.FINANCE], claim=ready)
    return made


def _next_report(chance: Random, people: People, left: list[Job]) -> WorkReport | None:
    """Of the next job whose machine has a part and an operation; none when all are used."""
    while left:
        report = _report(chance, people, left.pop(0))
        if report is not None:
            return report
    return None


def _people(company: Tenant) -> People:
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


# --- Reports ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """A repair to be reported: of a visit, or one that a dealer did without a ticket."""

    machine: Machine
    dealer_id: int
    arrived_at: datetime
    finished_at: datetime
    visit: Visit | None = None
    ticket: Ticket | None = None


def _jobs(chance: Random, people: People, most: int) -> tuple[list[Job], list[Job]]:
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


# --- Claims ----------------------------------------------------------------------------------


def _tell(people: People, report: WorkReport, goal: str) -> int:
    """File the claim of a report and take it as far as the goal says."""
    dealer = people.dealers[report.dealer_id or 0]
    claim = claims.draft_claim(actor=dealer, report=report)
    _STORIES[goal](people, dealer, claim)
    return 1


def _typed(dealer: Actor, claim: Claim, **texts: Any) -> Claim:
    return claims.save_draft(actor=dealer, claim=claim, draft={**claim.draft, **texts})


def _filed(dealer: Actor, claim: Claim, **texts: Any) -> Claim:
    return claims.submit_claim(actor=dealer, claim=_typed(dealer, claim, **texts))


def _looked_at(dealer: Actor, claim: Claim) -> Claim:
    return _filed(dealer, claim, ask_review=True)


def _lines(claim: Claim) -> list[ClaimLine]:
    rows = ClaimLine.objects.filter(version__claim=claim, version__number=claim.version_count)
    return list(rows.order_by("position"))


def _decide(people: People, claim: Claim, *, cut: str = "") -> Claim:
    """The reviewer of the claim's level grants it, or cuts the last line that has money.

    What the checks sent back or refused stays as they left it.
    """
    if claim.state != ClaimState.REVIEW:
        return claim
    lines = _lines(claim)
    decisions = [Decision(line.pk, LineOutcome.APPROVE, line.claimed_cents) for line in lines]
    worth = [line for line in lines if line.claimed_cents > 1]
    if cut == "half" and worth:
        line = worth[-1]
        decisions[lines.index(line)] = Decision(
            line.pk,
            LineOutcome.REDUCE,
            line.claimed_cents // 2,
            "excess_travel",
            "同一区域可合并行程，按一半核定。",
        )
    if cut == "all":
        decisions = [
            Decision(line.pk, LineOutcome.REJECT, 0, "misuse", "照片显示为碰撞损坏。")
            if line.claimed_cents
            else Decision(line.pk, LineOutcome.APPROVE, 0)
            for line in lines
        ]
    who = (Role.ENGINEER, Role.TECHNICAL_MANAGER, Role.MANAGER)[max(claim.level, 1) - 1]
    return reviews.decide_claim(actor=people[who], claim=claim, decisions=decisions)


def _draft(people: People, dealer: Actor, claim: Claim) -> None:
    """It stays with the dealer."""


def _review(people: People, dealer: Actor, claim: Claim) -> None:
    _looked_at(dealer, claim)


def _passed(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim)


def _waiting(people: People, dealer: Actor, claim: Claim) -> None:
    """Decided by the checks or by a person, and left open to appeal."""
    claim = _looked_at(dealer, claim)
    _decide(people, claim)


def _returned(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim, lines=[*claim.draft["lines"], FREIGHT])


def _corrected(people: People, dealer: Actor, claim: Claim) -> None:
    lines = claim.draft["lines"]
    claim = _filed(dealer, claim, lines=[*lines, FREIGHT])
    if claim.state == ClaimState.RETURNED:
        _filed(dealer, claim, lines=lines, ask_review=True)


def _given_up(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _filed(dealer, claim, lines=[*claim.draft["lines"], FREIGHT])
    if claim.state == ClaimState.RETURNED:
        claims.give_up_claim(actor=dealer, claim=claim, words="运费自行承担，不再索赔")


def _withdrawn(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _looked_at(dealer, claim)
    if claim.state == ClaimState.REVIEW:
        claims.withdraw_claim(actor=dealer, claim=claim, words="零件写错，重新申报")


def _reduced(people: People, dealer: Actor, claim: Claim) -> None:
    _decide(people, _looked_at(dealer, claim), cut="half")


def _appealed(people: People, dealer: Actor, claim: Claim) -> Claim:
    claim = _decide(people, _looked_at(dealer, claim), cut="half")
    if claim.state != ClaimState.DECIDED:
        return claim
    cut = {
        line.pk: "两台设备相距四十公里，无法合并行程。"
        for line in _lines(claim)
        if line.decisions.exclude(outcome=LineOutcome.APPROVE).exists()
    }
    return reviews.appeal_claim(actor=dealer, claim=claim, lines=cut) if cut else claim


def _appeal_story(people: People, dealer: Actor, claim: Claim) -> None:
    _appealed(people, dealer, claim)


def _appeal_decided(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _appealed(people, dealer, claim)
    if claim.state != ClaimState.APPEALED:
        return
    appealed = [line for line in _lines(claim) if line.decisions.exclude(outcome="approve")]
    reviews.decide_appeal(
        actor=people[Role.TECHNICAL_MANAGER],
        claim=claim,
        decisions=[Decision(line.pk, LineOutcome.APPROVE, line.claimed_cents) for line in appealed],
        words="行程记录属实，恢复全额。",
    )


def _finance(people: People, dealer: Actor, claim: Claim) -> Claim:
    claim = _decide(people, _looked_at(dealer, claim))
    if claim.state != ClaimState.DECIDED:
        return claim
    return reviews.accept_decision(actor=dealer, claim=claim)


def _finance_story(people: People, dealer: Actor, claim: Claim) -> None:
    _finance(people, dealer, claim)


def _payable(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _finance(people, dealer, claim)
    if claim.state == ClaimState.FINANCE:
        reviews.confirm_claim(actor=people[Role.FINANCE], claim=claim)


def _closed(people: People, dealer: Actor, claim: Claim) -> None:
    claim = _decide(people, _looked_at(dealer, claim), cut="all")
    if claim.state == ClaimState.DECIDED:
        reviews.accept_decision(actor=dealer, claim=claim)


def _late(people: People, dealer: Actor, claim: Claim) -> None:
    _filed(dealer, claim, late_reason="秋收抢修人手不足，回厂后补报")


def _consent(people: People, dealer: Actor, claim: Claim) -> None:
    """Consent was given before the work: inside it nobody looks again. Another one still waits."""
    asked: dict[str, Any] = {"machine": claim.machine, "dealer": claim.dealer}
    given = claims.ask_consent(
        actor=dealer, asked_for="三包期内更换，请先批准", asked_cents=2_000_000, **asked
    )
    given = claims.submit_consent(actor=dealer, consent=given)
    claims.approve_consent(
        actor=people[Role.TECHNICAL_MANAGER], consent=given, words="同意，旧件须返厂"
    )
    _filed(dealer, claim, pre_authorisation=given.number)
    waits = claims.ask_consent(
        actor=dealer,
        asked_for="超出三包期十天，申请商务让步更换总成",
        asked_cents=860_000,
        is_goodwill=True,
        **asked,
    )
    claims.submit_consent(actor=dealer, consent=waits)


Story = Callable[[People, Actor, Claim], None]
_STORIES: dict[str, Story] = {
    "draft": _draft,
    "review": _review,
    "passed": _passed,
    "waiting": _waiting,
    "returned": _returned,
    "corrected": _corrected,
    "given_up": _given_up,
    "withdrawn": _withdrawn,
    "reduced": _reduced,
    "appealed": _appeal_story,
    "appeal_decided": _appeal_decided,
    "finance": _finance_story,
    "payable": _payable,
    "closed": _closed,
    "rejected": _passed,
    "late": _late,
    "consent": _consent,
}
