"""Who asks, in which company: sets the tenant's walls around the whole request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import pghistory
import structlog
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.actors import actor_for, companies_of
from accounts.models import User
from core.actor import Actor
from core.models import Tenant
from core.tenancy import dealer_wall, tenant_scope

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

COMPANY_KEY = "company"


class ActorRequest(HttpRequest):
    """The request as views see it after `signed_in`."""

    user: User  # behind the gate nobody is anonymous
    actor: Actor
    tenant: Tenant
    htmx: HtmxDetails


class ActorMiddleware:
    """Puts `request.actor` and `request.tenant`, in one transaction behind the walls.

    A person without a company, a visitor and the API with a token (which opens its own scope)
    pass with `request.actor = None`; tenant data is then an error by the row policies.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        bare = cast(Any, request)
        bare.actor, bare.tenant, bare.companies = None, None, []
        if request.path.startswith("/api/") and "Authorization" in request.headers:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._in_time(request, None, None)
        user = request.user
        bare.companies = companies_of(user)
        chosen = request.session.get(COMPANY_KEY)
        company = next(
            (c for c in bare.companies if c.tenant_id == chosen),
            next(iter(bare.companies), None),
        )
        if company is None:
            return self._in_time(request, user, None)
        bare.companies = [replace(c, is_current=c == company) for c in bare.companies]
        with tenant_scope(company.tenant_id):
            bare.actor = actor = actor_for(user, company)
            bare.tenant = Tenant.objects.get(pk=company.tenant_id)
            structlog.contextvars.bind_contextvars(
                tenant_id=actor.tenant_id, user_id=user.pk, role=actor.role
            )
            with (
                dealer_wall(actor.dealer_ids),
                pghistory.context(actor=actor.label, user_id=user.pk, url=request.path),
            ):
                response = self._in_time(request, user, bare.tenant)
            if response.status_code >= 500 or getattr(request, "must_roll_back", False):
                transaction.set_rollback(True)
        return response

    def _in_time(
        self, request: HttpRequest, user: User | None, tenant: Tenant | None
    ) -> HttpResponse:
        """Answer in the person's language and zone: own wish, tenant's, browser's."""
        language = (user.language if user else "") or _wish(request)
        if not language and tenant:
            language = tenant.language
        zone = (user.time_zone if user else "") or (tenant.time_zone if tenant else "")
        if language:
            translation.activate(language)
            cast(Any, request).LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(zone) if zone else None):
            response = self.get_response(request)
            # Templates are rendered here, inside zone and walls, not later by the handler.
            render = getattr(response, "render", None)
            if callable(render) and not getattr(response, "is_rendered", True):
                response = render()
        return response


def _wish(request: HttpRequest) -> str:
    """The language chosen by cookie; a browser's wish counts for visitors (LocaleMiddleware)."""
    chosen = request.COOKIES.get("django_language", "")
    return chosen if translation.check_for_language(chosen) else ""
