"""From a row of the outbox to a letter in the reader's language and zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts import tokens
from core.models import Tenant
from notifications.channels import Letter
from notifications.models import Channel, OutboxMessage
from notifications.services.telling import LINK
from notifications.wording import word


def compose(message: OutboxMessage, tenant: Tenant) -> Letter:
    """Word the message; needs no tenant data but the row itself, so it runs outside the walls."""
    user = message.recipient_user
    with spoken_to(message, tenant):
        worded = word(message.event, message.params)
        if message.channel == Channel.SMS:
            return Letter(key_of(message), message.address, worded.title, worded.body)
        context = {
            "title": worded.title,
            "body": worded.body,
            "url": _link(message, tenant),
            "name": user.name if user else "",
            "company": tenant.name,
            "hotline": tenant.hotline,
            "language": message.language,
            "can_choose": user is not None,
        }
        return Letter(
            key_of(message),
            message.address,
            worded.title,
            render_to_string("email/message.txt", context),
            render_to_string("email/message.html", context),
        )


@contextmanager
def spoken_to(message: OutboxMessage, tenant: Tenant) -> Iterator[None]:
    """In the language and zone of the reader."""
    user = message.recipient_user
    zone = (user.time_zone if user else "") or tenant.time_zone
    with translation.override(message.language), timezone.override(ZoneInfo(zone)):
        yield


def key_of(message: OutboxMessage) -> str:
    """The message's name towards the outside: random, and the same at each attempt."""
    return f"sanbao-{message.public_id}"


def _link(message: OutboxMessage, tenant: Tenant) -> str:
    """The whole address; a person of several companies lands in the one that writes."""
    make = LINKS.get(message.event)
    path = make(message.params) if make else message.params.get(LINK, "")
    if not path:
        return ""
    if make is None:
        path = f"{reverse('accounts:enter', args=[tenant.slug])}?{urlencode({'to': path})}"
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _invitation(params: dict[str, Any]) -> str:
    secret = tokens.invitation_secret(
        UUID(params["invitation_id"]), datetime.fromisoformat(params["expires_at"])
    )
    return reverse("accounts:accept", args=[secret])


# Links that hold a secret are made when the mail is written, and never stored.
LINKS: dict[str, Callable[[dict[str, Any]], str]] = {"invitation": _invitation}
