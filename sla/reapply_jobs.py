"""Many running promises follow a changed policy, batch by batch, for all to watch (R-002)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import after_commit
from core.models import Job, JobState
from core.tenancy import tenant_scope, verb
from sla.models import Clock, Policy
from sla.services.reapply import reapply_policy
from sla.states import LIVE

KIND = "sla.reapply"
# One transaction: the tickets of so many clocks are held for a moment, never all of them.
BATCH = 50


@verb
def start_reapply(*, actor: Actor, policy: Policy, clocks: Sequence[int]) -> Job:
    """Note which running clocks of a policy shall follow it as it is now; a worker does it."""
    chosen = list(
        Clock.objects.filter(pk__in=list(clocks), version__policy=policy, state__in=LIVE)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    if not chosen:
        raise DomainError(_("Choose at least one clock."))
    job = Job.objects.create(
        public_id=uuid4(),
        kind=KIND,
        params={
            "policy": policy.code,
            "clocks": chosen,
            "actor": {"label": actor.label, "role": str(actor.role), "user_id": actor.user_id},
        },
        total=len(chosen),
        requested_by_id=actor.user_id,
    )
    audit.record(actor, "policy.reapplied", policy, clocks=len(chosen), job=str(job.public_id))
    after_commit("sla.reapply", job_id=job.pk)
    return job


def run_reapply(*, tenant_id: int, job_id: int) -> None:
    """Carry out the job, a transaction per batch; a second run goes on where the first stopped."""
    more = True
    while more:
        with tenant_scope(tenant_id):
            more = _batch(tenant_id, job_id)


def _batch(tenant_id: int, job_id: int) -> bool:
    job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    if job.state in (JobState.DONE, JobState.FAILED):
        return False
    by = job.params["actor"]
    actor = Actor(tenant_id=tenant_id, label=by["label"], role=by["role"], user_id=by["user_id"])
    result = {"moved": 0, "left": 0} | job.result
    for pk in job.params["clocks"][job.done : job.done + BATCH]:
        result["moved" if _reapplied(actor, pk) else "left"] += 1
    job.state, job.result = JobState.RUNNING, result
    job.done = min(job.total, job.done + BATCH)
    if job.done == job.total:
        job.state, job.finished_at = JobState.DONE, timezone.now()
    job.save(update_fields=["state", "result", "done", "finished_at"])
    return bool(job.state == JobState.RUNNING)


def _reapplied(actor: Actor, pk: int) -> bool:
    """Whether the clock follows another version now; one that ended meanwhile is left alone."""
    clock = Clock.objects.filter(pk=pk).first()
    if clock is None:
        return False
    try:
        with transaction.atomic():
            return reapply_policy(actor=actor, clock=clock).version_id != clock.version_id
    except DomainError:
        return False
