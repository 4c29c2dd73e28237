"""The page behind the link of an invitation, seen by people who are nobody here yet."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import access, services
from accounts.forms import AcceptForm
from accounts.gate import public
from accounts.middleware import COMPANY_KEY
from accounts.models import Invitation, User
from core.models import Tenant
from core.tenancy import tenant_scope


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Join a company: with a new account, or after signing in with the one that exists.

    Used, withdrawn, expired and never made all look alike.
    """
    tenant_id = access.tenant_of_invitation(secret)
    if tenant_id is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    with tenant_scope(tenant_id):
        invitation = access.invitation_of(secret)
        if invitation is None:
            return render(request, "accounts/invitation_closed.html", status=404)
        return _answer(request, invitation, Tenant.objects.get(pk=tenant_id))


def _answer(request: HttpRequest, invitation: Invitation, tenant: Tenant) -> HttpResponse:
    context: dict[str, Any] = {"invitation": invitation, "company": tenant, "form": None}
    owner = User.objects.filter(email=invitation.email).first()
    if owner is None:
        initial = {"name": invitation.name}
        form = AcceptForm(request.POST or None, email=invitation.email, initial=initial)
        if request.method == "POST" and form.is_valid():
            post = services.accept_invitation(
                invitation=invitation,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
            )
            login(request, post.user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return _come_in(request, tenant)
        context["form"] = form
    elif request.user == owner:
        if request.method == "POST":
            services.accept_invitation(invitation=invitation, user=owner)
            return _come_in(request, tenant)
    else:
        # The mailbox is not enough for an account that exists: its owner must sign in.
        context["must_sign_in"] = True
        context["is_other"] = request.user.is_authenticated
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/accept.html", context, status=status)


def _come_in(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    cast(Any, request).session[COMPANY_KEY] = tenant.pk
    return redirect("home")
