"""The gates of messages."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from core.actor import Actor
from notifications.models import Notification, OutboxMessage, Webhook
from notifications.queries import calls_of, mine


def get_notification(
    actor: Actor, public_id: UUID, *, to: str = "notification.view"
) -> Notification:
    """One's own notification; anybody else's does not exist."""
    found = get_object_or_404(mine(actor), public_id=public_id)
    if not actor.may(to):
        raise PermissionDenied
    return found


def get_message(actor: Actor, public_id: UUID, *, to: str = "message.manage") -> OutboxMessage:
    found = get_object_or_404(OutboxMessage, public_id=public_id)
    if not actor.may(to):
        raise PermissionDenied
    return found


def get_webhook(actor: Actor, code: str, *, to: str = "webhook.manage") -> Webhook:
    found = get_object_or_404(Webhook, code=code)
    if not actor.may(to):
        raise PermissionDenied
    return found


def get_call(webhook: Webhook, public_id: UUID) -> OutboxMessage:
    """One call of a webhook that its gate has opened."""
    return get_object_or_404(calls_of(webhook), public_id=public_id)
