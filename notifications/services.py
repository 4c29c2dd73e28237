"""Telling people: under the bell, by mail, by text message; all of it saved with the change.

Nothing is sent here. A message is a row in the outbox, in the transaction of what caused it,
unique on its cause; `notifications.delivery` sends it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core import audit
from core.actor import Actor
from core.errors import WrongState
from core.models import Tenant
from core.tenancy import current_tenant_id, verb
from notifications.models import Channel, Notification, OutboxMessage, OutboxState, Preference
from notifications.queries import choices_of, mine, wants_mail
from notifications.wording import storable, wording_of

# Where the message leads, kept beside the params of a mail: a path of ours.
LINK = "_url"


@verb
def notify(
    *,
    user: User,
    event: str,
    params: Mapping[str, Any],
    cause: str,
    url: str = "",
    urgent: bool = False,
) -> Notification:
    """Tell a person of an event, once per cause: the bell always, mail as they wish."""
    wording_of(event)  # an event without words must fail here, not at the reader
    kept = storable(params)
    told, is_new = Notification.objects.get_or_create(
        user=user,
        cause=cause,
        defaults={"event": event, "params": kept, "url": url, "is_urgent": urgent},
    )
    if is_new and user.is_active and wants_mail(user.pk, event):
        _queue(
            Channel.MAIL,
            user.email,
            event,
            kept | {LINK: url},
            cause,
            user.language or _tenant().language,
            user=user,
        )
    return told


@verb
def message_customer(
    *,
    phone: str,
    event: str,
    params: Mapping[str, Any],
    cause: str,
    language: str = "",
    subject: str = "",
) -> OutboxMessage:
    """Send a customer a text message, once per cause; `subject` ("ticket:17") gets it back.

    Company and hotline are filled in here.
    """
    wording_of(event)
    tenant = _tenant()
    kept = {"company": tenant.name, "hotline": tenant.hotline} | storable(params)
    chosen = language or tenant.language
    return _queue(Channel.SMS, phone, event, kept, cause, chosen, subject=subject)


@verb
def mail_outsider(
    *, email: str, event: str, params: Mapping[str, Any], cause: str, language: str = ""
) -> OutboxMessage:
    """Mail somebody who has no account here yet, once per cause."""
    wording_of(event)
    tenant = _tenant()
    kept = {"company": tenant.name} | storable(params)
    return _queue(Channel.MAIL, email, event, kept, cause, language or tenant.language)


@verb
def mail_invitation(*, actor: Actor, invitation: Any) -> OutboxMessage:
    """On "invitation.issued": mail the link, which is made anew from the row when it is sent."""
    return mail_outsider(
        email=invitation.email,
        event="invitation",
        params={
            "inviter": actor.label,
            "role": invitation.role_label,
            "expires_at": invitation.expires_at,
            "invitation_id": str(invitation.public_id),
        },
        cause=f"invitation:{invitation.pk}:{invitation.expires_at.isoformat()}",
    )


def _queue(
    channel: str,
    address: str,
    event: str,
    params: dict[str, Any],
    cause: str,
    language: str,
    *,
    user: User | None = None,
    subject: str = "",
) -> OutboxMessage:
    message, _is_new = OutboxMessage.objects.get_or_create(
        channel=channel,
        address=address,
        cause=cause,
        defaults={
            "recipient_user": user,
            "language": language,
            "event": event,
            "params": params,
            "subject": subject,
            "next_attempt_at": timezone.now(),
        },
    )
    return message


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=current_tenant_id())


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
