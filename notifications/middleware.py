"""Lets every page know how much waits under the bell, at the price of one query when it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from notifications.queries import unread_count


class UnreadMiddleware:
    """Stands below `accounts.middleware.ActorMiddleware`, inside the walls."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is not None:
            cast(Any, request).unread = lambda: unread_count(actor)
        return self.get_response(request)
