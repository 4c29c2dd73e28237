"""Errors of the API: one shape, whatever went wrong."""

from __future__ import annotations

from typing import Any, cast

import structlog
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

from core.errors import DomainError


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """One shape: {"error": {"code", "message", "fields", "request_id"}}; 409 and 422 apart."""
    request = context["request"]._request
    request.must_roll_back = True
    code, message, fields, http = _describe(error)
    if code is None:
        return None
    headers = {}
    if http == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = getattr(error, "auth_header", "Bearer")
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(error_body(code, message, fields), status=http, headers=headers)


def error_body(code: str, message: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """What every refusal under /api/ looks like, before and behind the views."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    error = {"code": code, "message": message, "fields": fields or {}, "request_id": request_id}
    return {"error": error}


def not_found_sentence() -> str:
    """The same for what is missing, foreign, or no address at all."""
    return _("There is no such thing here.")


def _describe(error: Exception) -> tuple[str | None, str, dict[str, Any], int]:
    if isinstance(error, DomainError):
        if error.field:
            return error.code, str(error), {error.field: [str(error)]}, 422
        return error.code, str(error), {}, 409
    if isinstance(error, Http404):
        return "not_found", not_found_sentence(), {}, 404
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return "forbidden", _("Your role may not do this."), {}, 403
    if isinstance(error, IntegrityError):
        # A rule of the database that no form foresaw: refused, and not the server's fault.
        return "conflict", _("This contradicts what is stored already."), {}, 409
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail
        fields = detail if isinstance(detail, dict) else {"non_field_errors": detail}
        return "invalid", _("Some entries need a correction."), cast(Any, fields), 422
    if isinstance(error, DjangoValidationError):
        return (
            "invalid",
            _("Some entries need a correction."),
            {"": error.messages},
            422,
        )
    if isinstance(error, exceptions.APIException):
        return str(error.default_code), str(error.detail), {}, error.status_code
    return None, "", {}, 500
