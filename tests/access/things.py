"""What addresses point at: for each kind, how to make one and which kwargs name it.

`owned` is one that the dealer of the cast may see, `neighbour` one of the neighbour dealer's
in the same company, `missing` names nothing. A maker runs inside the company's scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.cast import NEIGHBOUR_CANARY, Cast, a_ticket

Kwargs = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """Makers of one's own and of the neighbour's, and the kwargs of what does not exist."""

    owned: Callable[[Cast], Kwargs]
    missing: Kwargs
    neighbour: Callable[[Cast], Kwargs] | None = None


def _ticket(cast: Cast) -> Kwargs:
    ticket = a_ticket(cast, dealer=cast.dealer, team="dealer", state="offered")
    return {"number": ticket.number}


def _neighbours_ticket(cast: Cast) -> Kwargs:
    ticket = a_ticket(
        cast,
        summary=f"{NEIGHBOUR_CANARY} {cast.mark}",
        customer=cast.neighbour_customer,
        machine=cast.neighbour_machine,
        dealer=cast.neighbour,
        team="dealer",
        state="offered",
    )
    return {"number": ticket.number}


THINGS: dict[str, Thing] = {
    "ticket": Thing(_ticket, {"number": "T-19990101-0001"}, _neighbours_ticket),
    "customer": Thing(
        lambda cast: {"number": cast.customer.number},
        {"number": "C-999999"},
        lambda cast: {"number": cast.neighbour_customer.number},
    ),
    "machine": Thing(
        lambda cast: {"serial_number": cast.machine.serial_number},
        {"serial_number": "NO-SUCH-SERIAL"},
        lambda cast: {"serial_number": cast.neighbour_machine.serial_number},
    ),
    "dealer": Thing(
        lambda cast: {"number": cast.dealer.number},
        {"number": "D-9999"},
        lambda cast: {"number": cast.neighbour.number},
    ),
}

NO_UUID = UUID(int=0)
