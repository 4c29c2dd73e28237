"""Clocks, calendars and policies."""

from tests.access.rule import Rule

RULES = [
    Rule("sla:board", {"GET": "ticket.view"}),
    Rule("sla:health", {"GET": "health.view"}),
    Rule("sla:difference", {"GET": "clock.settle", "POST": "clock.settle"}, "difference"),
    Rule("sla:explanations", {"GET": "ticket.view"}, "clock"),
    Rule("sla:explanation", {"GET": "ticket.view"}, "clock", {"promise": "arrange"}),
    Rule("sla:escalations", {"GET": "clock.acknowledge"}),
    Rule("sla:escalations-export", {"GET": "clock.acknowledge"}),
    Rule(
        "sla:liability",
        {"GET": "liability.settle", "POST": "liability.settle"},
        "clock",
        {"promise": "arrange", "turn": "1"},
    ),
    # Who may is said by the clock: his role, or a step that was told him; no dealer's people.
    Rule(
        "sla:acknowledge",
        {"POST": "ticket.view"},
        "clock",
        {"promise": "arrange"},
        also=frozenset({403}),
    ),
    Rule(
        "api-clock-acknowledge",
        {"POST": "ticket.view"},
        "clock",
        {"promise": "arrange"},
        also=frozenset({403}),
    ),
    Rule("sla:calendars", {"GET": "calendar.manage"}),
    Rule("sla:calendar-new", {"GET": "calendar.manage", "POST": "calendar.manage"}),
    Rule("sla:calendar", {"GET": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-edit", {"GET": "calendar.manage", "POST": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-days", {"GET": "calendar.manage", "POST": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-day", {"GET": "calendar.manage", "POST": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-hours", {"GET": "calendar.manage", "POST": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-local", {"GET": "calendar.manage", "POST": "calendar.manage"}, "calendar"),
    Rule("sla:calendar-local-remove", {"POST": "calendar.manage"}, "local_calendar"),
    Rule("sla:seasons", {"GET": "calendar.manage", "POST": "calendar.manage"}),
    Rule("sla:season-remove", {"POST": "calendar.manage"}, "season"),
    Rule("sla:policies", {"GET": "policy.manage"}),
    Rule("sla:policy-new", {"GET": "policy.manage", "POST": "policy.manage"}),
    Rule("sla:policy", {"GET": "policy.manage", "POST": "policy.manage"}, "policy"),
    Rule("api-clock-list", {"GET": "ticket.view"}),
    Rule("api-clock-explanations", {"GET": "ticket.view"}, "clock"),
    Rule("api-policy-list", {"GET": "policy.manage"}),
    Rule("api-policy-detail", {"GET": "policy.manage"}, "policy"),
    Rule("api-calendar-list", {"GET": "calendar.manage"}),
    Rule("api-calendar-detail", {"GET": "calendar.manage"}, "calendar"),
]
