"""Reads of messages: one's own bell and wishes, and the outbox for those who look after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.actor import Actor
from notifications.models import (
    Channel,
    Notification,
    OutboxMessage,
    OutboxState,
    Preference,
    Webhook,
)
from notifications.wording import wording_of
from notifications.wordings import DEALER, DESK, WORDINGS

MOST_COUNTED = 99
NOBODY = 0  # the system has no bell


def mine(actor: Actor) -> QuerySet[Notification]:
    """What the actor was told, newest first; nobody reads another one's."""
    return Notification.objects.filter(user_id=actor.user_id or NOBODY).order_by("-id")


def unread_count(actor: Actor) -> int:
    """How many wait under the bell; counting stops at 99."""
    return mine(actor).filter(read_at=None)[:MOST_COUNTED].count()


def mail_wishes(asked: Iterable[tuple[int, str]]) -> dict[tuple[int, str], bool]:
    """Per person and event: their wish, else what the event has as its custom. One query."""
    pairs = set(asked)
    kept = Preference.objects.filter(
        user_id__in={user_id for user_id, _event in pairs},
        event__in={event for _user_id, event in pairs},
    )
    wishes = {(user_id, event): wording_of(event).by_mail for user_id, event in pairs}
    return wishes | {
        (user_id, event): by_mail
        for user_id, event, by_mail in kept.values_list("user_id", "event", "by_mail")
        if (user_id, event) in pairs
    }


@dataclass(frozen=True, slots=True)
class Choice:
    event: str
    label: Any
    by_mail: bool


def choices_of(actor: Actor) -> list[Choice]:
    """The events that people like the actor are told of, and whether by mail too."""
    reader = DEALER if actor.is_dealer else DESK
    wishes = dict(
        Preference.objects.filter(user_id=actor.user_id or NOBODY).values_list("event", "by_mail")
    )
    return [
        Choice(event, wording.label, wishes.get(event, wording.by_mail))
        for event, wording in WORDINGS.items()
        if reader in wording.readers
    ]


def given_up(actor: Actor) -> QuerySet[OutboxMessage]:
    """What never arrived, newest first; a digest is one, with `rows` messages in it."""
    return _letters(OutboxMessage.objects.filter(state=OutboxState.FAILED))


def retrying(actor: Actor) -> QuerySet[OutboxMessage]:
    """What did not arrive yet and is tried again by itself."""
    return _letters(OutboxMessage.objects.filter(state=OutboxState.QUEUED, error__gt=""))


def _letters(rows: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
    leading = rows.filter(Q(digest=None) | Q(digest=F("pk")))
    joined = leading.select_related("recipient_user", "webhook")
    return joined.annotate(rows=Count("lines")).order_by("-id")


def of_subject(subject: str) -> QuerySet[OutboxMessage]:
    """Messages about a thing, "ticket:17", for its timeline."""
    return OutboxMessage.objects.filter(subject=subject).order_by("id")


def outbox_counts(actor: Actor) -> dict[str, int]:
    """How many messages wait, how many of them failed at least once, how many rest till morning."""
    waiting = OutboxMessage.objects.filter(state__in=[OutboxState.QUEUED, OutboxState.BUNDLED])
    counts: dict[str, int] = waiting.aggregate(
        waiting=Count("pk"),
        retrying=Count("pk", filter=Q(error__gt="")),
        held=Count("pk", filter=Q(is_held=True)),
    )
    return counts


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    """All endpoints, with how many calls wait and how many were given up."""
    return Webhook.objects.annotate(
        waiting=_calls_in(OutboxState.QUEUED), given_up=_calls_in(OutboxState.FAILED)
    ).order_by("name", "pk")


def _calls_in(state: str) -> Coalesce:
    calls = OutboxMessage.objects.filter(
        webhook=OuterRef("pk"), channel=Channel.WEBHOOK, state=state
    )
    counted = calls.order_by().values("webhook").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def calls_of(webhook: Webhook) -> QuerySet[OutboxMessage]:
    """What was, or is to be, sent to one endpoint, newest first."""
    return OutboxMessage.objects.filter(webhook=webhook, channel=Channel.WEBHOOK).order_by("-id")
