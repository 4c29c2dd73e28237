"""A company with its promised times, and tickets brought into any state by their verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.actor import Actor
from sla.defaults import install_defaults
from tests.cast import Cast, World, at
from tickets import services
from tickets.models import Ticket
from tickets.states import TicketState

# A Tuesday morning, the hotline is open (9:00 to 22:00).
TEN = at("2026-11-10 10:00")


def later(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


class Desk:
    """The owner's company at work; every verb at a moment that the test names."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.clerk = cast.actor("clerk")
        self.supervisor = cast.actor("supervisor")
        self.dealer = cast.actor("dealer_principal")
        self.neighbour = cast.actor("neighbour_principal")

    def register(self, actor: Actor | None = None, **facts: Any) -> Ticket:
        """A call at ten, at the desk: not routed unless the test wants it."""
        given: dict[str, Any] = {
            "actor": actor or self.clerk,
            "kind": "repair",
            "summary": "收割机不启动",
            "customer": self.cast.customer,
            "machine": self.cast.machine,
            "symptom": self.cast.symptom,
            "caller_phone": "13800138000",
            "reported_at": TEN,
            "route": False,
        }
        return services.register_ticket(**(given | facts))

    def in_state(self, state: str) -> Ticket:
        """A ticket that came into a state by its verbs."""
        ticket = self.register()
        for step in PATHS[state]:
            ticket = STEPS[step](self, ticket)
        ticket.refresh_from_db()
        assert ticket.state == state
        return ticket


def offer(desk: Desk, ticket: Ticket) -> Ticket:
    given = services.offer_ticket(
        actor=desk.clerk, ticket=ticket, dealer=desk.cast.dealer, at=later(5)
    )
    return given.ticket


def accept(desk: Desk, ticket: Ticket) -> Ticket:
    return services.accept_offer(actor=desk.dealer, ticket=ticket, at=later(10))


def arrange(desk: Desk, ticket: Ticket) -> Ticket:
    return services.arrange(
        actor=desk.dealer,
        ticket=ticket,
        technician_name="赵师傅",
        technician_phone="13700137000",
        visit_at=later(300),
        at=later(20),
    )


def done(desk: Desk, ticket: Ticket) -> Ticket:
    return services.report_done(
        actor=desk.dealer, ticket=ticket, result="换了电瓶", cause="电瓶老化", at=later(400)
    )


STEPS: dict[str, Callable[[Desk, Ticket], Ticket]] = {
    "offer": offer,
    "accept": accept,
    "refuse": lambda d, t: services.refuse_offer(actor=d.dealer, ticket=t, reason="太远"),
    "withdraw": lambda d, t: services.withdraw_offer(actor=d.clerk, ticket=t, reason="错了"),
    "time_out": lambda d, t: services.time_out_offer(actor=d.clerk, ticket=t),
    "hand_over": lambda d, t: services.hand_over(actor=d.clerk, ticket=t, team="technical"),
    "take_back": lambda d, t: services.take_back(actor=d.clerk, ticket=t, reason="换人"),
    "arrange": arrange,
    "pause": lambda d, t: services.pause_ticket(actor=d.dealer, ticket=t, reason="parts"),
    "resume": lambda d, t: services.resume_ticket(actor=d.dealer, ticket=t),
    "done": done,
    "close": lambda d, t: services.close_ticket(actor=d.clerk, ticket=t),
    "reopen": lambda d, t: services.reopen_ticket(actor=d.clerk, ticket=t, reason="又坏了"),
    "cancel": lambda d, t: services.cancel_ticket(actor=d.clerk, ticket=t, reason="不修了"),
    "merge": lambda d, t: services.merge_ticket(actor=d.clerk, ticket=t, into=d.register()),
}

PATHS: dict[str, list[str]] = {
    TicketState.NEW: [],
    TicketState.OFFERED: ["offer"],
    TicketState.ACCEPTED: ["offer", "accept"],
    TicketState.HANDED_OVER: ["hand_over"],
    TicketState.ARRANGED: ["offer", "accept", "arrange"],
    TicketState.WAITING: ["offer", "accept", "arrange", "pause"],
    TicketState.DONE: ["offer", "accept", "arrange", "done"],
    TicketState.CLOSED: ["offer", "accept", "arrange", "done", "close"],
    TicketState.CANCELLED: ["cancel"],
    TicketState.MERGED: ["merge"],
}


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    """The owner's desk, with the company's scope open around the test."""
    install_defaults(world.owner.tenant)
    with world.owner.scope():
        yield Desk(world.owner)
