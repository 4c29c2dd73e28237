"""Who is told of what: event name to services, called in the same transaction."""

SUBSCRIBERS: dict[str, list[str]] = {
    "company.created": ["sla.defaults.install_defaults"],
    "invitation.issued": ["notifications.services.mail_invitation"],
}

# What clocks are about: the row that the sweep locks first, and the page of a number.
SUBJECTS: dict[str, dict[str, str]] = {
    "ticket": {"table": "tickets.Ticket", "page": "tickets:detail"},
    "callback": {"table": "visits.Callback", "page": "visits:callback"},
}
