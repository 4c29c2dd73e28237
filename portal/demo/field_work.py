"""From the arrangement to the work done: the check of the desk, visits, waiting for parts."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from accounts.roles import Role
from dealers.models import Dealer
from portal.demo import texts
from portal.demo.hours import DAY, instant
from portal.demo.intake import Call
from portal.demo.life import Life
from sla.states import PauseReason, Promise
from tickets.models import SupervisionCheck
from tickets.states import Team, TicketState, Visibility
from visits.models import Visit
from visits.states import VisitState

# What a result keeps of what was promised to the customer.
KEPT_BY_RESULT = (
    Promise.FIRST_ANSWER,
    Promise.COMPLAINT_ANSWER,
    Promise.OPINION,
    Promise.ARRIVAL,
    Promise.REPAIR,
    Promise.SOLUTION,
)
MINUTE, HOUR = 60, 3_600
WAITS, CALLED_OFF, NOTED = 0.09, 0.015, 0.25
CHECK_FORGOTTEN, CHECK_LATE = 0.015, 0.035


@dataclass(slots=True)
class Away:
    """Who drives out: a dealer's technician or one of our own people."""

    dealer: Dealer | None
    person: User | None
    name: str
    phone: str
    keenness: float
    check: SupervisionCheck | None

    @property
    def author(self) -> User | str:
        return self.person or (self.dealer.contact_name if self.dealer else self.name)


def visit_customer(life: Life, call: Call, at: int, away: Away) -> int:
    """Arranged, checked by the desk, visited, perhaps twice, done; when that was."""
    arranged = _when_arranged(life, at, away)
    _check(life, at, arranged, away)
    planned = _when_planned(life, life.reach(arranged))
    visit = _arrange(life, arranged, planned, away)
    if life.chance.random() < NOTED:
        noted = arranged + life.chance.randint(5, 40) * MINUTE
        if noted <= life.setting.now:
            text = life.chance.choice(texts.NOTES)
            life.note(noted, text, life.setting.someone(Role.CLERK), visibility="dealer")
    if life.chance.random() < CALLED_OFF:
        visit.state, visit.cancel_reason = VisitState.CANCELLED, life.chance.choice(texts.ABORTED)
        again = life.reach(planned - HOUR)
        planned = _when_planned(life, again + DAY)
        visit = _arrange(life, again, planned, away)
    arrived = life.reach(
        max(arranged + 20 * MINUTE, planned + life.chance.randint(-20, 55) * MINUTE)
    )
    visit.state, visit.arrived_at = VisitState.ARRIVED, instant(arrived)
    life.arrive(arrived, away.name)
    if life.chance.random() < WAITS:
        visit = _wait(life, arrived, away, visit)
        arrived = life.last
    done = life.reach(arrived + int(life.minutes(80, spread=0.5) * MINUTE))
    visit.state, visit.finished_at, visit.result = VisitState.FINISHED, instant(done), call.result
    _done(life, call, done, away)
    return done


def _when_arranged(life: Life, at: int, away: Away) -> int:
    """Within the two hours, mostly; a dealer's keenness says how often not."""
    running = life.clock.get(Promise.ARRANGE)
    limit = running.clock.minutes if running else 120
    begun = running.started if running else at
    if life.chance.random() < away.keenness:
        arranged = life.work(begun, min(life.minutes(limit * 0.26, spread=0.6), limit - 2))
        return max(arranged, at + 2 * MINUTE)
    return max(at + 5 * MINUTE, life.work(begun, limit * life.chance.uniform(1.03, 3.2)))


def _when_planned(life: Life, at: int) -> int:
    """In daylight, sooner when it is urgent."""
    urgent = life.ticket.urgency == "urgent"
    planned = at + int(life.chance.uniform(1, 6 if urgent else 40) * HOUR)
    day, clock = divmod(planned, DAY)
    if not 7 * HOUR <= clock <= 18 * HOUR:
        day += clock > 18 * HOUR
        clock = life.chance.randint(14, 22) * HOUR // 2
    planned = day * DAY + clock - clock % (30 * MINUTE)
    return planned if planned > at + 20 * MINUTE else planned + HOUR


