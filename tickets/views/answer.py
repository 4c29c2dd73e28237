"""How a page answers after a verb: a part to a script, a redirect with a message to the rest."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from core.errors import DomainError

UNPROCESSABLE = 422


def built(name: str, *args: Any) -> str | None:
    """The address of a page, or None while nobody has built it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None


def put_error(form: forms.Form, error: DomainError, names: dict[str, str] | None = None) -> None:
    """Show a rule's refusal at the field it belongs to, else above the form."""
    name = (names or {}).get(error.field or "", error.field)
    form.add_error(name if name in form.fields else None, str(error))


def say(response: HttpResponse, text: str, level: str = "success") -> HttpResponse:
    """Let the page show a sentence for a moment."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "level": level}})
    return response


def back_to(request: HttpRequest, url: str, text: str) -> HttpResponse:
    """To the page of the thing, which says what was done."""
    messages.success(request, text)
    return redirect(url)


def version_of(*facts: Any) -> str:
    """A short mark that changes when any of the facts does."""
    return sha256(repr(facts).encode()).hexdigest()[:16]


def is_unchanged(request: HttpRequest, version: str) -> bool:
    """Whether a live part asks for what it already shows."""
    return request.headers.get("X-Live-Version") == version
