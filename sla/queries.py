"""Reads of clocks: of one subject, of a page of subjects, of the board, of the sweep's health."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import words
from core.actor import Actor
from core.health import SWEEP_LATE
from core.models import Heartbeat
from sla.access import veiled, visible
from sla.explain import Line, explanation
from sla.models import Clock, ClockDifference, PolicyVersion, ProofRun, Step
from sla.proof import HEARTBEAT as PROOF
from sla.states import ClockState, StepState
from sla.sweep import HEARTBEAT

SOON = timedelta(hours=1)
BOARD_ROWS = 500


def clocks_of(actor: Actor, subject: str, subject_id: int) -> list[Clock]:
    """Every clock of a subject that the actor sees, the oldest first."""
    return clocks_of_many(actor, subject, [subject_id]).get(subject_id, [])


def clocks_of_many(actor: Actor, subject: str, ids: Iterable[int]) -> dict[int, list[Clock]]:
    """The clocks of many subjects in one query, by the subject's id; the oldest first."""
    found: dict[int, list[Clock]] = defaultdict(list)
    clocks = visible(actor).filter(subject=subject, subject_id__in=list(ids))
    for clock in veiled(actor, list(clocks.order_by("started_at", "id"))):
        found[clock.subject_id].append(clock)
    return dict(found)


def explain(clock: Clock) -> list[Line]:
    """How the due time came about, a line per day; `str(line)` is a sentence."""
    return explanation(clock).lines


def next_steps(clocks: Iterable[Clock]) -> dict[int, Step]:
    """What happens next to each clock if nobody acts, by the clock's id; one query for all.

    A clock that stands still, or whose ladder has come to its end, has no next step.
    """
    planned = Step.objects.filter(
        clock__in=[clock.pk for clock in clocks if clock.is_live], state=StepState.PLANNED
    )
    first = planned.order_by("clock_id", "at", "position").distinct("clock_id")
    return {step.clock_id: step for step in first}


@dataclass(slots=True)
class Holding:
    """What one holder has late and due soon."""

    kind: str
    label: str
    clocks: list[Clock] = field(default_factory=list)
    late: int = 0

    @property
    def soon(self) -> int:
        return len(self.clocks) - self.late


@dataclass(frozen=True, slots=True)
class Board:
    """Who must act now: late or due within the hour, the holder with most late ones first."""

    holdings: list[Holding]
    late: int
    soon: int
    paused: int
    shown: int

    @property
    def left_out(self) -> int:
        return self.late + self.soon - self.shown


def board(clocks: QuerySet[Clock], *, at: datetime | None = None) -> Board:
    """The board of the clocks given (already narrowed to the actor and the filter)."""
    now = at or timezone.now()
    running = Q(state=ClockState.RUNNING)
    counts = clocks.filter(state__in=(ClockState.RUNNING, ClockState.PAUSED)).aggregate(
        late=Count("pk", filter=running & Q(due_at__lte=now)),
        soon=Count("pk", filter=running & Q(due_at__gt=now, due_at__lte=now + SOON)),
        paused=Count("pk", filter=Q(state=ClockState.PAUSED)),
    )
    due = clocks.filter(running, due_at__lte=now + SOON).order_by("due_at", "id")
    holdings: dict[tuple[str, int | None, str], Holding] = {}
    shown = 0
    for clock in due[:BOARD_ROWS]:
        key = (clock.holder_kind, clock.holder_dealer_id, clock.holder_label)
        held = holdings.setdefault(
            key, Holding(clock.get_holder_kind_display(), words.named(key[2]))
        )
        held.clocks.append(clock)
        held.late += clock.is_late(now)
        shown += 1
    ordered = sorted(holdings.values(), key=lambda held: (-held.late, -held.soon, held.label))
    return Board(ordered, counts["late"], counts["soon"], counts["paused"], shown)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the sweep keeps up: its last beat, and what of this tenant waits or fails."""

    beat: Heartbeat | None
    is_late: bool
    waiting: int
    failing: list[Step]
    beats: list[tuple[str, Heartbeat]]
    proof: ProofRun | None
    differences: list[ClockDifference]
    difference_count: int


def beat_name(name: str) -> str:
    """What runs by itself, in words."""
    return {
        HEARTBEAT: _("Reminders and escalations"),
        PROOF: _("Nightly proof of the clocks"),
        "ledger.check": _("Nightly check of the books"),
        "notifications.deliver": _("Mails and text messages"),
        "notifications.call_webhooks": _("Webhooks"),
        "visits.schedule_missing": _("Callbacks that were not planned"),
    }.get(name, name)


def health(at: datetime | None = None) -> Health:
    """The sweep as the administrator sees it; late means silent too long (`SWEEP_LATE`)."""
    now = at or timezone.now()
    beat = Heartbeat.objects.filter(name=HEARTBEAT).first()
    planned = Step.objects.filter(state=StepState.PLANNED)
    differing = ClockDifference.objects.filter(settled_at=None)
    return Health(
        beat=beat,
        is_late=beat is None or now - beat.at > SWEEP_LATE,
        waiting=planned.filter(at__lte=now - SWEEP_LATE).count(),
        failing=list(planned.filter(failures__gt=0).select_related("clock").order_by("at")[:50]),
        beats=[(beat_name(beat.name), beat) for beat in Heartbeat.objects.order_by("name")],
        proof=ProofRun.objects.order_by("-id").first(),
        differences=list(differing.select_related("clock").order_by("found_at", "id")[:50]),
        difference_count=differing.count(),
    )


def newest_versions() -> QuerySet[PolicyVersion]:
    """The newest version of every policy, in the order in which they are asked."""
    newest = PolicyVersion.objects.filter(valid_to=None).select_related("policy", "calendar")
    return newest.prefetch_related("targets__calendar").order_by("position", "policy_id")
