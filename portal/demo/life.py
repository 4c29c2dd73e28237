"""One ticket's life: what every story is told with. It stops where the future begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from accounts.models import User
from accounts.roles import Role
from dealers.models import Dealer
from portal.demo.companies import Company
from portal.demo.hours import Hours, instant
from portal.demo.network import Network
from portal.demo.park import Park
from portal.demo.people import Staff
from portal.demo.promises import Holder, Promises, Running, finish, steps
from portal.demo.rows import Book, Rows
from sla.states import ClockState, HolderKind, PauseReason, Promise, StepAction
from tickets.models import EntryKind, Offer, SupervisionCheck, Ticket, TimelineEntry
from tickets.promises import standing_still
from tickets.rules import FIELD_WORK, zone
from tickets.services.clocks import (
    DESK_LABEL,
    HOLDERS,
    PARTS_LABEL,
    TO_COMPLAINANT,
    TO_CUSTOMER,
    holder_label,
)
from tickets.states import Team, TicketKind, Visibility
from visits.models import Callback


class StopHere(Exception):
    """The story goes no further: it has ended early, or the next thing lies ahead."""


@dataclass(slots=True)
class Setting:
    """What all stories of a company share."""

    company: Company
    network: Network
    park: Park
    staff: Staff
    promises: Promises
    hotline: Hours
    chance: Random
    now: int
    book: Book = field(default_factory=Book)
    rows: Rows = field(default_factory=Rows)
    keenness: dict[int, float] = field(default_factory=dict)

    def someone(self, role: Role) -> User:
        return self.chance.choice(self.staff[role])

    def keen(self, dealer: Dealer) -> float:
        """The share of its promises that this dealer keeps; some are notorious."""
        if dealer.pk not in self.keenness:
            self.keenness[dealer.pk] = min(0.985, max(0.7, self.chance.gauss(0.945, 0.035)))
        return self.keenness[dealer.pk]


class Life:
    """A ticket with its clocks and its story, moved on from instant to instant."""

    def __init__(self, setting: Setting, ticket: Ticket, at: int) -> None:
        self.setting = setting
        self.chance = setting.chance
        self.ticket = ticket
        self.reported = at
        # The live offer and the open check of whoever holds it now.
        self.offer: Offer | None = None
        self.check: SupervisionCheck | None = None
        self.clock: dict[str, Running] = {}
        # What a clock is about when it is not the ticket itself.
        self.about: dict[str, Callback] = {}
        self.last = at

    def reach(self, at: int) -> int:
        """Go on to an instant, unless it lies ahead."""
        if at > self.setting.now:
            raise StopHere
        self.last = max(self.last, at)
        return at

    def work(self, at: int, minutes: float) -> int:
        """So many minutes of the hotline's hours later."""
        return self.setting.hotline.add(at, int(minutes * 60) + self.chance.randrange(60))

    def minutes(self, usual: float, *, spread: float = 0.8) -> float:
        """Mostly around the usual, sometimes much longer."""
        return self.chance.lognormvariate(0, spread) * usual

    def tell(
        self,
        at: int,
        event: str,
        author: User | str,
        *,
        visibility: str = Visibility.DEALER,
        **params: Any,
    ) -> None:
        self._write(at, EntryKind.EVENT, author, visibility, event=event, params=params)

    def note(
        self,
        at: int,
        text: str,
        author: User | str,
        *,
        kind: str = EntryKind.NOTE,
        visibility: str = Visibility.INTERNAL,
    ) -> None:
        self._write(at, kind, author, visibility, text=text)

    def _write(
        self, at: int, kind: str, author: User | str, visibility: str, **content: Any
    ) -> None:
        person = author if isinstance(author, User) else None
        self.setting.rows.entries.append(
            TimelineEntry(
                ticket=self.ticket,
                at=instant(at),
                kind=kind,
                visibility=visibility,
                author=person,
                author_label=author.name if isinstance(author, User) else author,
                **content,
            )
        )

    # Clocks

    def facts(self) -> dict[str, str]:
        ticket = self.ticket
        customer = ticket.customer
        bases = [ticket.dealer.region_code] if ticket.dealer else []
        return {
            "kind": ticket.kind,
            "urgency": ticket.urgency,
            "severity": ticket.severity,
            "channel": ticket.channel,
            "team": ticket.team,
            "region": ticket.region_code,
            "zone": zone(ticket.region_code, bases) or "",
            "product_line": ticket.product_line.code if ticket.product_line else "",
            "customer_class": customer.customer_class if customer else "",
        }

    def start(
        self,
        promise: Promise,
        at: int,
        *,
        by_desk: bool = False,
        is_through: bool = False,
        holder: Holder | None = None,
    ) -> Running | None:
        """Start a promise of whoever holds the ticket, of the desk, or of somebody else."""
        ticket = self.ticket
        team = Team.DESK if by_desk else Team(ticket.team)
        running = self.setting.promises.start(
            promise,
            at,
            self.facts(),
            number=ticket.number,
            holder=holder or self._holder(team),
            is_through=is_through,
        )
        if running is not None:
            self.clock[promise] = running
        return running

    def start_for_customer(self, at: int, *, by_desk: bool = False) -> None:
        """What the customer was promised, whoever works on it."""
        is_complaint = self.ticket.kind == TicketKind.COMPLAINT
        for promise in TO_COMPLAINANT if is_complaint else TO_CUSTOMER:
            self.start(promise, at, by_desk=by_desk, is_through=True)

    def pass_on(self, at: int, holder: Holder | None = None) -> None:
        """The customer's own clocks go to whoever has the ticket, or to somebody else."""
        for running in self.clock.values():
            if running.clock.is_through:
                running.hand(at, holder or self._holder(Team(self.ticket.team)))

    def arrive(self, at: int, technician: str) -> None:
        """Somebody stands at the machine; the repair is theirs from now on."""
        self.meet(Promise.ARRIVAL, at)
        self.meet(Promise.FIRST_ANSWER, at)
        hands = (str(HolderKind.TECHNICIAN), technician, self.ticket.dealer_id)
        if self.ticket.kind in FIELD_WORK and Promise.REPAIR not in self.clock:
            self.start(Promise.REPAIR, at, holder=hands)
        self.pass_on(at, hands)
        self.tell(at, "arrived", technician, technician=technician)

    def wait(self, at: int, reason: PauseReason) -> None:
        """What stands still stands still; a part is owed by its supply."""
        for promise in standing_still(reason, parts_stop_solution=True):
            if promise in self.clock:
                self.clock[promise].pause(at, str(reason))
        self.pass_on(at)
        if reason == PauseReason.PARTS:
            supply = (str(HolderKind.PARTS), PARTS_LABEL, None)
            self.start(Promise.PARTS, at, holder=supply)
            self.pass_on(at, supply)

    def go_on(self, at: int) -> None:
        for running in self.clock.values():
            running.go_on(at)
        self.meet(Promise.PARTS, at)
        self.pass_on(at)

    def _holder(self, team: Team) -> Holder:
        dealer_id = self.ticket.dealer_id if team == Team.DEALER else None
        return str(HOLDERS[team]), self.holder(team), dealer_id

    def start_callback(self, callback: Callback, at: int) -> Running | None:
        """The desk owes the customer a call from that instant on."""
        running = self.setting.promises.start(
            Promise.CALLBACK,
            at,
            self.facts(),
            subject="callback",
            number=callback.number,
            holder=(HolderKind.DESK, DESK_LABEL, None),
        )
        if running is not None:
            self.clock[Promise.CALLBACK] = running
            self.about[Promise.CALLBACK] = callback
        return running

    def holder(self, team: str) -> str:
        return holder_label(self.ticket, team)

    def meet(self, promise: Promise, at: int) -> None:
        self._end(promise, at, ClockState.MET)

    def cancel(self, at: int, *promises: Promise) -> None:
        for promise in [str(promise) for promise in promises] or list(self.clock):
            self._end(promise, at, ClockState.CANCELLED)

    def _end(self, promise: str, at: int, state: ClockState) -> None:
        running = self.clock.pop(promise, None)
        if running is None:
            return
        finish(running, at, state)
        self._keep(running)

    def _keep(self, running: Running) -> None:
        setting = self.setting
        clock = running.clock
        callback = self.about.pop(clock.promise, None)
        if clock.missed_at is not None and callback is None:
            self.ticket.has_breach = True
        setting.rows.clocks.append((clock, callback or self.ticket))
        told: dict[str, list[str]] = {
            Role.SUPERVISOR: [user.name for user in setting.staff[Role.SUPERVISOR]],
            Role.MANAGER: [user.name for user in setting.staff[Role.MANAGER]],
            HolderKind.DESK: [user.name for user in setting.staff[Role.CLERK]],
        }
        rows = steps(running, setting.now, told)
        setting.rows.steps.extend(rows)
        setting.rows.pauses.extend(running.pauses)
        setting.rows.hands.extend(running.hands)
        for step, (action, _role, _after, _seconds, at) in zip(rows, running.rungs, strict=False):
            if step.fired_at is None or action == StepAction.WARN or callback is not None:
                continue
            event = "breached" if action == StepAction.BREACH else "escalated"
            more = {} if action == StepAction.BREACH else {"told": step.told}
            self.tell(
                at,
                event,
                "Sanbao",
                visibility=Visibility.INTERNAL,
                promise=clock.promise,
                holder=clock.holder_label,
                **more,
            )

    def settle(self) -> None:
        """The clocks that still run, and what has become of them by now."""
        for running in self.clock.values():
            running.mark_missed(self.setting.now - 3)
            if running.paused_at is not None:
                running.clock.state = ClockState.PAUSED
            self._keep(running)
        self.clock.clear()
        ticket = self.ticket
        ticket.created_at = instant(self.reported)
        ticket.updated_at = instant(self.last)
        self.setting.rows.tickets.append(ticket)
