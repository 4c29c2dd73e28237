"""Secrets that are shown once and kept as hashes: API tokens and invitations."""

from __future__ import annotations

import secrets
from hashlib import sha256

# 256 random bits need no slow hash: nobody guesses them from the digest.
BYTES = 32


def new_secret(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(BYTES)}"


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
