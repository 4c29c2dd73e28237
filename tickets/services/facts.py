"""What a policy may ask of a ticket (R-018): its facts, and how far somebody travels for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from dealers.models import Outlet
from sla.models import Season
from sla.seasons import season_among, seasons
from tickets import rules
from tickets.models import Ticket
from tickets.states import FieldSeason

# A preview looks at so many tickets at most, the newest.
MOST = 20_000
Seats = Mapping[int, list[str]]
Years = dict[int, list[Season]]


def facts(
    ticket: Ticket,
    *,
    at: datetime | None = None,
    seats: Seats | None = None,
    years: Years | None = None,
) -> dict[str, str]:
    """The facts at a moment; what is unknown is not stated, so that no condition names it.

    `region` is the whole code: calendars are found by it, too; a policy asks for the province.
    """
    line = ticket.product_line.code if ticket.product_line else ""
    stated = {
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "severity": ticket.severity,
        "channel": ticket.channel,
        "team": ticket.team,
        "region": ticket.region_code,
        "zone": rules.zone(ticket.region_code, bases(ticket, seats)) or "",
        "province": ticket.region_code[:2],
        "product_line": line,
        "season": _season(line, ticket.region_code, timezone.localdate(at), years),
        "customer_class": ticket.customer.customer_class if ticket.customer else "",
    }
    return {name: value for name, value in stated.items() if value}


def _season(line: str, region: str, on: date, years: Years | None) -> str:
    """Busy or off, by the season calendar of the line; nothing where the line has none."""
    if not line:
        return ""
    known = {} if years is None else years
    if on.year not in known:
        known[on.year] = list(seasons(on.year))
    of_line = [season for season in known[on.year] if season.product_line_code == line]
    if not of_line:
        return ""
    is_busy = season_among(of_line, line, region, on) is not None
    return str(FieldSeason.BUSY if is_busy else FieldSeason.OFF)


def bases(ticket: Ticket, seats: Seats | None = None) -> list[str]:
    """Where whoever holds the ticket sets out from: a dealer's seat and its open outlets.

    `seats` are the outlets' regions by dealer, where many tickets are asked together.
    """
    if ticket.dealer is None or not ticket.region_code:
        return []
    known = open_outlets([ticket.dealer.pk]) if seats is None else seats
    return [ticket.dealer.region_code, *known.get(ticket.dealer.pk, [])]


def open_outlets(dealer_ids: Iterable[int]) -> Seats:
    """The regions of the open outlets of dealers, in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    outlets = Outlet.objects.filter(dealer__in=list(dealer_ids), is_active=True)
    for dealer_id, region in outlets.values_list("dealer_id", "region_code"):
        found[dealer_id].append(region)
    return found


def facts_of(ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The facts of tickets by id, in two queries for all of them."""
    return {ticket.pk: said for ticket, said in _asked(Ticket.objects.filter(pk__in=list(ids)))}


def recent(since: datetime) -> list[tuple[str, dict[str, str]]]:
    """Number and facts of the tickets reported since, the newest first (R-002: what is caught)."""
    tickets = Ticket.objects.filter(reported_at__gte=since).order_by("-reported_at", "-id")
    return [(ticket.number, said) for ticket, said in _asked(tickets[:MOST])]


def _asked(tickets: QuerySet[Ticket]) -> Iterator[tuple[Ticket, dict[str, str]]]:
    rows = list(tickets.select_related("dealer", "product_line", "customer"))
    seats = open_outlets({ticket.dealer_id for ticket in rows if ticket.dealer_id})
    years: Years = {}
    for ticket in rows:
        yield ticket, facts(ticket, at=ticket.reported_at, seats=seats, years=years)
