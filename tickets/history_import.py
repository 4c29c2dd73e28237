"""Read another desk's event log: one line per change, lines of an incident in time order.

Pure: text in, values out. What cannot be understood becomes a `Finding` with its line, never
an invented value; `tickets.history_services` writes what was understood.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from knowledge.models import Severity
from tickets.states import TicketChannel, TicketState, Urgency

W = TypeVar("W")
UNKNOWN = "?"
NEEDED = ("number", "incident_state", "opened_at", "sys_updated_at")
# Columns whose every change is told in the timeline.
TOLD = (
    "incident_state",
    "assignment_group",
    "assigned_to",
    "priority",
    "urgency",
    "impact",
    "category",
    "subcategory",
    "u_symptom",
    "location",
    "cmdb_ci",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "knowledge",
    "closed_code",
    "made_sla",
)
# Columns of the last line that the description keeps in their own words.
KEPT = (
    "category",
    "subcategory",
    "u_symptom",
    "location",
    "cmdb_ci",
    "priority",
    "urgency",
    "impact",
    "assignment_group",
    "assigned_to",
    "opened_by",
    "sys_created_by",
    "sys_created_at",
    "problem_id",
    "rfc",
    "vendor",
    "caused_by",
    "knowledge",
    "made_sla",
)

STATES = {
    "new": TicketState.NEW,
    "active": TicketState.HANDED_OVER,
    "awaiting user info": TicketState.WAITING,
    "awaiting problem": TicketState.WAITING,
    "awaiting vendor": TicketState.WAITING,
    "awaiting evidence": TicketState.WAITING,
    "resolved": TicketState.DONE,
    "closed": TicketState.CLOSED,
}
# How soon is the priority's word; how bad is the impact's.
URGENCIES = {
    "1": Urgency.URGENT,
    "2": Urgency.HIGH,
    "3": Urgency.NORMAL,
    "4": Urgency.NORMAL,
}
SEVERITIES = {"1": Severity.GRAVE, "2": Severity.GENERAL, "3": Severity.MINOR}
CHANNELS = {
    "phone": TicketChannel.PHONE,
    "ivr": TicketChannel.PHONE,
    "email": TicketChannel.MAIL,
    "self service": TicketChannel.WEB,
    "direct opening": TicketChannel.VISIT,
}

# What a finding is about, and what was done about it.
FINDINGS = {
    "unreadable": "line left out: a value that is needed cannot be read",
    "refused": "incident left out: no line of it can be used",
    "no_resolution": "no resolution time; the time of the change to Resolved was taken",
    "never_resolved": "no resolution time and no change to Resolved; left empty",
    "created_before_opened": "recorded before it was opened; both times kept",
    "updated_before_opened": "changed before it was opened; the time was kept",
    "out_of_order": "the incident's lines are not in time order; sorted by time",
    "same_count": "the change count does not rise; the line was kept",
    "no_such_time": "the time does not exist in this zone; moved forward",
    "unmapped": "unknown word; the usual value was taken, the word kept in the description",
    "unknown": "“?”: the export does not know the value",
}


class NotAnEventLog(ValueError):
    """The file cannot be read as an event log at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could not be taken over as it stood."""

    line: int
    incident: str
    about: str
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log: who changed what, when."""

    line: int
    at: datetime
    by: str
    state: str
    values: dict[str, str]
    changes: dict[str, tuple[str, str]]


@dataclass(slots=True)
class Incident:
    """One incident as a ticket will be; times are aware."""

    number: str
    reported_at: datetime
    state: TicketState
    urgency: Urgency
    severity: Severity
    channel: TicketChannel
    caller: str
    summary: str
    description: str
    address: str
    group: str
    handed_over_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    result: str
    kept_promise: bool
    reassign_count: int
    reopen_count: int
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    number: int
    values: dict[str, str]
    opened_at: datetime
    updated_at: datetime


def read(lines: Iterable[str], zone: ZoneInfo) -> tuple[list[Incident], list[Finding], int]:
    """The incidents of a log, what was odd about them, and how many lines there were."""
    reader = csv.DictReader(lines)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
    if missing:
        raise NotAnEventLog(f"The file has no column {', '.join(missing)}.")
    groups: dict[str, list[_Line]] = {}
    findings: list[Finding] = []
    count = 0
    for row in reader:
        count += 1
        values = {
            name: tidy(text)
            for name, text in row.items()
            if isinstance(name, str) and isinstance(text, str)
        }
        found = _line(reader.line_num, values, zone, findings)
        group = groups.setdefault(values.get("number", ""), [])
        if found is not None:
            group.append(found)
    incidents = []
    for number, group in groups.items():
        if number in ("", UNKNOWN):
            continue
        if group:
            incidents.append(_incident(number, group, zone, findings))
        else:
            findings.append(Finding(0, number, "refused"))
    return incidents, findings, count


def tidy(text: str) -> str:
    """Names in exports carry double blanks."""
    return " ".join(text.split())


def known(values: dict[str, str], column: str) -> str:
    """The value, or nothing where the export says `?`."""
    value = values.get(column, "")
    return "" if value == UNKNOWN else value


def instant(text: str, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """A wall time such as 29-02-2016 01:16, and whether the zone has it at all."""
    try:
        wall = datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=zone)
    except ValueError:
        return None
    at = wall.astimezone(UTC)
    back = at.astimezone(zone).replace(tzinfo=None)
    return at, back == wall.replace(tzinfo=None)


