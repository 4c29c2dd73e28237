"""Many filed and decided claims at once, for benchmarks: one of each is made, the rest copied.

One job is reported, signed and filed as any other; the copies differ in number, machine, dealer,
parts, day and reading. As `config.crowd` they are written under the ordinary role.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from accounts.actors import Company, actor_for
from accounts.models import Membership, User
from accounts.roles import Role
from config import crowd
from config.crowd import copy
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id, tenant_scope
from dealers.models import Dealer, DealerContract, DealerLevel, RateCard
from dealers.services import install_rates
from machines.models import Customer, Machine, ProductLine, ProductModel, Registration
from machines.services import register_machine
from parts.models import LabourOperation, Part, PartFit, PartPrice
from warranty.defaults import install_defaults
from warranty.models import (
    Adjudication,
    Claim,
    ClaimVersion,
    CutReason,
    Evidence,
    LineDecision,
    WorkReport,
    WorkReportLabour,
    WorkReportPart,
)
from warranty.services import claims as services
from warranty.states.claims import AdjudicationKind, LineKind, LineOutcome

MODELS, PARTS, OPERATIONS, DEALERS = 5, 60, 12, 20
LINES_OF_ONE = 4
# A machine has so many jobs, and a twentieth of the photos stands on an earlier report.
JOBS_OF_ONE, SECOND_USE = 3, 20
SPAN = timedelta(days=60)
DAY = "(r.finished_at AT TIME ZONE 'Asia/Shanghai')::date"
SIGN = """
UPDATE warranty_workreport SET state = 'signed', signature = '[[10, 20, 30, 40]]'::jsonb,
    signer_name = 'Zhang San', signed_at = finished_at, sealed_at = finished_at,
    digest = md5(number) || md5(number) WHERE state = 'draft'
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What was filled in: the filed claims, and the dealer whose decided ones are payable."""

    tenant_id: int
    claim_ids: tuple[int, ...]
    payee_id: int
    from_on: date
    until_on: date
    people: dict[str, int]

    def actor(self, role: str) -> Actor:
        """The person of a role; inside the company's scope."""
        membership = Membership.objects.get(pk=self.people[role])
        user = User.objects.get(pk=membership.user_id)
        own = Company(membership.pk, self.tenant_id, "", "", role, membership.dealer_id)
        return actor_for(user, own)


