"""What the user of a machine may demand today: the engine asked with the machine's own papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from knowledge.models import Severity
from machines.models import Machine, Registration, RegistrationState
from parts.models import Layer
from sla.models import Season
from sla.seasons import season_of
from tickets.models import Ticket
from tickets.states import TicketKind, TicketState
from warranty.models import WorkReport, WorkReportPart
from warranty.remedies import Entitlement, assess
from warranty.remedies.reading import Unreadable, read_case
from warranty.rules.case_facts import BEYOND_REPAIR, Job, Sold, case_body
from warranty.states.reports import ReportState

# A fault without an agreed name is a problem of its own by its ticket.
UNNAMED = "ticket-{number}"
NOT_THE_MACHINES = (TicketState.CANCELLED, TicketState.MERGED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The case that was asked, in the engine's schema, and its answer."""

    body: dict[str, Any]
    entitlement: Entitlement

    @property
    def is_triggered(self) -> bool:
        """Whether the user may demand more than a repair."""
        return bool(self.entitlement.options & BEYOND_REPAIR)

    @property
    def is_warned(self) -> bool:
        """Whether the next fault or day would bring that about."""
        return bool(self.entitlement.warnings)


def entitlement_of(machine: Machine, *, on: date | None = None) -> Answer | None:
    """None where the law has no class for the machine or its sale is not known. Six queries."""
    asked_on = on or timezone.localdate()
    card = Registration.objects.filter(machine=machine, state=RegistrationState.REGISTERED).first()
    sold_on = card.invoice_on if card else machine.sold_on
    if sold_on is None or not machine.model.product_class:
        return None
    sold = Sold(
        product_class=machine.model.product_class,
        sale_date=sold_on,
        power_kw=machine.model.power_kw,
        first_season_start=_first_season(machine, sold_on),
        promised_months=_promised(card) if card else {},
    )
    reports = _reports(machine)
    body = case_body(sold, _jobs(machine, reports), ask_date=asked_on, layer=_layer(reports))
    if body is None:
        return None
    try:
        case = read_case(body).case
    except Unreadable:
        # Sold before the law was in force, or dates that contradict each other: no answer.
        return None
    return Answer(body, assess(case))


def _promised(card: Registration) -> dict[str, int]:
    """The months of each layer as the plan of the sale promises them.

    A layer that has only rows of single components promises what all of them have.
    """
    whole: dict[str, int] = {}
    single: dict[str, int] = {}
    for layer, component, months in card.plan.terms.values_list("layer", "component", "months"):
        if component:
            single[layer] = min(months, single.get(layer, months))
        else:
            whole[layer] = months
    return single | whole


def _reports(machine: Machine) -> list[WorkReport]:
    """The signed reports in force, the oldest first."""
    signed = WorkReport.objects.filter(machine=machine, state=ReportState.SIGNED)
    return list(signed.select_related("symptom", "ticket").order_by("finished_at", "pk"))


def _jobs(machine: Machine, reports: list[WorkReport]) -> list[Job]:
    by_ticket = {report.ticket_id: report for report in reports if report.ticket_id}
    tickets = Ticket.objects.filter(machine=machine, kind=TicketKind.REPAIR)
    tickets = tickets.exclude(state__in=NOT_THE_MACHINES).select_related("symptom")
    jobs = [
        _job_of_ticket(machine, ticket, by_ticket.get(ticket.pk))
        for ticket in tickets.order_by("reported_at", "pk")
    ]
    return jobs + [_job_of_report(machine, each) for each in reports if each.ticket_id is None]


def _job_of_ticket(machine: Machine, ticket: Ticket, report: WorkReport | None) -> Job:
    """The signed report says what it was; without one there is no repair that the law counts."""
    symptom = (report.symptom if report else None) or ticket.symptom
    reported_on = timezone.localdate(ticket.reported_at)
    done_at = report.finished_at or report.signed_at if report else None
    return Job(
        code=symptom.code if symptom else UNNAMED.format(number=ticket.number),
        reported_on=reported_on,
        severity=(report.severity if report else "") or ticket.severity or Severity.GENERAL,
        repaired_on=timezone.localdate(done_at) if done_at else None,
        is_busy_season=_is_busy(machine, reported_on),
    )


def _job_of_report(machine: Machine, report: WorkReport) -> Job:
    begun = report.reported_at or report.started_at or report.signed_at
    done = report.finished_at or report.signed_at
    assert begun is not None and done is not None  # a signed report has its instant
    return Job(
        code=report.symptom.code if report.symptom else f"report-{report.number}",
        reported_on=timezone.localdate(begun),
        severity=report.severity or Severity.GENERAL,
        repaired_on=timezone.localdate(done),
        is_busy_season=_is_busy(machine, timezone.localdate(begun)),
    )


def _layer(reports: list[WorkReport]) -> str:
    """The layer of the part that caused the newest fault; the whole machine where none did."""
    if not reports:
        return Layer.WHOLE
    causal = WorkReportPart.objects.filter(report=reports[-1], is_causal=True)
    layer = causal.values_list("part__layer", flat=True).first()
    return layer or Layer.WHOLE


def _is_busy(machine: Machine, on: date) -> bool:
    return season_of(machine.model.line.code, machine.region_code, on) is not None


def _first_season(machine: Machine, sold_on: date) -> date | None:
    """The day from which the machine could work in its first season after the sale."""
    region = machine.region_code
    codes = ["", *(region[:digits] for digits in (2, 4, 6) if len(region) >= digits)]
    seasons = Season.objects.filter(
        Q(region_code__in=codes),
        product_line_code=machine.model.line.code,
        ends_on__gte=sold_on,
    )
    first = seasons.order_by("starts_on").first()
    return max(first.starts_on, sold_on) if first else None