def _line(
    number: int, values: dict[str, str], zone: ZoneInfo, findings: list[Finding]
) -> _Line | None:
    incident = values.get("number", "")
    times = {}
    for column in ("number", "incident_state"):
        if known(values, column) == "":
            findings.append(Finding(number, incident, "unreadable", column, values.get(column, "")))
            return None
    for column in ("opened_at", "sys_updated_at"):
        read_time = instant(values.get(column, ""), zone)
        if read_time is None:
            findings.append(Finding(number, incident, "unreadable", column, values.get(column, "")))
            return None
        times[column], exists = read_time
        if not exists:
            findings.append(Finding(number, incident, "no_such_time", column, values[column]))
    findings.extend(
        Finding(number, incident, "unknown", column, text)
        for column, text in values.items()
        if text == UNKNOWN
    )
    opened_at, updated_at = times["opened_at"], times["sys_updated_at"]
    created = instant(values.get("sys_created_at", ""), zone)
    if created and created[0] < opened_at:
        findings.append(
            Finding(
                number,
                incident,
                "created_before_opened",
                "sys_created_at",
                values["sys_created_at"],
            )
        )
    if updated_at < opened_at:
        findings.append(
            Finding(
                number,
                incident,
                "updated_before_opened",
                "sys_updated_at",
                values["sys_updated_at"],
            )
        )
    return _Line(number, values, opened_at, updated_at)


def _incident(number: str, lines: list[_Line], zone: ZoneInfo, findings: list[Finding]) -> Incident:
    ordered = sorted(lines, key=lambda line: line.updated_at)
    if [line.number for line in ordered] != [line.number for line in lines]:
        findings.append(Finding(lines[0].number, number, "out_of_order"))
    for before, after in zip(lines, lines[1:], strict=False):
        if _count(after, "sys_mod_count") <= _count(before, "sys_mod_count"):
            findings.append(Finding(after.number, number, "same_count", "sys_mod_count"))
    last = ordered[-1]
    values = last.values
    changes = list(_changes(ordered))
    state = _mapped(last, "incident_state", STATES, TicketState.NEW, findings)
    closed_at = _optional(values, "closed_at", zone)
    is_over = state in (TicketState.DONE, TicketState.CLOSED)
    return Incident(
        number=number,
        reported_at=last.opened_at,
        state=state,
        urgency=_mapped(last, "priority", URGENCIES, Urgency.NORMAL, findings),
        severity=_mapped(last, "impact", SEVERITIES, Severity.GENERAL, findings),
        channel=_mapped(last, "contact_type", CHANNELS, TicketChannel.API, findings),
        caller=known(values, "caller_id"),
        summary=_summary(number, values),
        description="\n".join(
            f"{column}: {values[column]}" for column in KEPT if known(values, column)
        ),
        address=known(values, "location"),
        group=known(values, "assignment_group"),
        handed_over_at=_first(changes, TicketState.HANDED_OVER),
        done_at=_resolved(last, changes, zone, findings) if is_over else None,
        closed_at=(closed_at or last.updated_at) if state == TicketState.CLOSED else None,
        result=", ".join(filter(None, [known(values, "closed_code"), known(values, "resolved_by")]))
        if is_over
        else "",
        kept_promise=values.get("made_sla", "TRUE") != "FALSE",
        reassign_count=max(_count(line, "reassignment_count") for line in ordered),
        reopen_count=max(_count(line, "reopen_count") for line in ordered),
        changes=changes,
    )


def _changes(ordered: list[_Line]) -> Iterator[Change]:
    before: dict[str, str] = {}
    for line in ordered:
        values = line.values
        told = {
            column: (before.get(column, ""), values[column])
            for column in TOLD
            if column in values and values[column] != before.get(column, "")
        }
        if not before:  # the first line opens the story: unknown values are no change
            told = {column: pair for column, pair in told.items() if pair[1] != UNKNOWN}
        yield Change(
            line=line.number,
            at=line.updated_at,
            by=known(values, "sys_updated_by"),
            state=values["incident_state"],
            values=values,
            changes=told,
        )
        before = values


def _mapped(
    line: _Line,
    column: str,
    words: Mapping[str, W],
    usual: W,
    findings: list[Finding],
) -> W:
    """The value for a word such as "2 - Medium" or "Active"; the usual one when unknown."""
    text = known(line.values, column)
    value = words.get(text.lower()) or words.get(text.partition(" - ")[0])
    if value is None and column in line.values:
        findings.append(
            Finding(line.number, line.values["number"], "unmapped", column, text or UNKNOWN)
        )
    return value or usual


def _resolved(
    last: _Line, changes: list[Change], zone: ZoneInfo, findings: list[Finding]
) -> datetime | None:
    at = _optional(last.values, "resolved_at", zone)
    if at is not None:
        return at
    turns = [change.at for change in changes if change.state.lower() == "resolved"]
    about = "no_resolution" if turns else "never_resolved"
    findings.append(Finding(last.number, last.values["number"], about, "resolved_at"))
    return turns[-1] if turns else None


def _first(changes: list[Change], state: TicketState) -> datetime | None:
    return next(
        (change.at for change in changes if STATES.get(change.state.lower()) == state),
        None,
    )


def _summary(number: str, values: dict[str, str]) -> str:
    words = [known(values, column) for column in ("category", "subcategory", "u_symptom")]
    return " / ".join(filter(None, words))[:120] or number


def _optional(values: dict[str, str], column: str, zone: ZoneInfo) -> datetime | None:
    read_time = instant(values.get(column, ""), zone)
    return read_time[0] if read_time else None


def _count(line: _Line, column: str) -> int:
    text = line.values.get(column, "")
    return int(text) if text.isdecimal() else 0