def ground(slug: str, *, claims: int, lines: int) -> Ground:
    """A company with so many filed claims, and one dealer with so many payable lines."""
    tenant = crowd.company(slug)
    with tenant_scope(tenant.pk):
        return _ground(tenant, claims, lines // LINES_OF_ONE)


def _ground(tenant: Tenant, filed: int, payable: int) -> Ground:
    today = timezone.localdate()
    install_defaults(tenant=tenant)
    first, payee = _dealers(today)
    people: dict[str, int] = {
        role: _person(tenant, role) for role in (Role.FINANCE, Role.FINANCE_MANAGER)
    }
    people[Role.ENGINEER] = _person(tenant, Role.ENGINEER)
    people[Role.DEALER_CLERK] = _person(tenant, Role.DEALER_CLERK, first)
    people[Role.DEALER_PRINCIPAL] = _person(tenant, Role.DEALER_PRINCIPAL, payee)
    models = _catalogue(today)
    machines = max(DEALERS, (filed + payable) // JOBS_OF_ONE)
    card = _machines(first, models, machines, today)
    job = _job(card.machine, first)
    _jobs(job, "B", filed, machines, "m.dealer_id")
    _jobs(job, "P", payable, machines, str(int(payee.pk)))
    with connection.cursor() as cursor:
        cursor.execute(SIGN)
    made = Ground(tenant.pk, (), payee.pk, today.replace(day=1), today, people)
    clerk = made.actor(Role.DEALER_CLERK)
    like = services.submit_claim(actor=clerk, claim=services.draft_claim(actor=clerk, report=job))
    review = _decided(like, people[Role.ENGINEER])
    _claims(like, "B", state="'review'")
    _claims(
        like,
        "P",
        state="'payable'",
        decided_at="now() - interval '1 minute'",
        decided_by=str(int(review.by_id or 0)),
        approved_cents=str(sum(each.approved_cents for each in review.decisions.all())),
    )
    _decisions(review)
    ids = Claim.objects.filter(number__startswith="CL-B-").order_by("pk")
    return replace(made, claim_ids=tuple(ids.values_list("pk", flat=True)))


def _person(tenant: Tenant, role: str, dealer: Dealer | None = None) -> int:
    user = User.objects.create(email=f"{role}@{tenant.slug}.example", name=f"{tenant.slug} {role}")
    dealer_id = dealer.pk if dealer else None
    return int(Membership.objects.create(user=user, role=role, dealer_id=dealer_id).pk)


def _dealers(today: date) -> tuple[Dealer, Dealer]:
    """Twenty dealers with contracts, and the one that is paid; the rates of the company."""
    system = Actor.system(current_tenant_id())
    level = DealerLevel.objects.create(
        code="A", name="A", pass_limit_cents=50_000, is_trusted=True, may_do_restricted=True
    )
    rows = [
        Dealer(
            number=f"B-{n}", name=f"B-{n} Machinery", level=level, phone="", region_code="371402"
        )
        for n in range(DEALERS + 1)
    ]
    Dealer.objects.bulk_create(rows)
    since = today - timedelta(days=400)
    DealerContract.objects.bulk_create(
        DealerContract(dealer=dealer, number=f"HT-{dealer.number}", from_on=since)
        for dealer in rows
    )
    install_rates(actor=system)
    standard = RateCard.objects.get()
    if standard.from_on > since:
        before: dict[str, Any] = {
            "from_on": f"'{since}'",
            "until_on": f"'{standard.from_on - timedelta(days=1)}'",
        }
        copy(standard, "generate_series(1, 1) AS n", **before)
    return rows[1], rows[0]


def _catalogue(today: date) -> list[ProductModel]:
    """Models, parts that fit them with prices, and operations."""
    line = ProductLine.objects.create(code="HARVESTER", name="Harvesters")
    models = ProductModel.objects.bulk_create(
        ProductModel(line=line, code=f"4LZ-{n}", name=f"Harvester {n}") for n in range(MODELS)
    )
    parts = Part.objects.bulk_create(
        Part(number=f"P-{n}", name=f"Hydraulic pump {n}") for n in range(PARTS)
    )
    since = today - timedelta(days=400)
    PartPrice.objects.bulk_create(
        PartPrice(part=part, cents=2_000 + 700 * n, from_on=since + timedelta(days=days))
        for n, part in enumerate(parts)
        for days in (0, 200)
    )
    PartFit.objects.bulk_create(
        PartFit(part=part, model=model, per_machine=Decimal(2))
        for part in parts
        for model in models
    )
    LabourOperation.objects.bulk_create(
        LabourOperation(code=f"OP-{n}", name=f"Change pump {n}", standard_minutes=30 + 5 * n)
        for n in range(OPERATIONS)
    )
    return models


def _machines(dealer: Dealer, models: list[ProductModel], count: int, today: date) -> Registration:
    """Machines of every dealer with their cards and coverage."""
    customer = Customer.objects.create(number="C-1", name="Zhang San", region_code="371402")
    like = Machine.objects.create(
        serial_number="M-0",
        model=models[0],
        customer=customer,
        dealer=dealer,
        sold_on=today - timedelta(days=100),
    )
    card: Registration = register_machine(
        actor=Actor.system(current_tenant_id()),
        machine=like,
        dealer=dealer,
        customer=customer,
        invoice_on=today - timedelta(days=100),
        received_at=timezone.now() - timedelta(days=95),
    )
    copy(
        like,
        f"generate_series(1, {int(count)}) AS n JOIN dealers_dealer AS d"
        f" ON d.number = 'B-' || (1 + n %% {DEALERS})"
        f" JOIN machines_productmodel AS pm ON pm.code = '4LZ-' || (n %% {MODELS})",
        serial_number="'M-' || n",
        model="pm.id",
        dealer="d.id",
    )
    copy(
        card,
        "machines_machine AS m",
        where=f"m.id <> {like.pk}",
        number="'RC-B-' || m.id",
        machine="m.id",
        dealer="m.dealer_id",
    )
    for row in card.coverage.all():
        copy(
            row,
            "machines_registration AS g",
            where="g.number LIKE 'RC-B-%%'",
            machine="g.machine_id",
            registration="g.id",
            source_id="g.id",
        )
    return card


def _job(machine: Machine, dealer: Dealer) -> WorkReport:
    """One job as it was written: two parts, one operation, a way and a photo."""
    at = timezone.now() - SPAN - timedelta(hours=1)
    report = WorkReport.objects.create(
        number="R-0",
        client_key=uuid4(),
        dealer=dealer,
        machine=machine,
        customer=machine.customer,
        technician_name="Li",
        reported_at=at - timedelta(hours=5),
        arrived_at=at - timedelta(hours=1),
        started_at=at - timedelta(hours=1),
        finished_at=at,
        meter_reading=Decimal(10),
        meter_unit="hours",
        complaint="The engine does not start",
        cause="The pump leaks",
        correction="Pump changed",
        distance_km=Decimal(42),
        map_km=Decimal(40),
    )
    for position, part in enumerate(Part.objects.order_by("pk")[:2], start=1):
        WorkReportPart.objects.create(
            report=report, position=position, part=part, quantity=1, is_causal=position == 1
        )
    operation = LabourOperation.objects.order_by("pk")[0]
    WorkReportLabour.objects.create(report=report, position=1, operation=operation, minutes=45)
    Evidence.objects.create(
        dealer=dealer,
        report=report,
        kind="fault",
        public_id=uuid4(),
        file="files/none.jpg",
        original_name="fault.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
    )
    return report


def _jobs(like: WorkReport, mark: str, count: int, machines: int, dealer: str) -> None:
    """Reports `R-mark-`1 … with their rows, one after another over sixty days; still drafts."""
    at = f"now() - interval '{SPAN.days} days' * (1 - n / {count + 1}::float)"
    copy(
        like,
        f"generate_series(1, {int(count)}) AS n JOIN machines_machine AS m"
        f" ON m.serial_number = 'M-' || (1 + n %% {machines})",
        number=f"'R-{mark}-' || n",
        client_key="gen_random_uuid()",
        machine="m.id",
        dealer=dealer,
        reported_at=f"{at} - interval '6 hours'",
        arrived_at=f"{at} - interval '1 hour'",
        started_at=f"{at} - interval '1 hour'",
        finished_at=at,
        meter_reading="100 + n / 10.0",
        # Every fourth job was one of two on the same trip.
        trip_key=f"CASE WHEN n %% 4 < 2 THEN '' ELSE '{mark}' || n / 4 END",
    )
    reports = "warranty_workreport AS r"
    own = f"r.number LIKE 'R-{mark}-%%'"
    for part in like.parts.all():
        pick = f"(r.id * 7 + {13 * part.position}) %% {PARTS}"
        source = f"{reports} JOIN parts_part AS p ON p.number = 'P-' || {pick}"
        copy(part, source, where=own, report="r.id", part="p.id")
    for labour in like.labour.all():
        source = f"{reports} JOIN parts_labouroperation AS o"
        source += f" ON o.code = 'OP-' || r.id %% {OPERATIONS}"
        copy(labour, source, where=own, report="r.id", operation="o.id")
    content = f"CASE WHEN r.id %% {SECOND_USE} = 0 THEN r.id - 1 ELSE r.id END || '{mark}'"
    for photo in like.evidence.all():
        copy(
            photo,
            reports,
            where=own,
            report="r.id",
            dealer="r.dealer_id",
            public_id="gen_random_uuid()",
            sha256=f"md5({content}) || md5({content})",
        )


def _claims(like: Claim, mark: str, **columns: Any) -> None:
    """A claim with its filing for each signed `mark` report."""
    copy(
        like,
        "warranty_workreport AS r",
        where=f"r.number LIKE 'R-{mark}-%%'",
        number="'CL' || substr(r.number, 2)",
        report="r.id",
        machine="r.machine_id",
        dealer="r.dealer_id",
        payee="r.dealer_id",
        repaired_on=DAY,
        file_by=f"{DAY} + 30",
        submitted_at="r.finished_at + interval '1 hour'",
        **columns,
    )
    version = like.versions.get()
    claims = "warranty_claim AS c"
    own = f"c.number LIKE 'CL-{mark}-%%'"
    copy(version, claims, where=own, claim="c.id", filed_at="c.submitted_at")
    _lines(version, f"warranty_claimversion AS v JOIN {claims} ON c.id = v.claim_id", own)


def _lines(version: ClaimVersion, source: str, own: str) -> None:
    covered = " LEFT JOIN machines_coverage AS g ON g.machine_id = c.machine_id AND g.layer = '{}'"
    for line in version.lines.select_related("coverage", "report_part", "report_labour"):
        named: dict[str, Any] = {"version": "v.id"}
        rows = source
        if line.coverage is not None:
            rows += covered.format(line.coverage.layer)
            named["coverage"] = "g.id"
        if line.report_part is not None:
            rows += " JOIN warranty_workreportpart AS w ON w.report_id = c.report_id"
            rows += f" AND w.position = {line.report_part.position}"
            named |= {"report_part": "w.id", "part": "w.part_id"}
        if line.report_labour is not None:
            rows += " JOIN warranty_workreportlabour AS w ON w.report_id = c.report_id"
            rows += f" AND w.position = {line.report_labour.position}"
            named |= {"report_labour": "w.id", "operation": "w.operation_id"}
        copy(line, rows, where=own, **named)


def _decided(claim: Claim, membership_id: int) -> Adjudication:
    """A review that cuts the labour and lets the rest stand."""
    by = Membership.objects.get(pk=membership_id).user_id
    version = claim.versions.get()
    review = Adjudication.objects.create(
        claim=claim,
        version=version,
        number=claim.adjudications.count() + 1,
        kind=AdjudicationKind.REVIEW,
        at=timezone.now(),
        by_id=by,
        digest="0" * 64,
    )
    reason = CutReason.objects.order_by("code")[0]
    for line in version.lines.all():
        is_cut = line.kind == LineKind.LABOUR
        LineDecision.objects.create(
            adjudication=review,
            line=line,
            outcome=LineOutcome.REDUCE if is_cut else LineOutcome.APPROVE,
            approved_cents=line.claimed_cents // (2 if is_cut else 1),
            reason=reason if is_cut else None,
            words="Half of the standard time" if is_cut else "",
        )
    return review


def _decisions(review: Adjudication) -> None:
    """The same review for each payable claim."""
    source = "warranty_claim AS c JOIN warranty_claimversion AS v ON v.claim_id = c.id"
    own = "c.number LIKE 'CL-P-%%'"
    copy(review, source, where=own, claim="c.id", version="v.id", at="c.decided_at")
    source = "warranty_adjudication AS a JOIN warranty_claim AS c ON c.id = a.claim_id"
    source += " JOIN warranty_claimline AS l ON l.version_id = a.version_id"
    for decision in review.decisions.select_related("line"):
        place = f"{own} AND l.position = {decision.line.position}"
        copy(decision, source, where=place, adjudication="a.id", line="l.id")
