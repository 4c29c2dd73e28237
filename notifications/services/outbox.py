"""What those who look after the outbox do with a message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.tenancy import verb
from notifications.bundles import QUIET_FROM, QUIET_TO
from notifications.models import OutboxMessage, OutboxState


@verb
def send_again(
    *, actor: Actor, message: OutboxMessage, at: datetime | None = None
) -> OutboxMessage:
    """Put a message that was given up back into the queue, with all its attempts before it.

    A line of a digest takes the whole letter with it, which says what it said before.
    """
    row = OutboxMessage.objects.select_for_update().get(pk=message.digest_id or message.pk)
    if row.state != OutboxState.FAILED:
        raise WrongState
    OutboxMessage.objects.filter(digest=row).exclude(pk=row.pk).update(
        state=OutboxState.BUNDLED, error=""
    )
    row.state, row.attempts, row.error = OutboxState.QUEUED, 0, ""
    row.next_attempt_at = at or timezone.now()
    row.save(update_fields=["state", "attempts", "error", "next_attempt_at"])
    audit.record(actor, "message.sent_again", row, event=row.event, address=row.address)
    return row


@verb
def follow_option(*, key: str, **_more: Any) -> None:
    """On "option.set": who rests because of the quiet hours is asked anew under the new ones."""
    if key in (QUIET_FROM, QUIET_TO):
        held = OutboxMessage.objects.filter(state=OutboxState.QUEUED, is_held=True)
        held.update(is_held=False, next_attempt_at=timezone.now())