def _arrange(life: Life, at: int, planned: int, away: Away) -> Visit:
    ticket = life.ticket
    again = ticket.arranged_at is not None
    ticket.state = TicketState.ARRANGED
    ticket.technician_name, ticket.technician_phone = away.name, away.phone
    ticket.visit_at, ticket.arranged_at = instant(planned), ticket.arranged_at or instant(at)
    life.tell(
        at,
        "rearranged" if again else "arranged",
        away.author,
        visibility=Visibility.CUSTOMER,
        technician=away.name,
        visit_at=ticket.visit_at,
    )
    life.meet(Promise.ARRANGE, at)
    life.meet(Promise.FIRST_ANSWER, at)
    visit = Visit(
        number=life.setting.book.number("V", at),
        ticket=ticket,
        dealer=away.dealer,
        technician_name=away.name,
        technician_phone=away.phone,
        technician=away.person,
        planned_at=ticket.visit_at,
        created_at=instant(at),
    )
    life.setting.rows.visits.append(visit)
    return visit


def _check(life: Life, at: int, arranged: int, away: Away) -> None:
    """The desk's check four hours after the hand-over: mostly in time, rarely forgotten."""
    check, running = away.check, life.clock.get(Promise.CHECK)
    if check is None or running is None:
        return
    fate = life.chance.random()
    if fate < CHECK_FORGOTTEN:
        return
    late = fate < CHECK_FORGOTTEN + CHECK_LATE
    share = life.chance.uniform(1.05, 1.5) if late else life.chance.uniform(0.78, 0.99)
    checked = life.work(running.started, running.clock.minutes * share)
    if checked > life.setting.now:
        return
    clerk = life.setting.someone(Role.CLERK)
    check.checked_at, check.checked_by = instant(checked), clerk
    check.is_arranged = arranged <= checked
    check.note = life.chance.choice(texts.CHECKED if check.is_arranged else texts.NOT_ARRANGED)
    life.tell(
        checked,
        "checked_arranged" if check.is_arranged else "checked_not_arranged",
        clerk,
        visibility=Visibility.INTERNAL,
        holder=check.holder_label,
        note=check.note,
    )
    life.meet(Promise.CHECK, checked)


def _wait(life: Life, arrived: int, away: Away, visit: Visit) -> Visit:
    """A part is missing or the field is under water: the second trip brings it to an end."""
    reason = life.chance.choices(
        (PauseReason.PARTS, PauseReason.WEATHER, PauseReason.CUSTOMER), (7, 2, 1)
    )[0]
    left = life.reach(arrived + life.chance.randint(30, 90) * MINUTE)
    visit.state, visit.finished_at = VisitState.FINISHED, instant(left)
    visit.result = "已诊断，待配件" if reason == PauseReason.PARTS else "改期再次上门"
    life.ticket.state = TicketState.WAITING
    life.tell(left, "paused", away.author, pause=str(reason), note="")
    life.wait(left, reason)
    again = life.reach(left + int(life.chance.uniform(0.6, 4.5) * DAY))
    life.go_on(again)
    planned = _when_planned(life, again)
    second = _arrange(life, again, planned, away)
    arrived = life.reach(planned + life.chance.randint(0, 40) * MINUTE)
    second.state, second.arrived_at = VisitState.ARRIVED, instant(arrived)
    life.arrive(arrived, away.name)
    return second


def _done(life: Life, call: Call, at: int, away: Away) -> None:
    ticket = life.ticket
    ticket.state, ticket.done_at = TicketState.DONE, instant(at)
    ticket.result, ticket.cause = call.result, call.cause
    for promise in KEPT_BY_RESULT:
        life.meet(promise, at)
    life.cancel(at)
    if away.check is not None and away.check.checked_at is None:
        away.check.is_cancelled = True
    assert ticket.team != Team.DESK
    life.tell(at, "done", away.author, result=call.result)
