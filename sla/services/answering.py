"""What people do about a promise in trouble: take it on, settle whose fault it was (R-030)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.events import publish
from core.models import Tenant
from core.tenancy import verb
from sla import subjects
from sla.ladder import RISING
from sla.models import Clock, Fault, Liability
from sla.reasons import ACKNOWLEDGED
from sla.services.clocks import meet_clock
from sla.states import Promise, StepState


class NothingToAcknowledge(WrongState):
    code = "clock.nothing_to_acknowledge"
    message = _("This promise runs no longer: nothing goes up the ladder any more.")


class NotMissed(DomainError):
    code = "clock.not_missed"
    message = _("This promise was not missed: there is nothing to answer for.")


@verb
def acknowledge(*, actor: Actor, clock: Clock, note: str = "", at: datetime | None = None) -> Clock:
    """Take a promise on: nobody further up is told of it, nor is it taken from its holder.

    Its reminder, its breach and calls to programs still come; what has fired stays fired. The
    one promise that is nothing but an acknowledgement (R-022) is kept by it. A second
    acknowledgement changes nothing.
    """
    now = at or timezone.now()
    # The subject first, as the sweep does: neither waits for the other in a circle.
    subjects.lock(clock.subject, clock.subject_id)
    row = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if row.acknowledged_at is not None:
        return row
    if not row.is_live:
        raise NothingToAcknowledge
    row.acknowledged_at, row.acknowledged_label = now, actor.label
    row.save(update_fields=["acknowledged_at", "acknowledged_label"])
    rungs = row.steps.filter(action__in=RISING, state__in=(StepState.PLANNED, StepState.HELD))
    stopped = rungs.update(state=StepState.SUPPRESSED, reason=f"{ACKNOWLEDGED}{actor.label}"[:120])
    told = row.steps.filter(state=StepState.FIRED, action__in=RISING, acknowledged_at=None)
    told.update(acknowledged_by_id=actor.user_id, acknowledged_at=now)
    audit.record(
        actor, "clock.acknowledged", row, promise=row.promise, stopped=stopped, note=note.strip()
    )
    publish("sla.acknowledged", actor=actor, clock=row, note=note.strip(), at=now)
    if row.promise == Promise.ACKNOWLEDGE:
        meet_clock(
            actor=actor,
            subject=row.subject,
            subject_id=row.subject_id,
            promise=row.promise,
            at=now,
        )
        row.refresh_from_db()
    return row


@verb
def settle_liability(
    *,
    actor: Actor,
    clock: Clock,
    fault: str,
    decision: str,
    at_fault: str = "",
    at: datetime | None = None,
) -> Liability:
    """Record whose fault a breach was and what follows from it; the newest decision counts."""
    row = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if row.missed_at is None:
        raise NotMissed
    if fault not in Fault.values:
        raise DomainError(_("Choose at whose door it is laid."), field="fault")
    if not decision.strip():
        raise DomainError(_("Say what was decided, and why."), field="decision")
    name = at_fault.strip()
    if fault == Fault.OTHER and not name:
        raise DomainError(_("Name whose fault it was."), field="at_fault")
    if fault == Fault.HOLDER:
        name = row.missed_label or row.holder_label
    before = Liability.objects.filter(clock=row, is_current=True)
    is_revised = before.update(is_current=False) > 0
    settled = Liability.objects.create(
        clock=row,
        fault=fault,
        at_fault=name[:120],
        decision=decision.strip()[:500],
        decided_at=at or timezone.now(),
        decided_label=actor.label,
    )
    audit.record(
        actor,
        "clock.liability_settled",
        row,
        promise=row.promise,
        fault=fault,
        at_fault=settled.at_fault,
        decision=settled.decision,
        is_revised=is_revised,
    )
    return settled


def note_export(*, actor: Actor, company: Tenant, rows: int) -> None:
    """Keep who took the list of escalations out of the house (R-006)."""
    audit.record(actor, "escalation.exported", company, rows=rows)
