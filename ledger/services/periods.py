"""Months of the books: finance closes them in order, a manager opens the last one again."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.states import locked, move
from core.tenancy import verb
from ledger.models import Period
from ledger.states import PERIOD_MOVES, PeriodState


class PeriodClosed(DomainError):
    code = "period.closed"
    message = _("The books of %(month)s are closed. Choose a day of an open month.")
    field = "on"

    def __init__(self, on: date) -> None:
        super().__init__(month=f"{on:%Y-%m}")


class NotOver(DomainError):
    code = "period.not_over"
    message = _("A month is closed when it is over.")


class OutOfOrder(DomainError):
    code = "period.out_of_order"
    message = _("Months are closed one after the other: an earlier one is still open.")


class LaterClosed(DomainError):
    code = "period.later_closed"
    message = _("Only the last closed month is opened again.")


class SamePerson(DomainError):
    code = "period.same_person"
    message = _("Who closed a month does not open it again: ask another person.")


class NoReason(DomainError):
    code = "period.no_reason"
    message = _("Say why: the reason stays in the records.")
    field = "reason"


def first_of(on: date) -> date:
    return on.replace(day=1)


def period_for(on: date) -> Period:
    """The open month of a day, made when nobody needed it before."""
    month = first_of(on)
    found = Period.objects.filter(month=month).first()
    if found is None:
        # Months before a closed one are closed with it, whether they had entries or not.
        if Period.objects.filter(month__gt=month, state=PeriodState.CLOSED).exists():
            raise PeriodClosed(on)
        Period.objects.bulk_create([Period(month=month)], ignore_conflicts=True)
        found = Period.objects.get(month=month)
    if found.state == PeriodState.CLOSED:
        raise PeriodClosed(on)
    return found


@verb
def close_period(*, actor: Actor, month: date) -> Period:
    """Close a month that is over; waits for those who are posting into it, then none can."""
    first = first_of(month)
    if first_of(first + timedelta(days=31)) > timezone.localdate():
        raise NotOver
    if Period.objects.filter(month__lt=first, state=PeriodState.OPEN).exists():
        raise OutOfOrder
    period = locked(Period.objects.filter(month=first).first() or period_for(first))
    move(period, PERIOD_MOVES, PeriodState.CLOSED)
    period.closed_by_id, period.closed_label = actor.user_id, actor.label
    period.closed_at = timezone.now()
    period.save(update_fields=["state", "closed_by", "closed_label", "closed_at"])
    audit.record(actor, "period.closed", period)
    return period


@verb
def reopen_period(*, actor: Actor, period: Period, reason: str) -> Period:
    """Open the last closed month again; by somebody else than who closed it, with a reason."""
    if not reason.strip():
        raise NoReason
    period = locked(period)
    move(period, PERIOD_MOVES, PeriodState.OPEN)
    if Period.objects.filter(month__gt=period.month, state=PeriodState.CLOSED).exists():
        raise LaterClosed
    if actor.user_id is not None and actor.user_id == period.closed_by_id:
        raise SamePerson
    before = {"closed_by": period.closed_label, "closed_at": period.closed_at}
    period.closed_by, period.closed_label, period.closed_at = None, "", None
    period.save(update_fields=["state", "closed_by", "closed_label", "closed_at"])
    audit.record(actor, "period.reopened", period, reason=reason.strip(), **before)
    return period
