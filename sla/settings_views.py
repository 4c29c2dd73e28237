"""The administrator's pages of policies with their targets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from core.errors import DomainError
from sla import access, services
from sla.formpages import form_page, say
from sla.forms import PolicyForm, TargetForm
from sla.models import Policy, PolicyVersion
from sla.queries import newest_versions
from sla.states import Promise


@require_safe
@page("policy.manage")
def policies(request: ActorRequest) -> HttpResponse:
    """All policies in their order, with what each promises."""
    rows = [
        {"newest": newest, "targets": _in_order(newest), "conditions": _conditions(newest)}
        for newest in newest_versions()
    ]
    return render(request, "sla/policies.html", {"rows": rows, "promises": Promise})


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy.manage")
def policy_new(request: ActorRequest) -> HttpResponse:
    return _edit_policy(request, Policy(), PolicyVersion(number=1, position=50))


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy.manage")
def policy_edit(request: ActorRequest, code: str) -> HttpResponse:
    policy = access.get_policy(request.actor, code)
    return _edit_policy(request, policy, policy.versions.get(valid_to=None))


def _edit_policy(request: ActorRequest, policy: Policy, newest: PolicyVersion) -> HttpResponse:
    posted = request.POST or None
    form = PolicyForm(posted, policy=policy, newest=newest)
    targets = [TargetForm(posted, newest=newest, promise=promise) for promise in Promise]
    if request.method == "POST" and all([form.is_valid(), *(each.is_valid() for each in targets)]):
        policy.code = form.cleaned_data.get("code") or policy.code
        wanted = [target for each in targets if (target := each.target())]
        try:
            services.save_policy(
                actor=request.actor, policy=policy, targets=wanted, **form.values()
            )
        except DomainError as error:
            say(form, error)
        else:
            messages.success(request, _("The policy is saved. Running clocks keep their times."))
            return redirect("sla:policies")
    is_new = policy.pk is None
    context = {"form": form, "targets": targets, "policy": policy, "is_new": is_new}
    return form_page(request, "sla/policy_form.html", context, form, *targets)


def _in_order(newest: PolicyVersion) -> list[Any]:
    by_promise = {target.promise: target for target in newest.targets.all()}
    return [by_promise.get(promise.value) for promise in Promise]


def _conditions(newest: PolicyVersion) -> list[str]:
    """What the policy catches, in words."""
    form = PolicyForm(policy=newest.policy, newest=newest)
    said = []
    for field in form.conditions:
        chosen = [str(label) for value, label in field.field.choices if value in field.initial]  # type: ignore[attr-defined]
        if chosen:
            said.append(f"{field.label}: {', '.join(chosen)}")
    return said
