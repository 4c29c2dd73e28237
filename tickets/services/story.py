"""How each change of a ticket is kept: version, timeline, audit, watchers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.bulk import insert_rows
from tickets.models import EntryKind, Ticket, TimelineEntry
from tickets.services import telling
from tickets.states import Visibility


def instant(at: datetime | None) -> datetime:
    """The moment of a change: named, or now."""
    return at or timezone.now()


def write(
    actor: Actor,
    ticket: Ticket,
    event: str,
    *,
    at: datetime,
    visibility: str = Visibility.DEALER,
    kind: str = EntryKind.EVENT,
    text: str = "",
    **params: Any,
) -> TimelineEntry:
    """Add a line to the story; an event is worded when shown (tickets.wording).

    Whose dealer's people wrote it is kept, so that the next dealer need not read it.
    """
    if actor.dealer_id is not None:
        params["by_dealer"] = actor.dealer_id
    return TimelineEntry.objects.create(
        ticket=ticket,
        at=at,
        kind=kind,
        visibility=visibility,
        event=event,
        params=params,
        text=text,
        author_id=actor.user_id,
        author_label=actor.label,
    )


def write_all(actor: Actor, lines: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Add events to the stories of many tickets: each names ticket, event, params, visibility."""
    insert_rows(
        TimelineEntry,
        lines,
        common={
            "at": at,
            "kind": EntryKind.EVENT,
            "text": "",
            "author_id": actor.user_id,
            "author_label": actor.label,
        },
    )


def keep(
    actor: Actor,
    ticket: Ticket,
    event: str,
    columns: Iterable[str],
    /,
    *,
    at: datetime,
    visibility: str = Visibility.DEALER,
    told: Iterable[int] = (),
    **params: Any,
) -> TimelineEntry:
    """Save a change with its version, line, audit event and the bell of those who watch.

    `told` are people who hear of it by a message of their own and need no second one.
    """
    ticket.version += 1
    ticket.save(update_fields=[*columns, "version", "updated_at"])
    entry = write(actor, ticket, event, at=at, visibility=visibility, **params)
    audit.record(actor, f"ticket.{event}", ticket, **params)
    telling.watchers(actor, ticket, entry, except_for={*told, actor.user_id})
    return entry


def touch(ticket: Ticket) -> None:
    """Something was added beside the ticket: it moved, though no field of it changed."""
    ticket.save(update_fields=["updated_at"])
