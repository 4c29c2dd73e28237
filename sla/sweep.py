"""Due steps fire: claimed under lock, each with its whole effect in one transaction (R-030).

A sweep may come twice, be killed, or run beside others: a step fires once, or stays planned.
There is no limit but the work itself: batches follow each other until nothing is due.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core import audit
from core.actor import Actor
from core.events import publish
from core.health import beat
from core.tenancy import current_tenant_id, tenant_scope
from sla.firing import FIRED, LATE, Firing
from sla.missed import mark_missed
from sla.models import Clock, Step
from sla.people import resolver, told_names
from sla.states import ClockState, StepAction, StepState
from sla.subjects import lock_free

BATCH = 1000
FIRST_RETRY = timedelta(seconds=10)
LAST_RETRY = timedelta(minutes=5)
HEARTBEAT = "sla.sweep"
VERBS: dict[str, str] = {
    StepAction.WARN: "clock.warned",
    StepAction.BREACH: "clock.breached",
    StepAction.ESCALATE: "clock.escalated",
    StepAction.REMIND: "clock.reminded",
    StepAction.REASSIGN: "clock.reassigned",
    StepAction.RAISE: "clock.raised",
    StepAction.WEBHOOK: "clock.webhook_called",
}
# What may end other clocks of its subject, or give them to somebody else.
DECISIVE = frozenset({StepAction.BREACH, StepAction.REASSIGN})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a sweep has come among the due steps: what failed or is locked lies behind it."""

    at: datetime
    step_id: int


@dataclass(slots=True)
class Swept:
    """What one sweep did; `lag` is the longest time that a handled step had been due."""

    handled: int = 0
    failed: int = 0
    lag: timedelta = timedelta(0)

    def add(self, steps: list[Step], now: datetime) -> None:
        self.handled += len(steps)
        self.lag = max([self.lag, *(now - step.at for step in steps)])


def sweep_all(now: datetime | None = None) -> Swept:
    """Fire everything that is due in every tenant, a batch of each in turn; then say so."""
    moment = now or timezone.now()
    swept = Swept()
    places: dict[int, Place | None] = dict.fromkeys(tenants_with_due_steps(moment))
    while places:
        for tenant_id, place in list(places.items()):
            reached = None
            try:
                with structlog.contextvars.bound_contextvars(tenant_id=tenant_id):
                    reached = _sweep_batch(tenant_id, moment, place, swept)
            except Exception:
                # One tenant's trouble must not cost the others their promises; its steps stay.
                log.exception("sla.tenant_not_swept", sick_tenant=tenant_id)
                swept.failed += 1
            if reached is None:
                del places[tenant_id]
            else:
                places[tenant_id] = reached
    beat(HEARTBEAT, handled=swept.handled, lag=swept.lag.total_seconds())
    return swept


def sweep(now: datetime | None = None) -> int:
    """Fire everything that is due in the tenant whose scope we are in; returns how many."""
    moment = now or timezone.now()
    swept = Swept()
    place = _sweep_batch(current_tenant_id(), moment, None, swept)
    while place is not None:
        place = _sweep_batch(current_tenant_id(), moment, place, swept)
    return swept.handled


def tenants_with_due_steps(now: datetime) -> list[int]:
    """Through the one door that looks across tenants: their ids, and nothing else of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sla_tenants_with_due_steps(%s)", [now])
        return [row[0] for row in cursor.fetchall()]


def due_steps(now: datetime) -> QuerySet[Step]:
    """Planned steps of the tenant whose time has come, the oldest first."""
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    return Step.objects.filter(ready, state=StepState.PLANNED, at__lte=now).order_by("at", "id")


def _sweep_batch(tenant_id: int, now: datetime, place: Place | None, swept: Swept) -> Place | None:
    """Claim and fire the next steps in one transaction; where it came to, None at the end."""
    with tenant_scope(tenant_id):
        due = due_steps(now)
        if place is not None:
            due = due.filter(Q(at__gt=place.at) | Q(id__gt=place.step_id), at__gte=place.at)
        found = due.values_list("id", "at", "action", "clock__subject", "clock__subject_id")
        rows = [Row(*row) for row in found[:BATCH]]
        if not rows:
            return None
        for round_ids in _rounds(_free(rows)):
            done, failed = _fire(_claim(round_ids, now), now)
            swept.add(done, now)
            swept.failed += failed
        return Place(rows[-1].at, rows[-1].step_id)


class Row(NamedTuple):
    step_id: int
    at: datetime
    action: str
    subject: str
    subject_id: int


def _free(rows: list[Row]) -> Iterator[Row]:
    """The rows whose subject nobody works on; the others wait for the next sweep."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.subject].add(row.subject_id)
    free = {subject: lock_free(subject, ids[subject]) for subject in sorted(ids)}
    return (row for row in rows if row.subject_id in free[row.subject])


