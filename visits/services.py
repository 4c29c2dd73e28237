"""Writes of visits and callbacks; tickets and clocks tell us through the wiring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import people_in_role
from accounts.roles import Role
from core import audit
from core.actor import Actor
from core.errors import DomainError
from core.events import after_commit
from core.numbering import next_number
from core.options import option
from core.states import locked, move
from core.tenancy import verb
from notifications import services as notifications
from notifications.services import Told
from sla import services as sla
from sla.firing import Firing
from sla.states import HolderKind, Promise, StepAction
from tickets import services as tickets
from tickets.models import Ticket
from tickets.rules import missing_for_close
from tickets.services import clocks
from tickets.states import TicketState
from visits import rules
from visits.links import page_of
from visits.models import Callback, CallbackAttempt, Visit
from visits.states import (
    CALLBACK_MOVES,
    LIVE_VISIT,
    REARRANGED,
    VISIT_MOVES,
    AttemptOutcome,
    CallbackState,
    VisitState,
)

SUBJECT = "callback"


class CallMadeAlready(DomainError):
    code = "callback.made_already"
    message = _("This call was made already. Its answer is kept.")


class CallNotNeeded(DomainError):
    code = "callback.not_needed"
    message = _("This call is no longer needed: the ticket has moved on.")


# Visits


@verb
def plan_visit(
    *, actor: Actor, ticket: Ticket, technician: User | None = None, **facts: Any
) -> Visit:
    """Who goes when, as it was arranged; an earlier plan of the same ticket is replaced."""
    assert ticket.visit_at is not None  # the database says so of every arranged ticket
    _end_live_visits(actor, ticket, reason=REARRANGED)
    visit = Visit.objects.create(
        number=next_number("V", timezone.localdate()),
        ticket=ticket,
        dealer_id=ticket.dealer_id,
        technician_name=ticket.technician_name,
        technician_phone=ticket.technician_phone,
        technician=technician,
        planned_at=ticket.visit_at,
    )
    audit.record(actor, "visit.planned", visit, ticket=ticket.number, at=visit.planned_at)
    return visit


@verb
def check_in(*, actor: Actor, visit: Visit, at: datetime | None = None) -> Visit:
    """The technician has arrived (R-119): the arrival is kept, the repair is promised."""
    locked(visit.ticket)  # first, as everybody does who takes both
    visit = locked(visit)
    move(visit, VISIT_MOVES, VisitState.ARRIVED)
    visit.arrived_at = at or timezone.now()
    visit.save(update_fields=["state", "arrived_at"])
    audit.record(actor, "visit.arrived", visit, at=visit.arrived_at)
    tickets.note_arrival(
        actor=actor,
        ticket=visit.ticket,
        technician=visit.technician_name,
        at=visit.arrived_at,
    )
    return visit


@verb
def finish_visit(
    *, actor: Actor, visit: Visit, result: str = "", at: datetime | None = None
) -> Visit:
    locked(visit.ticket)
    visit = locked(visit)
    move(visit, VISIT_MOVES, VisitState.FINISHED)
    visit.finished_at = at or timezone.now()
    visit.result = result
    visit.save(update_fields=["state", "finished_at", "result"])
    audit.record(actor, "visit.finished", visit, at=visit.finished_at)
    tickets.note_departure(actor=actor, ticket=visit.ticket, at=visit.finished_at)
    return visit


@verb
def cancel_visit(*, actor: Actor, visit: Visit, reason: str) -> Visit:
    visit = locked(visit)
    move(visit, VISIT_MOVES, VisitState.CANCELLED)
    visit.cancel_reason = reason
    visit.save(update_fields=["state", "cancel_reason"])
    audit.record(actor, "visit.cancelled", visit, reason=reason)
    return visit


def _end_live_visits(actor: Actor, ticket: Ticket, *, reason: str) -> None:
    """A trip that was only planned is off; one that reached the machine has taken place."""
    for visit in Visit.objects.filter(ticket=ticket, state__in=LIVE_VISIT):
        if visit.state == VisitState.ARRIVED:
            finish_visit(actor=actor, visit=visit)
        else:
            cancel_visit(actor=actor, visit=visit, reason=reason)


# What tickets and clocks tell us


@verb
def follow_done(*, actor: Actor, ticket: Ticket, **facts: Any) -> None:
    """The work is done: the visit ends with it, and a call to the customer is scheduled."""
    for visit in Visit.objects.filter(ticket=ticket, state__in=LIVE_VISIT):
        finish_visit(actor=actor, visit=visit, result=ticket.result)
    after_commit("visits.schedule_callback", ticket_id=ticket.pk)


@verb
def follow_stopped(*, actor: Actor, ticket: Ticket, **facts: Any) -> None:
    """Taken back, closed, reopened, cancelled or merged: nobody travels or calls for it."""
    _end_live_visits(actor, ticket, reason=ticket.state)
    for callback in Callback.objects.filter(ticket=ticket, state=CallbackState.SCHEDULED):
        callback = locked(callback)
        move(callback, CALLBACK_MOVES, CallbackState.CANCELLED)
        callback.save(update_fields=["state"])
        sla.cancel_clocks(
            actor=actor, subject=SUBJECT, subject_id=callback.pk, reason="ticket.moved_on"
        )
        audit.record(actor, "callback.cancelled", callback, ticket=ticket.number)


@verb
def tell_of_late_calls(*, firings: Sequence[Firing], at: datetime) -> None:
    """Callbacks are late: the next person up the ladder hears of each, once per rung (R-030)."""
    notifications.notify_all(
        told=[
            Told(
                user,
                "sla.escalated",
                {
                    "promise": Promise(firing.clock.promise).label,
                    "number": firing.clock.subject_number,
                    "holder": firing.clock.holder_label,
                    "due_at": firing.clock.due_at,
                },
                cause=f"step:{firing.step.pk}",
                url=page_of(firing.clock.subject_number),
                bundle="sla" if firing.is_late else "",
            )
            for firing in firings
            if firing.clock.subject == SUBJECT and firing.step.action == StepAction.ESCALATE
            for user in firing.recipients
        ]
    )


# Callbacks


@verb
def schedule_callback(*, actor: Actor, ticket: Ticket) -> Callback | None:
    """Plan the call after finished work, once; None when there is nothing to ask about."""
    ticket = locked(ticket)
    if ticket.state != TicketState.DONE or ticket.done_at is None:
        return None
    since_done = Q(state=CallbackState.SCHEDULED) | Q(created_at__gte=ticket.done_at)
    if Callback.objects.filter(since_done, ticket=ticket).exists():
        return None
    due_at, late_at = rules.window(
        ticket.done_at, option("callback.after_days"), option("callback.window_days")
    )
    callback = Callback.objects.create(
        number=next_number("CB", timezone.localdate()),
        ticket=ticket,
        dealer_id=ticket.dealer_id,
        due_at=due_at,
        late_at=late_at,
        next_attempt_at=due_at,
    )
    clock = sla.start_clock(
        actor=actor,
        subject=SUBJECT,
        subject_id=callback.pk,
        subject_number=callback.number,
        promise=Promise.CALLBACK,
        holder_kind=HolderKind.DESK,
        holder_label=clocks.DESK_LABEL,
        facts=clocks.facts(ticket),
        at=due_at,
    )
    if clock is not None:
        # The promise of the company goes before the plain number of days.
        callback.late_at = clock.due_at
        callback.save(update_fields=["late_at"])
    audit.record(actor, "callback.scheduled", callback, ticket=ticket.number, due_at=due_at)
    return callback


@verb
def record_attempt(
    *,
    actor: Actor,
    callback: Callback,
    outcome: str,
    note: str = "",
    call_again_at: datetime | None = None,
    at: datetime | None = None,
) -> Callback:
    """The customer was not reached: try again later, in the end give up and close."""
    callback = _open(callback)
    if outcome == AttemptOutcome.REACHED:
        raise DomainError(_("Note the score when the customer was reached."), field="outcome")
    now = at or timezone.now()
    if call_again_at is not None and call_again_at <= now:
        raise DomainError(_("The next call lies ahead."), field="call_again_at")
    _note_attempt(actor, callback, outcome, note, now)
    callback.attempt_count += 1
    if callback.attempt_count >= option("callback.attempts"):
        _finish(actor, callback, CallbackState.GIVEN_UP, now)
        audit.record(actor, "callback.given_up", callback, attempts=callback.attempt_count)
        _close_ticket(actor, callback, now)
        return callback
    callback.next_attempt_at = rules.next_attempt(outcome, now, call_again_at)
    callback.save(update_fields=["attempt_count", "next_attempt_at"])
    audit.record(actor, "callback.attempted", callback, outcome=outcome)
    return callback


@verb
def complete_callback(
    *,
    actor: Actor,
    callback: Callback,
    score: int,
    is_resolved: bool,
    opinion: str = "",
    at: datetime | None = None,
) -> Callback:
    """Note what the customer said: a happy answer closes the ticket, an unhappy reopens it."""
    callback = _open(callback)
    if not 1 <= score <= 5:
        raise DomainError(_("The score is a number from 1 to 5."), field="score")
    is_unhappy = rules.is_unhappy(score, is_resolved, option("callback.reopen_at_score"))
    if is_unhappy and not opinion.strip():
        raise DomainError(_("Note what the customer is unhappy about."), field="opinion")
    now = at or timezone.now()
    _note_attempt(actor, callback, AttemptOutcome.REACHED, "", now)
    callback.attempt_count += 1
    callback.score, callback.is_resolved, callback.opinion = score, is_resolved, opinion.strip()
    _finish(actor, callback, CallbackState.DONE, now)
    audit.record(actor, "callback.done", callback, score=score, is_resolved=is_resolved)
    if is_unhappy:
        callback.ticket = tickets.reopen_ticket(
            actor=actor, ticket=callback.ticket, reason=callback.opinion, at=now
        )
        _tell_supervisors(callback)
    else:
        _close_ticket(actor, callback, now)
    return callback


def _open(callback: Callback) -> Callback:
    """The callback to be answered, locked behind its ticket (the order of all who take both)."""
    ticket = locked(callback.ticket)
    callback = locked(callback)
    if callback.state == CallbackState.CANCELLED:
        raise CallNotNeeded
    if callback.state != CallbackState.SCHEDULED:
        raise CallMadeAlready
    callback.ticket = ticket
    return callback


def _finish(actor: Actor, callback: Callback, state: str, at: datetime) -> None:
    """The call is over: who made it, when, and the promise is kept."""
    move(callback, CALLBACK_MOVES, state)
    callback.called_at, callback.called_by_id = at, actor.user_id
    callback.save()
    sla.meet_clock(
        actor=actor, subject=SUBJECT, subject_id=callback.pk, promise=Promise.CALLBACK, at=at
    )


def _close_ticket(actor: Actor, callback: Callback, at: datetime) -> None:
    """Close the ticket, unless its register still lacks something: then the desk sees to it."""
    ticket = callback.ticket
    if ticket.state == TicketState.DONE and not missing_for_close(
        kind=ticket.kind, result=ticket.result, cause=ticket.cause
    ):
        callback.ticket = tickets.close_ticket(actor=actor, ticket=ticket, at=at)


def _tell_supervisors(callback: Callback) -> None:
    """An unhappy answer goes to those who answer for the service, in the customer's words."""
    for user in people_in_role(Role.SUPERVISOR):
        notifications.notify(
            user=user,
            event="callback.unhappy",
            params={
                "number": callback.ticket.number,
                "score": callback.score,
                "customer": str(callback.ticket.customer or callback.ticket.caller_name),
                "opinion": callback.opinion,
            },
            cause=f"callback:{callback.pk}:unhappy",
            url=page_of(callback.number),
        )


def _note_attempt(actor: Actor, callback: Callback, outcome: str, note: str, at: datetime) -> None:
    CallbackAttempt.objects.create(
        callback=callback,
        at=at,
        outcome=outcome,
        note=note,
        by_id=actor.user_id,
        by_label=actor.label,
    )
