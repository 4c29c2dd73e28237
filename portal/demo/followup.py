"""The call after the work: attempts, the score, the end or the way back."""

from __future__ import annotations

from accounts.models import User
from accounts.roles import Role
from portal.demo import texts
from portal.demo.hours import DAY, instant
from portal.demo.life import Life
from sla.states import Promise
from tickets.states import OfferState, Team, TicketState
from visits.models import Callback, CallbackAttempt
from visits.states import AttemptOutcome, CallbackState

MINUTE, HOUR = 60, 3_600
AFTER_DAYS, ATTEMPTS, REOPEN_AT = 3, 3, 2
SCORES = {5: 59, 4: 28, 3: 8, 2: 3, 1: 2}
MISSED_CALLS = {
    AttemptOutcome.NO_ANSWER: 6,
    AttemptOutcome.BUSY: 2,
    AttemptOutcome.LATER: 2,
    AttemptOutcome.WRONG_NUMBER: 0.3,
}
REACHED, LATE = 0.8, 0.02


def call_back(life: Life, done: int) -> int | None:
    """Call until somebody answers; when the ticket was reopened, or None when it closed."""
    ticket, chance = life.ticket, life.chance
    due = done + AFTER_DAYS * DAY
    callback = Callback(
        number=life.setting.book.number("CB", done),
        ticket=ticket,
        dealer=ticket.dealer,
        due_at=instant(due),
        late_at=instant(due + 4 * DAY),
        next_attempt_at=instant(due),
        created_at=instant(done),
    )
    life.setting.rows.callbacks.append(callback)
    running = life.start_callback(callback, due)
    if running is not None:
        callback.late_at = running.clock.due_at
    wait = chance.uniform(3_150, 4_200) if chance.random() < LATE else chance.expovariate(1 / 200)
    at = life.work(due, wait)
    for attempt in range(1, ATTEMPTS + 1):
        life.reach(at)
        clerk = life.setting.someone(Role.CLERK)
        if chance.random() < REACHED:
            _note(life, callback, at, AttemptOutcome.REACHED, clerk)
            return _answered(life, callback, at, clerk)
        outcome = chance.choices(tuple(MISSED_CALLS), tuple(MISSED_CALLS.values()))[0]
        _note(life, callback, at, outcome, clerk)
        if attempt < ATTEMPTS:
            at = life.work(at, chance.randint(200, 700))
            callback.next_attempt_at = instant(at)
    _finish(life, callback, at, CallbackState.GIVEN_UP, clerk)
    _close(life, at, clerk)
    return None


def _note(life: Life, callback: Callback, at: int, outcome: AttemptOutcome, clerk: User) -> None:
    callback.attempt_count += 1
    life.setting.rows.attempts.append(
        CallbackAttempt(
            callback=callback, at=instant(at), outcome=outcome, by=clerk, by_label=clerk.name
        )
    )


def _answered(life: Life, callback: Callback, at: int, clerk: User) -> int | None:
    chance = life.chance
    score = chance.choices(tuple(SCORES), tuple(SCORES.values()))[0]
    late = 0.35 if life.ticket.has_breach else 0.0
    if score > 3 and chance.random() < late:
        score -= 1  # who waited too long is less content
    again = life.ticket.reopen_count == 0
    callback.score = score = score if again else max(score, 3)
    callback.is_resolved = score > REOPEN_AT
    unhappy = not callback.is_resolved
    words = texts.UNHAPPY if unhappy else texts.SO_SO if score == 3 else texts.HAPPY
    callback.opinion = chance.choice(words)
    _finish(life, callback, at, CallbackState.DONE, clerk)
    if unhappy:
        return _reopen(life, at, clerk, callback.opinion)
    _close(life, at, clerk)
    return None


def _finish(life: Life, callback: Callback, at: int, state: CallbackState, clerk: User) -> None:
    callback.state, callback.called_at, callback.called_by = state, instant(at), clerk
    life.meet(Promise.CALLBACK, at)


def _close(life: Life, at: int, clerk: User) -> None:
    life.ticket.state, life.ticket.closed_at = TicketState.CLOSED, instant(at)
    life.tell(at, "closed", clerk)


def _reopen(life: Life, at: int, clerk: User, reason: str) -> int:
    """Back to the desk: what was found stays in the story, the promises start anew."""
    ticket = life.ticket
    former = str(ticket.dealer or "")
    if life.offer is not None:
        life.offer.state, life.offer.reason = OfferState.WITHDRAWN, reason
        life.offer.answered_at = instant(at)
    ticket.state, ticket.team, ticket.dealer = TicketState.NEW, Team.DESK, None
    ticket.assignee = ticket.handed_over_at = ticket.arranged_at = ticket.visit_at = None
    ticket.technician_name = ticket.technician_phone = ticket.result = ""
    ticket.done_at = None
    ticket.reopen_count += 1
    life.offer = life.check = None
    life.tell(at, "reopened", clerk, reason=reason, dealer=former)
    return at
