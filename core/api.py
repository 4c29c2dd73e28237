"""The base of every API view: gate by role, walls, retries of a creating POST."""

from __future__ import annotations

import json
from contextlib import ExitStack
from hashlib import sha256
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.bodies import is_storable
from core.errors import DomainError
from core.models import IdempotencyKey
from core.tenancy import tenant_scope

KEY_HEADER = "Idempotency-Key"
KEY_LONGEST = 255


class TenantViewSet(viewsets.GenericViewSet[Any]):
    """An API view inside the walls: one transaction per call, rolled back on any error.

    `permissions` maps each action to the permission it needs; a viewset whose action has none
    does not start. A creating POST may carry an `Idempotency-Key`: its answer is kept with the
    change and given again to the same credential, path and body.
    """

    permissions: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = {"list", "retrieve", "create", "update", "partial_update", "destroy"}
        actions = {name for name in known if hasattr(cls, name)}
        actions |= {method.__name__ for method in cls.get_extra_actions()}
        if missing := actions - set(cls.permissions):
            raise ImproperlyConfigured(f"{cls.__name__} has no permission for {missing}.")

    @property
    def actor(self) -> Actor:
        return cast(Actor, cast(Any, self.request._request).actor)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.is_walled = False
        with ExitStack() as self.walls:
            response: Any = super().dispatch(request, *args, **kwargs)
            # A file is no rendered answer; it is opened here and read behind the walls.
            if isinstance(response, Response):
                response.render()
            # Only what was opened here: the scope of a session's request rolls back by itself.
            if self.is_walled and getattr(request, "must_roll_back", False):
                transaction.set_rollback(True)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.perform_authentication(request)
        plain = cast(Any, request._request)
        actor = getattr(plain, "actor", None)
        if actor is not None and actor.via_token:
            self.is_walled = True
            self.walls.enter_context(tenant_scope(actor.tenant_id, dealer_ids=actor.dealer_ids))
            self.walls.enter_context(
                pghistory.context(actor=actor.label, user_id=actor.user_id, url=request.path)
            )
            zone = cast(Any, request.user).time_zone or plain.tenant.time_zone
            if zone:
                self.walls.enter_context(timezone.override(ZoneInfo(zone)))
        super().initial(request, *args, **kwargs)
        _refuse_unstorable(request, kwargs)

    def once(self, request: Request, create: Any) -> Response:
        """Run a creating POST, or give the stored answer of the same one."""
        key = request.headers.get(KEY_HEADER, "")
        if not key:
            return cast(Response, create())
        if len(key) > KEY_LONGEST:
            raise exceptions.ValidationError({KEY_HEADER: [_("At most 255 characters.")]})
        plain = cast(Any, request._request)
        body = json.dumps(request.data, sort_keys=True, default=_fingerprint)
        stored, is_new = IdempotencyKey.objects.get_or_create(
            credential=getattr(plain, "credential", f"user:{self.actor.user_id}"),
            method=request.method or "",
            path=request.path,
            key=key,
            defaults={"body_sha256": sha256(body.encode()).hexdigest()},
        )
        if is_new:
            response = cast(Response, create())
            stored.status = response.status_code
            stored.response = json.loads(json.dumps(response.data, default=str))
            stored.save(update_fields=["status", "response"])
            return response
        if stored.body_sha256 != sha256(body.encode()).hexdigest():
            raise KeyReused
        return Response(
            stored.response,
            status=stored.status,
            headers={"Idempotent-Replayed": "true"},
        )


class KeyReused(DomainError):
    code = "idempotency.key_reused"
    field = KEY_HEADER

    def __str__(self) -> str:
        return _("This Idempotency-Key was used for another request.")


def _refuse_unstorable(request: Request, kwargs: dict[str, Any]) -> None:
    """Text that no row can hold is in no address (404) and in no filter (422)."""
    if not all(is_storable(str(value)) for value in kwargs.values()):
        raise Http404
    for name, values in request.query_params.lists():
        if not all(map(is_storable, values)):
            raise exceptions.ValidationError({name: [_("This holds characters that are none.")]})


def _fingerprint(value: Any) -> str:
    """An uploaded file counts by its content, everything else as text."""
    if hasattr(value, "chunks"):
        content = sha256()
        for chunk in value.chunks():
            content.update(chunk)
        value.seek(0)
        return content.hexdigest()
    return str(value)
