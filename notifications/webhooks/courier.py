"""The postman of webhooks: knocks at other people's servers, several at a time.

Rows are won and leased as in `notifications.delivery`, and a call has the same `webhook-id` at
each attempt. An endpoint that fails again and again is left alone for a while (a breaker): then
one call knocks, and the others wait until it is let in. So a dead receiver costs one attempt an
hour and delays nobody else; its calls are kept for days, not given up with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import structlog
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.health import beat
from core.models import Tenant
from core.tenancy import tenant_scope
from notifications.delivery import LEASE, MOST_ATTEMPTS, TICK, Tally, settle, wait_after, words_of
from notifications.models import Channel, OutboxMessage, OutboxState, Webhook
from notifications.webhooks.guard import Forbidden
from notifications.webhooks.post import Call, post
from notifications.webhooks.signing import live_secrets, signed

log = structlog.get_logger(__name__)

HEARTBEAT = "notifications.call_webhooks"
# Calls to one endpoint in a round, and to all of them; each may last as long as its deadline.
OF_ONE, AT_ONCE = 4, 16
# All that is won must fit into the lease, even when everybody's deadline is needed.
MOST_WON = 64
# How long calls are kept for an endpoint that does not answer.
KEPT = timedelta(days=3)
AGENT = "Sanbao-Webhook/1"


class Rejected(Exception):
    """The receiver answered, but did not take it."""


@dataclass(frozen=True, slots=True)
class Errand:
    tenant: Tenant
    webhook: Webhook
    message: OutboxMessage
    call: Call


def call_due(*, now: datetime | None = None) -> Tally:
    """Make every call that is due, in rounds, until nothing is left or the tick is over."""
    began = timezone.now()
    moment = now or began
    tally = Tally()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        while timezone.now() - began < TICK:
            errands = _errands(moment, tally)
            if not errands:
                break
            # Threads only talk to the network; tables are read and written here.
            running = {threads.submit(post, errand.call): errand for errand in errands}
            for done in as_completed(running):
                errand = running[done]
                error = done.exception()
                if isinstance(error, BaseException) and not isinstance(error, Exception):
                    raise error
                _note(errand, error or done.result(), moment, tally)
    beat(HEARTBEAT, handled=tally.sent, lag=tally.lag_seconds)
    return tally


def key_of(message: OutboxMessage) -> str:
    """The call's name towards the outside: the same at each attempt, so that twice is once."""
    return f"msg_{message.public_id.hex}"


