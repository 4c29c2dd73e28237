"""A company that promises everything, around the clock, so that each test counts plain minutes."""

from __future__ import annotations

from datetime import UTC, datetime

from sla.models import Calendar, Clock, Policy, PolicyVersion, Step, Target
from sla.states import Promise
from tickets.models import Ticket

EVER = datetime(2000, 1, 1, tzinfo=UTC)
MINUTES: dict[str, int] = {
    Promise.DISPATCH: 120,
    Promise.ARRANGE: 120,
    Promise.CHECK: 240,
    Promise.FIRST_ANSWER: 60,
    Promise.ARRIVAL: 720,
    Promise.REPAIR: 24 * 60,
    Promise.PARTS: 72 * 60,
    Promise.COMPLAINT_ANSWER: 24 * 60,
    Promise.OPINION: 48 * 60,
    Promise.SOLUTION: 72 * 60,
}


def promise_everything(conditions: dict[str, list[str]] | None = None, **minutes: int) -> Policy:
    """A policy before all others; `arrival=60` gives a promise other minutes."""
    calendar = Calendar.objects.get(code="always")
    policy = Policy.objects.create(code=f"all-{Policy.objects.count()}", name="Everything")
    version = PolicyVersion.objects.create(
        policy=policy,
        number=1,
        valid_from=EVER,
        position=max(1, 5 - Policy.objects.filter(code__startswith="all-").count()),
        conditions=conditions or {},
        calendar=calendar,
    )
    Target.objects.bulk_create(
        Target(
            version=version,
            promise=promise,
            minutes=count,
            ladder=[{"after": 0, "role": "supervisor"}, {"after": 60, "role": "manager"}],
        )
        for promise, count in (MINUTES | minutes).items()
    )
    return policy


def newest(ticket: Ticket, promise: str) -> Clock:
    """The last clock of a promise of a ticket."""
    clocks = Clock.objects.filter(subject="ticket", subject_id=ticket.pk, promise=promise)
    found = clocks.order_by("-id").first()
    assert found is not None, f"no clock of {promise}"
    return found


def states(ticket: Ticket) -> dict[str, str]:
    """The state of the last clock of each promise."""
    rows = Clock.objects.filter(subject="ticket", subject_id=ticket.pk).order_by("id")
    return dict(rows.values_list("promise", "state"))


def holder(ticket: Ticket, promise: str) -> tuple[str, str]:
    clock = newest(ticket, promise)
    return clock.holder_kind, clock.holder_label


def steps_ahead(ticket: Ticket) -> int:
    """Steps of the ticket's clocks that could still fire."""
    ahead = Step.objects.filter(clock__subject="ticket", clock__subject_id=ticket.pk)
    return ahead.filter(state__in=["planned", "held"]).count()
