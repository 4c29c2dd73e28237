"""Reads of tickets, already narrowed to who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.actor import Actor
from dealers.models import Dealer
from dealers.queries import dealers_for
from machines.models import Customer, Machine
from sla.models import Clock
from sla.states import ClockState
from tickets import access
from tickets.models import (
    Offer,
    SavedView,
    SupervisionCheck,
    Ticket,
    TicketAttachment,
    TimelineEntry,
)
from tickets.states import OPEN, OfferState, TicketState

# Another call about the same machine within this time is perhaps the same matter.
SAME_MATTER = timedelta(days=14)
# Events that tell who held the ticket, by the holder's or the technician's name.
NAMES_A_HOLDER = (
    "filed",
    "offered",
    "offered_by_rule",
    "accepted",
    "arranged",
    "rearranged",
    "done",
    "reopened",
    "warned",
    "breached",
    "message",
)
LIST_LINKS = ("customer", "machine__model", "dealer", "symptom", "product_line", "assignee")


def ticket_list(actor: Actor) -> QuerySet[Ticket]:
    """The tickets of a list, newest first, with what its columns show."""
    tickets = access.visible(actor).select_related(*LIST_LINKS)
    return tickets.order_by("-reported_at", "-id")


def timeline(actor: Actor, ticket: Ticket) -> QuerySet[TimelineEntry]:
    """The story, newest first, of the ticket and of those merged into it; only what one may read.

    Dealers see the lines of merged tickets only where they see those tickets, and of the time
    before they got the ticket nothing that another dealer did (R-006).
    """
    # The tickets are found first: an "or" across both tables would read every line there is.
    told = access.visible(actor).filter(Q(pk=ticket.pk) | Q(merged_into=ticket))
    entries = TimelineEntry.objects.filter(
        ticket__in=told.order_by().values("pk"), visibility__in=access.readable(actor)
    )
    if actor.is_dealer and ticket.handed_over_at is not None:
        of_others = Q(params__has_key="by_dealer") | Q(event__in=NAMES_A_HOLDER)
        entries = entries.exclude(of_others, at__lt=ticket.handed_over_at)
    return entries.select_related("ticket", "author").order_by("-at", "-id")


def attachments(actor: Actor, ticket: Ticket) -> QuerySet[TicketAttachment]:
    files = TicketAttachment.objects.filter(ticket=ticket, visibility__in=access.readable(actor))
    return files.order_by("-uploaded_at", "-id")


def duplicates(
    actor: Actor,
    *,
    customer: Customer | None = None,
    machine: Machine | None = None,
    phone: str = "",
    exclude: Ticket | None = None,
    at: datetime | None = None,
) -> list[Ticket]:
    """Open tickets, and those of the last 14 days, of the same machine, customer or number."""
    same = Q()
    if machine is not None:
        same |= Q(machine=machine)
    if customer is not None:
        same |= Q(customer=customer)
    if phone:
        same |= Q(caller_phone=phone)
    if not same:
        return []
    since = (at or timezone.now()) - SAME_MATTER
    found = ticket_list(actor).filter(same).filter(Q(state__in=OPEN) | Q(reported_at__gte=since))
    found = found.exclude(state__in=[TicketState.MERGED, TicketState.CANCELLED])
    if exclude is not None:
        found = found.exclude(pk=exclude.pk)
    return list(found[:10])


def next_dealers(ticket: Ticket) -> list[Dealer]:
    """Who is proposed, best first; who refused this ticket or let it lie is not asked again."""
    tried = Offer.objects.filter(
        ticket=ticket, state__in=[OfferState.REFUSED, OfferState.TIMED_OUT]
    )
    return dealers_for(
        region_code=ticket.region_code,
        product_line_code=ticket.product_line.code if ticket.product_line else "",
        excluding=list(tried.values_list("dealer_id", flat=True)),
    )


def offers(ticket: Ticket) -> QuerySet[Offer]:
    """All offers of a ticket with their answers, newest first."""
    return ticket.offers.select_related("dealer").order_by("-offered_at", "-id")


def open_check(ticket: Ticket) -> SupervisionCheck | None:
    """The desk's check that is still to be made."""
    return ticket.checks.filter(checked_at=None, is_cancelled=False).first()


def checks_due(*, until: datetime | None = None) -> QuerySet[SupervisionCheck]:
    """The desk's checks to be made, soonest first (R-021)."""
    checks = SupervisionCheck.objects.filter(checked_at=None, is_cancelled=False)
    if until is not None:
        checks = checks.filter(due_at__lte=until)
    return checks.select_related("ticket__customer", "ticket__dealer").order_by("due_at", "id")


def has_late_clock(now: datetime) -> Exists:
    """Whether a ticket has a promise that runs on past its due time."""
    return Exists(_running().filter(due_at__lte=now))


def has_clock_due(now: datetime, until: datetime) -> Exists:
    """Whether a promise of a ticket falls due between now and then."""
    return Exists(_running().filter(due_at__gt=now, due_at__lte=until))


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(
        subject="ticket", subject_id=OuterRef("pk"), state=ClockState.RUNNING
    )


def counts(actor: Actor, *, now: datetime | None = None) -> dict[str, int]:
    """How many open tickets stand in each state, and how many are late, in one query."""
    opened = access.visible(actor).filter(state__in=OPEN)
    late = Count("pk", filter=has_late_clock(now or timezone.now()))
    by_state: dict[str, Any] = {str(state): Count("pk", filter=Q(state=state)) for state in OPEN}
    found = opened.aggregate(open=Count("pk"), late=late, **by_state)
    return {name: int(value) for name, value in found.items()}


def is_watching(actor: Actor, ticket: Ticket) -> bool:
    return ticket.watches.filter(user_id=actor.person_id).exists()


def saved_views(actor: Actor, noun: str = "ticket") -> QuerySet[SavedView]:
    """A person's own tabs of a list."""
    return SavedView.objects.filter(user_id=actor.person_id, noun=noun).order_by("name")
