"""Signed work reports of the last weeks, with parts and labour of the catalogue, and two drafts.

Everything goes through the product's own services, so that claims can be drafted from what
`write_reports` gives. The same for one seed, company and day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.actors import Company as Post
from accounts.actors import actor_for
from accounts.models import Membership
from accounts.roles import Role
from core.actor import Actor
from core.tenancy import current_tenant_id
from dealers.models import Dealer
from machines.models import Coverage, Machine
from parts.models import LabourOperation, OperationFit, Part, PartSerial
from visits.models import Visit
from visits.states import VisitState
from warranty.models import WorkReport
from warranty.services import reports

SIGNED, DRAFTS = 12, 2
# Looked through for jobs; the newest first.
AMONG = 400
WRITERS = (Role.DEALER_TECHNICIAN, Role.DEALER_CLERK, Role.DEALER_PRINCIPAL)
SIGNATURE = [
    [60, 90, 90, 60, 120, 100, 150, 60],
    [170, 70, 230, 72, 200, 40, 198, 150],
    [260, 110, 300, 60, 330, 120, 360, 80, 400, 110],
]
FAULTS = (
    ("轴承滚道剥落，润滑不足", "更换新件，加注润滑脂，试机正常"),
    ("密封件老化渗漏", "更换密封总成，清洁结合面，试机无渗漏"),
    ("连接螺栓松动导致异常磨损", "更换磨损件，按规定力矩紧固"),
    ("电气触点烧蚀，供电不稳", "更换总成并检查线束，试机正常"),
    ("材料疲劳断裂", "更换断裂件，检查相邻部件"),
)
PLACES = ("传动部分", "液压系统", "电气系统", "行走部分", "工作部件")


def write_reports(slug: str, group: Dealer, seed: str) -> list[WorkReport]:
    """The reports of a company, those of the dealer group first; the signed ones among them."""
    chance = Random(f"{seed}:{slug}:reports")
    found = _jobs(group)
    signed: list[WorkReport] = []
    drafts = 0
    for visit in found:
        writer = _writer(visit.dealer)
        if writer is None or visit.ticket.machine is None:
            continue
        key = uuid5(NAMESPACE_URL, f"{slug}/{seed}/{visit.number}")
        ticket = visit.ticket
        report = reports.start_report(actor=writer, ticket=ticket, visit=visit, client_key=key)
        is_draft = drafts < DRAFTS and visit.dealer_id == group.pk
        _write(chance, writer, report, is_draft=is_draft)
        if is_draft:
            drafts += 1
            continue
        _photograph(writer, report)
        signed.append(_sign(writer, report))
        if len(signed) == SIGNED:
            break
    return signed


def _jobs(group: Dealer) -> list[Visit]:
    """Finished visits, one per machine: some of the group, of our own people, of other dealers."""
    done = Visit.objects.filter(state=VisitState.FINISHED, ticket__done_at__isnull=False)
    done = done.filter(ticket__machine__isnull=False, ticket__kind="repair")
    links = ("ticket__machine__model", "ticket__customer", "dealer")
    newest = done.select_related(*links).order_by("-finished_at", "-pk")
    kinds = [
        newest.filter(dealer=group)[:AMONG],
        newest.filter(dealer=None)[:AMONG],
        newest.exclude(dealer=group).exclude(dealer=None)[:AMONG],
    ]
    seen: set[int | None] = set()
    chosen: list[Visit] = []
    for visits, most in zip(kinds, (6 + DRAFTS, 2, SIGNED), strict=True):
        taken = 0
        for visit in visits:
            if taken < most and visit.ticket.machine_id not in seen:
                seen.add(visit.ticket.machine_id)
                chosen.append(visit)
                taken += 1
    return chosen


def _writer(dealer: Dealer | None) -> Actor | None:
    """Who writes for a dealer, or for our own technicians; a dealer without people: its desk's."""
    posts = Membership.objects.select_related("user").order_by("pk")
    if dealer is None:
        posts = posts.filter(role=Role.FIELD_ENGINEER)
    else:
        posts = posts.filter(role__in=WRITERS, dealer_id=dealer.pk)
    post = posts.first()
    if post is None:
        # The desk keys in what came back on paper.
        post = Membership.objects.filter(role=Role.CLERK).select_related("user").first()
    if post is None:
        return None
    tenant_id = current_tenant_id()
    place = Post(post.pk, tenant_id, "", "", post.role, post.dealer_id)
    return replace(actor_for(post.user, place), tenant_id=tenant_id)


