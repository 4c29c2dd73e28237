"""Error pages: what happened, what is safe, what to do."""

from __future__ import annotations

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.api_errors import error_body, not_found_sentence


def _answer(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error_body(code, sentence), status=status)
    return render(request, f"errors/{status}.html", status=status)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for by themselves, wherever they are: the icon is a file of ours."""
    return HttpResponsePermanentRedirect(static("sanbao/icon.svg"))


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 400, "bad_request", _("The request cannot be read."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 403, "forbidden", _("Your role may not do this."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 404, "not_found", not_found_sentence())


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error_body("server_error", ""), status=500)
    # No request and no context processors: nothing of this page may fail again.
    number = structlog.contextvars.get_contextvars().get("request_id", "")
    page = render_to_string("errors/500.html", {"request_id": number})
    return HttpResponse(page, status=500)
