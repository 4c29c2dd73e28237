"""The ticket's promises, as clocks of sla, which knows no ticket (R-019 to R-029).

Who holds the customer's own clocks (`is_through`: the solution, and what a complaint is
promised): the desk until a dealer accepts or a department is handed the ticket; then that
receiver; the technician from arrival on; parts supply while a part is waited for; the desk
again as soon as the ticket is back. A breach stands against whoever had it at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from django.db.models import QuerySet

from core.actor import Actor
from core.options import option
from sla import access as sla_access
from sla import services as sla
from sla.models import Clock
from sla.services import Promised
from sla.states import LIVE, HolderKind, PauseReason, Promise
from tickets import promises, rules
from tickets.models import SupervisionCheck, Ticket
from tickets.services.facts import facts
from tickets.states import Team, TicketKind, TicketState

__all__ = ["DEPARTMENTS", "DESK_LABEL", "HOLDERS", "SUBJECT", "facts", "holder_label"]

SUBJECT = "ticket"

HOLDERS: dict[str, HolderKind] = {
    Team.DESK: HolderKind.DESK,
    Team.DEALER: HolderKind.DEALER,
    Team.TECHNICAL: HolderKind.TECHNICAL,
    Team.SALES: HolderKind.SALES,
}
# Departments on a clock, in the words of the source: each reader gets his own language from
# `core.words.named`. The same words are the labels of `tickets.states.Team` and of
# `sla.states.HolderKind`.
DESK_LABEL = "Service desk"
PARTS_LABEL = "Parts supply"
DEPARTMENTS = {
    Team.DESK: DESK_LABEL,
    Team.TECHNICAL: "Technical department",
    Team.SALES: "Sales representative",
}
# What the customer waits for from the first moment, whoever works on it.
TO_CUSTOMER = (Promise.SOLUTION,)
TO_COMPLAINANT = (Promise.COMPLAINT_ANSWER, Promise.OPINION, Promise.SOLUTION)


class Hands(TypedDict):
    """Whose time runs, as clocks keep it."""

    holder_kind: str
    holder_label: str
    holder_dealer_id: int | None


def holder_label(ticket: Ticket, team: str) -> str:
    """The name of whoever holds it, as it is kept on clocks and checks."""
    if team == Team.DEALER and ticket.dealer:
        return str(ticket.dealer)
    if team != Team.DESK and ticket.assignee:
        return ticket.assignee.name
    return DEPARTMENTS[Team(team)]


# A promise begins


def begin_at_desk(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """A new or reopened ticket: the desk's hours run, and the customer's."""
    owed = [
        of_team(ticket, Promise.DISPATCH, Team.DESK),
        of_team(ticket, Promise.FIRST_ANSWER, Team.DESK),
    ]
    start(actor, ticket, [*owed, *_to_customer(ticket, Team.DESK)], at=at)


def begin_with_dealer(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """A dealer's own intake: the customer waits for that dealer as for our desk (R-100)."""
    owed = [of_team(ticket, Promise.FIRST_ANSWER, Team.DEALER), *_of_receiver(ticket)]
    start(actor, ticket, [*owed, *_to_customer(ticket, Team.DEALER)], at=at)


def hand_over(actor: Actor, ticket: Ticket, *, at: datetime) -> Clock | None:
    """The receiver's hours begin, and the desk's own check is due four hours later.

    A department has the ticket from now on; a dealer only when it accepts.
    """
    meet(actor, ticket, Promise.DISPATCH, at=at)
    owed = [*_of_receiver(ticket), of_team(ticket, Promise.CHECK, Team.DESK)]
    running = {clock.promise: clock for clock in start(actor, ticket, owed, at=at)}
    check = running.get(Promise.CHECK)
    if check is not None:
        SupervisionCheck.objects.create(
            ticket=ticket,
            holder_label=holder_label(ticket, ticket.team),
            due_at=check.due_at,
        )
    pass_on(actor, ticket, _holder_of_customers(ticket), at=at)
    return running.get(Promise.ARRANGE)


def arrived(actor: Actor, ticket: Ticket, *, technician: str, at: datetime) -> None:
    """Somebody stands at the machine: the repair is promised from now on (R-024, R-025)."""
    meet(actor, ticket, Promise.ARRIVAL, at=at)
    answered(actor, ticket, "arrival", at=at)
    hands: Hands = {
        "holder_kind": HolderKind.TECHNICIAN,
        "holder_label": technician,
        "holder_dealer_id": ticket.dealer_id,
    }
    if ticket.kind in rules.FIELD_WORK:
        start(actor, ticket, [Promised(promise=Promise.REPAIR, **hands)], at=at)
    sla.pass_clocks(actor=actor, subject=SUBJECT, subject_id=ticket.pk, **hands, at=at)


