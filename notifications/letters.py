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
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import tokens
from core.models import Tenant
from notifications.bundles import Parcel
from notifications.channels import Letter
from notifications.models import Channel, OutboxMessage
from notifications.services.telling import LINK
from notifications.wording import label_of, word, worded

# What a digest calls the bundle in its subject; one that is not here has no name.
BUNDLES: dict[str, Any] = {"sla": _("Promises and deadlines")}


def compose(parcel: Parcel, tenant: Tenant) -> Letter:
    """Word the message; needs no tenant data but its rows, so it runs outside the walls."""
    message = parcel.message
    with spoken_to(message, tenant):
        if parcel.count > 1:
            return _digest(parcel, tenant)
        said = word(message.event, message.params)
        if message.channel == Channel.SMS:
            return Letter(key_of(message), message.address, said.title, said.body)
        context = {"body": said.body, "url": _link(message, tenant)}
        return _mail(message, tenant, said.title, "message", context)


def _digest(parcel: Parcel, tenant: Tenant) -> Letter:
    """One letter for many messages: each a line with its link, grouped by what happened."""
    groups: dict[str, list[dict[str, str]]] = {}
    for row in parcel.lines:
        said = worded(row.event, row.params)
        line = {"title": said.title, "body": said.body, "url": _link(row, tenant)}
        groups.setdefault(row.event, []).append(line)
    context = {
        "groups": [
            (label_of(event), parcel.events[event], lines) for event, lines in groups.items()
        ],
        "more": parcel.count - len(parcel.lines),
        "url": _entrance(reverse("notifications:list"), tenant),
    }
    title = digest_title(parcel.message.bundle, parcel.count)
    return _mail(parcel.message, tenant, title, "digest", context)


def digest_title(bundle: str, count: int) -> str:
    """What stands in the subject, in the active language."""
    name = BUNDLES.get(bundle)
    if name:
        title = ngettext("%(bundle)s: %(count)d message", "%(bundle)s: %(count)d messages", count)
    else:
        title = ngettext("%(count)d message", "%(count)d messages", count)
    return title % {"bundle": name, "count": count}


def _mail(
    message: OutboxMessage, tenant: Tenant, title: str, template: str, context: dict[str, Any]
) -> Letter:
    user = message.recipient_user
    context |= {
        "title": title,
        "name": user.name if user else "",
        "company": tenant.name,
        "hotline": tenant.hotline,
        "language": message.language,
        "can_choose": user is not None,
    }
    return Letter(
        key_of(message),
        message.address,
        title,
        render_to_string(f"email/{template}.txt", context),
        render_to_string(f"email/{template}.html", context),
    )


@contextmanager
def spoken_to(message: OutboxMessage, tenant: Tenant) -> Iterator[None]:
    """In the language and zone of the reader."""
    user = message.recipient_user
    zone = (user.time_zone if user else "") or tenant.time_zone
    with (
        translation.override(message.language or tenant.language),
        timezone.override(ZoneInfo(zone)),
    ):
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
    return _whole(path) if make else _entrance(path, tenant)


def _entrance(path: str, tenant: Tenant) -> str:
    enter = reverse("accounts:enter", args=[tenant.slug])
    return _whole(f"{enter}?{urlencode({'to': path})}")


def _whole(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def _invitation(params: dict[str, Any]) -> str:
    secret = tokens.invitation_secret(
        UUID(params["invitation_id"]), datetime.fromisoformat(params["expires_at"])
    )
    return reverse("accounts:accept", args=[secret])


# Links that hold a secret are made when the mail is written, and never stored.
LINKS: dict[str, Callable[[dict[str, Any]], str]] = {"invitation": _invitation}
