"""Who has a ticket open now: two people on one ticket see each other; kept in Redis alone.

Losing it loses nothing: it is a hint beside the version that really guards a change.
"""

from __future__ import annotations

import time
from functools import cache

import redis
import structlog
from django.conf import settings

from core.actor import Actor
from tickets.models import Ticket

STAYS_SECONDS = 45
log = structlog.get_logger(__name__)


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True
    )


def _key(actor: Actor, ticket: Ticket) -> str:
    # Dealers' people and the desk meet on the same ticket, tenants never.
    prefix = settings.CACHES["default"]["KEY_PREFIX"]
    return f"{prefix}:presence:{actor.tenant_id}:{ticket.pk}"


def seen(actor: Actor, ticket: Ticket) -> list[str]:
    """Say that the actor looks at the ticket; the names of the others who do."""
    key, now = _key(actor, ticket), time.time()
    try:
        pipe = _redis().pipeline()
        pipe.zremrangebyscore(key, "-inf", now - STAYS_SECONDS)
        pipe.zadd(key, {f"{actor.user_id}:{actor.label}": now})
        pipe.expire(key, STAYS_SECONDS)
        pipe.zrange(key, 0, -1)
        members: list[str] = pipe.execute()[-1]
    except redis.RedisError as error:
        log.warning("presence_unknown", error=str(error))
        return []
    people = [member.partition(":") for member in members]
    return [name for user_id, _colon, name in people if user_id != str(actor.user_id)]


def left(actor: Actor, ticket: Ticket) -> None:
    """The actor closed the page."""
    try:
        _redis().zrem(_key(actor, ticket), f"{actor.user_id}:{actor.label}")
    except redis.RedisError as error:
        log.warning("presence_unknown", error=str(error))