def _of_receiver(ticket: Ticket) -> list[Promised]:
    """What whoever gets the ticket owes: to settle who goes, and to be there."""
    owed = [of_team(ticket, Promise.ARRANGE, ticket.team)]
    if ticket.kind in rules.FIELD_WORK:
        owed.append(of_team(ticket, Promise.ARRIVAL, ticket.team))
    return owed


def _to_customer(ticket: Ticket, team: str) -> list[Promised]:
    owed = TO_COMPLAINANT if ticket.kind == TicketKind.COMPLAINT else TO_CUSTOMER
    return [of_team(ticket, promise, team, is_through=True) for promise in owed]


def of_team(ticket: Ticket, promise: Promise, team: str, *, is_through: bool = False) -> Promised:
    """A promise of the desk, of a department or of the dealer that has the ticket."""
    return Promised(promise=promise, **_hands(ticket, team), is_through=is_through)


def _hands(ticket: Ticket, team: str) -> Hands:
    return {
        "holder_kind": HOLDERS[team],
        "holder_label": holder_label(ticket, team),
        "holder_dealer_id": ticket.dealer_id if team == Team.DEALER else None,
    }


def start(actor: Actor, ticket: Ticket, owed: Sequence[Promised], *, at: datetime) -> list[Clock]:
    """Start all promises of one moment together."""
    return sla.start_clocks(
        actor=actor,
        subject=SUBJECT,
        subject_id=ticket.pk,
        subject_number=ticket.number,
        facts=facts(ticket, at=at),
        promises=owed,
        at=at,
    )


# A promise goes to other hands, waits, goes on


def pass_on(actor: Actor, ticket: Ticket, team: str, *, at: datetime) -> None:
    """The customer's own clocks go to the desk, or to who has the ticket now."""
    sla.pass_clocks(
        actor=actor, subject=SUBJECT, subject_id=ticket.pk, **_hands(ticket, team), at=at
    )


def wait(
    actor: Actor, ticket: Ticket, *, reason: str, note: str, until: datetime | None, at: datetime
) -> None:
    """What stands still stands still; a part that is waited for is promised by its supply."""
    parts_stop = reason != PauseReason.PARTS or option("pause.parts_stop_solution", at=at)
    sla.pause_clocks(
        actor=actor,
        subject=SUBJECT,
        subject_id=ticket.pk,
        reason=reason,
        note=note,
        until=until,
        promises=promises.standing_still(reason, parts_stop_solution=parts_stop),
        at=at,
    )
    if reason == PauseReason.PARTS:
        hands: Hands = {
            "holder_kind": HolderKind.PARTS,
            "holder_label": PARTS_LABEL,
            "holder_dealer_id": None,
        }
        start(actor, ticket, [Promised(promise=Promise.PARTS, **hands)], at=at)
        sla.pass_clocks(actor=actor, subject=SUBJECT, subject_id=ticket.pk, **hands, at=at)


