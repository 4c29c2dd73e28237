"""Many filed and decided claims at once, for benchmarks: one of each is made, the rest copied.

One job is reported, signed and filed as any other; the copies differ in number, machine, dealer,
parts, day and reading. As `config.crowd` they are written under the ordinary role.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.actors import Company, actor_for
from accounts.models import Membership, User
from accounts.roles import Role
from config import claims_house, crowd
from config.claims_house import DEALERS, OPERATIONS, PARTS
from config.crowd import copy
from core.actor import Actor
from core.models import Tenant
from core.tenancy import tenant_scope
from machines.models import Machine
from warranty.defaults import install_defaults
from warranty.models import (
    Adjudication,
    Claim,
    ClaimVersion,
    CutReason,
    LineDecision,
    WorkReport,
)
from warranty.services import claims as services
from warranty.states.claims import AdjudicationKind, LineKind, LineOutcome

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

    def scope(self) -> AbstractContextManager[None]:
        return tenant_scope(self.tenant_id)

    def actor(self, role: str) -> Actor:
        """The person of a role; inside the company's scope."""
        membership = Membership.objects.get(pk=self.people[role])
        user = User.objects.get(pk=membership.user_id)
        own = Company(membership.pk, self.tenant_id, "", "", role, membership.dealer_id)
        return actor_for(user, own)


def ground(
    slug: str, *, claims: int, lines: int, between: Callable[[], None] = lambda: None
) -> Ground:
    """A company with so many filed claims, and one dealer with so many payable lines.

    `between` is called between the steps: row triggers search slowly while the planner takes
    full tables for empty ones.
    """
    tenant = crowd.company(slug)
    filed, payable = claims, lines // LINES_OF_ONE
    made = Ground(tenant.pk, (), 0, date.min, date.min, {})
    with made.scope():
        made, job = _house(tenant, made, max(DEALERS, (filed + payable) // JOBS_OF_ONE))
        machines = Machine.objects.count() - 1
        _reports(job, "B", filed, machines, "m.dealer_id")
        _reports(job, "P", payable, machines, str(int(made.payee_id)))
    between()
    with made.scope():
        _rows(job, "B")
        _rows(job, "P")
        with connection.cursor() as cursor:
            cursor.execute(SIGN)
    between()
    with made.scope():
        clerk = made.actor(Role.DEALER_CLERK)
        draft = services.draft_claim(actor=clerk, report=job)
        like = services.submit_claim(actor=clerk, claim=draft)
        review = _decided(like, made.people[Role.ENGINEER])
        approved = sum(decision.approved_cents for decision in review.decisions.all())
        _claims(like, "B", state="'review'", decided_at="NULL", approved_cents="NULL")
        _claims(
            like,
            "P",
            state="'payable'",
            decided_at="now() - interval '1 minute'",
            decided_by=str(int(review.by_id or 0)),
            approved_cents=str(approved),
        )
    between()
    with made.scope():
        _lines(like.versions.get(), "B")
        _lines(like.versions.get(), "P")
    between()
    with made.scope():
        _decisions(review)
        ids = Claim.objects.filter(number__startswith="CL-B-").order_by("pk")
        return replace(made, claim_ids=tuple(ids.values_list("pk", flat=True)))


def _house(tenant: Tenant, made: Ground, machines: int) -> tuple[Ground, WorkReport]:
    """All but the claims: who works there, what is sold and repaired, and one job."""
    today = timezone.localdate()
    install_defaults(tenant=tenant)
    first, payee = claims_house.dealers(today)
    people: dict[str, int] = {
        role: claims_house.person(tenant, role)
        for role in (Role.FINANCE, Role.FINANCE_MANAGER, Role.ENGINEER)
    }
    people[Role.DEALER_CLERK] = claims_house.person(tenant, Role.DEALER_CLERK, first)
    people[Role.DEALER_PRINCIPAL] = claims_house.person(tenant, Role.DEALER_PRINCIPAL, payee)
    card = claims_house.machines(first, claims_house.catalogue(today), machines, today)
    made = replace(
        made, payee_id=payee.pk, from_on=today.replace(day=1), until_on=today, people=people
    )
    return made, claims_house.job(card.machine, first)


def _reports(like: WorkReport, mark: str, count: int, machines: int, dealer: str) -> None:
    """Reports `R-mark-`1 …, one after another over sixty days; still drafts."""
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


def _rows(like: WorkReport, mark: str) -> None:
    """Parts, operation and photo of each `mark` report."""
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
    own = f"c.number LIKE 'CL-{mark}-%%'"
    claims = "warranty_claim AS c"
    copy(like.versions.get(), claims, where=own, claim="c.id", filed_at="c.submitted_at")


def _lines(version: ClaimVersion, mark: str) -> None:
    """The lines of each `mark` claim, with the rows of its own report."""
    source = "warranty_claimversion AS v JOIN warranty_claim AS c ON c.id = v.claim_id"
    own = f"c.number LIKE 'CL-{mark}-%%'"
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
