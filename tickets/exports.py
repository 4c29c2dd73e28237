"""The filtered list as a file: made by a worker in pieces, for whoever asked and nobody else."""

from __future__ import annotations

import csv
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from accounts.actors import actor_for, companies_of
from accounts.models import User
from core import audit, keyset
from core.actor import Actor
from core.downloads import locked_down
from core.errors import DomainError
from core.events import after_commit
from core.models import Job, JobState, Tenant
from core.tenancy import dealer_wall, tenant_scope, verb
from dealers.queries import name_regions
from notifications import services as notifications
from tickets import queries
from tickets.filters import TicketFilter
from tickets.models import Ticket

KIND = "tickets.export"
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 1000
# What a spreadsheet would run as a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
log = structlog.get_logger(__name__)

COLUMNS: list[tuple[Any, Callable[[Ticket], Any]]] = [
    (_("ticket number"), lambda t: t.number),
    (_("kind"), lambda t: t.get_kind_display()),
    (_("state"), lambda t: t.get_state_display()),
    (_("urgency"), lambda t: t.get_urgency_display()),
    (_("severity"), lambda t: t.get_severity_display()),
    (_("channel"), lambda t: t.get_channel_display()),
    (_("reported at"), lambda t: t.reported_at),
    (_("caller"), lambda t: t.caller_name),
    (_("caller's telephone"), lambda t: t.caller_phone),
    (_("customer"), lambda t: t.customer.name if t.customer else ""),
    (_("region"), lambda t: vars(t).get("region", "")),
    (_("address"), lambda t: t.address),
    (_("model"), lambda t: t.machine.model.code if t.machine else ""),
    (_("serial number"), lambda t: t.machine.serial_number if t.machine else ""),
    (_("symptom"), lambda t: t.symptom.name if t.symptom else ""),
    (_("summary"), lambda t: t.summary),
    (_("held by"), lambda t: t.get_team_display()),
    (_("dealer"), lambda t: t.dealer.name if t.dealer else ""),
    (_("technician"), lambda t: t.technician_name),
    (_("handed over at"), lambda t: t.handed_over_at),
    (_("arranged at"), lambda t: t.arranged_at),
    (_("visit at"), lambda t: t.visit_at),
    (_("done at"), lambda t: t.done_at),
    (_("closed at"), lambda t: t.closed_at),
    (_("cause"), lambda t: t.cause),
    (_("result"), lambda t: t.result),
    (_("a promise was missed"), lambda t: _("yes") if t.has_breach else _("no")),
    (_("reopened, times"), lambda t: t.reopen_count),
]


@verb
def start_export(*, actor: Actor, query: str, file_type: str = "xlsx") -> Job:
    """Order the file of a filtered list; a worker makes it, the bell says when it is there."""
    if file_type not in TYPES:
        raise DomainError(_("Choose CSV or Excel."), field="file_type")
    job = Job.objects.create(
        public_id=uuid.uuid4(),
        kind=KIND,
        params={"query": query, "type": file_type, "language": get_language()},
        requested_by_id=actor.user_id,
    )
    audit.record(actor, "ticket.export_started", job, query=query, type=file_type)
    after_commit("tickets.export", job_id=job.pk)
    return job


def get_job(actor: Actor, public_id: uuid.UUID) -> Job:
    """One's own export; anybody else's does not exist."""
    mine = Job.objects.filter(kind=KIND, requested_by_id=actor.person_id)
    return get_object_or_404(mine, public_id=public_id)


def get_file(actor: Actor, public_id: uuid.UUID) -> FileResponse:
    job = get_job(actor, public_id)
    if not job.file:
        raise Http404
    name = f"tickets-{timezone.localtime(job.created_at):%Y%m%d-%H%M}.{job.params['type']}"
    content_type = TYPES[job.params["type"]]
    return locked_down(FileResponse(job.file.open("rb"), content_type=content_type), name)


