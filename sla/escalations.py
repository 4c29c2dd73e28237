"""What went up the ladder: steps of all clocks with what became of them (R-030)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from core.actor import Actor
from sla import subjects
from sla.models import Clock, Liability, Step
from sla.reasons import reason_in_words
from sla.states import LIVE, Promise, StepAction

# The reminder and the breach stand on every clock; the ladder is what comes besides.
OF_EVERY_CLOCK = (StepAction.WARN, StepAction.BREACH)


def ladder_steps(actor: Actor) -> QuerySet[Step]:
    """The rungs of all clocks, with their clocks and decisions."""
    current = Liability.objects.filter(is_current=True)
    # No wall lets people of a dealer see a step.
    rungs = Step.objects.exclude(action__in=OF_EVERY_CLOCK)
    return rungs.select_related("clock").prefetch_related(
        Prefetch("clock__liabilities", queryset=current, to_attr="decisions")
    )


def dressed(steps: Iterable[Step]) -> list[Step]:
    """The same steps with what a row shows besides: address, reason in words, decision."""
    rows = list(steps)
    turns = turns_of([step.clock for step in rows])
    for step in rows:
        clock = step.clock
        shown = {
            "url": subjects.address(clock.subject, clock.subject_number),
            "why": reason_in_words(step.reason),
            "decision": next(iter(vars(clock).get("decisions", [])), None),
            "liability_url": _liability_url(clock, turns[clock.pk]) if clock.was_late else "",
            "is_open": clock.state in LIVE and clock.acknowledged_at is None,
        }
        vars(step).update(shown)
    return rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """Urgent cases of which management has not yet said that it knows (R-022)."""

    count: int = 0
    first: tuple[Clock, ...] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def unacknowledged(actor: Actor, shown: int = 3) -> Waiting:
    """How many wait, and the first of them, by their due times."""
    if not actor.may("ticket.acknowledge"):
        return Waiting()
    waiting = Clock.objects.filter(promise=Promise.ACKNOWLEDGE, state__in=LIVE)
    clocks = list(waiting.order_by("due_at", "id")[: shown + 1])
    for clock in clocks:
        vars(clock)["url"] = subjects.address(clock.subject, clock.subject_number)
    count = waiting.count() if len(clocks) > shown else len(clocks)
    return Waiting(count, tuple(clocks[:shown]))


def turns_of(clocks: Iterable[Clock]) -> dict[int, int]:
    """Which clock of its promise each is, counted from 1 by subject; in one query."""
    wanted = list(clocks)
    same = Clock.objects.filter(
        subject__in={clock.subject for clock in wanted},
        subject_id__in={clock.subject_id for clock in wanted},
    )
    counted: Counter[tuple[str, int, str]] = Counter()
    found = {}
    rows = same.order_by("started_at", "id").values_list("pk", "subject", "subject_id", "promise")
    for pk, subject, subject_id, promise in rows:
        key = (subject, subject_id, promise)
        counted[key] += 1
        found[pk] = counted[key]
    return found


def _liability_url(clock: Clock, turn: int) -> str:
    return reverse("sla:liability", args=[clock.subject, clock.subject_number, clock.promise, turn])
