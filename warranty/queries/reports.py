"""Reads of work reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_words import spoken, told
from core.actor import Actor
from core.models import AuditEvent
from machines.models import Machine
from parts.models import LabourOperation, Part
from tickets.models import Ticket
from warranty.access.reports import visible
from warranty.models import Claim, Evidence, WorkReport, WorkReportLabour, WorkReportPart
from warranty.states.claims import ClaimState
from warranty.states.reports import ReportState
from warranty.worklists import Work

# Drafts that nobody touched for so long are late: the customer's slip is still out.
LATE_AFTER = timedelta(days=3)
# So many parts and operations go with the sheet; others are named by hand.
MOST_KNOWN = 600


def report_list(actor: Actor) -> QuerySet[WorkReport]:
    """The versions that count or are being written, with what lists show of them."""
    living = visible(actor).exclude(state__in=[ReportState.REPLACED, ReportState.VOID])
    return living.select_related("machine__model", "customer", "dealer", "ticket")


def unclaimed(actor: Actor) -> QuerySet[WorkReport]:
    """Signed reports without a live claim: what a claim may be drafted from."""
    claims = Claim.objects.filter(report_id=OuterRef("pk")).exclude(state=ClaimState.VOID)
    signed = report_list(actor).filter(~Exists(claims), state=ReportState.SIGNED)
    return signed.order_by("signed_at", "pk")


def claim_of(report: WorkReport) -> Claim | None:
    """The live claim that stands for any version of a report."""
    claims = Claim.objects.filter(report__number=report.number).exclude(state=ClaimState.VOID)
    return claims.order_by("-pk").first()


def versions_of(actor: Actor, report: WorkReport) -> list[WorkReport]:
    """All versions of a number, the newest first."""
    return list(visible(actor).filter(number=report.number).order_by("-version"))


def parts_of(report: WorkReport) -> list[WorkReportPart]:
    return list(WorkReportPart.objects.filter(report=report).select_related("part"))


def labour_of(report: WorkReport) -> list[WorkReportLabour]:
    return list(WorkReportLabour.objects.filter(report=report).select_related("operation"))


def evidence_of(report: WorkReport) -> list[Evidence]:
    """Photos and papers as they came; `is_later` marks what came after the signature."""
    rows = list(Evidence.objects.filter(report=report).order_by("pk"))
    for row in rows:
        later = report.sealed_at is not None and row.uploaded_at > report.sealed_at
        vars(row)["is_later"] = later
    return rows


def reports_of_ticket(actor: Actor, ticket: Ticket) -> list[WorkReport]:
    return list(report_list(actor).filter(ticket=ticket).order_by("-pk"))


def reports_of_machine(actor: Actor, machine: Machine, at_most: int = 20) -> list[WorkReport]:
    return list(report_list(actor).filter(machine=machine).order_by("-pk")[:at_most])


def trips(actor: Actor, report: WorkReport) -> list[str]:
    """Trips of the same dealer around the same day, to be shared by another job."""
    on: date = timezone.localdate(report.started_at or report.arrived_here_at)
    near = visible(actor).filter(
        Q(started_at__date__gte=on - timedelta(days=2), started_at__date__lte=on),
        dealer=report.dealer,
    )
    names = near.exclude(trip_key="").values_list("trip_key", flat=True)
    return sorted(set(names))[:20]


def parts_for(machine: Machine | None) -> list[Part]:
    """Parts that the machine has, to be found on a telephone without a net."""
    parts = Part.objects.filter(is_active=True)
    if machine is not None:
        named = Part.objects.filter(fits__model=machine.model_id).values("pk")
        parts = parts.filter(Q(pk__in=named) | Q(fits=None))
    return list(parts.order_by("number")[:MOST_KNOWN])


def operations_for(machine: Machine | None) -> list[LabourOperation]:
    """Operations that are made for the machine's model."""
    operations = LabourOperation.objects.filter(is_active=True)
    if machine is not None:
        fits = Q(fits__model=machine.model_id) | Q(fits__model=None)
        operations = operations.filter(pk__in=LabourOperation.objects.filter(fits).values("pk"))
    return list(operations.order_by("code")[:MOST_KNOWN])


def events_of(actor: Actor, report: WorkReport, at_most: int = 40) -> Sequence[AuditEvent]:
    """What was done to a report in all its versions, newest first; the house reads it."""
    if actor.is_dealer:
        return []
    ids = WorkReport.objects.filter(number=report.number).values("pk")
    rows = AuditEvent.objects.filter(noun="workreport", object_id__in=ids)
    events = list(rows.order_by("-pk")[:at_most])
    for event in events:
        vars(event).update(title=spoken(event.verb), details=told(event.data))
    return events


def work(actor: Actor) -> list[Work]:
    """Drafts that wait for their signature, for who writes reports."""
    if not actor.may("report.write"):
        return []
    drafts = visible(actor).filter(state=ReportState.DRAFT)
    late = drafts.filter(created_at__lt=timezone.now() - LATE_AFTER)
    address = reverse("warranty:reports") + "?state=draft"
    lines = [Work(_("Reports that are not signed yet"), address, drafts.count())]
    if count := late.count():
        label = _("Reports not signed for three days")
        lines.append(Work(label, address, count, is_late=True))
    return lines
