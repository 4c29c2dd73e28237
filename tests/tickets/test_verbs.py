"""Every verb tried in every state, against the table; nothing else of a ticket moves it."""

from __future__ import annotations

import pytest

from core.errors import WrongState
from tests.tickets.conftest import PATHS, STEPS, Desk
from tickets.states import TICKET_MOVES, TicketState

NEW, DONE = TicketState.NEW, TicketState.DONE
HELD = {
    TicketState.ACCEPTED,
    TicketState.HANDED_OVER,
    TicketState.ARRANGED,
    TicketState.WAITING,
}

# verb: the states it may start from, and where it leads.
ALLOWED: dict[str, tuple[set[TicketState], TicketState]] = {
    "offer": ({NEW, TicketState.HANDED_OVER}, TicketState.OFFERED),
    "accept": ({TicketState.OFFERED}, TicketState.ACCEPTED),
    "refuse": ({TicketState.OFFERED}, NEW),
    "withdraw": ({TicketState.OFFERED}, NEW),
    "time_out": ({TicketState.OFFERED}, NEW),
    "hand_over": ({NEW}, TicketState.HANDED_OVER),
    "take_back": ({TicketState.OFFERED, *HELD}, NEW),
    "arrange": (HELD, TicketState.ARRANGED),
    "pause": (HELD - {TicketState.WAITING}, TicketState.WAITING),
    "resume": ({TicketState.WAITING}, TicketState.ARRANGED),
    "done": ({NEW, *HELD} - {TicketState.ACCEPTED}, DONE),
    "close": ({DONE}, TicketState.CLOSED),
    "reopen": ({DONE, TicketState.CLOSED}, NEW),
    "cancel": ({NEW, TicketState.OFFERED, *HELD}, TicketState.CANCELLED),
    "merge": ({NEW, TicketState.OFFERED, *HELD}, TicketState.MERGED),
}


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", PATHS)
def test_a_verb_moves_only_from_the_states_of_the_table(
    desk: Desk, state: TicketState, verb: str
) -> None:
    ticket = desk.in_state(state)
    version = ticket.version
    starts, end = ALLOWED[verb]
    if state in starts:
        assert end in TICKET_MOVES[TicketState(state)]
        assert STEPS[verb](desk, ticket).state == end
        ticket.refresh_from_db()
        assert (ticket.state, ticket.version) == (end, version + 1)
    else:
        with pytest.raises(WrongState):
            STEPS[verb](desk, ticket)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.version) == (state, version)


# Work that waited before it was arranged goes on where it stood.
GOES_ON = {
    (TicketState.WAITING, TicketState.ACCEPTED),
    (TicketState.WAITING, TicketState.HANDED_OVER),
}


@pytest.mark.parametrize("state", [TicketState.ACCEPTED, TicketState.HANDED_OVER])
def test_work_that_waited_goes_on_where_it_stood(desk: Desk, state: TicketState) -> None:
    ticket = STEPS["pause"](desk, desk.in_state(state))
    assert (TicketState.WAITING, state) in GOES_ON
    assert STEPS["resume"](desk, ticket).state == state


def test_every_move_of_the_table_has_a_verb() -> None:
    moves = {(start, end) for starts, end in ALLOWED.values() for start in starts} | GOES_ON
    assert moves == {(start, end) for start, ends in TICKET_MOVES.items() for end in ends}
