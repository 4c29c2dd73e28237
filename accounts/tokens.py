"""Secrets that are shown once and kept as hashes: API tokens and invitations."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils.crypto import salted_hmac

# 256 random bits need no slow hash: nobody guesses them from the digest.
BYTES = 32
# How much of a secret a list may show, so that people tell their tokens apart.
SHOWN = 8


def new_secret(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(BYTES)}"


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def invitation_secret(public_id: UUID, expires_at: datetime) -> str:
    """The secret of an invitation's link: made from the row and the server's key.

    So the mail can be written when it is sent, and nobody who reads the database, the outbox
    or a backup can make the link. Sending again moves the expiry and thereby the secret.
    """
    # In whole seconds of UTC: the same whether it comes from the row or was just computed.
    told = f"{public_id}:{int(expires_at.timestamp())}"
    made = salted_hmac("accounts.invitation", told, algorithm="sha256").digest()
    return f"si_{urlsafe_b64encode(made).decode().rstrip('=')}"
