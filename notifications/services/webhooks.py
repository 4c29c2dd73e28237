"""Webhooks: who is called of what, and what an administrator does with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.tenancy import verb
from notifications.models import Channel, OutboxMessage, Webhook
from notifications.webhooks.events import TEST
from notifications.webhooks.guard import checked_url
from notifications.webhooks.signing import secret_of
from notifications.wording import storable

log = structlog.get_logger(__name__)

LADDER_ACTION = "webhook"
# The word that stands in the address of the form for a new one.
NEW = "new"


@verb
def call_webhook(
    *, code: str, event: str, payload: Mapping[str, Any], cause: str
) -> OutboxMessage | None:
    """Queue a call, once per webhook and cause; None when nobody with this code wants it.

    The receiver gets {"type": event, "timestamp": …, "data": payload}.
    """
    webhook = Webhook.objects.filter(code=code, is_active=True).first()
    if webhook is None or not (event == TEST or webhook.wants(event)):
        return None
    message, _is_new = OutboxMessage.objects.get_or_create(
        channel=Channel.WEBHOOK,
        address=webhook.code,
        cause=cause,
        defaults={
            "webhook": webhook,
            "event": event,
            "params": storable(payload),
            "next_attempt_at": timezone.now(),
        },
    )
    return message


@verb
def call_for_ladder(*, firings: Sequence[Any], at: datetime) -> None:
    """On "sla.fired": the rungs that name a webhook call it, once per step (R-030).

    The firings are read by their fields alone: clocks and messages do not know each other.
    """
    for firing in firings:
        step, clock = firing.step, firing.clock
        if step.action != LADDER_ACTION:
            continue
        is_missed = at >= clock.due_at
        call = call_webhook(
            code=step.webhook,
            event="sla.breached" if is_missed else "sla.warned",
            payload={
                "subject": clock.subject,
                "number": clock.subject_number,
                "promise": clock.promise,
                "holder_kind": clock.holder_kind,
                "holder": clock.holder_label,
                "started_at": clock.started_at,
                "due_at": clock.due_at,
                "rung_at": step.at,
                "fired_at": at,
            },
            cause=f"step:{step.pk}",
        )
        if call is None:
            # The rung stands in the clock's story; that nobody listened stands here.
            log.warning("ladder_without_webhook", webhook=step.webhook, step_id=step.pk)


@verb
def create_webhook(
    *, actor: Actor, code: str, name: str, url: str, events: Sequence[str] = ()
) -> tuple[Webhook, str]:
    """A new endpoint, and its secret, which nobody is shown again."""
    if code == NEW or Webhook.objects.filter(code=code).exists():
        raise DomainError(_("Another webhook has this code."), field="code")
    webhook = Webhook.objects.create(
        code=code, name=name, url=checked_url(url), events=sorted(set(events))
    )
    audit.record(actor, "webhook.created", webhook, url=webhook.url)
    return webhook, secret_of(webhook)


@verb
def edit_webhook(
    *, actor: Actor, webhook: Webhook, name: str, url: str, events: Sequence[str] = ()
) -> Webhook:
    """Change where it points and what it hears; a new address starts without the old one's rest."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    before = webhook.url
    webhook.name, webhook.url, webhook.events = name, checked_url(url), sorted(set(events))
    if webhook.url != before:
        webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
    webhook.save()
    audit.record(actor, "webhook.edited", webhook, url=webhook.url, before=before)
    return webhook


@verb
def pause_webhook(*, actor: Actor, webhook: Webhook) -> Webhook:
    """Call it no more; what is queued waits, and nothing new is queued."""
    return _switch(actor, webhook, is_active=False)


@verb
def resume_webhook(*, actor: Actor, webhook: Webhook) -> Webhook:
    """Call it again, at once and with what waited."""
    return _switch(actor, webhook, is_active=True)


def _switch(actor: Actor, webhook: Webhook, *, is_active: bool) -> Webhook:
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.is_active == is_active:
        return webhook
    webhook.is_active = is_active
    webhook.failures, webhook.failing_since, webhook.rests_until = 0, None, None
    webhook.save()
    audit.record(actor, "webhook.resumed" if is_active else "webhook.paused", webhook)
    return webhook


@verb
def renew_secret(*, actor: Actor, webhook: Webhook, at: datetime | None = None) -> str:
    """A new secret, shown once; the one before signs beside it for a day."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.secret_number += 1
    webhook.secret_changed_at = at or timezone.now()
    webhook.save(update_fields=["secret_number", "secret_changed_at", "updated_at"])
    audit.record(actor, "webhook.secret_renewed", webhook)
    return secret_of(webhook)


@verb
def send_test(*, actor: Actor, webhook: Webhook) -> OutboxMessage:
    """Queue a call that says it is only a test."""
    message = call_webhook(
        code=webhook.code,
        event=TEST,
        payload={"webhook": webhook.code, "sent_by": actor.label},
        cause=f"test:{uuid4()}",
    )
    if message is None:
        raise WrongState
    audit.record(actor, "webhook.tested", webhook)
    return message
