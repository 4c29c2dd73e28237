"""How the API knows who asks: a token of a membership, or the session of the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.actors import Company, actor_for
from accounts.models import ApiToken, User
from core.models import Tenant
from core.tenancy import tenant_scope

SCHEME = "Bearer"
# Writing the last use at each call would make reads write: once in a while is enough.
SEEN_EVERY = timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer sb_…`; opens the tenant's walls until `core.api` closes them."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _sep, secret = request.headers.get("Authorization", "").partition(" ")
        if kind != SCHEME or not secret:
            return None
        hashed = tokens.digest(secret.strip())
        with connection.cursor() as cursor:
            cursor.execute("SELECT accounts_tenant_of_token(%s)", [hashed])
            tenant_id = cursor.fetchone()[0]
        if tenant_id is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        now = timezone.now()
        with tenant_scope(tenant_id):
            token = (
                ApiToken.objects.select_related("membership__user")
                .filter(digest=hashed, revoked_at=None, expires_at__gt=now)
                .filter(membership__is_active=True, membership__user__is_active=True)
                .first()
            )
            if token is None:
                raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
            ApiToken.objects.filter(
                Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY), pk=token.pk
            ).update(last_used_at=now)
            user = token.membership.user
            tenant = Tenant.objects.get(pk=tenant_id)
            company = Company(
                membership_id=token.membership.pk,
                tenant_id=tenant.pk,
                slug=tenant.slug,
                name=tenant.name,
                role=token.membership.role,
                dealer_id=token.membership.dealer_id,
            )
            actor = actor_for(user, company, via_token=True)
        # Kept on Django's own request: the API's view opens the walls around its whole answer.
        plain = cast(Any, request._request)
        plain.actor, plain.tenant = actor, tenant
        plain.credential = f"token:{token.pk}"
        if user.language:
            translation.activate(user.language)
        structlog.contextvars.bind_contextvars(
            tenant_id=tenant_id, user_id=user.pk, role=actor.role
        )
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class PageSessionAuthentication(SessionAuthentication):
    """The session of the pages; the middleware has set actor and walls already."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        if getattr(request._request, "actor", None) is None:
            return None
        return super().authenticate(request)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = PageSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
