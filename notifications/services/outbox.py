"""What those who look after the outbox do with a message."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.tenancy import verb
from notifications.models import OutboxMessage, OutboxState


@verb
def send_again(
    *, actor: Actor, message: OutboxMessage, at: datetime | None = None
) -> OutboxMessage:
    """Put a message that was given up back into the queue, with all its attempts before it."""
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if row.state != OutboxState.FAILED:
        raise WrongState
    row.state, row.attempts, row.error = OutboxState.QUEUED, 0, ""
    row.next_attempt_at = at or timezone.now()
    row.save(update_fields=["state", "attempts", "error", "next_attempt_at"])
    audit.record(actor, "message.sent_again", row, event=row.event, address=row.address)
    return row
