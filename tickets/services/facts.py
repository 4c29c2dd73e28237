"""What a policy may ask of a ticket (R-018): its facts, and how far somebody travels for it."""

from __future__ import annotations

from datetime import datetime

from dealers.models import Outlet
from tickets import rules
from tickets.models import Ticket


def facts(ticket: Ticket, *, at: datetime | None = None) -> dict[str, str]:
    """The facts at a moment; what is unknown is not stated, so that no condition names it.

    `region` is the whole code: calendars are found by it, too.
    """
    stated = {
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "severity": ticket.severity,
        "channel": ticket.channel,
        "team": ticket.team,
        "region": ticket.region_code,
        "zone": rules.zone(ticket.region_code, bases(ticket)) or "",
        "product_line": ticket.product_line.code if ticket.product_line else "",
        "customer_class": ticket.customer.customer_class if ticket.customer else "",
    }
    return {name: value for name, value in stated.items() if value}


def bases(ticket: Ticket) -> list[str]:
    """Where whoever holds the ticket sets out from: a dealer's seat and its open outlets."""
    if ticket.dealer is None or not ticket.region_code:
        return []
    outlets = Outlet.objects.filter(dealer=ticket.dealer, is_active=True)
    return [ticket.dealer.region_code, *outlets.values_list("region_code", flat=True)]
