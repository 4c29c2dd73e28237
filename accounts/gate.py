"""The gate of every page: signed in, in a company, and allowed by the role.

Each view says it once, and the access matrix of the tests reads it from the view:

    @page("ticket.view")   people whose role grants it; `view.permission = "ticket.view"`
    @signed_in             every role of the company; `view.permission = ""`
    @public                visitors as well; `view.permission = None`
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])


def page(permission: str) -> Callable[[View], View]:
    """Let in whose role grants `noun.verb`; others: sign-in, own home, or 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            actor = cast(Actor | None, getattr(request, "actor", None))
            if actor is None:
                return redirect("home")
            if permission and not actor.may(permission):
                raise PermissionDenied
            return cast(HttpResponse, view(request, *args, **kwargs))

        marked = cast(Any, gated)
        marked.permission, marked.is_public = permission, False
        return cast(View, gated)

    return decorate


def signed_in(view: View) -> View:
    """Let in everybody who works in the company, whatever the role."""
    return page("")(view)


def public(view: View) -> View:
    """Mark a view that needs no sign-in; anything it shows must bear being seen by all."""
    marked = cast(Any, view)
    marked.permission, marked.is_public = None, True
    return view


def _sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a part of a page gets 401, and its script offers to sign in."""
    if "HX-Request" in request.headers or "X-Live-Version" in request.headers:
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
