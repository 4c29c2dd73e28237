"""Pages of webhooks: who is called, how it goes, and what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gate import page
from accounts.middleware import ActorRequest
from accounts.views.keyset import keyset
from core.errors import DomainError
from notifications import access, queries, services
from notifications.forms import WebhookForm
from notifications.models import Webhook
from notifications.webhooks.events import FAMILIES

MANAGE = "webhook.manage"


@require_safe
@page(MANAGE)
def webhooks(request: ActorRequest) -> HttpResponse:
    """All endpoints, and how they do."""
    rows = list(queries.webhooks(request.actor))
    return render(request, "notifications/webhooks.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(MANAGE)
def webhook_new(request: ActorRequest) -> HttpResponse:
    """Only the answer to this form shows the secret."""
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            webhook, secret = services.create_webhook(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            return _detail(request, webhook, secret=secret)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(MANAGE)
def webhook_edit(request: ActorRequest, code: str) -> HttpResponse:
    webhook = access.get_webhook(request.actor, code)
    form = WebhookForm(request.POST or None, webhook=webhook)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_webhook(actor=request.actor, webhook=webhook, **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The webhook is saved."))
            return redirect("notifications:webhook", code)
    return _form_page(request, form, webhook)


def _refuse(form: WebhookForm, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _form_page(request: ActorRequest, form: WebhookForm, webhook: Webhook | None) -> HttpResponse:
    context = {"form": form, "webhook": webhook}
    status = 422 if form.is_bound else 200
    return render(request, "notifications/webhook_form.html", context, status=status)


@require_safe
@page(MANAGE)
def webhook(request: ActorRequest, code: str) -> HttpResponse:
    """One endpoint with the log of its calls."""
    return _detail(request, access.get_webhook(request.actor, code))


def _detail(request: ActorRequest, webhook: Webhook, *, secret: str = "") -> HttpResponse:
    rows, next_after = keyset(request, queries.calls_of(webhook))
    context: dict[str, Any] = {
        "webhook": webhook,
        "families": [FAMILIES.get(family, family) for family in webhook.events],
        "secret": secret,
        "rows": rows,
        "next_after": next_after,
    }
    return render(request, "notifications/webhook.html", context)


@require_POST
@page(MANAGE)
def webhook_test(request: ActorRequest, code: str) -> HttpResponse:
    webhook = access.get_webhook(request.actor, code)
    try:
        services.send_test(actor=request.actor, webhook=webhook)
    except DomainError:
        messages.error(request, _("The webhook is paused. Let it go on first."))
    else:
        messages.success(request, _("The test is on its way; its answer stands below in a moment."))
    return redirect("notifications:webhook", code)


@require_POST
@page(MANAGE)
def webhook_pause(request: ActorRequest, code: str) -> HttpResponse:
    webhook = access.get_webhook(request.actor, code)
    services.pause_webhook(actor=request.actor, webhook=webhook)
    messages.success(request, _("The webhook is paused."))
    return redirect("notifications:webhook", code)


@require_POST
@page(MANAGE)
def webhook_resume(request: ActorRequest, code: str) -> HttpResponse:
    webhook = access.get_webhook(request.actor, code)
    services.resume_webhook(actor=request.actor, webhook=webhook)
    messages.success(request, _("The webhook is called again."))
    return redirect("notifications:webhook", code)


@never_cache
@require_POST
@page(MANAGE)
def webhook_secret(request: ActorRequest, code: str) -> HttpResponse:
    """Only this answer shows the new secret."""
    webhook = access.get_webhook(request.actor, code)
    secret = services.renew_secret(actor=request.actor, webhook=webhook)
    return _detail(request, webhook, secret=secret)


@require_POST
@page(MANAGE)
def call_again(request: ActorRequest, code: str, public_id: UUID) -> HttpResponse:
    webhook = access.get_webhook(request.actor, code)
    call = access.get_call(webhook, public_id)
    services.send_again(actor=request.actor, message=call)
    messages.success(request, _("The message is queued again."))
    return redirect("notifications:webhook", code)
