"""How a receiver knows that a call is ours: the public Standard Webhooks scheme.

The signature is HMAC-SHA256 over `id.timestamp.body`. The secret is not stored: it is made from
the row and the server's key, so that neither the database nor a backup of it can sign. A new
secret is the next number of the row; the one before keeps signing beside it for a day.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import salted_hmac

from notifications.models import Webhook

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)


def secret_of(webhook: Webhook, number: int | None = None, *, key: str | None = None) -> str:
    """The secret as the receiver enters it: "whsec_" and 32 bytes in base64."""
    told = f"{webhook.public_id}:{number or webhook.secret_number}"
    made = salted_hmac("notifications.webhook", told, secret=key, algorithm="sha256").digest()
    return f"{PREFIX}{b64encode(made).decode()}"


def live_secrets(webhook: Webhook, now: datetime) -> list[str]:
    """Those that sign now: while a secret or the server's own key changes, more than one."""
    numbers = [webhook.secret_number]
    changed = webhook.secret_changed_at
    if changed is not None and now - changed < OVERLAP:
        numbers.append(webhook.secret_number - 1)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [secret_of(webhook, number, key=key) for key in keys for number in numbers]


def signed(key: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers of a call: its id, the instant of this attempt, the signatures."""
    stamp = str(int(at.timestamp()))
    told = f"{key}.{stamp}.".encode() + body
    signatures = [
        b64encode(hmac.new(b64decode(secret.removeprefix(PREFIX)), told, sha256).digest()).decode()
        for secret in secrets
    ]
    return {
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
