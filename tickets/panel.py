"""The panel of promises on a ticket's page: whose time runs, until when, and what comes next.

The number of its queries does not grow with the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.actor import Actor
from sla.models import Clock, Delay, Pause, Step
from sla.queries import next_steps
from sla.states import ClockState, HolderKind, Promise, StepAction
from tickets.promises import DELAYABLE

# Steps that are told to whoever holds the promise; the others name a role.
OF_THE_HOLDER = (StepAction.WARN, StepAction.BREACH, StepAction.REMIND)


@dataclass(slots=True)
class Row:
    """One promise as the panel shows it."""

    clock: Clock
    is_late: bool
    pause: Pause | None = None
    step: Step | None = None
    delays: list[Delay] = field(default_factory=list)
    may_acknowledge: bool = False
    may_delay: bool = False

    @property
    def told(self) -> str:
        """Who is told at the next step: a role, else whoever holds the promise."""
        if self.step is None or self.step.action not in OF_THE_HOLDER:
            return self.step.role_label if self.step else ""
        return self.clock.holder_label

    @property
    def whose(self) -> str:
        """Whose time it was when it was missed."""
        return self.clock.missed_label or self.clock.holder_label

    @property
    def holder_kind(self) -> str:
        """The kind of holder where the name alone does not say it."""
        kind = HolderKind(self.clock.holder_kind)
        named = (HolderKind.DEALER, HolderKind.TECHNICIAN)
        return str(kind.label) if kind in named else ""


@dataclass(slots=True)
class Panel:
    """The running promises, the nearest first, and those that have ended, the last first."""

    running: list[Row]
    past: list[Row]

    @property
    def version(self) -> list[tuple[object, ...]]:
        """What makes the panel another one (times tick by themselves)."""
        return [
            (
                row.clock.pk,
                row.clock.state,
                row.clock.due_at,
                row.clock.holder_label,
                row.clock.missed_at,
                row.clock.acknowledged_at,
                row.step and row.step.pk,
                row.pause and row.pause.pk,
                row.may_delay,
            )
            for row in [*self.running, *self.past]
        ]

    @property
    def has_delayable(self) -> bool:
        return any(row.may_delay for row in self.running)


def panel(actor: Actor, clocks: Iterable[Clock], *, now: datetime) -> Panel:
    """The panel of the clocks that the actor sees; a dealer is shown nothing of our ladder."""
    rows = [Row(clock, is_late=clock.is_late(now)) for clock in clocks]
    running = [row for row in rows if row.clock.is_live]
    ids = [row.clock.pk for row in running]
    if ids:
        _add_waits(running, ids)
        _add_delays(running, [row.clock.pk for row in running if row.clock.agreed_at])
    if ids and not actor.is_dealer:
        steps = next_steps(row.clock for row in running)
        told_me = _told_to(actor, ids)
        for row in running:
            row.step = steps.get(row.clock.pk)
            row.may_acknowledge = _may_acknowledge(actor, row, told_me)
    for row in running:
        row.may_delay = (
            row.clock.state == ClockState.RUNNING
            and row.clock.promise in DELAYABLE
            and row.clock.due_at > now
        )
    running.sort(key=lambda row: (row.clock.due_at, row.clock.pk))
    past = [row for row in reversed(rows) if not row.clock.is_live]
    return Panel(running, past)


def _add_waits(rows: Iterable[Row], ids: list[int]) -> None:
    waits = {wait.clock_id: wait for wait in Pause.objects.filter(clock__in=ids, ended_at=None)}
    for row in rows:
        row.pause = waits.get(row.clock.pk)


def _add_delays(rows: Iterable[Row], ids: list[int]) -> None:
    if not ids:
        return
    by_id = {row.clock.pk: row for row in rows}
    for delay in Delay.objects.filter(clock__in=ids).order_by("-recorded_at", "-id"):
        by_id[delay.clock_id].delays.append(delay)


def _told_to(actor: Actor, ids: list[int]) -> set[int]:
    """The clocks of which a step was told to this very person."""
    if actor.user_id is None:
        return set()
    told = Step.objects.filter(clock__in=ids, told_ids__contains=[actor.user_id])
    return set(told.values_list("clock_id", flat=True))


def _may_acknowledge(actor: Actor, row: Row, told_me: set[int]) -> bool:
    """As `sla.access.may_acknowledge`, for many; offered once there is something to take on."""
    clock = row.clock
    if clock.acknowledged_at is not None:
        return False
    if clock.promise == Promise.ACKNOWLEDGE:
        is_asked = actor.may("ticket.acknowledge") or actor.may("clock.acknowledge")
        return is_asked or clock.pk in told_me
    is_in_trouble = row.is_late or clock.missed_at is not None
    return is_in_trouble and (actor.may("clock.acknowledge") or clock.pk in told_me)
