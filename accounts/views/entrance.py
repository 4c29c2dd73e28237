"""Signing in leads here; choosing the company one works in, and the language."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.gate import public, signed_in
from accounts.middleware import COMPANY_KEY, ActorRequest
from accounts.models import User
from accounts.roles import HOME


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the role; a person without a company is told so."""
    actor = cast(Any, request).actor
    if actor is None:
        return render(request, "accounts/no_company.html")
    try:
        return redirect(reverse(HOME[actor.role]))
    except NoReverseMatch:
        return render(request, "accounts/home.html")


# Everybody who is signed in, even without a company: the gate would send those here again.
cast(Any, home).permission = ""


@public
def closed(request: HttpRequest) -> HttpResponse:
    """In place of the library's page for addresses: the one that was invited stays.

    Somebody who could change it would receive mails, and take invitations, of another address.
    """
    raise Http404


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read all pages in another language: kept with the person, or for visitors in a cookie."""
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=code)
    return set_language(request)


@require_POST
@signed_in
def switch_company(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own companies."""
    wanted = request.POST.get("company", "")
    for company in cast(Any, request).companies:
        if str(company.tenant_id) == wanted:
            request.session[COMPANY_KEY] = company.tenant_id
            return redirect("home")
    raise Http404


@require_safe
@signed_in
def enter(request: ActorRequest, slug: str) -> HttpResponse:
    """Follow a link out of a mail: into the company that wrote it, then to the page `to`.

    Who works in one company only would not need it; who works in several would meet a page
    that does not exist in the company that is chosen just now.
    """
    path = request.GET.get("to", "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    for company in cast(Any, request).companies:
        if company.slug == slug:
            request.session[COMPANY_KEY] = company.tenant_id
            return redirect(path if is_ours else "home")
    raise Http404
