"""A real desk's history becomes tickets; what could not be taken over is said by line.

The extract holds 38 of the 890 incidents, with every oddity of the whole file. Where the whole
file lies beside the clone (or INCIDENT_EVENT_LOG names it) it is imported too; elsewhere the same
test asserts on the extract, so that it never passes by doing nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from core.models import AuditEvent, Tenant
from core.tenancy import tenant_scope
from sla.models import Clock
from tickets.history_import import NotAnEventLog, read
from tickets.models import Ticket, TimelineEntry
from tickets.states import TicketState, Urgency
from tickets.wording import sentence

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
EXTRACT = ROOT / "tests" / "data" / "incident_event_log_extract.csv"
WHOLE = Path(
    os.environ.get("INCIDENT_EVENT_LOG", "")
    or ROOT.parent / "shared" / "data" / "incident_event_log.csv"
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "number,incident_state,opened_at,sys_updated_at,priority,contact_type\n"


@dataclass(frozen=True)
class Expected:
    lines: int
    incidents: int
    reopened: int
    reassigned: int
    kept: int
    no_resolution: int


OF_EXTRACT = Expected(291, 38, 10, 16, 19, 5)
OF_WHOLE = Expected(5998, 890, 10, 391, 495, 29)


@pytest.fixture
def tenant() -> Tenant:
    return Tenant.objects.create(slug="history", name="历史")


@pytest.fixture
def stranger() -> Tenant:
    return Tenant.objects.create(slug="stranger", name="别家")


def load(path: Path, tenant: Tenant, **options: object) -> str:
    output = StringIO()
    call_command("import_history", path, tenant=tenant.slug, stdout=output, **options)
    return output.getvalue()


def the_file() -> tuple[Path, Expected]:
    return (WHOLE, OF_WHOLE) if WHOLE.exists() else (EXTRACT, OF_EXTRACT)


def check(path: Path, expected: Expected, tenant: Tenant) -> None:
    said = load(path, tenant)
    with tenant_scope(tenant.pk):
        tickets = Ticket.objects.all()
        assert tickets.count() == expected.incidents
        assert set(tickets.values_list("state", flat=True)) == {TicketState.CLOSED}
        assert TimelineEntry.objects.count() == expected.lines
        assert tickets.filter(reopen_count__gt=0).count() == expected.reopened
        assert tickets.filter(reassign_count__gt=0).count() == expected.reassigned
        assert tickets.filter(has_breach=False).count() == expected.kept
        assert not tickets.filter(done_at=None).exists()
        assert not tickets.filter(closed_at=None).exists()
        # Nothing of the past escalates today.
        assert not Clock.objects.exists()
    assert f"{expected.no_resolution:7,}  no_resolution" in said
    assert "     34  created_before_opened" in said
    assert "      5  updated_before_opened" in said
    assert "      1  out_of_order" in said
    assert (
        f"{expected.lines:,} lines of {expected.incidents:,} incidents read; "
        f"{expected.incidents:,} tickets with {expected.lines:,} entries imported" in said
    )


def test_the_extract_becomes_tickets_with_their_timelines(tenant: Tenant) -> None:
    check(EXTRACT, OF_EXTRACT, tenant)


def test_the_whole_file_becomes_tickets_with_their_timelines(tenant: Tenant) -> None:
    path, expected = the_file()
    check(path, expected, tenant)


def test_a_second_run_changes_nothing(tenant: Tenant) -> None:
    load(EXTRACT, tenant)

    def picture() -> list[object]:
        with tenant_scope(tenant.pk):
            return [
                list(Ticket.objects.order_by("id").values()),
                list(TimelineEntry.objects.order_by("id").values()),
                AuditEvent.objects.count(),
            ]

    before = picture()
    said = load(EXTRACT, tenant)
    assert picture() == before
    assert "0 tickets with 0 entries imported" in said
    assert "38 were there already" in said


def test_another_company_sees_nothing_of_it(tenant: Tenant, stranger: Tenant) -> None:
    load(EXTRACT, tenant)
    with tenant_scope(stranger.pk):
        assert not Ticket.objects.exists()
        assert not TimelineEntry.objects.exists()


def test_numbers_are_given_from_the_day_reported_in_the_company_zone(
    tenant: Tenant,
) -> None:
    load(EXTRACT, tenant)
    with tenant_scope(tenant.pk):
        tickets = list(Ticket.objects.all())
    assert len({ticket.number for ticket in tickets}) == 38
    for ticket in tickets:
        day = ticket.reported_at.astimezone(SHANGHAI).date()
        assert ticket.number.startswith(f"T-{day:%Y%m%d}-")


def test_times_are_read_in_the_zone_that_is_named(tenant: Tenant, stranger: Tenant) -> None:
    load(EXTRACT, tenant)
    load(EXTRACT, stranger, zone="America/Chicago")
    times = []
    for one in (tenant, stranger):
        with tenant_scope(one.pk):
            times.append(Ticket.objects.get(source_key="INC0000137").reported_at)
    assert times[0] == datetime(2016, 2, 29, 9, 48, tzinfo=SHANGHAI)
    assert times[1] == datetime(2016, 2, 29, 9, 48, tzinfo=ZoneInfo("America/Chicago"))


def test_lines_out_of_order_are_told_in_order(tenant: Tenant) -> None:
    load(EXTRACT, tenant)
    with tenant_scope(tenant.pk):
        story = list(TimelineEntry.objects.filter(ticket__source_key="INC0000137").order_by("at"))
    assert [entry.event for entry in story] == ["history.opened"] + ["history.changed"] * 3
    assert [entry.params["state"] for entry in story] == ["New", "Resolved", "New", "Closed"]
    assert [entry.params["line"] for entry in story] != sorted(
        entry.params["line"] for entry in story
    )


def test_reassignments_and_reopenings_are_told_in_words(tenant: Tenant) -> None:
    load(EXTRACT, tenant)
    with tenant_scope(tenant.pk):
        changes = [
            entry.params["changes"]
            for entry in TimelineEntry.objects.filter(event="history.changed")
        ]
    groups = [change["assignment_group"] for change in changes if "assignment_group" in change]
    assert groups and all(len(pair) == 2 and pair[0] != pair[1] for pair in groups)
    states = Counter(tuple(change.get("incident_state", ())) for change in changes)
    assert states["Resolved", "Active"] == 11


def test_an_imported_line_is_said_in_words(tenant: Tenant) -> None:
    load(EXTRACT, tenant)
    with tenant_scope(tenant.pk):
        entry = TimelineEntry.objects.get(
            event="history.changed", ticket__source_key="INC0000137", params__state="Closed"
        )
        with override("en"):
            assert sentence(entry) == ("Changed in the older system: incident_state: New → Closed")


def test_every_finding_can_be_had_as_a_table(tenant: Tenant, tmp_path: Path) -> None:
    load(EXTRACT, tenant, report=tmp_path / "findings.csv")
    lines = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "line,incident,about,column,value"
    assert len([line for line in lines if ",unknown,sys_created_at,?" in line]) == 70


def test_a_file_that_is_no_log_imports_nothing(tenant: Tenant, tmp_path: Path) -> None:
    for text, complaint in (
        (b"a,b\n1,2\n", "has no column number"),
        (b"", "has no column number"),
        (b"\xff\xfe\x00", "is no event log"),
    ):
        path = tmp_path / "wrong.csv"
        path.write_bytes(text)
        with pytest.raises(CommandError, match=complaint):
            load(path, tenant)
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "missing.csv", tenant)
    with tenant_scope(tenant.pk):
        assert not Ticket.objects.exists()


def test_an_unknown_company_or_zone_is_said(tenant: Tenant) -> None:
    with pytest.raises(CommandError, match="no company “nobody”"):
        call_command("import_history", EXTRACT, tenant="nobody")
    with pytest.raises(CommandError, match="no time zone “Mars/Base”"):
        load(EXTRACT, tenant, zone="Mars/Base")


def test_lines_that_cannot_be_read_are_left_out_and_said() -> None:
    lines = [
        HEADER,
        "INC1,New,01-03-2016 08:00,01-03-2016 08:05,1 - Critical,Phone\n",
        "INC1,Active,01-03-2016 08:00,31-02-2016 08:05,1 - Critical,Phone\n",
        "INC2,New,yesterday,01-03-2016 08:05,1 - Critical,Phone\n",
        "?,New,01-03-2016 08:00,01-03-2016 08:05,1 - Critical,Phone\n",
    ]
    incidents, findings, count = read(lines, SHANGHAI)
    assert count == 4
    assert [(one.number, len(one.changes), one.state) for one in incidents] == [
        ("INC1", 1, TicketState.NEW)
    ]
    assert [(one.line, one.about, one.column) for one in findings if one.about != "unknown"] == [
        (3, "unreadable", "sys_updated_at"),
        (4, "unreadable", "opened_at"),
        (5, "unreadable", "number"),
        (0, "refused", ""),
    ]


def test_unknown_words_take_the_usual_value_and_are_said() -> None:
    lines = [HEADER, "INC1,Pondering,01-03-2016 08:00,01-03-2016 08:05,9 - Odd,Pigeon\n"]
    [incident], findings, _count = read(lines, SHANGHAI)
    assert (incident.state, incident.urgency) == (TicketState.NEW, Urgency.NORMAL)
    assert {(one.about, one.column, one.value) for one in findings} == {
        ("unmapped", "incident_state", "Pondering"),
        ("unmapped", "priority", "9 - Odd"),
        ("unmapped", "contact_type", "Pigeon"),
    }


def test_a_time_that_the_zone_skips_is_said() -> None:
    # Clocks in Chicago went from 02:00 to 03:00 on 13 March 2016.
    lines = [HEADER, "INC1,New,13-03-2016 02:30,13-03-2016 03:30,3 - Moderate,Phone\n"]
    _incidents, findings, _count = read(lines, ZoneInfo("America/Chicago"))
    assert [(one.about, one.column) for one in findings] == [("no_such_time", "opened_at")]


def test_a_log_without_needed_columns_is_refused() -> None:
    with pytest.raises(NotAnEventLog, match="sys_updated_at"):
        read(["number,incident_state,opened_at\n"], SHANGHAI)