def _write(chance: Random, writer: Actor, report: WorkReport, *, is_draft: bool) -> None:
    machine, ticket = report.machine, report.ticket
    cause, correction = chance.choice(FAULTS)
    facts: dict[str, Any] = {
        "cause": (ticket.cause if ticket else "") or cause,
        "correction": report.correction or correction,
        "fault_place": chance.choice(PLACES),
        "meter_reading": Decimal(chance.randint(400, 9_000)) / 10,
        "meter_unit": _unit(machine),
        "distance_km": Decimal(chance.randint(60, 900)) / 10,
        "people": 1,
        "is_trial_run": True,
        "device_at": report.finished_at,
    }
    facts["map_km"] = facts["distance_km"] * Decimal("0.95")
    facts["map_km"] = facts["map_km"].quantize(Decimal("0.1"))
    if is_draft:
        facts |= {"cause": "", "finished_at": None}
    reports.save_report(
        actor=writer,
        report=report,
        facts=facts,
        parts=_parts(chance, machine, report.dealer),
        labour=_labour(chance, machine),
    )


def _unit(machine: Machine) -> str:
    rows = Coverage.objects.filter(machine=machine).exclude(use_unit="")
    return str(rows.values_list("use_unit", flat=True).first() or "hours")


def _parts(chance: Random, machine: Machine, dealer: Dealer | None) -> list[dict[str, Any]]:
    """One or two parts of the machine's model; the first caused the fault."""
    fitting = list(
        Part.objects.filter(fits__model=machine.model, is_active=True).order_by("number")
    )
    chosen = chance.sample(fitting, min(len(fitting), chance.choice((1, 1, 2))))
    rows = []
    for place, part in enumerate(chosen):
        row: dict[str, Any] = {"part": part, "quantity": Decimal(1), "is_causal": place == 0}
        if part.is_serialised:
            row["old_serial"] = f"{part.number}-{chance.randint(100, 999)}"
            row["new_serial"] = _piece(part, dealer)
        rows.append(row)
    return rows


def _piece(part: Part, dealer: Dealer | None) -> str:
    """A piece that was sold to the dealer, where there is one."""
    pieces = PartSerial.objects.filter(part=part).order_by("serial_number")
    own = pieces.filter(dealer=dealer) if dealer is not None else pieces.filter(dealer=None)
    piece = own.first() or pieces.filter(dealer=None).first()
    return piece.serial_number if piece else ""


def _labour(chance: Random, machine: Machine) -> list[dict[str, Any]]:
    on_model = OperationFit.objects.filter(model=machine.model).values("operation_id")
    operations = LabourOperation.objects.filter(is_active=True, is_restricted=False)
    named = list(operations.filter(pk__in=on_model).order_by("code"))
    open_to_all = list(operations.filter(fits=None).order_by("code"))
    if not (known := named or open_to_all):
        return []
    operation = chance.choice(known)
    minutes = max(10, operation.standard_minutes + chance.randint(-10, 15))
    return [{"operation": operation, "minutes": minutes}]


def _photograph(writer: Actor, report: WorkReport) -> None:
    for kind, words in (
        ("plate", f"{report.number} {report.machine.serial_number}"),
        ("meter", f"{report.number} meter"),
        ("fault", f"{report.number} fault"),
        ("old_part", f"{report.number} old part"),
    ):
        reports.attach_evidence(
            actor=writer,
            report=report,
            upload=a_picture(kind, words),
            kind=kind,
            taken_at=report.finished_at,
        )


def a_picture(kind: str, words: str) -> SimpleUploadedFile:
    """A card with words on it stands for a photo: each another, each small."""
    card = Image.new("RGB", (320, 240), (96, 108, 118))
    pen = ImageDraw.Draw(card)
    pen.rectangle((16, 16, 304, 224), outline=(230, 230, 230), width=3)
    pen.text((32, 108), words, fill=(255, 255, 255))
    out = BytesIO()
    card.save(out, "JPEG", quality=80)
    return SimpleUploadedFile(f"{kind}.jpg", out.getvalue(), "image/jpeg")


def _sign(writer: Actor, report: WorkReport) -> WorkReport:
    report = WorkReport.objects.select_related("customer").get(pk=report.pk)
    name = report.signer_name or (report.customer.name if report.customer else "机主")
    signed_at = (report.finished_at or report.arrived_here_at) + timedelta(minutes=5)
    return reports.sign_report(
        actor=writer,
        report=report,
        signature=SIGNATURE,
        signer_name=name,
        signed_at=min(signed_at, report.arrived_here_at),
    )
