"""Telling people: under the bell, by mail, by text message; all of it saved with the change.

Nothing is sent here. A message is a row in the outbox, in the transaction of what caused it,
unique on its cause; `notifications.delivery` sends it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import User
from core.actor import Actor
from core.bulk import insert_rows
from core.models import Tenant
from core.tenancy import current_tenant_id, verb
from notifications.models import Channel, Notification, OutboxMessage, OutboxState
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
def notify_all(*, told: Sequence[Told]) -> list[Told]:
    """Tell many people in a few statements, each once per cause; returns what is new.

    The bell always rings, mail goes as each one wishes.
    """
    first: dict[tuple[int, str], Told] = {}
    for each in told:
        first.setdefault((each.user.pk, each.cause), each)
    for event in {each.event for each in first.values()}:
        wording_of(event)  # an event without words must fail here, not at the reader
    stored = _storer()
    kept = [(uuid4(), each, stored(each.params)) for each in first.values()]
    # In one order everywhere: two transactions that tell the same people wait, and never in a ring.
    in_order = sorted(kept, key=lambda bell: (bell[1].user.pk, bell[1].cause))
    # Whoever was told of a cause before keeps the old row: ours is not there.
    rung = set(
        insert_rows(
            Notification,
            [
                {
                    "public_id": str(public_id),
                    "user_id": each.user.pk,
                    "cause": each.cause,
                    "event": each.event,
                    "params": params,
                    "url": each.url,
                    "is_urgent": each.urgent,
                }
                for public_id, each, params in in_order
            ],
            common={"created_at": timezone.now(), "read_at": None},
            skip_existing=True,
            returning="public_id",
        )
    )
    new = [(each, params) for public_id, each, params in kept if public_id in rung]
    _queue_mails(new)
    return [each for each, _params in new]


def _storer() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function like `storable` that words each text only once."""
    worded: dict[int, Any] = {}

    def stored(params: Mapping[str, Any]) -> dict[str, Any]:
        kept = {}
        for name, value in params.items():
            if isinstance(value, Promise):
                if id(value) not in worded:
                    # The text itself is kept beside: its id stays taken while we go by it.
                    worded[id(value)] = (value, storable({name: value})[name])
                kept[name] = worded[id(value)][1]
            else:
                kept[name] = value
        return kept

    return stored


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
    insert_rows(
        OutboxMessage,
        [
            {
                "public_id": str(uuid4()),
                "address": each.user.email,
                "cause": each.cause,
                "recipient_user_id": each.user.pk,
                "language": each.user.language or house,
                "event": each.event,
                "params": params | {LINK: each.url},
                "is_urgent": _hurries(each.event, each.urgent),
                "bundle": "" if each.urgent else each.bundle,
                "next_attempt_at": now + BUNDLE_WAIT if each.bundle and not each.urgent else now,
            }
            for each, params in mailed
        ],
        common={
            "channel": Channel.MAIL,
            "subject": "",
            "digest_id": None,
            "is_held": False,
            "state": OutboxState.QUEUED,
            "attempts": 0,
            "sent_at": None,
            "error": "",
            "created_at": now,
        },
        skip_existing=True,
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
    notify_all(told=[told])
    return Notification.objects.get(user=user, cause=cause)


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
