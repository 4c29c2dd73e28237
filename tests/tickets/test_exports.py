"""Exports: exactly the filtered rows, nothing that a spreadsheet runs, one's own alone."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import DomainError
from core.models import Job
from core.tenancy import dealer_wall
from notifications.models import Notification
from tests.cast import a_ticket
from tests.tickets.conftest import Desk
from tickets import exports
from tickets.tasks import export


def run(desk: Desk, query: str = "", file_type: str = "csv", who: str = "clerk") -> Job:
    job = exports.start_export(actor=desk.cast.actor(who), query=query, file_type=file_type)
    export(tenant_id=desk.cast.tenant.pk, job_id=job.pk)
    job.refresh_from_db()
    return job


def csv_rows(job: Job) -> list[list[str]]:
    with job.file.open("rb") as file:
        return list(csv.reader(StringIO(file.read().decode("utf-8-sig"))))


def test_the_file_holds_exactly_the_filtered_rows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PIECE", 2)
    wanted = {a_ticket(desk.cast, urgency="urgent").number for _ in range(5)}
    a_ticket(desk.cast)
    job = run(desk, "urgency=urgent")
    rows = csv_rows(job)
    assert {row[0] for row in rows[1:]} == wanted and len(rows) == 6
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert Notification.objects.filter(event="export.ready").count() == 1


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(desk: Desk, evil: str) -> None:
    a_ticket(desk.cast, summary=evil)
    column = [str(label) for label, _read in exports.COLUMNS].index("摘要")
    assert csv_rows(run(desk))[1][column] == f"'{evil}"
    with run(desk, file_type="xlsx").file.open("rb") as file:
        cell = load_workbook(BytesIO(file.read())).active[2][column]
    assert (cell.data_type, cell.value) == ("s", evil)


def test_a_character_that_no_sheet_may_hold_is_left_out(desk: Desk) -> None:
    a_ticket(desk.cast, summary="a\x0bb")
    assert run(desk, file_type="xlsx").state == "done"


def test_an_unknown_type_is_refused(desk: Desk) -> None:
    with pytest.raises(DomainError):
        exports.start_export(actor=desk.clerk, query="", file_type="exe")


def test_a_second_delivery_of_the_task_tells_nothing_twice(desk: Desk) -> None:
    job = run(desk)
    export(tenant_id=desk.cast.tenant.pk, job_id=job.pk)
    assert Notification.objects.filter(event="export.ready").count() == 1


def test_a_dealers_export_would_hold_its_own_rows_only(desk: Desk) -> None:
    mine = a_ticket(desk.cast, dealer=desk.cast.dealer, team="dealer", state="offered")
    a_ticket(desk.cast)
    with dealer_wall(desk.dealer.dealer_ids):
        assert list(exports.filtered(desk.dealer, "")) == [mine]


def test_an_export_is_its_orderers_alone(desk: Desk, as_: Callable[..., Client]) -> None:
    job = run(desk)
    address = reverse("tickets:export_file", args=[job.public_id])
    given: Any = as_("clerk").get(address)
    assert given.status_code == 200
    assert b"".join(given.streaming_content).startswith(b"\xef\xbb\xbf")
    assert given["Content-Disposition"].startswith("attachment")
    assert as_("supervisor").get(address).status_code == 404
    with pytest.raises(Http404):
        exports.get_job(desk.supervisor, job.public_id)


def test_a_failure_is_said_and_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setitem(exports.WRITERS, "csv", fail)
    job = exports.start_export(actor=desk.clerk, query="", file_type="csv")
    with pytest.raises(OSError, match="disk full"):
        export(tenant_id=desk.cast.tenant.pk, job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "failed" and job.message