def filtered(actor: Actor, query: str) -> QuerySet[Ticket]:
    """Exactly the rows that the page with this query shows."""
    narrowed = TicketFilter(QueryDict(query), queryset=queries.ticket_list(actor), actor=actor)
    rows: QuerySet[Ticket] = narrowed.qs
    return rows


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker needs to know of a job."""

    job_id: int
    actor: Actor
    query: str
    file_type: str
    language: str
    zone: ZoneInfo


def run_export(tenant_id: int, job_id: int) -> None:
    """Make the file piece by piece, each piece in a transaction of its own.

    A second delivery of the task makes the same file again; nothing of it is told twice.
    """
    order = _claim(tenant_id, job_id)
    if order is None:
        return
    try:
        with (
            translation.override(order.language),
            timezone.override(order.zone),
            tempfile.TemporaryDirectory() as folder,
        ):
            path = Path(folder) / f"export.{order.file_type}"
            count = WRITERS[order.file_type](path, _pieces(tenant_id, order))
            _finish(tenant_id, order, path, count)
    except Exception:
        log.exception("export_failed", job_id=job_id)
        with tenant_scope(tenant_id), translation.override(order.language):
            Job.objects.filter(pk=job_id).update(
                state=JobState.FAILED,
                message=str(_("The export failed. Start it again; we have been told.")),
                finished_at=timezone.now(),
            )
        raise


def _claim(tenant_id: int, job_id: int) -> Order | None:
    with tenant_scope(tenant_id):
        job = Job.objects.select_for_update().filter(pk=job_id, kind=KIND).first()
        if job is None or job.state not in (JobState.WAITING, JobState.RUNNING):
            return None
        user = User.objects.filter(pk=job.requested_by_id or 0, is_active=True).first()
        posts = companies_of(user) if user else []
        company = next((post for post in posts if post.tenant_id == tenant_id), None)
        if user is None or company is None:
            # Who asked works here no longer.
            job.state, job.finished_at = JobState.FAILED, timezone.now()
            job.save(update_fields=["state", "finished_at"])
            return None
        actor = actor_for(user, company)
        tenant = Tenant.objects.get(pk=tenant_id)
        with dealer_wall(actor.dealer_ids):
            total = filtered(actor, job.params["query"]).count()
        job.state, job.total, job.done = JobState.RUNNING, total, 0
        job.save(update_fields=["state", "total", "done"])
        return Order(
            job_id=job.pk,
            actor=actor,
            query=job.params["query"],
            file_type=job.params["type"],
            language=job.params["language"] or tenant.language,
            zone=ZoneInfo(user.time_zone or tenant.time_zone),
        )


def _pieces(tenant_id: int, order: Order) -> Iterator[list[list[Any]]]:
    after, count = "", 0
    while True:
        with tenant_scope(tenant_id):
            with dealer_wall(order.actor.dealer_ids):
                page = keyset.page(filtered(order.actor, order.query), after=after, size=PIECE)
                name_regions(page.rows)
                lines = [[_plain(read(ticket)) for _l, read in COLUMNS] for ticket in page.rows]
            count += len(lines)
            Job.objects.filter(pk=order.job_id).update(done=count)
        yield lines
        if not page.next_after:
            return
        after = page.next_after


def _plain(value: Any) -> Any:
    """A cell: local instants, figures, and text without what no file may hold."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))


def _write_csv(path: Path, pieces: Iterator[list[list[Any]]]) -> int:
    count = 0
    # The mark at the head tells Excel that the text is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([str(label) for label, _read in COLUMNS])
        for lines in pieces:
            writer.writerows([[_harmless(cell) for cell in line] for line in lines])
            count += len(lines)
    return count


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _write_xlsx(path: Path, pieces: Iterator[list[list[Any]]]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("tickets")
    sheet.freeze_panes = "A2"
    sheet.append([str(label) for label, _read in COLUMNS])
    count = 0
    for lines in pieces:
        for line in lines:
            sheet.append([_cell(sheet, value) for value in line])
        count += len(lines)
    book.save(path)
    return count


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # text stays text, whatever it begins with
    return cell


WRITERS: dict[str, Callable[[Path, Iterator[list[list[Any]]]], int]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}


def _finish(tenant_id: int, order: Order, path: Path, count: int) -> None:
    with path.open("rb") as file:
        name = default_storage.save(
            f"jobs/{tenant_id}/{uuid.uuid4()}.{order.file_type}", File(file)
        )
    with tenant_scope(tenant_id):
        done = Job.objects.filter(pk=order.job_id, state=JobState.RUNNING).update(
            state=JobState.DONE,
            file=name,
            done=count,
            total=count,
            finished_at=timezone.now(),
        )
        if not done:
            return
        user = User.objects.get(pk=order.actor.person_id)
        job = Job.objects.get(pk=order.job_id)
        notifications.notify(
            user=user,
            event="export.ready",
            params={"name": _("Tickets"), "rows": count},
            cause=f"job:{order.job_id}",
            url=reverse("tickets:export_file", args=[job.public_id]),
        )
        audit.record(order.actor, "ticket.exported", job, rows=count, query=order.query)
