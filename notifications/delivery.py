"""The outbox's postman: takes what is due, sends it, and writes down what came of it.

What is promised: a message is *sent at least once*, and seen once. Each row is won under
`FOR UPDATE SKIP LOCKED` and leased (its next attempt is moved ahead) in a transaction that is
committed before anything leaves the house, so that two postmen never hold one message and no
lock waits for a mail server. Only a postman who dies between the server's "accepted" and our
"sent" makes a second copy after the lease; it carries the same Message-ID (mail), the same id
(gateway) or the same file name (spool), by which the receiving side drops it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from core import events
from core.health import beat
from core.models import Tenant
from core.tenancy import tenant_scope
from notifications.bundles import Parcel, close_bundles, hold, parcels
from notifications.channels import Letter, Undeliverable, send_mail, send_sms
from notifications.letters import compose, spoken_to
from notifications.models import Channel, OutboxMessage, OutboxState

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# A postman holds few messages at a time, so that all of them fit into one lease
# even when each of them waits for the timeout of its server.
BATCH = 10
LEASE = timedelta(minutes=5)
# One tick carries on at most this long; the next one goes on where it stopped.
TICK = timedelta(seconds=60)
LONGEST_ERROR = 300

HEARTBEAT = "notifications.deliver"


@dataclass(slots=True)
class Tally:
    sent: int = 0
    failed: int = 0
    lag_seconds: float = 0


def deliver_due(*, now: datetime | None = None) -> Tally:
    """Send what is due in every tenant, a batch of each in turn, until nothing is left."""
    began = timezone.now()
    moment = now or began
    tally = Tally()
    while timezone.now() - began < TICK and _one_round(moment, tally):
        pass
    beat(HEARTBEAT, handled=tally.sent, lag=tally.lag_seconds)
    return tally


def _one_round(moment: datetime, tally: Tally) -> bool:
    """A batch of each tenant; False when nothing was left, or others hold what is left."""
    handled = False
    tenants = Tenant.objects.filter(pk__in=_tenants_with_queued(moment), is_active=True)
    for tenant in tenants.order_by("pk"):
        for parcel in _take(tenant, moment, tally):
            handled = True
            _deliver(parcel, tenant, moment, tally)
    return handled


def wait_after(attempts: int) -> timedelta:
    """Twice as long after each failure, up to an hour, spread by half to both sides.

    Without the spread all messages of an outage would knock again in the same second.
    """
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return wait * random.uniform(0.5, 1.5)


def _tenants_with_queued(moment: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_tenants_with_queued(%s)", [moment])
        return [row[0] for row in cursor.fetchall()]


def _take(tenant: Tenant, moment: datetime, tally: Tally) -> list[Parcel]:
    """Win and lease a batch; committed before anything is sent."""
    with tenant_scope(tenant.pk):
        hold(tenant, moment)
    with tenant_scope(tenant.pk):
        close_bundles(moment)
    with tenant_scope(tenant.pk):
        taken = list(
            OutboxMessage.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("recipient_user")
            .filter(~Q(channel=Channel.WEBHOOK), Q(bundle="") | Q(digest=F("pk")))
            .filter(state=OutboxState.QUEUED, next_attempt_at__lte=moment)
            .order_by("next_attempt_at", "id")[:BATCH]
        )
        for message in taken:
            waited = (moment - message.next_attempt_at).total_seconds()
            tally.lag_seconds = max(tally.lag_seconds, waited)
            message.attempts += 1
            message.next_attempt_at = moment + LEASE
            message.is_held = False
        OutboxMessage.objects.bulk_update(taken, ["attempts", "next_attempt_at", "is_held"])
        return parcels(taken)


def _deliver(parcel: Parcel, tenant: Tenant, moment: datetime, tally: Tally) -> None:
    message = parcel.message
    bound = structlog.contextvars.bound_contextvars(tenant_id=tenant.pk, message_id=message.pk)
    with bound:
        try:
            _send(compose(parcel, tenant), message.channel)
        except Undeliverable as error:
            tally.failed += 1
            _give_up(message, tenant, error)
        except Exception as error:  # whatever one message has must not stop the others
            tally.failed += 1
            log.warning("message_not_sent", attempt=message.attempts, exc_info=True)
            if message.attempts >= MOST_ATTEMPTS:
                _give_up(message, tenant, error)
            else:
                again = moment + wait_after(message.attempts)
                settle(message, tenant, error=words_of(error), next_attempt_at=again)
        else:
            tally.sent += parcel.count
            _mark_sent(message, tenant)


def _send(letter: Letter, channel: str) -> None:
    if channel == Channel.MAIL:
        send_mail(letter)
    else:
        send_sms(letter)


def _mark_sent(message: OutboxMessage, tenant: Tenant) -> None:
    done = {"state": OutboxState.SENT, "sent_at": timezone.now(), "error": ""}
    settle(message, tenant, event="message.sent", **done)


def _give_up(message: OutboxMessage, tenant: Tenant, error: Exception) -> None:
    log.error("message_given_up", attempts=message.attempts, error=words_of(error))
    done = {"state": OutboxState.FAILED, "error": words_of(error)}
    settle(message, tenant, event="message.failed", **done)


def settle(message: OutboxMessage, tenant: Tenant, *, event: str = "", **facts: object) -> None:
    """Write the outcome, unless the lease ran out and somebody else took the message over."""
    with tenant_scope(tenant.pk):
        mine = OutboxMessage.objects.filter(
            pk=message.pk, state=OutboxState.QUEUED, attempts=message.attempts
        )
        if not mine.update(**facts):
            log.warning("message_lease_lost")
            return
        if event and message.digest_id == message.pk:
            # What becomes of the letter becomes of each of its lines.
            OutboxMessage.objects.filter(digest=message).exclude(pk=message.pk).update(**facts)
        for name, value in facts.items():
            setattr(message, name, value)
        if not event:
            return
        try:
            # Whoever writes the message down words it as it went out.
            with transaction.atomic(), spoken_to(message, tenant):
                events.publish(event, message=message)
        except Exception:
            # The message is out: what its subscribers make of it must not send it again.
            log.exception("message_subscriber_failed", event_name=event)


def words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
