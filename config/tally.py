"""What must be there once for each due clock, counted from outside: `count` and `distinct`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Everything that one breach leaves behind; %(mark)s is the beginning of the tickets' numbers.
LEFT = {
    "steps": """
        SELECT count(*), count(DISTINCT s.id) FROM sla_step s JOIN sla_clock c ON c.id = s.clock_id
        WHERE c.subject_number LIKE %(mark)s AND s.action = 'breach' AND s.state = 'fired'
        AND c.missed_at = c.due_at AND s.at = c.due_at AND s.fired_at >= s.at""",
    "audit": """
        SELECT count(*), count(DISTINCT object_id) FROM core_auditevent
        WHERE verb = 'clock.breached' AND object_label LIKE %(mark)s""",
    "timeline": """
        SELECT count(*), count(DISTINCT (e.ticket_id, e.params ->> 'promise'))
        FROM tickets_timelineentry e JOIN tickets_ticket t ON t.id = e.ticket_id
        WHERE t.number LIKE %(mark)s AND e.event = 'breached'""",
    "bells": """
        SELECT count(*), count(DISTINCT (user_id, cause)) FROM notifications_notification
        WHERE event = 'sla.breached' AND params ->> 'number' LIKE %(mark)s""",
    "outbox": """
        SELECT count(*), count(DISTINCT (address, cause)) FROM notifications_outboxmessage
        WHERE event = 'sla.breached' AND params ->> 'number' LIKE %(mark)s""",
}
OPEN = """
    SELECT count(*) FROM sla_step s JOIN sla_clock c ON c.id = s.clock_id
    WHERE c.subject_number LIKE %(mark)s AND s.action = 'breach' AND s.state <> 'fired'"""


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of each kind after a proof with `due` clocks, one person told of each."""

    due: int
    counts: dict[str, tuple[int, int]]

    @property
    def lost(self) -> int:
        return max(self.due - distinct for _count, distinct in self.counts.values())

    @property
    def double(self) -> int:
        return max(count - distinct for count, distinct in self.counts.values())

    @property
    def is_right(self) -> bool:
        return all(pair == (self.due, self.due) for pair in self.counts.values())


def still_open(cursor: Any, mark: str) -> int:
    """How many breaches of a proof have not fired."""
    cursor.execute(OPEN, {"mark": f"{mark}-%"})
    return int(cursor.fetchone()[0])


def take(cursor: Any, mark: str, due: int) -> Tally:
    counts = {}
    for name, query in LEFT.items():
        cursor.execute(query, {"mark": f"{mark}-%"})
        counts[name] = cursor.fetchone()
    return Tally(due, counts)
