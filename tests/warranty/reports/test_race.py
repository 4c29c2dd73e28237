"""Two at once: one report per key, one signature, and nobody's entries overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from django.db import connection

from core.errors import DomainError
from core.tenancy import tenant_scope
from tests.cast import World
from tests.warranty.reports.conftest import STROKES, Job, a_job
from warranty.models import WorkReport, WorkReportPart
from warranty.services import reports


def _at_once(job: Job, deed: Callable[[int], object]) -> list[str]:
    start = Barrier(2)

    def run(who: int) -> str:
        try:
            start.wait()
            with tenant_scope(job.cast.tenant.pk):
                deed(who)
            return "done"
        except DomainError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        return sorted(people.map(run, range(2)))


def test_one_key_sent_by_two_at_once_makes_one_report(committed_world: World) -> None:
    with committed_world.owner.scope():
        job = a_job(committed_world.owner)
        actor = job.cast.actor("dealer_technician")
    machine = job.cast.machine
    assert _at_once(job, lambda _who: job.start()) == ["done", "done"]
    # Without a ticket, whose lock would make them wait in line.
    other = uuid4()
    outcomes = _at_once(
        job, lambda _who: reports.start_report(actor=actor, machine=machine, client_key=other)
    )
    assert outcomes == ["done", "done"]
    with job.cast.scope():
        assert WorkReport.objects.count() == 2


def test_two_who_saw_the_same_draft_do_not_overwrite_each_other(committed_world: World) -> None:
    with committed_world.owner.scope():
        job = a_job(committed_world.owner)
        report = job.save(job.start())
        stamp = reports.stamp_of(report)
    outcomes = _at_once(job, lambda who: job.save(report, cause=f"原因 {who}", stamp=stamp))
    assert outcomes == ["done", "report.changed"]
    with job.cast.scope():
        assert WorkReportPart.objects.count() == 1


def test_two_signatures_at_once_leave_one(committed_world: World) -> None:
    with committed_world.owner.scope():
        job = a_job(committed_world.owner)
        report = job.save(job.start())
    hands = [STROKES, [[1, 1, 2, 2]]]
    outcomes = _at_once(job, lambda who: job.sign(report, signature=hands[who]))
    assert outcomes == ["done", "state.not_allowed"]
    with job.cast.scope():
        signed = WorkReport.objects.get()
        assert signed.digest == reports.digest_of(signed)
