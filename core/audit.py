"""Business events in words, written in the same transaction as the change (R-003)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import models
from django.utils import timezone

from core.actor import Actor
from core.bulk import insert_rows
from core.models import AuditEvent


def label_of(thing: models.Model) -> str:
    """What people say aloud: the number, else the name."""
    return str(getattr(thing, "number", "") or thing)[:120]


def record(actor: Actor, verb: str, thing: models.Model, **data: Any) -> AuditEvent:
    """Append `noun.verb` about a thing; `data` holds old and new values and the reason."""
    written = event(actor, verb, thing, **data)
    written.save(force_insert=True)
    return written


def record_all(events: list[AuditEvent]) -> None:
    """Append many events, made by `event`, in one statement."""
    AuditEvent.objects.bulk_create(events)


def record_each(actor: Actor, things: Iterable[tuple[str, models.Model, dict[str, Any]]]) -> None:
    """Append a verb, its thing and the data of each; for the thousands that a sweep handles."""
    insert_rows(
        AuditEvent,
        [
            {
                "verb": verb,
                "noun": thing._meta.model_name or "",
                "object_id": thing.pk,
                "object_label": label_of(thing),
                "data": data,
            }
            for verb, thing, data in things
        ],
        common={
            "at": timezone.now(),
            "actor_user_id": actor.user_id,
            "actor_label": actor.label,
            "request_id": _request_id(),
        },
    )


def event(actor: Actor, verb: str, thing: models.Model, **data: Any) -> AuditEvent:
    """The same event, not yet written."""
    return AuditEvent(
        at=timezone.now(),
        actor_user_id=actor.user_id,
        actor_label=actor.label,
        verb=verb,
        noun=thing._meta.model_name or "",
        object_id=thing.pk,
        object_label=label_of(thing),
        data=data,
        request_id=_request_id(),
    )


def _request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
