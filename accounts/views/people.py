"""Who works here: the list, invitations, roles, leaving and coming back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, queries, services
from accounts.directory import dealer_labels
from accounts.filters import PeopleFilter
from accounts.forms import InviteForm, ReasonForm, RoleForm
from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.views.keyset import keyset
from core.errors import DomainError


@require_safe
@page("user.manage")
def people(request: ActorRequest) -> HttpResponse:
    """Everybody, found by name, e-mail or telephone, role and whether they work here."""
    chosen = PeopleFilter(request.GET, queries.people(request.actor))
    rows, next_after = keyset(request, chosen.qs)
    away = queries.absences_at(timezone.now())
    invitations = list(queries.open_invitations(request.actor)[:200])
    dealers = dealer_labels([row.dealer_id for row in [*rows, *invitations] if row.dealer_id])
    context = {
        "rows": [(row, dealers.get(row.dealer_id or 0, ""), away.get(row.user_id)) for row in rows],
        "invitations": [(row, dealers.get(row.dealer_id or 0, "")) for row in invitations],
        "form": chosen.form,
        "next_after": next_after,
        "is_filtered": any(request.GET.get(name) for name in ("q", "role", "is_active")),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("user.manage")
def invite(request: ActorRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation = services.invite(
                actor=request.actor,
                email=given["email"],
                name=given["name"],
                role=given["role"],
                dealer_id=given["dealer"],
            )
        except DomainError as error:
            refuse(form, error)
        else:
            sentence = _("The invitation goes to %(email)s; it is valid for 72 hours.")
            messages.success(request, sentence % {"email": invitation.email})
            return redirect("accounts:people")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/invite.html", {"form": form}, status=status)


def refuse(form: forms.Form, error: DomainError) -> None:
    """Show a service's refusal at its field, with everything typed kept."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


@require_POST
@page("user.manage")
def resend(request: ActorRequest, public_id: UUID) -> HttpResponse:
    invitation = access.get_invitation(request.actor, public_id)
    services.resend_invitation(actor=request.actor, invitation=invitation)
    messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect("accounts:people")


@require_POST
@page("user.manage")
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    invitation = access.get_invitation(request.actor, public_id)
    services.revoke_invitation(actor=request.actor, invitation=invitation)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("accounts:people")


@require_safe
@page("user.manage")
def person(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One person: facts, role, and what was done to their post."""
    membership = access.get_membership(request.actor, public_id)
    return _person(request, membership, RoleForm.of(membership), ReasonForm())


def _person(
    request: ActorRequest, membership: Any, role_form: Any, reason_form: Any, status: int = 200
) -> HttpResponse:
    dealer = dealer_labels([membership.dealer_id] if membership.dealer_id else [])
    context = {
        "member": membership,
        "dealer": dealer.get(membership.dealer_id, ""),
        "form": role_form,
        "reason_form": reason_form,
        "events": queries.audit_of(request.actor, membership),
    }
    return render(request, "accounts/person.html", context, status=status)


@require_POST
@page("user.manage")
def change_role(request: ActorRequest, public_id: UUID) -> HttpResponse:
    membership = access.get_membership(request.actor, public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role, dealer_id = form.cleaned_data["role"], form.cleaned_data["dealer"]
        try:
            services.change_role(
                actor=request.actor, membership=membership, role=role, dealer_id=dealer_id
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The role is changed; it counts from the next click on."))
            return redirect("accounts:person", membership.public_id)
    return _person(request, membership, form, ReasonForm(), status=422)


@require_POST
@page("user.manage")
def deactivate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    membership = access.get_membership(request.actor, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.deactivate(
                actor=request.actor, membership=membership, reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("This person can no longer sign in to the company."))
            return redirect("accounts:person", membership.public_id)
    return _person(request, membership, RoleForm.of(membership), form, status=422)


@require_POST
@page("user.manage")
def reactivate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    membership = access.get_membership(request.actor, public_id)
    services.reactivate(actor=request.actor, membership=membership)
    messages.success(request, _("This person works here again, with the role of before."))
    return redirect("accounts:person", membership.public_id)
