"""The running clocks of a policy beside what the policy of today would make of them (R-002)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from core.models import Job
from sla import access
from sla.models import Clock, Policy
from sla.reapply_jobs import KIND, start_reapply
from sla.services.reapply import outlooks
from sla.states import LIVE
from sla.subjects import address

# More are done all at once, or the soonest due first.
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page("clock.manage")
def running(request: ActorRequest, code: str) -> HttpResponse:
    """The clocks with old and new due time; the chosen ones, or all, are ordered to follow."""
    policy = access.get_policy(request.actor, code, to="clock.manage")
    clocks = Clock.objects.filter(version__policy=policy, state__in=LIVE)
    refused = ""
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("clock") if pk.isdecimal()]
        if "all" in request.POST:
            chosen = list(clocks.values_list("pk", flat=True))
        try:
            job = start_reapply(actor=request.actor, policy=policy, clocks=chosen)
        except DomainError as error:
            refused = str(error)
        else:
            return redirect("sla:reapply-job", policy.code, job.public_id)
    context = _context(policy, refused)
    return render(request, "sla/policy_running.html", context, status=422 if refused else 200)


@require_safe
@page("clock.manage")
def reapply_job(request: ActorRequest, code: str, public_id: UUID) -> HttpResponse:
    """How far it is, and what came of it."""
    policy = access.get_policy(request.actor, code, to="clock.manage")
    jobs = Job.objects.filter(kind=KIND, params__policy=policy.code)
    job = get_object_or_404(jobs, public_id=public_id)
    return render(request, "sla/reapply_job.html", {"policy": policy, "job": job})


def _context(policy: Policy, refused: str) -> dict[str, object]:
    clocks = Clock.objects.filter(version__policy=policy, state__in=LIVE)
    shown = clocks.select_related("version__policy", "calendar").order_by("due_at", "id")[:SHOWN]
    rows = [
        {
            "outlook": outlook,
            "url": address(outlook.clock.subject, outlook.clock.subject_number),
            "says": _says(outlook.target is None, outlook.is_same),
        }
        for outlook in outlooks(list(shown))
    ]
    total = clocks.count()
    return {
        "policy": policy,
        "rows": rows,
        "total": total,
        "left_out": total - len(rows),
        "refused": refused,
        "changing": sum(not row["says"] for row in rows),
    }


def _says(is_promised_no_more: bool, is_same: bool) -> str:
    if is_promised_no_more:
        return _("No policy in force promises this; it keeps its time.")
    return _("Follows the policy in force already.") if is_same else ""
