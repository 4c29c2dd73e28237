"""A report is begun from a ticket, written, discarded, and corrected by a new version (R-146)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.numbering import next_number
from core.states import locked
from core.tenancy import verb
from machines.models import Machine
from tickets.models import Ticket
from tickets.states import Team, TicketState
from visits.models import Visit
from visits.states import VisitState
from warranty.models import Evidence, WorkReport, WorkReportLabour, WorkReportPart
from warranty.rules.reports import Flaw
from warranty.services.moving import take
from warranty.services.reports.checking import checked_labour, checked_parts, fact_flaws
from warranty.services.reports.errors import (
    ChangedMeanwhile,
    HasReport,
    IsSigned,
    KeyTaken,
    NoMachine,
    NotHeld,
    ReportFlaws,
)
from warranty.services.reports.sealing import stamp_of
from warranty.states.reports import REPORT_ACTIONS, ReportState

KIND = "WR"
# The same fault within so many days is offered as a repeat; the writer decides.
REPEAT_WITHIN = timedelta(days=30)
FACTS = (
    "technician_name",
    "reported_at",
    "arrived_at",
    "started_at",
    "finished_at",
    "fault_on",
    "meter_reading",
    "meter_unit",
    "complaint",
    "cause",
    "correction",
    "symptom",
    "severity",
    "fault_place",
    "is_repeat",
    "is_trial_run",
    "trip_key",
    "distance_km",
    "map_km",
    "people",
    "nights",
    "charged_cents",
    "charge_told_at",
    "signer_name",
    "signer_phone",
    "device_at",
)
# Work has begun or is over; before that there is nothing to report, and after these two neither.
REPORTED = frozenset(TicketState.values) - {
    TicketState.NEW,
    TicketState.OFFERED,
    TicketState.CANCELLED,
    TicketState.MERGED,
}


@verb
def start_report(
    *,
    actor: Actor,
    ticket: Ticket | None = None,
    machine: Machine | None = None,
    visit: Visit | None = None,
    client_key: UUID,
    **facts: Any,
) -> WorkReport:
    """Begin the report of a job, or give the one that was begun under the same key.

    What ticket and visit know is taken over; `facts` go before it. A ticket without a machine
    needs one named.
    """
    if (sent := _sent_before(actor, client_key)) is not None:
        return sent
    if ticket is not None:
        ticket = locked(ticket)
        # While we waited for the lock, the other of two sendings may have been quicker.
        if (sent := _sent_before(actor, client_key)) is not None:
            return sent
        if not is_reportable(ticket):
            raise NotHeld
    machine = machine or (ticket.machine if ticket is not None else None)
    if machine is None:
        raise NoMachine
    visit = visit or _visit_of(ticket)
    begun = WorkReport.objects.filter(visit=visit, machine=machine, state=ReportState.DRAFT)
    if visit is not None and (other := begun.first()) is not None:
        raise HasReport(number=other.number)
    report = WorkReport(
        client_key=client_key,
        ticket=ticket,
        visit=visit,
        machine=machine,
        customer_id=machine.customer_id or (ticket.customer_id if ticket else None),
        dealer_id=_dealer_of(actor, ticket),
        created_by_id=actor.user_id,
        created_label=actor.label,
        **(_taken_over(actor, ticket, visit) | _known(facts)),
    )
    report.is_repeat = bool(facts.get("is_repeat", _looks_repeated(report)))
    _raise(fact_flaws(_facts_of(report)))
    try:
        with transaction.atomic():
            report.number = next_number(KIND, timezone.localdate())
            report.save(force_insert=True)
    except IntegrityError as error:
        if "report_sent_once" not in str(error):
            raise
        # The other of two sendings was quicker.
        sent = _sent_before(actor, client_key)
        if sent is None:
            raise
        return sent
    said = {"machine": machine.serial_number} | ({"ticket": ticket.number} if ticket else {})
    audit.record(actor, "report.started", report, **said)
    return report


def is_reportable(ticket: Ticket) -> bool:
    """Whether work on a ticket was taken on, so that there is something to report."""
    return ticket.state in REPORTED


@verb
def save_report(
    *,
    actor: Actor,
    report: WorkReport,
    facts: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]] | None = None,
    labour: Sequence[Mapping[str, Any]] | None = None,
    stamp: str = "",
) -> WorkReport:
    """Keep what was written; None leaves the rows of parts or labour as they are.

    All flaws are raised together. With the `stamp` of what the writer saw, a change that
    somebody else made since is told instead of lost.
    """
    report = draft(report)
    before = stamp_of(report)
    flaws: list[Flaw] = []
    for name, value in _known(facts).items():
        setattr(report, name, value)
    flaws += fact_flaws(_facts_of(report))
    part_rows: list[dict[str, Any]] = []
    labour_rows: list[dict[str, Any]] = []
    if parts is not None:
        part_rows, found = checked_parts(report.machine, parts)
        flaws += found
    if labour is not None:
        labour_rows, found = checked_labour(labour)
        flaws += found
    flaws += _field_flaws(report)
    _raise(flaws)
    report.save()
    if parts is not None:
        WorkReportPart.objects.filter(report=report).delete()
        _put(WorkReportPart, report, part_rows)
    if labour is not None:
        WorkReportLabour.objects.filter(report=report).delete()
        _put(WorkReportLabour, report, labour_rows)
    # The same entries sent again, since their answer was lost on the way, are no change.
    if stamp and stamp != before and stamp_of(report) != before:
        raise ChangedMeanwhile
    audit.record(actor, "report.saved", report, parts=len(part_rows), labour=len(labour_rows))
    return report


@verb
def discard_report(*, actor: Actor, report: WorkReport, reason: str = "") -> WorkReport:
    """Throw a draft away; its number stays taken, what it corrects stays in force."""
    report = take(actor, report, REPORT_ACTIONS, "discard")
    report.save(update_fields=["state"])
    audit.record(actor, "report.discarded", report, reason=reason.strip())
    return report


@verb
def correct_report(
    *, actor: Actor, report: WorkReport, reason: str, client_key: UUID | None = None
) -> WorkReport:
    """A new version to be corrected and signed anew; the old one counts until then."""
    old: WorkReport = locked(report)
    if old.state != ReportState.SIGNED:
        raise DomainError(_("Only a signed report is corrected by a new version."))
    if not reason.strip():
        raise DomainError(_("Write why the report is corrected."), field="reason")
    running = WorkReport.objects.filter(replaces=old, state=ReportState.DRAFT).first()
    if running is not None:
        return running
    last = WorkReport.objects.filter(number=old.number).order_by("-version").first()
    copy = WorkReport(
        number=old.number,
        version=(last or old).version + 1,
        replaces=old,
        client_key=client_key or uuid4(),
        correction_reason=reason.strip()[:200],
        created_by_id=actor.user_id,
        created_label=actor.label,
        **{f"{name}_id": getattr(old, f"{name}_id") for name in _LINKS},
        **{name: getattr(old, name) for name in FACTS if name not in ("symptom", "device_at")},
    )
    copy.save(force_insert=True)
    for model in (WorkReportPart, WorkReportLabour):
        _copy_rows(model, old, copy)
    for evidence in Evidence.objects.filter(report=old).order_by("pk"):
        evidence.pk, evidence.public_id, evidence.report = None, uuid4(), copy
        evidence._state.adding = True
        evidence.save()
    audit.record(actor, "report.corrected", copy, version=copy.version, reason=reason.strip())
    return copy


_LINKS = ("ticket", "visit", "dealer", "machine", "customer", "technician", "symptom")


def _copy_rows(model: Any, old: WorkReport, copy: WorkReport) -> None:
    for row in model.objects.filter(report=old).order_by("position"):
        row.pk, row.report = None, copy
        row._state.adding = True
        row.save()


def foreseen(actor: Actor, ticket: Ticket | None, machine: Machine | None) -> dict[str, Any]:
    """What a new report will take over, to be shown before anything is kept."""
    taken = _taken_over(actor, ticket, _visit_of(ticket))
    shown = {name: value for name, value in taken.items() if name in FACTS}
    shown["symptom"] = ticket.symptom.code if ticket and ticket.symptom else ""
    machine = machine or (ticket.machine if ticket else None)
    if machine is not None:
        last = WorkReport.objects.filter(machine=machine).exclude(meter_unit="").order_by("-pk")
        shown["meter_unit"] = last.values_list("meter_unit", flat=True).first() or "hours"
    return shown | {"people": 1, "nights": 0}


def draft(report: WorkReport) -> WorkReport:
    """The report locked, if it may still be written."""
    row: WorkReport = locked(report)
    if row.state != ReportState.DRAFT:
        raise IsSigned
    return row


def _sent_before(actor: Actor, client_key: UUID) -> WorkReport | None:
    sent = WorkReport.objects.filter(client_key=client_key).first()
    is_foreign = (
        sent is not None and actor.dealer_ids is not None and sent.dealer_id not in actor.dealer_ids
    )
    if is_foreign:
        raise KeyTaken
    return sent


def _visit_of(ticket: Ticket | None) -> Visit | None:
    """The trip that the report is of: the latest that was not called off."""
    if ticket is None:
        return None
    visits = Visit.objects.filter(ticket=ticket).exclude(state=VisitState.CANCELLED)
    return visits.order_by("-planned_at", "-pk").first()


def _dealer_of(actor: Actor, ticket: Ticket | None) -> int | None:
    if ticket is not None:
        return ticket.dealer_id if ticket.team == Team.DEALER else None
    return actor.dealer_id


def _taken_over(actor: Actor, ticket: Ticket | None, visit: Visit | None) -> dict[str, Any]:
    """What ticket and visit know already: nothing of it is typed again."""
    taken: dict[str, Any] = {"technician_id": actor.user_id, "technician_name": actor.label[:80]}
    if ticket is not None:
        words = [ticket.summary, ticket.description]
        taken |= {
            "reported_at": ticket.reported_at,
            "fault_on": timezone.localdate(ticket.reported_at),
            "complaint": "\n".join(word for word in words if word),
            "cause": ticket.cause,
            "correction": ticket.result,
            "symptom_id": ticket.symptom_id,
            "severity": ticket.severity,
            "signer_name": ticket.caller_name,
            "signer_phone": ticket.caller_phone,
        }
        if ticket.technician_name:
            taken |= {"technician_name": ticket.technician_name, "technician_id": None}
    if visit is not None:
        taken |= {
            "technician_id": visit.technician_id,
            "technician_name": visit.technician_name,
            "arrived_at": visit.arrived_at,
            "started_at": visit.arrived_at,
            "finished_at": visit.finished_at,
        }
        if visit.result and not taken.get("correction"):
            taken["correction"] = visit.result
    return taken


def _looks_repeated(report: WorkReport) -> bool:
    """Whether the same symptom was repaired on the machine within the last thirty days."""
    if report.symptom_id is None or report.fault_on is None:
        return False
    earlier = WorkReport.objects.filter(
        machine_id=report.machine_id, symptom_id=report.symptom_id, state=ReportState.SIGNED
    )
    since, until = report.fault_on - REPEAT_WITHIN, report.fault_on
    return earlier.filter(finished_at__date__gte=since, finished_at__date__lte=until).exists()


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in facts.items()
        if name in FACTS
    }


def _facts_of(report: WorkReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in FACTS}


def _field_flaws(report: WorkReport) -> list[Flaw]:
    """What no column can hold: too long, too fine, no choice of the list."""
    try:
        report.clean_fields(exclude={"client_key", "state", "number", "replaces"} | set(_LINKS))
    except ValidationError as error:
        names = set(FACTS)
        return [
            Flaw((name,), sentences[0])
            for name, sentences in error.message_dict.items()
            if name in names and getattr(report, name) not in (None, "")
        ]
    return []


def _put(model: Any, report: WorkReport, rows: Sequence[Mapping[str, Any]]) -> None:
    model.objects.bulk_create(
        model(report=report, position=place, **row) for place, row in enumerate(rows, start=1)
    )


def _raise(flaws: Sequence[Flaw]) -> None:
    if flaws:
        raise ReportFlaws(flaws)
