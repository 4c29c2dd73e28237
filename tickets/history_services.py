"""Write an imported history: tickets as they ended, and their timelines with original times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from core import audit
from core.actor import Actor
from core.models import Tenant
from core.numbering import next_numbers
from core.tenancy import verb
from tickets.history_import import Change, Finding, Incident, read
from tickets.models import EntryKind, Ticket, TimelineEntry
from tickets.states import Team, Visibility

BATCH = 1_000


@dataclass(slots=True)
class HistoryReport:
    """What an import did, and what it could not take over as it stood."""

    lines: int = 0
    incidents: int = 0
    tickets: int = 0
    entries: int = 0
    already_there: int = 0
    reopened: int = 0
    reassigned: int = 0
    kept_promise: int = 0
    findings: list[Finding] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Findings by what they are about."""
        return dict(Counter(finding.about for finding in self.findings))


@verb
def import_history(
    *, actor: Actor, tenant: Tenant, lines: Iterable[str], zone: ZoneInfo, source: str
) -> HistoryReport:
    """Import an event log whole or not at all; incidents that are there already stay as they are.

    Imported tickets get no clocks: nothing of the past escalates today.
    """
    incidents, findings, count = read(lines, zone)
    there = set(Ticket.objects.exclude(source_key="").values_list("source_key", flat=True))
    fresh = [incident for incident in incidents if incident.number not in there]
    tickets = _tickets(fresh, ZoneInfo(tenant.time_zone))
    Ticket.objects.bulk_create(tickets, batch_size=BATCH)
    entries = [
        _entry(ticket, change, is_first=number == 0)
        for ticket, incident in zip(tickets, fresh, strict=True)
        for number, change in enumerate(incident.changes)
    ]
    TimelineEntry.objects.bulk_create(entries, batch_size=BATCH)
    report = HistoryReport(
        lines=count,
        incidents=len(incidents),
        tickets=len(tickets),
        entries=len(entries),
        already_there=len(incidents) - len(fresh),
        reopened=sum(ticket.reopen_count > 0 for ticket in tickets),
        reassigned=sum(ticket.reassign_count > 0 for ticket in tickets),
        kept_promise=sum(not ticket.has_breach for ticket in tickets),
        findings=findings,
    )
    if tickets:
        audit.record(
            actor,
            "history.imported",
            tenant,
            source=source,
            tickets=report.tickets,
            entries=report.entries,
            findings=report.counts(),
        )
    return report


def _tickets(incidents: list[Incident], zone: ZoneInfo) -> list[Ticket]:
    """Rows with numbers of the days on which they were reported, in the tenant's zone."""
    by_day: dict[date, list[Incident]] = defaultdict(list)
    for incident in sorted(incidents, key=lambda one: one.reported_at):
        by_day[incident.reported_at.astimezone(zone).date()].append(incident)
    numbers: dict[str, str] = {}
    for day, group in by_day.items():
        given = next_numbers("T", day, len(group))
        numbers |= dict(zip((one.number for one in group), given, strict=True))
    return [_ticket(incident, numbers[incident.number]) for incident in incidents]


def _ticket(incident: Incident, number: str) -> Ticket:
    return Ticket(
        number=number,
        source_key=incident.number,
        state=incident.state,
        urgency=incident.urgency,
        severity=incident.severity,
        channel=incident.channel,
        caller_name=incident.caller[:80],
        summary=incident.summary,
        description=incident.description,
        address=incident.address[:200],
        team=Team.TECHNICAL if incident.group else Team.DESK,
        reported_at=incident.reported_at,
        handed_over_at=incident.handed_over_at,
        done_at=incident.done_at,
        closed_at=incident.closed_at,
        result=incident.result,
        has_breach=not incident.kept_promise,
        reassign_count=incident.reassign_count,
        reopen_count=incident.reopen_count,
    )


def _entry(ticket: Ticket, change: Change, *, is_first: bool) -> TimelineEntry:
    return TimelineEntry(
        ticket=ticket,
        at=change.at,
        kind=EntryKind.EVENT,
        visibility=Visibility.INTERNAL,
        event="history.opened" if is_first else "history.changed",
        params={
            "incident": ticket.source_key,
            "line": change.line,
            "state": change.state,
            "words": _words(change),
            "changes": {column: list(pair) for column, pair in change.changes.items()},
        },
        author_label=change.by or "?",
    )


def _words(change: Change) -> str:
    """What a line changed, in the file's own words."""
    told = [
        f"{column}: {old} → {new}" if old else f"{column}: {new}"
        for column, (old, new) in change.changes.items()
    ]
    return "; ".join(told) or change.state
