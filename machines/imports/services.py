"""The life of an import: sent, read, looked at, carried out as a whole or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import structlog
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import after_commit
from core.models import Job, JobState
from core.tenancy import current_tenant_id, verb
from machines.imports import files, plans
from machines.imports.base import CHANGED, NEW, WRONG, Kind, Plan
from machines.imports.registry import kinds, kinds_for

PREFIX = "import."
MOST_ERRORS = 500
KEPT_SECONDS = 3600
CHECKED, APPLIED, REFUSED = "checked", "applied", "refused"
log = structlog.get_logger(__name__)


class RowsAreWrong(DomainError):
    code = "import.rows_are_wrong"
    message = _(
        "%(count)s rows are wrong, so nothing was imported. Correct the file, or tick"
        " “import the good rows”."
    )


class NotYours(DomainError):
    code = "import.not_yours"
    message = _("Your role may not import this list.")
    field = "kind"


class NotReady(DomainError):
    code = "import.not_ready"
    message = _("This import was carried out already, or is not ready yet.")


class _Refused(Exception):
    """Rolls back what a refused import has written."""


@verb
def start_import(*, actor: Actor, kind: str, upload: UploadedFile[Any]) -> Job:
    """Keep a file and let a worker read it; nothing of it is imported yet."""
    _may(actor, kind)
    files.check_size(upload.size or 0)
    assert upload.file is not None
    files.check_kind(upload.file)
    job = Job(
        public_id=uuid4(),
        kind=PREFIX + kinds()[kind].name,
        params={"file_name": (upload.name or "")[:200], "language": get_language()},
        requested_by_id=actor.user_id,
    )
    # The name that somebody gave is told, never used as a path.
    job.file.save(f"{job.public_id}.import", upload, save=False)
    job.save(force_insert=True)
    after_commit("machines.read_import", job_id=job.pk)
    return job


@verb
def confirm_import(*, actor: Actor, job: Job, only_good: bool) -> Job:
    """Let a worker carry out an import that somebody has looked at."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    _may(actor, job.kind.removeprefix(PREFIX))
    if job.state != JobState.WAITING or job.result.get("stage") != CHECKED:
        raise NotReady
    wrong = job.result["counts"][WRONG]
    if wrong and not only_good:
        raise RowsAreWrong(count=wrong)
    job.state = JobState.RUNNING
    job.params |= {"only_good": only_good, "confirmed_by": actor.label}
    job.save(update_fields=["state", "params"])
    after_commit("machines.apply_import", job_id=job.pk)
    return job


@verb
def send_again(*, actor: Actor, job: Job) -> None:
    """Wake a worker for an import whose message got lost; a job that is done stays done."""
    job = Job.objects.get(pk=job.pk)
    if job.state == JobState.RUNNING:
        after_commit("machines.apply_import", job_id=job.pk)
    elif job.state == JobState.WAITING and not job.result:
        after_commit("machines.read_import", job_id=job.pk)


def read_import(*, job_id: int) -> None:
    """Read the file and note what it would do; the worker that has the row does it, once."""
    job = _won(job_id, JobState.WAITING)
    if job is None or job.result:
        return None
    with translation.override(job.params.get("language") or None):
        try:
            with transaction.atomic():
                found, ignored = _plans(job)
        except DomainError as error:
            return _fail(job, str(error))
        except Exception:
            log.exception("import.read_failed", job=str(job.public_id))
            return _fail(job, str(_("The file could not be read. Nothing was imported.")))
        job.result = {
            "stage": CHECKED,
            "counts": plans.counted(found),
            "errors": list(plans.errors_of(found, MOST_ERRORS)),
            "ignored": ignored,
        }
        job.done = job.total = len(found)
        job.save(update_fields=["result", "done", "total"])
        cache.delete(_key(job))
    return None


def apply_import(*, job_id: int) -> None:
    """Carry out a confirmed import in one transaction; the file is compared anew first."""
    job = _won(job_id, JobState.RUNNING)
    if job is None:
        return
    user = job.requested_by
    actor = Actor(
        tenant_id=current_tenant_id(),
        label=user.name if user else "Sanbao",
        user_id=user.pk if user else None,
    )
    with translation.override(job.params.get("language") or None):
        try:
            with transaction.atomic():
                _carry_out(job, actor)
        except _Refused:
            job.result |= {"stage": REFUSED}
            _fail(job, str(RowsAreWrong(count=job.result["counts"][WRONG])))
        except DomainError as error:
            _fail(job, str(error))
        except Exception:
            log.exception("import.apply_failed", job=str(job.public_id))
            _fail(job, str(_("The import failed and was taken back as a whole.")))


def _carry_out(job: Job, actor: Actor) -> None:
    kind = kinds()[job.kind.removeprefix(PREFIX)](actor)
    with job.file.open("rb") as file:
        found, _ignored = plans.plans_of(kind, file, lambda done, total: None)
    work = [plan for plan in found if plan.action in (NEW, CHANGED)]
    for done, plan in enumerate(work, start=1):
        _apply_row(kind, plan)
        if done % 20 == 0:
            _tell(job, done, len(work))
    counts = plans.counted(found)
    job.result |= {"counts": counts, "errors": list(plans.errors_of(found, MOST_ERRORS))}
    if counts[WRONG] and not job.params["only_good"]:
        raise _Refused
    job.result |= {"stage": APPLIED}
    job.state, job.finished_at = JobState.DONE, timezone.now()
    job.done = job.total = len(found)
    job.save(update_fields=["state", "finished_at", "result", "done", "total"])
    audit.record(actor, f"{job.kind}.applied", job, file=job.params["file_name"], **counts)
    cache.delete(_key(job))


def _apply_row(kind: Kind, plan: Plan) -> None:
    """One row in its own savepoint; a rule that says no makes it a wrong one."""
    try:
        with transaction.atomic():
            kind.apply(plan)
    except DomainError as error:
        plan.action = WRONG
        plan.errors.append((kind.label_of(error.field or ""), str(error)))


def _plans(job: Job) -> tuple[list[Plan], list[str]]:
    kind = kinds()[job.kind.removeprefix(PREFIX)](Actor.system(current_tenant_id()))
    with job.file.open("rb") as file:
        return plans.plans_of(kind, file, lambda done, total: _tell(job, done, total))


def _may(actor: Actor, kind: str) -> None:
    if kind not in kinds_for(actor):
        raise NotYours


def _won(job_id: int, state: str) -> Job | None:
    """The job, locked, in the state that the task expects; None when another one has it."""
    return (
        Job.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("requested_by")
        .filter(pk=job_id, state=state, kind__startswith=PREFIX)
        .first()
    )


def _fail(job: Job, sentence: str) -> None:
    job.state, job.message, job.finished_at = JobState.FAILED, sentence, timezone.now()
    job.save(update_fields=["state", "message", "finished_at", "result"])
    cache.delete(_key(job))


def _key(job: Job) -> str:
    return f"job:{job.tenant_id}:{job.pk}"


def _tell(job: Job, done: int, total: int) -> None:
    # The transaction of the work hides its rows until it ends; the cache shows how far it is.
    cache.set(_key(job), (done, total), KEPT_SECONDS)


def progress_of(job: Job) -> tuple[int, int]:
    """Rows done and to do of a job that runs; (0, 0) before the first report."""
    done, total = cache.get(_key(job)) or (job.done, job.total)
    return int(done), int(total)


def job_of(public_id: UUID) -> Job | None:
    """An import by its public id, in the current tenant."""
    jobs = Job.objects.select_related("requested_by").filter(kind__startswith=PREFIX)
    return jobs.filter(public_id=public_id).first()
