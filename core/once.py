"""A form that is sent twice (double click, back button, retry) makes its thing once."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import DomainError
from core.models import IdempotencyKey

FIELD = "once"
LONGEST = 64
UNTYPED = frozenset({FIELD, "csrfmiddlewaretoken"})


class SentBefore(DomainError):
    """The same form was sent before with other entries; `number` is what came of it."""

    code = "form.sent_before"
    message = _(
        "This form was already saved as %(number)s. To save these entries as another one,"
        " press the button again."
    )

    @property
    def number(self) -> str:
        return str(self.params["number"])


def new_token() -> str:
    """For the hidden field `once` of a form that creates."""
    return uuid4().hex


def create_once(*, actor: Actor, path: str, data: QueryDict, create: Callable[[], str]) -> str:
    """The number that `create` gives, or gave when the same form was sent before.

    Runs inside the transaction of the request: a second click waits for the first one's commit.
    A form without a token (a script's) is simply carried out.
    """
    key = data.get(FIELD, "")[:LONGEST]
    if not key:
        return create()
    typed = sorted((name, data.getlist(name)) for name in data if name not in UNTYPED)
    fingerprint = sha256(repr(typed).encode()).hexdigest()
    stored, is_new = IdempotencyKey.objects.get_or_create(
        credential=f"page:{actor.user_id}",
        method="POST",
        path=path,
        key=key,
        defaults={"body_sha256": fingerprint},
    )
    if is_new:
        number = create()
        stored.status, stored.response = 201, {"number": number}
        stored.save(update_fields=["status", "response"])
        return number
    number = str((stored.response or {}).get("number", ""))
    if stored.body_sha256 != fingerprint:
        raise SentBefore(number=number)
    return number
