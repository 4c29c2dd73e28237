"""Pages of tickets: the call page, the desk, the list, one ticket and its actions."""

from tests.access.rule import SIGNED_IN, Rule
from tickets.actions import ACTIONS, DESK

VIEW = "ticket.view"

RULES = [
    Rule("tickets:call", {"GET": "ticket.create", "POST": "ticket.create"}),
    Rule("tickets:regions", {"GET": SIGNED_IN}),
    Rule("tickets:dealers", {"GET": "ticket.dispatch"}),
    Rule("tickets:home", {"GET": "ticket.check"}),
    Rule("tickets:list", {"GET": VIEW}),
    Rule("tickets:bulk", {"POST": "ticket.bulk_assign"}),
    Rule("tickets:save_view", {"POST": VIEW}),
    # The empty body names no view.
    Rule("tickets:delete_view", {"POST": VIEW}, also=frozenset({404})),
    Rule("tickets:start_export", {"POST": "ticket.export"}),
    Rule("tickets:export", {"GET": "ticket.export"}, thing="export", also=frozenset({404})),
    Rule("tickets:detail", {"GET": VIEW}, thing="ticket"),
    Rule("tickets:live_main", {"GET": VIEW}, thing="ticket"),
    Rule("tickets:live_story", {"GET": VIEW}, thing="ticket"),
    Rule("tickets:clocks", {"GET": VIEW}, thing="ticket"),
    Rule("tickets:watch", {"POST": "ticket.watch"}, thing="ticket"),
    *(
        Rule(
            f"tickets:{action.verb}",
            {"POST": action.permission},
            thing="ticket",
            # A department's people work only on what their department holds.
            also=frozenset({403}),
        )
        for action in ACTIONS
    ),
    *(
        Rule(
            f"portal:{action.verb}",
            {"POST": action.permission},
            thing="ticket",
            also=frozenset({403}),
        )
        for action in ACTIONS
        if action.who != DESK
    ),
    Rule("portal:home", {"GET": "portal.view"}),
    Rule("portal:terms", {"GET": "contract.view"}),
    Rule("portal:new", {"GET": "ticket.create", "POST": "ticket.create"}),
    Rule("portal:job", {"GET": "portal.view"}, thing="ticket"),
    Rule("portal:live", {"GET": "portal.view"}, thing="ticket"),
]
