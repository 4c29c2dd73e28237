"""What a person does with what reaches them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from core.actor import Actor
from core.tenancy import verb
from notifications.models import Preference
from notifications.queries import choices_of, mine


@verb
def mark_read(
    *, actor: Actor, public_ids: Iterable[UUID] | None = None, at: datetime | None = None
) -> int:
    """Mark some of the actor's own notifications as read, or all of them; how many were new."""
    unread = mine(actor).filter(read_at=None)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    return unread.order_by().update(read_at=at or timezone.now())


@verb
def choose_mail(*, actor: Actor, by_mail: Iterable[str]) -> None:
    """Keep which events the actor wants by mail; all others stay under the bell only."""
    assert actor.user_id is not None  # the system has no mailbox
    wanted = set(by_mail)
    Preference.objects.bulk_create(
        [
            Preference(user_id=actor.user_id, event=each.event, by_mail=each.event in wanted)
            for each in choices_of(actor)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "user", "event"],
        update_fields=["by_mail"],
    )
