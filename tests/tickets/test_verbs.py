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
    "pause": ({TicketState.ARRANGED}, TicketState.WAITING),
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


def test_every_move_of_the_table_has_a_verb() -> None:
    moves = {(start, end) for starts, end in ALLOWED.values() for start in starts}
    assert moves == {(start, end) for start, ends in TICKET_MOVES.items() for end in ends}
