"""The administrator's pages of policies with their versions and targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, editions, services
from sla.facts import in_words
from sla.forms.policies import PolicyForm, target_forms
from sla.models import Policy, PolicyVersion
from sla.preview import Meant, Preview, preview, running_clocks
from sla.queries import newest_versions
from sla.states import Promise
from sla.views.formpages import form_page, say


@require_safe
@page("policy.manage")
def policies(request: ActorRequest) -> HttpResponse:
    """All policies in their order as they are in force, and what is planned."""
    now = timezone.now()
    standing = {version.policy_id: version for version in editions.in_force(now)}
    newest = {version.policy_id: version for version in newest_versions()}
    shown = [standing.get(pk, version) for pk, version in newest.items()]
    rows = [
        {
            "version": version,
            "planned": later if (later := newest[version.policy_id]) != version else None,
            "targets": _in_order(version),
            "conditions": in_words(version.conditions),
        }
        for version in sorted(shown, key=lambda each: (each.position, each.policy_id))
    ]
    return render(request, "sla/policies.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy.manage")
def policy_new(request: ActorRequest) -> HttpResponse:
    return _edit_policy(request, Policy(), PolicyVersion(number=1, position=50))


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy.manage")
def policy_edit(request: ActorRequest, code: str) -> HttpResponse:
    policy = access.get_policy(request.actor, code)
    return _edit_policy(request, policy, policy.versions.get(valid_to=None))


@require_safe
@page("policy.manage")
def policy_history(request: ActorRequest, code: str) -> HttpResponse:
    """Every version with its author, its reason and what it changed."""
    policy = access.get_policy(request.actor, code)
    rows = list(editions.versions(policy))
    now = timezone.now()
    context = {
        "policy": policy,
        "rows": [
            {
                "version": version,
                "changes": changes,
                "is_now": version.is_in_force(now),
                "may_withdraw": version.valid_from > now and version.number > 1,
            }
            for version, changes in editions.with_changes(rows)
        ],
        "running": running_clocks(policy),
    }
    return render(request, "sla/policy_history.html", context)


@require_POST
@page("policy.manage")
def policy_withdraw(request: ActorRequest, code: str) -> HttpResponse:
    """Take back the version that is planned."""
    policy = access.get_policy(request.actor, code)
    number = request.POST.get("version", "")
    try:
        services.withdraw_version(
            actor=request.actor, policy=policy, number=int(number) if number.isdecimal() else 0
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect("sla:policy-history", code)


def _edit_policy(request: ActorRequest, policy: Policy, newest: PolicyVersion) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = PolicyForm(posted, policy=policy, newest=newest)
    targets = target_forms(posted, newest)
    shown: Preview | None = None
    asks_first = False
    if request.method == "POST" and all([form.is_valid(), *(each.is_valid() for each in targets)]):
        policy.code = form.cleaned_data.get("code") or policy.code
        wanted = [target for each in targets if (target := each.target())]
        shown = preview(_meant(policy, form, [target.promise for target in wanted]))
        asks_first = bool(shown.doubts) and "confirmed" not in request.POST
        if "preview" not in request.POST and not asks_first:
            try:
                services.save_policy(
                    actor=request.actor, policy=policy, targets=wanted, **form.values()
                )
            except DomainError as error:
                say(form, error)
            else:
                messages.success(
                    request, _("The policy is saved. Running clocks keep their times.")
                )
                return redirect("sla:policies")
    context = {
        "form": form,
        "targets": targets,
        "policy": policy,
        "is_new": policy.pk is None,
        "newest": newest,
        "preview": shown,
        "asks_first": asks_first,
        "is_planned": policy.pk is not None and newest.valid_from > timezone.now(),
        "running": running_clocks(policy) if policy.pk else 0,
    }
    rungs = [rung for each in targets for rung in each.rungs]
    answer = form_page(request, "sla/policy_form.html", context, form, *targets, *rungs)
    if asks_first and "preview" not in request.POST:
        answer.status_code = 422
    return answer


def _meant(policy: Policy, form: PolicyForm, promises: Sequence[str]) -> Meant:
    data = form.cleaned_data
    return Meant(policy, data["position"], form.conditions, data["is_active"], promises)


def _in_order(version: PolicyVersion) -> list[dict[str, Any]]:
    """What a version promises, in the order of the work."""
    by_promise = {target.promise: target for target in version.targets.all()}
    return [
        {"label": promise.label, "target": by_promise[promise.value]}
        for promise in Promise
        if promise.value in by_promise
    ]