def body_of(message: OutboxMessage) -> bytes:
    """The same bytes at each attempt."""
    told = {
        "type": message.event,
        "timestamp": message.created_at.astimezone(UTC).isoformat(),
        "data": message.params,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _errands(moment: datetime, tally: Tally) -> list[Errand]:
    """What is won for this round; of every company and endpoint something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notifications_tenants_with_calls(%s)", [moment])
        waiting = [row[0] for row in cursor.fetchall()]
    won: list[Errand] = []
    # In another order each time, so that nobody's flood stands before everybody else's calls.
    for tenant in Tenant.objects.filter(pk__in=waiting, is_active=True).order_by("?"):
        if len(won) >= MOST_WON:
            break
        with tenant_scope(tenant.pk):
            for webhook, message in _take(moment, tally):
                won.append(Errand(tenant, webhook, message, _call(webhook, message)))
    return won


def _take(moment: datetime, tally: Tally) -> Iterator[tuple[Webhook, OutboxMessage]]:
    awake = Webhook.objects.filter(Q(rests_until=None) | Q(rests_until__lte=moment), is_active=True)
    due = Q(calls__state=OutboxState.QUEUED, calls__next_attempt_at__lte=moment)
    chosen = awake.filter(due).distinct().values("pk")
    # Who holds the endpoint's row knocks; another postman goes to the next door.
    locked = Webhook.objects.select_for_update(skip_locked=True).filter(pk__in=chosen)
    for webhook in locked.order_by("last_sent_at", "pk")[:AT_ONCE]:
        calls = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(webhook=webhook, channel=Channel.WEBHOOK)
            .filter(state=OutboxState.QUEUED, next_attempt_at__lte=moment)
            .order_by("next_attempt_at", "id")
        )
        for message in calls[: 1 if webhook.is_failing else OF_ONE]:
            waited = (moment - message.next_attempt_at).total_seconds()
            tally.lag_seconds = max(tally.lag_seconds, waited)
            message.attempts += 1
            message.next_attempt_at = moment + LEASE
            message.save(update_fields=["attempts", "next_attempt_at"])
            yield webhook, message
        if webhook.is_failing:
            # One knocks for all until it is known how that went.
            Webhook.objects.filter(pk=webhook.pk).update(rests_until=moment + LEASE)


def _call(webhook: Webhook, message: OutboxMessage) -> Call:
    now, body = timezone.now(), body_of(message)
    headers = signed(key_of(message), now, body, live_secrets(webhook, now))
    headers |= {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
    return Call(webhook.url, headers, body)


def _note(errand: Errand, result: int | BaseException, moment: datetime, tally: Tally) -> None:
    """Write down how it went, at the call and at its endpoint."""
    message, tenant = errand.message, errand.tenant
    code = result if isinstance(result, int) else None
    with structlog.contextvars.bound_contextvars(tenant_id=tenant.pk, message_id=message.pk):
        if code is not None and HTTPStatus(200) <= code < HTTPStatus(300):
            tally.sent += 1
            sent: dict[str, Any] = {
                "state": OutboxState.SENT,
                "sent_at": timezone.now(),
                "error": "",
            }
            settle(message, tenant, event="message.sent", answer_code=code, **sent)
            _let_in(errand)
            return
        tally.failed += 1
        error = Rejected(f"HTTP {code}") if code is not None else result
        assert isinstance(error, Exception)
        log.warning("webhook_not_called", attempt=message.attempts, error=words_of(error))
        failures = _shut_out(errand, moment)
        facts: dict[str, Any] = {"error": words_of(error), "answer_code": code}
        if code == HTTPStatus.GONE:
            _pause(errand)
        is_last = message.attempts >= MOST_ATTEMPTS and failures < Webhook.FAILING_AFTER
        is_old = moment - message.created_at > KEPT
        if is_last or is_old or code == HTTPStatus.GONE or isinstance(error, Forbidden):
            settle(message, tenant, event="message.failed", state=OutboxState.FAILED, **facts)
        else:
            again = moment + wait_after(message.attempts)
            settle(message, tenant, next_attempt_at=again, **facts)


def _let_in(errand: Errand) -> None:
    with tenant_scope(errand.tenant.pk):
        Webhook.objects.filter(pk=errand.webhook.pk).update(
            failures=0, failing_since=None, rests_until=None, last_sent_at=timezone.now()
        )


def _shut_out(errand: Errand, moment: datetime) -> int:
    """Count one more failure in a row; from the fifth on the endpoint is left alone for a while."""
    with tenant_scope(errand.tenant.pk):
        webhook = Webhook.objects.select_for_update().get(pk=errand.webhook.pk)
        webhook.failures += 1
        webhook.failing_since = webhook.failing_since or moment
        if webhook.is_failing:
            past = webhook.failures - Webhook.FAILING_AFTER + 1
            webhook.rests_until = moment + wait_after(past)
            # What has waited for days is of no use any more; it can be sent again by hand.
            OutboxMessage.objects.filter(
                webhook=webhook,
                channel=Channel.WEBHOOK,
                state=OutboxState.QUEUED,
                created_at__lt=moment - KEPT,
                next_attempt_at__lte=moment,
            ).update(state=OutboxState.FAILED, error=f"no answer for {KEPT.days} days")
        webhook.save(update_fields=["failures", "failing_since", "rests_until"])
        return webhook.failures


def _pause(errand: Errand) -> None:
    """410 Gone: the receiver asks not to be called any more."""
    with tenant_scope(errand.tenant.pk):
        Webhook.objects.filter(pk=errand.webhook.pk).update(is_active=False)
