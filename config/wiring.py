"""Who is told of what: event name to services, called in the same transaction."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

SUBSCRIBERS: dict[str, list[str]] = {
    "absence.deputy_named": ["notifications.absences.tell_deputy"],
    "calendar.list_missing": ["config.alarms.tell_of_missing_list"],
    "company.created": [
        "sla.defaults.install_defaults",
        "dealers.defaults.install_defaults",
        "warranty.services.oldparts.calendar.install_defaults",
        "warranty.defaults.install_defaults",
    ],
    "claim.confirmed": ["warranty.services.fitted.cover_fitted_parts"],
    "customer.merged": ["tickets.services.subscribers.customer_merged"],
    "invitation.issued": ["notifications.services.mail_invitation"],
    "option.set": ["notifications.services.follow_option"],
    "message.sent": ["tickets.services.subscribers.message_sent"],
    "old_part.appraised": ["warranty.services.recoveries.find_recovery"],
    "report.signed": ["warranty.services.cases.follow_report"],
    "sla.acknowledged": ["tickets.services.ladder.clock_acknowledged"],
    "sla.fired": [
        "tickets.services.subscribers.clocks_fired",
        "tickets.services.ladder.ladder_fired",
        "visits.services.tell_of_late_calls",
        "machines.clocks.cards_fired",
        "notifications.services.call_for_ladder",
    ],
    "sla.reapplied": ["tickets.services.subscribers.clock_reapplied"],
    "ticket.arranged": ["visits.services.plan_visit"],
    "ticket.cancelled": ["visits.services.follow_stopped"],
    "ticket.closed": ["visits.services.follow_stopped"],
    "ticket.done": ["visits.services.follow_done"],
    "ticket.merged": ["visits.services.follow_stopped"],
    "ticket.reopened": ["visits.services.follow_stopped"],
    "ticket.registered": ["warranty.services.cases.follow_ticket"],
    "ticket.taken_back": ["visits.services.follow_stopped"],
}

# What clocks are about: the row that the sweep locks first, the page of a number, and what a
# policy asks them.
SUBJECTS: dict[str, dict[str, str]] = {
    "ticket": {
        "table": "tickets.Ticket",
        "page": "tickets:detail",
        "facts": "tickets.services.facts.facts_of",
        "recent": "tickets.services.facts.recent",
    },
    "callback": {
        "table": "visits.Callback",
        "page": "visits:callback",
        "facts": "visits.queries.facts_of",
    },
    "machine": {
        "table": "machines.Machine",
        "page": "machines:machine",
        "facts": "machines.clocks.facts_of",
    },
}

# What a policy may ask of a subject: the fact's name, its label, its choices (an enumeration, or
# a function that gives them).
FACTS: dict[str, tuple[Any, str]] = {
    "kind": (_("Kind"), "tickets.states.TicketKind"),
    "urgency": (_("Urgency"), "tickets.states.Urgency"),
    "severity": (_("Severity"), "knowledge.models.Severity"),
    "channel": (_("Channel"), "tickets.states.TicketChannel"),
    "team": (_("Held by"), "tickets.states.Team"),
    "zone": (_("Service radius"), "tickets.states.Zone"),
    "customer_class": (_("Customer class"), "machines.models.CustomerClass"),
    "product_line": (_("Product line"), "machines.queries.line_choices"),
    "province": (_("Province"), "dealers.queries.province_choices"),
    "season": (_("Season"), "tickets.states.FieldSeason"),
}

# What a monitoring system reads at /metrics: functions that give figures of the installation.
METRICS: list[str] = ["core.metrics.heartbeats", "sla.metrics.backlog"]

# What the calendars ask of higher floors: fields of forms, names, choices.
CALENDAR_FIELDS: dict[str, str] = {
    "region": "dealers.fields.RegionField",
    "region_name": "dealers.queries.region_name",
    "dealer": "dealers.fields.DealerField",
    "product_lines": "machines.queries.line_choices",
}

# Lists that higher floors import by the machinery of the machines.
IMPORTS: list[str] = ["parts.imports.Parts", "parts.imports.Operations"]

# What must not be overlooked on the first page of those who can mend it.
NOTICES: list[str] = ["sla.yearalarm.notices"]
