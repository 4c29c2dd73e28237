"""API tokens: made, shown once, listed, revoked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, queries, services
from accounts.forms import TokenForm
from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.views.people import refuse
from core.errors import DomainError

MOST = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page("token.manage")
def tokens(request: ActorRequest) -> HttpResponse:
    """The list, and the form above it; the answer to the form alone shows the secret."""
    people = queries.people(request.actor).filter(is_active=True)
    mine = people.filter(user_id=request.user.pk).first()
    initial = {"person": mine.public_id if mine else None}
    form = TokenForm(request.POST or None, people=people, initial=initial)
    created, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            created, secret = services.create_token(
                actor=request.actor,
                membership=form.cleaned_data["person"],
                name=form.cleaned_data["name"],
                expires_at=timezone.now() + timedelta(days=form.cleaned_data["days"]),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            form = TokenForm(people=people, initial=initial)
    context = {
        "form": form,
        "created": created,
        "secret": secret,
        "rows": list(queries.api_tokens(request.actor)[:MOST]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
@page("token.manage")
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    token = access.get_token(request.actor, public_id)
    services.revoke_token(actor=request.actor, token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("accounts:tokens")
