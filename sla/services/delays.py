"""An announced delay moves a clock; silent lateness stays a breach (R-028)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core import audit
from core.actor import Actor
from core.errors import DomainError, WrongState
from core.states import locked
from core.tenancy import verb
from sla.models import Clock, Delay
from sla.rules import is_breached
from sla.services.dating import DATES, aware, date_anew, moment
from sla.states import ClockState

LONGEST = timedelta(days=366)


@verb
def announce_delay(
    *,
    actor: Actor,
    clock: Clock,
    agreed_due_at: datetime,
    cause: str,
    consent: str,
    at: datetime | None = None,
) -> Clock:
    """Put the due time where the customer agreed to, told before the old one has passed.

    `consent` says who agreed and how. Steps ahead lie around the agreed time; what has fired,
    has fired. A pause after it moves the agreed time on by the working time inside the pause.
    """
    told_at = moment(at)
    clock = locked(clock)
    if not clock.is_live:
        raise WrongState
    newest = clock.delays.order_by("recorded_at").last()
    if newest is not None:
        told_at = max(told_at, newest.recorded_at)
    _check(clock, told_at, aware(agreed_due_at, "agreed_due_at"))
    cause, consent = _said(cause, "cause"), _said(consent, "consent")
    previous = clock.due_at
    Delay.objects.create(
        clock=clock,
        cause=cause,
        consent=consent,
        previous_due_at=previous,
        agreed_due_at=agreed_due_at,
        recorded_at=told_at,
        recorded_label=actor.label,
    )
    clock.agreed_at = agreed_due_at
    date_anew(clock)
    clock.save(update_fields=["agreed_at", *DATES])
    audit.record(
        actor,
        "clock.delayed",
        clock,
        promise=clock.promise,
        cause=cause,
        consent=consent,
        previous_due_at=previous,
        due_at=clock.due_at,
    )
    return clock


def _check(clock: Clock, told_at: datetime, agreed: datetime) -> None:
    if clock.missed_at is not None or is_breached(clock.due_at, told_at):
        raise DomainError(_("It is late already: a delay is told before the due time."))
    if clock.state == ClockState.PAUSED:
        raise DomainError(_("The clock stands still: a new time is agreed when it goes on."))
    if told_at < clock.started_at:
        raise DomainError(_("A delay cannot be told before the clock has started."), field="at")
    if agreed <= clock.due_at:
        raise DomainError(
            _("The agreed time must be later than the one promised."), field="agreed_due_at"
        )
    if agreed > told_at + LONGEST:
        raise DomainError(_("The agreed time lies more than a year ahead."), field="agreed_due_at")


def _said(text: str, field: str) -> str:
    if not text.strip():
        if field == "cause":
            raise DomainError(_("Say why the time cannot be kept."), field=field)
        raise DomainError(_("Say who agreed to the new time, and how."), field=field)
    return text.strip()[:200]
