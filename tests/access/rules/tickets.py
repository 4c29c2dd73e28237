"""Tickets: files, papers, and the REST API."""

from tests.access.rule import Rule

# A department works only on what it holds; the ticket asked for is a dealer's.
HELD_BY_DEALER = frozenset({403})
# An export is its orderer's alone, even among those who may order one.
SOMEBODY_ELSES = frozenset({404})

VIEW, DISPATCH = "ticket.view", "ticket.dispatch"


def _api(verb: str, permission: str, also: frozenset[int] = frozenset()) -> Rule:
    return Rule(f"api-ticket-{verb}", {"POST": permission}, thing="ticket", also=also)


RULES = [
    Rule("tickets:file", {"GET": VIEW}, thing="ticket_file"),
    Rule("tickets:register", {"GET": VIEW}),
    Rule("tickets:job_sheet", {"GET": VIEW}, thing="ticket"),
    Rule("tickets:export_file", {"GET": "ticket.export"}, thing="export", also=SOMEBODY_ELSES),
    Rule("api-ticket-list", {"GET": VIEW, "POST": "ticket.create"}),
    Rule("api-ticket-detail", {"GET": VIEW, "PATCH": "ticket.edit"}, thing="ticket"),
    Rule("api-ticket-timeline", {"GET": VIEW}, thing="ticket"),
    Rule("api-ticket-clocks", {"GET": VIEW}, thing="ticket"),
    Rule("api-ticket-offers", {"GET": VIEW}, thing="ticket"),
    Rule("api-ticket-attachments", {"GET": VIEW, "POST": "ticket.attach"}, thing="ticket"),
    Rule("api-ticket-attachment", {"GET": VIEW}, thing="ticket_file_in_api"),
    Rule("api-ticket-assign", {"POST": "ticket.bulk_assign"}),
    Rule("api-ticket-watch", {"POST": "ticket.watch", "DELETE": "ticket.watch"}, thing="ticket"),
    _api("offer", DISPATCH),
    _api("withdraw", DISPATCH),
    _api("hand-over", DISPATCH),
    _api("take-back", DISPATCH),
    _api("accept", "offer.answer"),
    _api("refuse", "offer.answer"),
    _api("arrange", "ticket.arrange", HELD_BY_DEALER),
    _api("pause", "ticket.pause", HELD_BY_DEALER),
    _api("resume", "ticket.pause", HELD_BY_DEALER),
    _api("opinion", "ticket.give_opinion", HELD_BY_DEALER),
    _api("delay", "ticket.delay", HELD_BY_DEALER),
    _api("done", "ticket.report_done", HELD_BY_DEALER),
    _api("close", "ticket.close"),
    _api("reopen", "ticket.reopen"),
    _api("cancel", "ticket.cancel"),
    _api("merge", "ticket.merge"),
    _api("checks", "ticket.check"),
    _api("notes", "ticket.note"),
    Rule("api-export-list", {"POST": "ticket.export"}),
    Rule("api-export-detail", {"GET": "ticket.export"}, thing="export", also=SOMEBODY_ELSES),
    Rule("api-export-file", {"GET": "ticket.export"}, thing="export", also=SOMEBODY_ELSES),
]
