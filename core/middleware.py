"""A rule that said no becomes a sentence on a page, and nothing of the request is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError


class ErrorMiddleware:
    """For pages; the API's handler is `core.api.answer_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # The scope of the request (accounts.middleware) rolls back whatever page comes of it.
        cast(Any, request).must_roll_back = True
        if isinstance(exception, DomainError):
            return render(request, "errors/409.html", {"sentence": str(exception)}, status=409)
        return None
