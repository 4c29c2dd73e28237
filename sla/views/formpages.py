"""What the pages with a form share: a refusal at its field, and the page answered with 422."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from accounts.middleware import ActorRequest
from core.errors import DomainError


def say(form: forms.Form, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def form_page(
    request: ActorRequest, template: str, context: dict[str, Any], *each: forms.Form
) -> HttpResponse:
    is_refused = any(form.is_bound and form.errors for form in each)
    return render(request, template, context, status=422 if is_refused else 200)
