"""An administrator settles what the nightly proof found: adopt the computed time, or keep."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.states import locked
from core.tenancy import verb
from sla.models import Clock, ClockDifference
from sla.services.dating import DATES, date_anew
from sla.states import ClockState


@verb
def settle_difference(
    *,
    actor: Actor,
    difference: ClockDifference,
    adopt: bool,
    note: str = "",
    at: datetime | None = None,
) -> ClockDifference:
    """Date the clock as computed (`adopt`), or keep what was promised and say why."""
    clock: Clock = locked(difference.clock)
    row: ClockDifference = locked(difference)
    if row.settled_at is not None:
        raise WrongState
    if not adopt and not note.strip():
        raise DomainError(_("Say why the clock keeps its time."), field="note")
    before = clock.due_at
    if adopt:
        if clock.state != ClockState.RUNNING:
            raise WrongState
        date_anew(clock)
        clock.save(update_fields=list(DATES))
    row.settled_at = at or timezone.now()
    row.settled_label, row.note = actor.label[:120], note.strip()[:200]
    row.save(update_fields=["settled_at", "settled_label", "note"])
    audit.record(
        actor,
        "clock.adopted" if adopt else "clock.kept",
        clock,
        promise=clock.promise,
        what=row.what,
        before=before,
        due_at=clock.due_at,
        note=note.strip(),
    )
    return row
