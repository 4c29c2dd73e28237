"""Who is calling whom right now: a courtesy, so that no customer is rung up twice.

Kept in the cache; losing it costs a warning, never an answer (see `services._open`).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

from core.actor import Actor
from visits.models import Callback

# As long as a call takes; an open page says so again when it is loaded anew.
SECONDS = 300


def _key(actor: Actor, callback: Callback) -> str:
    return f"calling:{actor.tenant_id}:{callback.pk}"


def callers(actor: Actor, callbacks: Iterable[Callback]) -> dict[int, str]:
    """The colleagues (never oneself) who have these callbacks open, by callback."""
    by_key = {_key(actor, callback): callback.pk for callback in callbacks}
    open_pages = cache.get_many(by_key)
    return {
        by_key[key]: name for key, (user_id, name) in open_pages.items() if user_id != actor.user_id
    }


def call(actor: Actor, callback: Callback) -> str:
    """Note that the actor has the callback open; the name of who had it first, if anybody."""
    taken = callers(actor, [callback]).get(callback.pk, "")
    if not taken:
        cache.set(_key(actor, callback), (actor.user_id, actor.label), SECONDS)
    return taken


def leave(actor: Actor, callback: Callback) -> None:
    """The call is over."""
    if not callers(actor, [callback]):
        cache.delete(_key(actor, callback))
