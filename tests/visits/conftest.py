"""The desk of the tickets' tests, with work that is done and a call that is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.tickets.conftest import Desk, desk, later
from tickets import services as tickets
from tickets.models import Ticket
from visits import services
from visits.models import Callback

__all__ = ["call", "desk"]

DAY = 24 * 60


@pytest.fixture
def call(desk: Desk) -> Callable[..., Callback]:
    """`call()`: the callback of a ticket whose work is done."""

    def made(**facts: Any) -> Callback:
        ticket = done_ticket(desk, **facts)
        callback = services.schedule_callback(actor=desk.cast.system(), ticket=ticket)
        assert callback is not None
        return callback

    return made


def arranged(desk: Desk, **facts: Any) -> Ticket:
    """A ticket whose visit is arranged with the dealer of the cast."""
    ticket = desk.register(**facts)
    offer = tickets.offer_ticket(
        actor=desk.clerk, ticket=ticket, dealer=desk.cast.dealer, at=later(5)
    )
    ticket = tickets.accept_offer(actor=desk.dealer, ticket=offer.ticket, at=later(10))
    return tickets.arrange(
        actor=desk.dealer,
        ticket=ticket,
        technician_name="赵师傅",
        technician_phone="13700137000",
        visit_at=later(300),
        at=later(20),
    )


def done_ticket(desk: Desk, **facts: Any) -> Ticket:
    """The same, and the work reported done."""
    return tickets.report_done(
        actor=desk.dealer, ticket=arranged(desk, **facts), result="换了电瓶", at=later(400)
    )
