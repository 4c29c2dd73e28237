"""The nightly proof: every running clock computed again from its events and compared (R-029).

What differs is shown to the administrator, never mended in silence: a difference is either a
change of calendar that came after the promise, or a fault of ours that must be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from core.health import beat
from core.models import Tenant
from core.tenancy import tenant_scope
from sla.calendar import CalendarError
from sla.models import Clock, ClockDifference, ProofRun, Step
from sla.rules import Layout, instants
from sla.services.dating import Rows, facts_of, instants_of, rows_of
from sla.states import LIVE, ClockState, DifferenceKind, StepState

BATCH = 500
HEARTBEAT = "sla.prove"
# What the sweep has not seen by then is a fault, not a matter of seconds.
GRACE = timedelta(minutes=5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing of a clock that is not as it is computed."""

    clock: Clock
    what: DifferenceKind
    stored: str
    computed: str


def prove_all(now: datetime | None = None) -> int:
    """Prove the clocks of every company; how many differences are open. Then a heartbeat."""
    moment = now or timezone.now()
    checked = 0
    for tenant in Tenant.objects.filter(is_active=True).order_by("pk"):
        try:
            with tenant_scope(tenant.pk):
                checked += prove(moment).checked
        except Exception:
            # One company's trouble must not leave the others unproven.
            log.exception("sla.tenant_not_proven", sick_tenant=tenant.pk)
    beat(HEARTBEAT, handled=checked)
    return checked


def prove(now: datetime | None = None) -> ProofRun:
    """Prove the live clocks of the company whose scope we are in; keeps what differs."""
    moment = now or timezone.now()
    started = timezone.now()
    checked, still_there = 0, set()
    for clocks in _batches():
        checked += len(clocks)
        rows = rows_of(clocks, steps=Step.objects.all())
        found = [one for clock in clocks for one in differences(clock, rows[clock.pk], moment)]
        still_there |= _keep(found, moment)
    gone = ClockDifference.objects.filter(settled_at=None).exclude(pk__in=still_there)
    gone.update(settled_at=moment, note="no longer found")
    return ProofRun.objects.create(
        started_at=started,
        finished_at=timezone.now(),
        checked=checked,
        differing=ClockDifference.objects.filter(settled_at=None)
        .values("clock_id")
        .distinct()
        .count(),
    )


def differences(clock: Clock, rows: Rows, now: datetime) -> Iterator[Found]:
    """What of one live clock is not as it must be; a paused one has no due time to compare."""
    if clock.state == ClockState.RUNNING:
        try:
            layout = instants(facts_of(clock, rows))
        except CalendarError as error:
            yield Found(clock, DifferenceKind.UNCOUNTABLE, _at(clock.due_at), error.code)
            return
        if layout.warn_at != clock.warn_at:
            yield _other(clock, DifferenceKind.WARN_AT, clock.warn_at, layout.warn_at)
        if layout.due_at != clock.due_at:
            yield _other(clock, DifferenceKind.DUE_AT, clock.due_at, layout.due_at)
        wrong = next(_misplaced(rows, layout), None)
        if wrong:
            yield _other(clock, DifferenceKind.STEPS, *wrong)
        if clock.due_at < now - GRACE and clock.missed_at is None:
            yield Found(clock, DifferenceKind.NOT_MARKED, "", _at(clock.due_at))
    waiting = [step.at for step in rows.steps if step.state == StepState.PLANNED]
    if waiting and min(waiting) < now - GRACE:
        yield Found(clock, DifferenceKind.NOT_FIRED, "", _at(min(waiting)))


def _misplaced(rows: Rows, layout: Layout) -> Iterator[tuple[datetime, datetime]]:
    """Planned steps that stand elsewhere than computed: where they are, where they belong."""
    belongs = instants_of(rows, layout)
    for step in rows.steps:
        if step.state == StepState.PLANNED and belongs.get(step.pk, step.at) != step.at:
            yield step.at, belongs[step.pk]


def _other(clock: Clock, what: DifferenceKind, stored: datetime, computed: datetime) -> Found:
    return Found(clock, what, _at(stored), _at(computed))


def _at(instant: datetime) -> str:
    return instant.isoformat()


def _batches() -> Iterator[list[Clock]]:
    """The live clocks with their calendars, a batch at a time."""
    live = Clock.objects.filter(state__in=LIVE).select_related("calendar")
    last = 0
    while clocks := list(live.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield clocks
        last = clocks[-1].pk


def _keep(found: Iterable[Found], now: datetime) -> set[int]:
    """Open what is new, confirm what is known; what somebody dismissed stays dismissed."""
    ids = set()
    for one in found:
        known = ClockDifference.objects.filter(
            clock=one.clock, what=one.what, stored=one.stored, computed=one.computed
        )
        if known.exclude(settled_at=None).exclude(settled_label="").exists():
            continue
        row, is_new = ClockDifference.objects.update_or_create(
            clock=one.clock,
            what=one.what,
            settled_at=None,
            defaults={"stored": one.stored, "computed": one.computed, "seen_at": now},
            create_defaults={
                "stored": one.stored,
                "computed": one.computed,
                "found_at": now,
                "seen_at": now,
            },
        )
        if is_new:
            log.error("sla.clock_differs", clock_id=one.clock.pk, what=one.what)
        ids.add(row.pk)
    return ids