def go_on(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """Nothing is waited for any more; a part has come, and the receiver has it all again."""
    sla.resume_clocks(actor=actor, subject=SUBJECT, subject_id=ticket.pk, at=at)
    meet(actor, ticket, Promise.PARTS, at=at)
    pass_on(actor, ticket, ticket.team, at=at)


# A promise ends


def meet(actor: Actor, ticket: Ticket, *kept: Promise, at: datetime) -> None:
    """Keep promises, late or in time; those that do not run are nobody's matter."""
    met = sla.meet_clocks(actor=actor, subject=SUBJECT, subject_id=ticket.pk, promises=kept, at=at)
    if not ticket.has_breach and any(clock.was_late for clock in met):
        # Kept too late, and no sweep came between: the mark stands all the same.
        ticket.has_breach = True
        Ticket.objects.filter(pk=ticket.pk).update(has_breach=True)


def answered(actor: Actor, ticket: Ticket, how: str, *, at: datetime) -> None:
    """The customer was answered, if the company counts this as an answer (R-023, R-027).

    `how` is a setting: call, note, acceptance, arrangement, arrival.
    """
    if option(f"answer.{how}", at=at):
        meet(actor, ticket, Promise.FIRST_ANSWER, Promise.COMPLAINT_ANSWER, at=at)


def kept_by_result(actor: Actor, ticket: Ticket, *, at: datetime) -> None:
    """The work is done: what was promised to the customer is kept, late or in time."""
    if ticket.team == Team.DESK:
        meet(actor, ticket, Promise.DISPATCH, at=at)
    kept = [Promise.FIRST_ANSWER, Promise.ARRIVAL, Promise.REPAIR, Promise.PARTS, Promise.SOLUTION]
    if ticket.kind == TicketKind.COMPLAINT:
        kept.append(Promise.COMPLAINT_ANSWER)
        # The cause and how it is prevented are the opinion, if none was given before.
        if ticket.cause:
            kept.append(Promise.OPINION)
    meet(actor, ticket, *kept, at=at)


def cancel(actor: Actor, ticket: Ticket, *ended: Promise, reason: str, at: datetime) -> None:
    """Cancel some promises, or all that still run."""
    sla.cancel_clocks(
        actor=actor,
        subject=SUBJECT,
        subject_id=ticket.pk,
        promises=list(ended) or None,
        reason=reason,
        at=at,
    )


def leave_receiver(actor: Actor, ticket: Ticket, *, reason: str, at: datetime) -> None:
    """Whoever held it holds it no longer: their promises and the check on them end."""
    cancel(actor, ticket, *promises.OF_RECEIVER, reason=reason, at=at)
    _drop_check(ticket)


def back_at_desk(
    actor: Actor, ticket: Ticket, *, reason: str, was_waiting: bool, at: datetime
) -> None:
    """Refused, timed out or taken back: the desk's dispatch clock starts anew.

    The customer's clocks go on from where they stand: a wait ends with who waited.
    """
    leave_receiver(actor, ticket, reason=reason, at=at)
    if was_waiting:
        sla.resume_clocks(actor=actor, subject=SUBJECT, subject_id=ticket.pk, at=at)
    start(actor, ticket, [of_team(ticket, Promise.DISPATCH, Team.DESK)], at=at)
    pass_on(actor, ticket, Team.DESK, at=at)


def end(actor: Actor, ticket: Ticket, *, reason: str, at: datetime) -> None:
    """Nothing is owed any more."""
    cancel(actor, ticket, reason=reason, at=at)
    _drop_check(ticket)


def merge(actor: Actor, ticket: Ticket, into: Ticket, *, at: datetime) -> None:
    """Two tickets of one matter: the customer keeps the earlier of two promises, with its pauses.

    What whoever held the ticket owed ends with it; nothing of it is told to anybody any more.
    """
    here = {clock.promise: clock for clock in _live_through(ticket)}
    there = {clock.promise: clock for clock in _live_through(into)}
    earlier = [
        promise
        for promise, clock in here.items()
        if promise in there and clock.due_at < there[promise].due_at
    ]
    if earlier:
        cancel(actor, into, *map(Promise, earlier), reason=f"← {ticket.number}", at=at)
    moved = set(here) & (set(earlier) | set(here) - set(there))
    ended = [promise for promise in Promise if promise not in moved]
    cancel(actor, ticket, *ended, reason=f"→ {into.number}", at=at)
    _drop_check(ticket)
    if not moved:
        return
    sla.move_clocks(
        actor=actor, subject=SUBJECT, from_id=ticket.pk, to_id=into.pk, to_number=into.number
    )
    if into.state != TicketState.WAITING:
        sla.resume_clocks(actor=actor, subject=SUBJECT, subject_id=into.pk, at=at)
    pass_on(actor, into, _holder_of_customers(into), at=at)


def delayable(actor: Actor, ticket: Ticket) -> QuerySet[Clock]:
    """The clocks that this person may put off with the customer's consent (R-028)."""
    clocks = sla_access.visible(actor).filter(subject=SUBJECT, subject_id=ticket.pk)
    return clocks.filter(state__in=LIVE, promise__in=promises.DELAYABLE).order_by("due_at", "id")


def _live_through(ticket: Ticket) -> Iterable[Clock]:
    return Clock.objects.filter(
        subject=SUBJECT, subject_id=ticket.pk, is_through=True, state__in=LIVE
    )


def _holder_of_customers(ticket: Ticket) -> str:
    """Whose time the customer's own clocks are: an offer that is not accepted binds nobody."""
    return Team.DESK if ticket.state == TicketState.OFFERED else ticket.team


def _drop_check(ticket: Ticket) -> None:
    ticket.checks.filter(checked_at=None, is_cancelled=False).update(is_cancelled=True)
