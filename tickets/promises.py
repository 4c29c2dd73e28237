"""What the promises of a ticket do while it waits, and who may move them: tables, no database.

Each promise is a clock of `sla` (R-019 to R-029); `tickets.services.clocks` starts and ends
them. A promise that is not named here runs on, whatever the work waits for: the desk's own
check waits for nobody.
"""

from __future__ import annotations

from sla.states import PauseReason, Promise

# The promises that somebody travels or works for; they stand still together.
FIELD = frozenset({Promise.ARRANGE, Promise.ARRIVAL, Promise.REPAIR, Promise.SOLUTION})

# Which promises stand still while the work waits for what.
STANDS_STILL: dict[str, frozenset[Promise]] = {
    # Nobody can tell a customer anything whom nobody reaches.
    PauseReason.CUSTOMER: FIELD | {Promise.COMPLAINT_ANSWER, Promise.OPINION},
    # The supply of the part is a promise of its own: it starts here, so it cannot stand still.
    PauseReason.PARTS: FIELD,
    PauseReason.WEATHER: FIELD,
    PauseReason.DELAY_AGREED: FIELD,
    # The machine works and cannot be spared; the customer wants the repair after the harvest.
    PauseReason.SEASON: FIELD,
    PauseReason.APPRAISAL: frozenset({Promise.REPAIR, Promise.SOLUTION, Promise.OPINION}),
}

# What the customer was promised and may agree to have later. Promises inside the house
# (dispatch, the check, an acknowledgement) are nobody's to put off.
DELAYABLE = (
    Promise.ARRANGE,
    Promise.ARRIVAL,
    Promise.REPAIR,
    Promise.PARTS,
    Promise.FIRST_ANSWER,
    Promise.COMPLAINT_ANSWER,
    Promise.OPINION,
    Promise.SOLUTION,
)
DELAYABLE_CHOICES = [(promise.value, promise.label) for promise in DELAYABLE]

# What ends when whoever has the work has it no longer.
OF_RECEIVER = (
    Promise.ARRANGE,
    Promise.ARRIVAL,
    Promise.REPAIR,
    Promise.PARTS,
    Promise.CHECK,
)


def standing_still(reason: str, *, parts_stop_solution: bool) -> list[Promise]:
    """The promises that a wait stops; whether one for parts stops the solution is a setting."""
    stopped = STANDS_STILL.get(reason, frozenset())
    if reason == PauseReason.PARTS and not parts_stop_solution:
        stopped -= {Promise.SOLUTION}
    return sorted(stopped)
