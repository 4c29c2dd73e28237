"""Telling people: under the bell, by mail, by text message; all of it saved with the change.

Nothing is sent here. A message is a row in the outbox, in the transaction of what caused it,
unique on its cause; `notifications.delivery` sends it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.actor import Actor
from core.models import Tenant
from core.tenancy import current_tenant_id, verb
from notifications.models import Channel, Notification, OutboxMessage
from notifications.queries import mail_wishes
from notifications.wording import storable, wording_of

# Where the message leads, kept beside the params of a mail: a path of ours.
LINK = "_url"
# How long the first mail of a bundle waits for company: a flood becomes one letter.
BUNDLE_WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Told:
    """One person and what they are to hear.

    A mail with a `bundle` leaves together with all others of that person and bundle; what is
    `urgent` waits neither for company nor for the end of the quiet hours.
    """

    user: User
    event: str
    params: Mapping[str, Any]
    cause: str
    url: str = ""
    urgent: bool = False
    bundle: str = ""


@verb
def notify_all(*, told: Sequence[Told]) -> list[Notification]:
    """Tell many people in a few statements, each once per cause; returns what is new.

    The bell always rings, mail goes as each one wishes.
    """
    for each in told:
        wording_of(each.event)  # an event without words must fail here, not at the reader
    first: dict[tuple[int, str], Told] = {}
    for each in told:
        first.setdefault((each.user.pk, each.cause), each)
    wanted = list(first.values())
    if not wanted:
        return []
    kept = [storable(each.params) for each in wanted]
    bells = [
        Notification(
            user=each.user,
            cause=each.cause,
            event=each.event,
            params=params,
            url=each.url,
            is_urgent=each.urgent,
        )
        for each, params in zip(wanted, kept, strict=True)
    ]
    # In one order everywhere: two transactions that tell the same people wait, and never in a ring.
    in_order = sorted(bells, key=lambda bell: (bell.user_id, bell.cause))
    Notification.objects.bulk_create(in_order, ignore_conflicts=True)
    # Whoever was told of a cause before keeps the old row: ours is not there.
    mine = Notification.objects.filter(public_id__in=[bell.public_id for bell in bells])
    rung = {bell.public_id: bell for bell in mine}
    new = [
        (each, params)
        for each, params, bell in zip(wanted, kept, bells, strict=True)
        if bell.public_id in rung
    ]
    _queue_mails(new)
    return [rung[bell.public_id] for bell in bells if bell.public_id in rung]


def _queue_mails(new: list[tuple[Told, dict[str, Any]]]) -> None:
    wishes = mail_wishes((each.user.pk, each.event) for each, _params in new)
    mailed = [
        (each, params)
        for each, params in new
        if each.user.is_active and wishes[each.user.pk, each.event]
    ]
    if not mailed:
        return
    now = timezone.now()
    house = ""
    if any(not each.user.language for each, _params in mailed):
        house = _tenant().language
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=Channel.MAIL,
                address=each.user.email,
                cause=each.cause,
                recipient_user=each.user,
                language=each.user.language or house,
                event=each.event,
                params=params | {LINK: each.url},
                is_urgent=_hurries(each.event, each.urgent),
                bundle="" if each.urgent else each.bundle,
                next_attempt_at=now + BUNDLE_WAIT if each.bundle and not each.urgent else now,
            )
            for each, params in mailed
        ],
        ignore_conflicts=True,
    )


def _hurries(event: str, urgent: bool) -> bool:
    return urgent or wording_of(event).leaves_at_once


@verb
def notify(
    *,
    user: User,
    event: str,
    params: Mapping[str, Any],
    cause: str,
    url: str = "",
    urgent: bool = False,
    bundle: str = "",
) -> Notification:
    """Tell one person of an event, once per cause."""
    told = Told(user, event, params, cause, url=url, urgent=urgent, bundle=bundle)
    new = notify_all(told=[told])
    return new[0] if new else Notification.objects.get(user=user, cause=cause)


@verb
def message_customer(
    *,
    phone: str,
    event: str,
    params: Mapping[str, Any],
    cause: str,
    language: str = "",
    subject: str = "",
    urgent: bool = False,
) -> OutboxMessage:
    """Send a customer a text message, once per cause; `subject` ("ticket:17") gets it back.

    Company and hotline are filled in here.
    """
    wording_of(event)
    tenant = _tenant()
    kept = {"company": tenant.name, "hotline": tenant.hotline} | storable(params)
    chosen = language or tenant.language
    return _queue(Channel.SMS, phone, event, kept, cause, chosen, subject, urgent)


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
    subject: str = "",
    urgent: bool = False,
) -> OutboxMessage:
    message, _is_new = OutboxMessage.objects.get_or_create(
        channel=channel,
        address=address,
        cause=cause,
        defaults={
            "language": language,
            "event": event,
            "params": params,
            "subject": subject,
            "is_urgent": _hurries(event, urgent),
            "next_attempt_at": timezone.now(),
        },
    )
    return message


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=current_tenant_id())