def _rounds(rows: Iterable[Row]) -> list[list[int]]:
    """Step ids such that nothing follows a decisive step of its own subject in one round.

    What fires first may end what would fire next: a breach that takes an offer back cancels
    the other clocks of its ticket. So the next round asks again what is still planned.
    """
    rounds: list[list[int]] = []
    turns: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        turn = turns[row.subject, row.subject_id]
        while turn >= len(rounds):
            rounds.append([])
        rounds[turn].append(row.step_id)
        if row.action in DECISIVE:
            turns[row.subject, row.subject_id] += 1
    return rounds


def _claim(step_ids: list[int], now: datetime) -> list[Step]:
    """The steps among these that are still due, locked with their clocks."""
    return list(
        due_steps(now)
        .filter(pk__in=step_ids)
        .select_related("clock")
        .select_for_update(skip_locked=True, of=("self", "clock"))
    )


def _fire(steps: list[Step], now: datetime) -> tuple[list[Step], int]:
    """Fire steps together; if that raises, halve them until the guilty one stands alone."""
    if not steps:
        return [], 0
    try:
        with transaction.atomic():
            _fire_together(steps, now)
    except Exception as error:
        if not connection.is_usable():
            raise  # the server is gone, and no step is to blame
        if len(steps) == 1:
            _keep_for_later(steps[0], now, error)
            return [], 1
        # Read anew: what the failed attempt set on them was rolled back.
        ids = [step.pk for step in steps]
        middle = len(ids) // 2
        first, first_failed = _fire(_claim(ids[:middle], now), now)
        second, second_failed = _fire(_claim(ids[middle:], now), now)
        return first + second, first_failed + second_failed
    return steps, 0


def _fire_together(steps: list[Step], now: datetime) -> None:
    """Marks, states, audit, then the subscribers: all of it or nothing."""
    mark_missed([step.clock for step in steps if _shows_breach(step, now)])
    overtaken = [step for step in steps if _is_overtaken(step, now)]
    _suppress(overtaken)
    people = resolver(now)
    firings = []
    for step in steps:
        if step.state == StepState.SUPPRESSED:
            continue
        recipients, instead = people(step.clock, step)
        step.state, step.fired_at, step.reason = StepState.FIRED, now, ""
        step.told = told_names(recipients, instead)
        step.told_ids = [user.pk for user in recipients]
        is_late = now - step.at > LATE
        firings.append(Firing(step.clock, step, tuple(recipients), instead, is_late))
    if not firings:
        return
    _note_fired(firings, now)
    actor = Actor.system(current_tenant_id(), label="Sanbao")
    audit.record_each(actor, [_event(firing.step) for firing in firings])
    publish(FIRED, firings=firings, at=now)


def _is_overtaken(step: Step, now: datetime) -> bool:
    """After a standstill of the sweep a reminder of what is late already helps nobody."""
    if step.is_wait:
        return False  # its clock stands still: the due time it shows is no longer true
    is_before = step.action == StepAction.REMIND and step.at < step.clock.due_at
    return (step.action == StepAction.WARN or is_before) and step.clock.due_at <= now


def _shows_breach(step: Step, now: datetime) -> bool:
    """The rungs above a breach mark it as well: a lost row must not hide it.

    While a clock stands still its due time is no longer true; what was late before, was marked.
    """
    is_so = step.action == StepAction.BREACH or step.clock.state == ClockState.RUNNING
    return is_so and step.clock.due_at <= now


def _suppress(steps: list[Step]) -> None:
    for step in steps:
        step.state, step.reason = StepState.SUPPRESSED, "overtaken"
    if steps:
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(
            state=StepState.SUPPRESSED, reason="overtaken"
        )


def _note_fired(firings: list[Firing], now: datetime) -> None:
    """All in one statement, whoever was told of which; the row policies hold here as well."""
    told = [
        {"id": step.pk, "told": step.told, "told_ids": step.told_ids}
        for step in (firing.step for firing in firings)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_step SET state = %s, fired_at = %s, reason = '', told = fired.told,"
            " told_ids = fired.told_ids"
            " FROM json_to_recordset(%s) AS fired(id bigint, told jsonb, told_ids jsonb)"
            " WHERE sla_step.id = fired.id",
            [StepState.FIRED, now, json.dumps(told)],
        )


def _event(step: Step) -> tuple[str, Clock, dict[str, Any]]:
    clock = step.clock
    about = {
        "promise": clock.promise,
        "holder": clock.holder_label,
        "due_at": clock.due_at,
        "role": step.role,
        "told": step.told,
    }
    return VERBS[step.action], clock, about


def _keep_for_later(step: Step, now: datetime, error: Exception) -> None:
    """A step whose effect raised stays planned; it is tried again, ever more rarely."""
    log.error("sla.step_failed", step_id=step.pk, clock_id=step.clock_id, exc_info=error)
    wait = min(FIRST_RETRY * 2 ** min(step.failures, 10), LAST_RETRY)
    Step.objects.filter(pk=step.pk).update(
        failures=F("failures") + 1,
        retry_at=now + wait,
        reason=f"{type(error).__name__}: {error}"[:120],
    )
