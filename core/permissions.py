"""The gate of the API: the role's permission, from each view's own table."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core.actor import Actor

# For what everybody of a company may: one's own things.
SIGNED_IN = "signed_in"


class ActorMay(BasePermission):
    """The role's permission for this action, from the view's own table; no entry, no entrance."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = getattr(request._request, "actor", None)
        if actor is None:
            raise exceptions.NotAuthenticated
        action = view.action
        if action is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        wanted = view.permissions[action]
        return wanted == SIGNED_IN or cast(Actor, actor).may(wanted)
