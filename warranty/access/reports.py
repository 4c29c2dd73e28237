"""The only gate to work reports and their evidence."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from core.actor import Actor
from tickets import access as tickets
from tickets.models import Ticket
from tickets.states import Team
from warranty.models import Evidence, WorkReport
from warranty.services.reports import is_reportable
from warranty.states.reports import ReportState

LINKS = ("ticket", "visit", "dealer", "machine__model__line", "customer", "symptom", "replaces")


def visible(actor: Actor) -> QuerySet[WorkReport]:
    """Reports in all versions: the tenant's, or those of the actor's dealers (R-001)."""
    reports = WorkReport.objects.all()
    return reports if actor.dealer_ids is None else reports.filter(dealer_id__in=actor.dealer_ids)


def get_report(
    actor: Actor, number: str, *, to: str = "report.view", version: int | None = None
) -> WorkReport:
    """A report by number, the version that counts unless one is named: unseen is 404."""
    reports = visible(actor).select_related(*LINKS).filter(number=number.strip().upper())
    if version is not None:
        reports = reports.filter(version=version)
    elif (living := reports.exclude(state=ReportState.VOID)).exists():
        reports = living
    report = get_object_or_404(reports.order_by("-version")[:1])
    if not actor.may(to):
        raise PermissionDenied
    return report


def get_evidence(actor: Actor, public_id: UUID) -> Evidence:
    """A photo of a report that the actor sees."""
    if not actor.may("report.view"):
        raise PermissionDenied
    files = Evidence.objects.filter(report__in=visible(actor))
    return get_object_or_404(files.select_related("report"), public_id=public_id)


def may_report(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor writes the report of a ticket: its dealer, our technicians, or the desk.

    The desk keys in slips that come back on paper (R-123).
    """
    if not actor.may("report.write") or not is_reportable(ticket):
        return False
    if actor.dealer_ids is not None:
        return ticket.team == Team.DEALER and ticket.dealer_id in actor.dealer_ids
    return actor.role not in tickets.TEAM_OF_ROLE or ticket.team == Team.TECHNICAL
